//! What is right, computed without the lesson's code: in double precision and in polar form, or by
//! PyTorch and transformers in golden files. The checks compare with it.

use candle_core::{DType, Device, Tensor};
use grading::random::seeded;
use grading::{Failure, Tolerance};
use rand::RngExt;
use serde::Deserialize;

/// f32 numbers of ordinary size that are sums of two products, which may cancel out.
pub const F32: Tolerance = Tolerance { rtol: 1e-5, atol: 1e-6 };

/// Some rows of a table of waves.
#[derive(Deserialize)]
pub struct WaveCase {
    pub d_model: usize,
    pub positions: Vec<usize>,
    pub rows: Vec<f64>,
}

/// Queries turned by Llama's layout.
#[derive(Deserialize)]
pub struct RopeCase {
    pub name: String,
    pub shape: Vec<usize>,
    pub offset: usize,
    pub theta: f64,
    pub frequencies: Vec<f64>,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

/// What two models add to the scores.
#[derive(Deserialize)]
pub struct AlibiCase {
    pub n_heads: usize,
    pub keys: usize,
    pub bloom: Vec<f64>,
    pub mpt: Vec<f64>,
}

pub fn wave_cases() -> Result<Vec<WaveCase>, Failure> {
    grading::golden!("waves.json")
}

pub fn rope_cases() -> Result<Vec<RopeCase>, Failure> {
    grading::golden!("rope.json")
}

pub fn alibi_cases() -> Result<Vec<AlibiCase>, Failure> {
    grading::golden!("alibi.json")
}

/// An f32 tensor.
pub fn tensor(x: &[f64], shape: &[usize]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(x, shape, &Device::Cpu)?.to_dtype(DType::F32)
}

/// Numbers of both signs up to ±4 that f32 holds, the same for the same seed.
pub fn spread(count: usize, seed: u64) -> Vec<f64> {
    let mut rng = seeded(seed);
    (0..count).map(|_| f64::from(rng.random_range(-4.0_f32..4.0))).collect()
}

/// How fast pair `i` of `dim / 2` turns.
pub fn frequency(i: usize, dim: usize, theta: f64) -> f64 {
    (-2.0 * i as f64 / dim as f64 * theta.ln()).exp()
}

/// Vectors of shape `(.., seq, head_dim)`, row-major, turned: each pair keeps its length, and its
/// angle grows.
pub fn turned(x: &[f64], [seq, head_dim]: [usize; 2], offset: usize, theta: f64) -> Vec<f64> {
    let half = head_dim / 2;
    let mut y = x.to_vec();
    for (place, vector) in y.chunks_mut(head_dim).enumerate() {
        let position = (offset + place % seq) as f64;
        for i in 0..half {
            let (a, b) = (vector[i], vector[i + half]);
            let angle = b.atan2(a) + position * frequency(i, head_dim, theta);
            (vector[i], vector[i + half]) = (a.hypot(b) * angle.cos(), a.hypot(b) * angle.sin());
        }
    }
    y
}

/// A dot product.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
