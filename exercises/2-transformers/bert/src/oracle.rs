//! What is right, computed without the lesson's code: by transformers in golden files, or number by
//! number in double precision.

use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use grading::Failure;
use serde::Deserialize;
use tensor_test::{batch_of, numbers};

use crate::{Bert, BertError, Config};

/// What transformers makes of some tokens.
#[derive(Deserialize)]
pub struct Golden {
    pub texts: Vec<TextCase>,
    pub blocks: Vec<BlockCase>,
}

/// Texts, padded or not, and what is made of them at their tokens.
#[derive(Deserialize)]
pub struct TextCase {
    pub name: String,
    pub shape: [usize; 2],
    pub ids: Vec<u32>,
    pub types: Vec<u32>,
    pub is_token: Vec<u8>,
    pub embedded: Vec<f64>,
    pub hidden: Vec<f64>,
    pub logits: Vec<f64>,
    pub pooled: Vec<f64>,
}

impl TextCase {
    /// Ids, token types and what is a token, where there are any.
    pub fn inputs(&self) -> candle_core::Result<(Tensor, Option<Tensor>, Option<Tensor>)> {
        let types = (!self.types.is_empty()).then(|| batch_of(&self.types, self.shape));
        let shape = (self.shape[0], self.shape[1]);
        let is_token = (!self.is_token.is_empty())
            .then(|| Tensor::from_slice(&self.is_token, shape, &Device::Cpu));
        Ok((batch_of(&self.ids, self.shape)?, types.transpose()?, is_token.transpose()?))
    }
}

/// What goes into a block, and what comes out of it.
#[derive(Deserialize)]
pub struct BlockCase {
    pub layer: usize,
    pub shape: [usize; 3],
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("bert.json")
}

/// The model of the golden files.
pub fn tiny(dtype: DType) -> Result<Bert, Failure> {
    let config = Config::from_json(include_str!("../golden/config.json"))?;
    let weights = Checkpoint::read(include_bytes!("../golden/tiny.safetensors").to_vec())?;
    Ok(Bert::from_checkpoint(config, weights)?.map(|tensor| tensor.to_dtype(dtype))?)
}

/// A small model for checks that need no golden file.
pub fn small(num_hidden_layers: usize) -> Config {
    Config {
        num_hidden_layers,
        num_attention_heads: 3,
        hidden_size: 6,
        intermediate_size: 10,
        max_position_embeddings: 11,
        type_vocab_size: 3,
        vocab_size: 17,
        layer_norm_eps: 1e-3,
    }
}

/// A model of drawn numbers up to `spread`, f64 numbers that f32 holds; no gain is 1 and no bias 0.
pub fn drawn_model(config: Config, spread: f64, seed: u64) -> Result<Bert, BertError> {
    let mut seeds = seed..;
    Bert::from_tensors(config, true, |name, shape| {
        let count = shape.iter().product();
        let mut x = numbers(count, seeds.next().unwrap_or(seed));
        let is_gain = name.ends_with("LayerNorm.weight");
        x.iter_mut().for_each(|x| *x = f64::from((*x * spread) as f32) + f64::from(is_gain));
        Ok(Tensor::from_vec(x, shape, &Device::Cpu)?)
    })
}

/// `x Wᵀ + b`, row by row.
pub fn product(x: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let n_in = weight.len() / bias.len();
    let out = |row: &[f64], o: usize| {
        let weights = &weight[o * n_in..][..n_in];
        row.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + bias[o]
    };
    x.chunks(n_in).flat_map(|row| (0..bias.len()).map(move |o| out(row, o))).collect()
}

/// Layer norm of each vector.
pub fn normed(x: &[f64], gain: &[f64], bias: &[f64], eps: f64) -> Vec<f64> {
    let n = gain.len();
    let norm = |row: &[f64]| -> Vec<f64> {
        let mean = row.iter().sum::<f64>() / n as f64;
        let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
        let root = (variance + eps).sqrt();
        row.iter().zip(gain).zip(bias).map(|((x, g), b)| (x - mean) / root * g + b).collect()
    };
    x.chunks(n).flat_map(norm).collect()
}
