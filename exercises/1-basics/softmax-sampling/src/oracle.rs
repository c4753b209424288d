//! What is right, computed without the lesson's code: in double precision, from golden files, or
//! from a closed form. The checks compare with it.

use grading::{Failure, golden};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;

use crate::{SampleError, Sampling};

/// Softmax of one tensor along each of its axes, by PyTorch.
#[derive(Deserialize)]
pub struct SoftmaxCase {
    pub name: String,
    pub shape: Vec<usize>,
    pub x: Vec<f64>,
    pub along: Vec<Vec<f64>>,
}

impl SoftmaxCase {
    /// Whether `exp` of a number in it overflows or vanishes in f32.
    pub fn is_large(&self) -> bool {
        self.x.iter().any(|v| v.abs() > 80.0)
    }
}

/// The filtered distribution, by transformers.
#[derive(Deserialize)]
pub struct SamplingCase {
    pub logits: Vec<f32>,
    temperature: f64,
    top_k: Option<usize>,
    top_p: Option<f64>,
    min_p: Option<f64>,
    pub probs: Vec<f64>,
}

impl SamplingCase {
    pub fn sampling(&self) -> Sampling {
        let &Self { temperature, top_k, top_p, min_p, .. } = self;
        Sampling { temperature, top_k, top_p, min_p }
    }
}

/// Logits before and after a repetition penalty, by transformers.
#[derive(Deserialize)]
pub struct PenaltyCase {
    pub logits: Vec<f32>,
    pub history: Vec<usize>,
    pub penalty: f64,
    pub penalized: Vec<f64>,
}

pub fn penalty_cases() -> Result<Vec<PenaltyCase>, Failure> {
    golden!("penalty.json")
}

pub fn softmax_cases() -> Result<Vec<SoftmaxCase>, Failure> {
    golden!("softmax.json")
}

pub fn sampling_cases() -> Result<Vec<SamplingCase>, Failure> {
    golden!("sampling.json")
}

/// The logits of these shares at temperature 1.
pub fn logits_of(shares: &[f64]) -> Vec<f32> {
    shares.iter().map(|p| p.ln() as f32).collect()
}

/// Numbers of both signs up to ±4, the same for the same seed.
pub fn spread(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = StdRng::seed_from_u64(seed);
    (0..count).map(|_| rng.random_range(-4.0_f32..4.0)).collect()
}

/// How often each outcome came up in `draws` calls.
pub fn count_draws(
    outcomes: usize,
    draws: usize,
    mut draw: impl FnMut() -> Result<usize, SampleError>,
) -> Result<Vec<u64>, Failure> {
    let mut counts = vec![0; outcomes];
    for _ in 0..draws {
        let token = draw()?;
        *counts.get_mut(token).ok_or_else(|| {
            Failure::wrong(format!("drew token {token} of {outcomes}, counted from 0"))
        })? += 1;
    }
    Ok(counts)
}

/// The tokens that may be drawn: above −∞ (and far enough above to have a probability), and among
/// the `k` most likely. For logits without equals.
pub fn allowed(logits: &[f32], top_k: Option<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..logits.len()).filter(|&i| logits[i] > -800.0).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    order.truncate(top_k.unwrap_or(usize::MAX));
    order
}
