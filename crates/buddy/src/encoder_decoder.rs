//! Encoder-decoder Buddy: a T5 that translates English into Tinytongue.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use attention::solution::causal_mask;
use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use multi_head_attention::solution::split_heads;
use normalization_and_activations::solution::rms_norm;
use softmax_sampling::solution::softmax;
use t5_and_bart::solution::{position_bias, t5_attention, t5_block, t5_forward};
use t5_and_bart::{Encoded, Source, T5, T5Config, rows_of};
use tinytown::{Translation, World};

use crate::vocabulary::{END, PAD};
use crate::{Kept, Vocabulary};

/// The words of so many pairs are the vocabulary.
const VOCABULARY: usize = 20_000;
/// Tokens of the longest translation, far above any of Tinytown.
const MOST: usize = 24;
/// So many sentences are translated at a time.
const AT_ONCE: usize = 64;

/// The vocabulary that a world's training pairs give, of both languages.
pub fn vocabulary(world: &World, stream: u64) -> Vocabulary {
    let pairs: Vec<Translation> = world.translations(stream).take(VOCABULARY).collect();
    Vocabulary::of(pairs.iter().flat_map(|pair| [pair.english.as_str(), &pair.tinytongue]))
}

/// A trained encoder-decoder.
#[derive(Clone, Debug)]
pub struct EncoderDecoderBuddy {
    /// The weights.
    pub model: T5,
    /// Words and ids.
    pub vocabulary: Vocabulary,
}

/// Who looks at whom while a sentence is translated.
#[derive(Clone, Debug)]
pub struct Looks {
    /// The words of the source, and its end.
    pub source: Vec<String>,
    /// The words that were written, and the end.
    pub output: Vec<String>,
    /// For each block of the decoder, `[output][source]`: how much the writing of a word takes of
    /// each word of the source, the mean over all heads.
    pub blocks: Vec<Vec<Vec<f64>>>,
}

/// Texts side by side, filled up on the right.
#[derive(Clone, Debug)]
pub struct Padded {
    /// `(batch, seq)`, u32.
    pub ids: Tensor,
    /// `(batch, seq)`, u8: 1 for a token, 0 for padding.
    pub is_token: Tensor,
}

/// Fills up rows of ids.
///
/// # Errors
/// If candle fails.
pub fn padded(rows: &[Vec<u32>]) -> Result<Padded> {
    let seq = rows.iter().map(Vec::len).max().unwrap_or(0);
    let shape = (rows.len(), seq);
    let filled = |row: &Vec<u32>| {
        row.iter().copied().chain(std::iter::repeat(PAD)).take(seq).collect::<Vec<_>>()
    };
    let ids: Vec<u32> = rows.iter().flat_map(filled).collect();
    let row = |row: &Vec<u32>| {
        (0..seq).map({
            let n = row.len();
            move |at| u8::from(at < n)
        })
    };
    let is_token: Vec<u8> = rows.iter().flat_map(row).collect();
    Ok(Padded {
        ids: Tensor::from_vec(ids, shape, &Device::Cpu)?,
        is_token: Tensor::from_vec(is_token, shape, &Device::Cpu)?,
    })
}

impl EncoderDecoderBuddy {
    /// The one that is kept with the book.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn kept() -> Result<Self> {
        Self::open(&Kept::EncoderDecoder.folder())
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
        let config = T5Config::from_json(&text("config.json")?).map_err(failed)?;
        let vocabulary = Vocabulary::from_text(&text("vocab.txt")?)?;
        let model = T5::from_checkpoint(config, Checkpoint::open(folder)?).map_err(failed)?;
        Ok(Self { model, vocabulary })
    }

    /// Translates sentences, always with the likeliest word.
    ///
    /// # Errors
    /// If the model fails.
    pub fn translate(&self, sentences: &[&str]) -> Result<Vec<String>> {
        let written = self.write(sentences)?;
        Ok(written.iter().map(|ids| self.vocabulary.decode(ids)).collect())
    }

    /// The ids that are written for each sentence, with [`END`] if it comes.
    fn write(&self, sentences: &[&str]) -> Result<Vec<Vec<u32>>> {
        // Sentences of one length are translated together: padding costs as much as words.
        let mut rows: Vec<(usize, Vec<u32>)> =
            sentences.iter().map(|text| self.vocabulary.encode(text)).enumerate().collect();
        rows.sort_by_key(|(i, row)| (row.len(), *i));
        let mut all = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(AT_ONCE) {
            let sources: Vec<Vec<u32>> = chunk.iter().map(|(_, row)| row.clone()).collect();
            let written = self.write_batch(&sources)?;
            all.extend(chunk.iter().map(|(i, _)| *i).zip(written));
        }
        all.sort_by_key(|(i, _)| *i);
        Ok(all.into_iter().map(|(_, ids)| ids).collect())
    }

    fn write_batch(&self, sources: &[Vec<u32>]) -> Result<Vec<Vec<u32>>> {
        let Padded { ids, is_token } = padded(sources)?;
        let mut encoded: Option<Encoded> = None;
        let mut written = vec![vec![PAD]; sources.len()];
        while written[0].len() <= MOST && written.iter().any(|row| !row.contains(&END)) {
            let source = match &encoded {
                Some(encoded) => Source::Encoded(encoded),
                None => Source::Tokens { ids: &ids, is_token: Some(&is_token) },
            };
            let so_far = padded(&written)?.ids;
            let (logits, kept) = t5_forward(&self.model, &source, &so_far).map_err(failed)?;
            let last = logits.narrow(1, written[0].len() - 1, 1)?.squeeze(1)?;
            for (row, logits) in written.iter_mut().zip(last.to_vec2::<f32>()?) {
                row.push(best(&logits));
            }
            encoded = Some(kept);
        }
        let until_end = |row: Vec<u32>| {
            let end = row.iter().position(|&id| id == END);
            row[1..end.map_or(row.len(), |end| end + 1)].to_vec()
        };
        Ok(written.into_iter().map(until_end).collect())
    }

    /// Translates a sentence, and tells where its decoder looks meanwhile.
    ///
    /// # Errors
    /// If the model fails.
    pub fn looks(&self, sentence: &str) -> Result<Looks> {
        let source = self.vocabulary.encode(sentence);
        let written = self.write(&[sentence])?.concat();
        let ids = Tensor::from_slice(&source, (1, source.len()), &Device::Cpu)?;
        // What stands before each written word.
        let before = written.iter().take(written.len().saturating_sub(1));
        let read: Vec<u32> = std::iter::once(&PAD).chain(before).copied().collect();
        let read = Tensor::from_slice(&read, (1, read.len()), &Device::Cpu)?;
        let blocks = cross_weights(&self.model, &ids, &read)?;
        let name = |ids: &[u32]| {
            ids.iter()
                .map(|&id| match id {
                    END => "end".to_owned(),
                    id => self.vocabulary.word(id).to_owned(),
                })
                .collect()
        };
        Ok(Looks { source: name(&source), output: name(&written), blocks })
    }
}

/// The weights of cross-attention of each block of the decoder, the mean over its heads. The forward
/// of the lesson does not hand them out: each block is run for its input, and its queries and keys
/// are multiplied once more.
fn cross_weights(model: &T5, ids: &Tensor, read: &Tensor) -> Result<Vec<Vec<Vec<f64>>>> {
    let tokens = Source::Tokens { ids, is_token: None };
    let (_, encoded) = t5_forward(model, &tokens, read).map_err(failed)?;
    let mut all = Vec::new();
    for (i, block) in model.decoder.blocks.iter().enumerate() {
        let Some(cross) = &block.cross else { continue };
        let x = before_cross(model, i, &encoded, read)?;
        let normed = rms_norm(&x, &cross.norm, model.config.layer_norm_epsilon).map_err(failed)?;
        let heads = |x: &Tensor, by: &multi_head_attention::Linear| {
            split_heads(&by.forward(x).map_err(failed)?, cross.mha.n_heads).map_err(failed)
        };
        let q = heads(&normed, &cross.mha.w_q)?.contiguous()?;
        let k = heads(&encoded.states, &cross.mha.w_k)?;
        let scores = q.matmul(&k.t()?.contiguous()?)?;
        let weights = softmax(&scores, 3)?.mean(1)?.squeeze(0)?;
        all.push(weights.to_dtype(DType::F64)?.to_vec2::<f64>()?);
    }
    Ok(all)
}

/// What the cross-attention of a block gets, before its norm: the blocks before it, and its own
/// attention.
fn before_cross(model: &T5, block: usize, encoded: &Encoded, read: &Tensor) -> Result<Tensor> {
    let (config, decoder) = (&model.config, &model.decoder);
    let mut x = rows_of(&model.shared, read).map_err(failed)?;
    let t = x.dims3()?.1;
    let bias = position_bias(
        &decoder.position_bias,
        false,
        config.relative_attention_max_distance,
        [t, t],
        0,
    )
    .map_err(failed)?;
    let mask = causal_mask(t, t).map_err(failed)?;
    let eps = config.layer_norm_epsilon;
    for earlier in &decoder.blocks[..block] {
        x = t5_block(&x, earlier, eps, &bias, Some(&mask), Some(encoded)).map_err(failed)?;
    }
    let own = &decoder.blocks[block].attention;
    let normed = rms_norm(&x, &own.norm, eps).map_err(failed)?;
    let found = t5_attention(&own.mha, &normed, None, Some(&bias), Some(&mask)).map_err(failed)?;
    Ok((x + found)?)
}

/// The largest logit; among equals, the first.
fn best(logits: &[f32]) -> u32 {
    let best = logits.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1));
    best.map_or(PAD, |(id, _)| id as u32)
}

fn failed(error: impl std::error::Error) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}
