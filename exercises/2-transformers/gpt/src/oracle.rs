//! What is right, computed without the lesson's code: by transformers in golden files, or number by
//! number in double precision.

use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect, expect_close};
use rand::RngExt;
use serde::Deserialize;

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

/// Numbers of both signs up to ±1 that f32 holds, the same for the same seed.
pub fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut rng = seeded(seed);
    (0..count).map(|_| f64::from(rng.random_range(-1.0_f32..1.0))).collect()
}

/// Ids below `vocab_size`.
pub fn ids(count: usize, vocab_size: usize, seed: u64) -> Vec<u32> {
    let mut rng = seeded(seed);
    (0..count).map(|_| rng.random_range(0..vocab_size as u32)).collect()
}

/// A tensor of a type.
pub fn tensor(x: &[f64], shape: &[usize], dtype: DType) -> candle_core::Result<Tensor> {
    Tensor::from_slice(x, shape, &Device::Cpu)?.to_dtype(dtype)
}

/// Ids `(batch, seq)`.
pub fn batch_of(ids: &[u32], shape: [usize; 2]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(ids, &shape, &Device::Cpu)
}

/// The numbers of a tensor, row-major.
pub fn flat(x: &Tensor) -> candle_core::Result<Vec<f64>> {
    x.to_dtype(DType::F64)?.flatten_all()?.to_vec1()
}

/// The largest size of a number.
pub fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |most, x| most.max(x.abs()))
}

/// What rounding in all layers may do, relative to the largest number.
pub fn rounding(dtype: DType, want: &[f64]) -> Tolerance {
    let (rtol, step) = if dtype == DType::F32 { (1e-4, 2e-5) } else { (1e-8, 1e-9) };
    Tolerance { rtol, atol: step * largest(want) }
}

/// `x W + b`, row by row.
pub fn product(x: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let (n_out, n_in) = (bias.len(), weight.len() / bias.len());
    let out = |row: &[f64], o: usize| {
        row.iter().enumerate().map(|(i, x)| x * weight[i * n_out + o]).sum::<f64>() + bias[o]
    };
    x.chunks(n_in).flat_map(|row| (0..n_out).map(move |o| out(row, o))).collect()
}

/// Fails unless a tensor has this shape and type.
pub fn expect_form(what: &str, got: &Tensor, shape: &[usize], dtype: DType) -> Outcome {
    expect(got.dims() == shape && got.dtype() == dtype, || {
        let (want, got) = ((shape, dtype), (got.dims(), got.dtype()));
        format!("{what}: expected the shape and type {want:?}, got {got:?}")
    })
}

/// Fails unless a tensor has this shape, type and these numbers.
pub fn expect_tensor(
    what: &str,
    got: &Tensor,
    shape: &[usize],
    dtype: DType,
    want: &[f64],
    tolerance: Tolerance,
) -> Outcome {
    expect_form(what, got, shape, dtype)?;
    expect_close(what, shape, &flat(got)?, want, tolerance)
}

/// Fails unless a gradient is the slope of `f`, measured at a few of its numbers: `f` is the sum of
/// the results, each weighted by an upstream gradient.
pub fn expect_slopes(
    what: &str,
    x: &Tensor,
    gradient: Option<&Tensor>,
    f: &mut dyn FnMut(&Tensor) -> Result<f64, Failure>,
) -> Outcome {
    let Some(gradient) = gradient else {
        return Err(Failure::wrong(format!("{what} gets no gradient")));
    };
    expect_form(&format!("the gradient of {what}"), gradient, x.dims(), x.dtype())?;
    let (at, gradient) = (flat(x)?, flat(gradient)?);
    let step = 1e-5;
    let tolerance = Tolerance { rtol: 1e-4, atol: 1e-6 * largest(&gradient) + 1e-8 };
    // The largest of all, and some others.
    let most = (0..at.len()).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs()));
    for i in [0, at.len() / 2, at.len() - 1, most.unwrap_or(0)] {
        let mut moved = |by: f64| {
            let mut x_i = at.clone();
            x_i[i] += by;
            f(&tensor(&x_i, x.dims(), x.dtype())?)
        };
        let slope = (moved(step)? - moved(-step)?) / (2.0 * step);
        let what = format!("the gradient of {what}, number {i} of {:?}", x.dims());
        expect_close(&what, &[], &[gradient[i]], &[slope], tolerance)?;
    }
    Ok(())
}

/// Weights for a sum of results, so that no two of them can be mistaken for each other.
pub fn upstream(like: &Tensor) -> candle_core::Result<Tensor> {
    let weights: Vec<f64> = (0..like.elem_count()).map(|i| (1.0 + i as f64).sin()).collect();
    tensor(&weights, like.dims(), like.dtype())
}
