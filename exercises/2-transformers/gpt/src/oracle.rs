//! What is right, computed without the lesson's code: by transformers in golden files, or number by
//! number in double precision.

use candle_core::{Device, Tensor};
use checkpoint::Checkpoint;
use grading::Failure;
use serde::Deserialize;
use tensor_test::numbers;

use crate::{Config, Gpt2, GptError};

/// What transformers makes of some tokens.
#[derive(Deserialize)]
pub struct Golden {
    pub texts: Vec<TextCase>,
    pub blocks: Vec<BlockCase>,
    pub generations: Vec<GenerationCase>,
}

/// Texts, padded or not, and the logits at their tokens.
#[derive(Deserialize)]
pub struct TextCase {
    pub name: String,
    pub shape: [usize; 2],
    pub ids: Vec<u32>,
    pub is_token: Vec<u8>,
    pub logits: Vec<f64>,
}

/// What goes into a block, and what comes out of it.
#[derive(Deserialize)]
pub struct BlockCase {
    pub layer: usize,
    pub shape: [usize; 3],
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

/// What is written behind a prompt by the likeliest token.
#[derive(Deserialize)]
pub struct GenerationCase {
    pub prompt: Vec<u32>,
    pub max_new_tokens: usize,
    pub end: Option<u32>,
    pub new: Vec<u32>,
}

/// Parameters by part.
#[derive(Deserialize)]
pub struct CountCase {
    pub name: String,
    pub config: Config,
    pub total: u64,
    pub token_embeddings: u64,
    pub position_embeddings: u64,
    pub attention: u64,
    pub mlp: u64,
    pub norms: u64,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("gpt.json")
}

pub fn counts() -> Result<Vec<CountCase>, Failure> {
    grading::golden!("counts.json")
}

/// The model of the golden files.
pub fn tiny() -> Result<Gpt2, Failure> {
    let config = Config::from_json(include_str!("../golden/config.json"))?;
    let weights = Checkpoint::read(include_bytes!("../golden/tiny.safetensors").to_vec())?;
    Ok(Gpt2::from_checkpoint(config, weights)?)
}

/// A model of drawn numbers up to `spread`, f64 numbers that f32 holds; no gain is 1 and no bias 0.
pub fn drawn_model(config: Config, spread: f64, seed: u64) -> Result<Gpt2, GptError> {
    let mut seeds = seed..;
    Gpt2::from_tensors(config, |name, shape| {
        let count = shape.iter().product();
        let mut x = numbers(count, seeds.next().unwrap_or(seed));
        let is_gain = name.contains("ln_") && name.ends_with("weight");
        x.iter_mut().for_each(|x| *x = f64::from((*x * spread) as f32) + f64::from(is_gain));
        Ok(Tensor::from_vec(x, shape, &Device::Cpu)?)
    })
}

/// `x W + b`, row by row.
pub fn product(x: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let (n_out, n_in) = (bias.len(), weight.len() / bias.len());
    let out = |row: &[f64], o: usize| {
        row.iter().enumerate().map(|(i, x)| x * weight[i * n_out + o]).sum::<f64>() + bias[o]
    };
    x.chunks(n_in).flat_map(|row| (0..n_out).map(move |o| out(row, o))).collect()
}
