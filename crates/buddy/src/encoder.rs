//! Encoder Buddy: a BERT that fills gaps in Tinytown's stories.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use bert::solution::{forward, mlm_logits};
use bert::{Batch, Bert, Config, Encoded, Tokenizer};
use candle_core::{D, DType, Tensor};
use checkpoint::Checkpoint;
use tinytown::World;

use crate::Kept;
use crate::vocabulary::different_words;

/// BERT's special tokens, which come first in the vocabulary.
const SPECIAL: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
/// The words of so many stories are the vocabulary.
const VOCABULARY: usize = 4000;
/// So many texts are read at a time.
const AT_ONCE: usize = 16;

/// The vocabulary that a world's training stories give, as `vocab.txt` has it: every word whole, in
/// lower case.
pub fn vocabulary(world: &World, stream: u64) -> String {
    let stories: Vec<String> =
        world.stories(stream).take(VOCABULARY).map(|story| story.text).collect();
    let words = different_words(stories.iter().map(String::as_str));
    let special = SPECIAL.into_iter().map(str::to_owned);
    special.chain(words).map(|token| token + "\n").collect()
}

/// A trained encoder.
#[derive(Clone, Debug)]
pub struct EncoderBuddy {
    /// The weights.
    pub model: Bert,
    /// Words and ids.
    pub tokenizer: Tokenizer,
}

/// A word that is hidden in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The whole text.
    pub text: String,
    /// From where to where the word stands, in bytes.
    pub word: [usize; 2],
}

impl Gap {
    /// What is before the word.
    pub fn before(&self) -> &str {
        &self.text[..self.word[0]]
    }

    /// What comes after it.
    pub fn after(&self) -> &str {
        &self.text[self.word[1]..]
    }

    /// The word, in lower case.
    pub fn answer(&self) -> String {
        self.text[self.word[0]..self.word[1]].to_lowercase()
    }
}

/// A gap in each story of a stream: a word among its first `most`, in turn at the beginning, in the
/// middle and at the end of them, with a space before it.
pub fn gaps(world: &World, stream: u64, most: usize) -> impl Iterator<Item = Gap> {
    world.stories(stream).enumerate().filter_map(move |(i, story)| {
        let text = story.text;
        let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let words: Vec<[usize; 2]> = other_tokenizers::words(&text)
            .take(most)
            .map(|word| [start(word), start(word) + word.len()])
            .filter(|&[from, to]| {
                let letters = text[from..to].chars().all(char::is_alphabetic);
                letters && text[..from].ends_with(' ')
            })
            .collect();
        // A step without a factor in common with usual lengths visits all places alike.
        let word = *words.get(i * 37 % words.len().max(1))?;
        Some(Gap { text, word })
    })
}

impl EncoderBuddy {
    /// The one that is kept with the book.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn kept() -> Result<Self> {
        Self::open(&Kept::Encoder.folder())
    }

    /// Opens a folder.
    ///
    /// # Errors
    /// If a file is missing or is not of such a model.
    pub fn open(folder: &Path) -> Result<Self> {
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        let config = Config::from_json(&text("config.json")?).map_err(failed)?;
        let tokenizer = Tokenizer::from_vocab(&text("vocab.txt")?, true).map_err(failed)?;
        let model = Bert::from_checkpoint(config, Checkpoint::open(folder)?).map_err(failed)?;
        Ok(Self { model, tokenizer })
    }

    /// The words that each gap may hold, with their probabilities, the likeliest first, at most
    /// `shown`.
    ///
    /// # Errors
    /// If the model fails.
    pub fn guess(&self, gaps: &[Gap], shown: usize) -> Result<Vec<Vec<(String, f32)>>> {
        let mut guesses = Vec::with_capacity(gaps.len());
        let most = self.model.config.max_position_embeddings;
        // Texts of one length are read together: padding costs as much as words.
        let mut texts: Vec<(usize, Encoded)> = gaps
            .iter()
            .map(|gap| format!("{}[MASK]{}", gap.before(), gap.after()))
            .map(|text| self.tokenizer.encode(&text, None, most))
            .enumerate()
            .collect();
        texts.sort_by_key(|(i, text)| (text.ids.len(), *i));
        let mask = self.tokenizer.id("[MASK]");
        for chunk in texts.chunks(AT_ONCE) {
            let encoded: Vec<Encoded> = chunk.iter().map(|(_, text)| text.clone()).collect();
            let batch = self.tokenizer.batch(&encoded).map_err(failed)?;
            let seq = batch.ids.dims2()?.1;
            let places: Vec<u32> = encoded
                .iter()
                .enumerate()
                .map(|(row, text)| {
                    let at = text.ids.iter().position(|&id| Some(id) == mask);
                    at.map(|at| (row * seq + at) as u32).context("a gap lies behind the end")
                })
                .collect::<Result<_>>()?;
            let logits = logits_at(&self.model, &batch, places)?;
            let logits = logits.to_dtype(DType::F64)?.to_vec2::<f64>()?;
            for ((i, _), logits) in chunk.iter().zip(logits) {
                guesses.push((*i, self.likeliest(&logits, shown)));
            }
        }
        guesses.sort_by_key(|(i, _)| *i);
        Ok(guesses.into_iter().map(|(_, guess)| guess).collect())
    }

    fn likeliest(&self, logits: &[f64], shown: usize) -> Vec<(String, f32)> {
        let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = logits.iter().map(|logit| (logit - most).exp()).sum();
        let mut order: Vec<usize> = (0..logits.len()).collect();
        order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
        let token = |&id: &usize| self.tokenizer.token(id as u32).unwrap_or("[UNK]").to_owned();
        let share = |&id: &usize| ((logits[id] - most).exp() / total) as f32;
        order.iter().take(shown).map(|id| (token(id), share(id))).collect()
    }
}

/// The logits at some places of a batch, counted through its rows: `(places, vocab_size)`.
///
/// # Errors
/// If the model fails.
pub fn logits_at(model: &Bert, batch: &Batch, places: Vec<u32>) -> Result<Tensor> {
    let hidden = forward(model, &batch.ids, None, Some(&batch.is_token)).map_err(failed)?;
    let n = hidden.dim(D::Minus1)?;
    let places = Tensor::new(places, hidden.device())?;
    let hidden = hidden.reshape(((), n))?.index_select(&places, 0)?;
    mlm_logits(model, &hidden).map_err(failed)
}

fn failed(error: impl std::error::Error) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}
