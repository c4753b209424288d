//! What is right, computed without the lesson's code: by PyTorch in golden files, or number by
//! number in double precision.

use candle_core::{Device, Tensor};
use checkpoint::Checkpoint;
use grading::Failure;
use grading::random::seeded;
use rand::RngExt;
use serde::Deserialize;
use tensor_test::numbers;

use crate::{Config, Palm, PalmError};

/// What PyTorch makes of some tokens.
#[derive(Deserialize)]
pub struct Golden {
    pub texts: Vec<TextCase>,
    pub parts: Vec<PartCase>,
}

/// Texts and their logits.
#[derive(Deserialize)]
pub struct TextCase {
    pub name: String,
    pub shape: [usize; 2],
    pub ids: Vec<u32>,
    pub logits: Vec<f64>,
}

/// What the parts of a block make of some vectors, and the block.
#[derive(Deserialize)]
pub struct PartCase {
    pub layer: usize,
    pub shape: [usize; 3],
    pub x: Vec<f64>,
    pub attention: Vec<f64>,
    pub keys: Vec<f64>,
    pub values: Vec<f64>,
    pub mlp: Vec<f64>,
    pub block: Vec<f64>,
}

/// Parameters by part.
#[derive(Deserialize)]
pub struct CountCase {
    pub name: String,
    pub config: Config,
    pub embeddings: u64,
    pub attention: u64,
    pub mlp: u64,
    pub norms: u64,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("palm.json")
}

pub fn counts() -> Result<Vec<CountCase>, Failure> {
    grading::golden!("counts.json")
}

/// The model of the golden files.
pub fn tiny() -> Result<Palm, Failure> {
    let config = Config::from_json(include_str!("../golden/config.json"))?;
    let weights = Checkpoint::read(include_bytes!("../golden/tiny.safetensors").to_vec())?;
    Ok(Palm::from_checkpoint(config, weights)?)
}

/// A model of drawn numbers up to `spread`, f64 numbers that f32 holds; no gain is 1.
pub fn drawn_model(config: Config, spread: f64, seed: u64) -> Result<Palm, PalmError> {
    let mut seeds = seed..;
    Palm::from_tensors(config, |name, shape| {
        let mut x = numbers(shape.iter().product(), seeds.next().unwrap_or(seed));
        let is_gain = name.contains("norm");
        x.iter_mut().for_each(|x| *x = f64::from((*x * spread) as f32) + f64::from(is_gain));
        Ok(Tensor::from_vec(x, shape, &Device::Cpu)?)
    })
}

/// Ids `(batch, seq)` below `vocab_size`.
pub fn ids(shape: [usize; 2], vocab_size: usize, seed: u64) -> candle_core::Result<Tensor> {
    let mut rng = seeded(seed);
    let ids = (0..shape[0] * shape[1]).map(|_| rng.random_range(0..vocab_size as u32)).collect();
    Tensor::from_vec(ids, &shape, &Device::Cpu)
}

/// `x Wᵀ`, row by row; the weight is `(out, in)`.
pub fn product(x: &[f64], weight: &[f64], n_in: usize) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    x.chunks(n_in).flat_map(|x| weight.chunks(n_in).map(move |row| dot(x, row))).collect()
}

/// A feed-forward network with a gate, number by number.
pub fn mlp(x: &[f64], [gate, up, down]: [&[f64]; 3], d_model: usize) -> Vec<f64> {
    let (gate, up) = (product(x, gate, d_model), product(x, up, d_model));
    let inside: Vec<f64> = gate.iter().zip(up).map(|(g, u)| g / (1.0 + (-g).exp()) * u).collect();
    product(&inside, down, down.len() / d_model)
}

/// A small model for checks that need no golden file: no two sizes alike.
pub fn small(n_layers: usize) -> Config {
    Config {
        n_layers,
        n_heads: 3,
        d_head: 4,
        d_model: 6,
        d_ff: 10,
        vocab_size: 17,
        eps: 1e-3,
        theta: 100.0,
    }
}
