//! What is right, computed without the lesson's code: number by number in double precision, or by
//! PyTorch in golden files. The checks compare with it.

use candle_core::{DType, Device, Tensor};
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance};
use rand::RngExt;
use serde::Deserialize;
use tensor_test::{expect_tensor, largest};

use crate::{AttentionError, Side, Sizes};

/// Attention as PyTorch computes it.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub front: Vec<usize>,
    /// `t_q`, `t_k`, `d`, `d_v`.
    pub sizes: [usize; 4],
    pub q: Vec<f64>,
    pub k: Vec<f64>,
    pub v: Vec<f64>,
    pub mask_shape: Vec<usize>,
    pub mask: Vec<u8>,
    pub out: Vec<f64>,
}

/// A mask as PyTorch makes it.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum MaskCase {
    Causal { t_q: usize, t_k: usize, mask: Vec<u8> },
    Padding { lengths: Vec<usize>, t_k: usize, side: String, mask: Vec<u8> },
}

pub fn cases() -> Result<Vec<Case>, Failure> {
    grading::golden!("attention.json")
}

pub fn mask_cases() -> Result<Vec<MaskCase>, Failure> {
    grading::golden!("masks.json")
}

/// Both sides, with their names in golden files.
pub const SIDES: [(Side, &str); 2] = [(Side::Left, "left"), (Side::Right, "right")];

/// A mask.
pub fn mask(x: &[u8], shape: &[usize]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(x, shape, &Device::Cpu)
}

/// Numbers of both signs up to ±2 that f32 holds, the same for the same seed.
pub fn spread(count: usize, seed: u64) -> Vec<f64> {
    let mut rng = seeded(seed);
    (0..count).map(|_| f64::from(rng.random_range(-2.0_f32..2.0))).collect()
}

/// Drawn queries, keys and values.
pub fn drawn(sizes: Sizes, seed: u64) -> [Vec<f64>; 3] {
    let Sizes { rows, t_q, t_k, d, d_v } = sizes;
    let counts = [rows * t_q * d, rows * t_k * d, rows * t_k * d_v];
    let mut seeds = seed * 10..;
    counts.map(|count| spread(count, seeds.next().unwrap_or(seed)))
}

/// Where a query stands: its row, its place, and a key's place.
pub type Sees<'a> = dyn Fn(usize, usize, usize) -> bool + 'a;

/// What a query that stands at the end of the keys sees.
pub fn causal(sizes: Sizes) -> impl Fn(usize, usize, usize) -> bool {
    let Sizes { t_q, t_k, .. } = sizes;
    // So many queries, and so many keys, come behind the two.
    move |_, i, j| t_k - 1 - j >= t_q - 1 - i
}

/// Attention, score by score.
pub fn attended([q, k, v]: [&[f64]; 3], sizes: Sizes, sees: &Sees<'_>) -> Vec<f64> {
    let Sizes { rows, t_q, t_k, d, d_v } = sizes;
    let mut out = vec![0.0; rows * t_q * d_v];
    for at in 0..rows * t_q {
        let (row, i) = (at / t_q, at % t_q);
        let seen: Vec<usize> = (0..t_k).filter(|&j| sees(row, i, j)).collect();
        let key = |j: usize| &k[(row * t_k + j) * d..][..d];
        let score = |j: usize| dot(&q[at * d..][..d], key(j)) / (d as f64).sqrt();
        let scores: Vec<f64> = seen.iter().map(|&j| score(j)).collect();
        let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = scores.iter().map(|s| (s - highest).exp()).sum();
        for (&j, s) in seen.iter().zip(&scores) {
            let weight = (s - highest).exp() / total;
            for c in 0..d_v {
                out[at * d_v + c] += weight * v[(row * t_k + j) * d_v + c];
            }
        }
    }
    out
}

/// A score is rounded where it is large, and a rounded score changes its weight by as much; what
/// comes of it is compared with the largest value. `step` is the rounding of a number of size 1.
pub fn allowance([q, k, v]: [&[f64]; 3], d: usize, step: f64) -> Tolerance {
    let score = largest(q) * largest(k) * (d as f64).sqrt();
    Tolerance { rtol: 10.0 * step, atol: step * largest(v) * (4.0 + 2.0 * score) }
}

/// The rounding of f32, with room for sums in another order.
pub const F32_STEP: f64 = 5e-7;
/// The same of f64.
pub const F64_STEP: f64 = 1e-14;

/// A dot product.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Fails unless a mask has this shape and these numbers, as u8.
pub fn expect_mask(
    what: &str,
    got: Result<Tensor, AttentionError>,
    shape: &[usize],
    want: &[u8],
) -> Outcome {
    let want: Vec<f64> = want.iter().copied().map(f64::from).collect();
    let exact = Tolerance { rtol: 0.0, atol: 0.0 };
    expect_tensor(what, &got?, shape, DType::U8, &want, exact)
}
