//! Buddy as it was pre-trained: a GPT that writes stories.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use candle_core::{D, DType, Device, Tensor};
use checkpoint::Checkpoint;
use gpt::solution::{forward, generate};
use gpt::{Config, Generation, Gpt2, Gpt2Decoder};
use rand::Rng;
use softmax_sampling::Sampling;
use tokenizer_file::Tokenizer;

use crate::Kept;

/// So many windows are read at a time.
const AT_ONCE: usize = 16;

/// A trained decoder.
#[derive(Clone, Debug)]
pub struct DecoderBuddy {
    /// The weights.
    pub model: Gpt2,
    /// Pieces of words and their ids.
    pub tokenizer: Tokenizer,
    /// Ends a text, and comes before the first.
    pub end: u32,
}

/// What tokens cost that were not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surprise {
    /// In nats, all of them together.
    pub nats: f64,
    /// How many there were.
    pub tokens: usize,
}

impl DecoderBuddy {
    /// The one that is kept with the book.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn kept() -> Result<Self> {
        Self::open(&Kept::Decoder.folder())
    }

    /// A folder as `cargo study train buddy` writes it.
    ///
    /// # Errors
    /// If a file is missing or wrong.
    pub fn open(folder: &Path) -> Result<Self> {
        let config = folder.join("config.json");
        let text = fs::read_to_string(&config).with_context(|| config.display().to_string())?;
        let config = Config::from_json(&text)?;
        let end = config.eos_token_id.context("config.json: eos_token_id is missing")?;
        let weights = Checkpoint::open(&folder.join(checkpoint::WEIGHTS))?;
        let model = Gpt2::from_checkpoint(config, weights)?;
        let model = model.map(|tensor| tensor.to_dtype(DType::F32))?;
        let tokenizer = Tokenizer::open(&folder.join("tokenizer.json"))?;
        Ok(Self { model, tokenizer, end })
    }

    /// How surprised it is by texts, their ends included. It reads in windows that overlap by half, so
    /// each token but the first ones is guessed from at least half a window.
    ///
    /// # Errors
    /// If the model fails.
    pub fn surprise<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Result<Surprise> {
        let mut ids = vec![self.end];
        for text in texts {
            ids.extend(self.tokenizer.encode(text)?);
            ids.push(self.end);
        }
        let context = self.model.config.n_positions;
        let half = context / 2;
        let tokens = ids.len() - 1;
        // Window `i` begins at `i · half`, and guesses what those before it did not.
        let windows = tokens.saturating_sub(half).div_ceil(half).max(1);
        let mut nats = 0.0;
        let all: Vec<usize> = (0..windows).collect();
        for group in all.chunks(AT_ONCE) {
            let id = |window: usize, i: usize| ids.get(window * half + i).copied();
            let read: Vec<u32> = group
                .iter()
                .flat_map(|&window| (0..context).map(move |i| (window, i)))
                .map(|(window, i)| id(window, i).unwrap_or(self.end))
                .collect();
            let read = Tensor::from_vec(read, (group.len(), context), &Device::Cpu)?;
            let (logits, _) = forward(&self.model, &read, None, &[])?;
            let log = candle_nn::ops::log_softmax(&logits, D::Minus1)?.to_vec3::<f32>()?;
            for (&window, log) in group.iter().zip(&log) {
                let first = if window == 0 { 0 } else { half };
                for (i, log) in log.iter().enumerate().skip(first) {
                    if let Some(next) = id(window, i + 1) {
                        nats -= f64::from(log[next as usize]);
                    }
                }
            }
        }
        Ok(Surprise { nats, tokens })
    }

    /// Writes a text from its beginning until it ends, or has as many tokens as the model can read.
    ///
    /// # Errors
    /// If the model fails.
    pub fn write(&self, sampling: Sampling, rng: &mut dyn Rng) -> Result<String> {
        let options = Generation {
            max_new_tokens: self.model.config.n_positions,
            sampling,
            end: Some(self.end),
        };
        let mut decoder = Gpt2Decoder { model: &self.model, forward };
        let ids = generate(&mut decoder, &[self.end], &options, rng, &mut |_| {})?;
        Ok(self.tokenizer.decode(&ids, true)?)
    }
}
