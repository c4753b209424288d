//! What is right, computed without the lesson's code: in double precision, from golden files, or
//! from a closed form. The checks compare with it.

use grading::numbers::shares;
use grading::{Failure, Outcome, Tolerance, expect_close, golden};
use kernel_test::{KernelUnderTest, Slot, written};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;

use crate::{BINDINGS, ENTRY, SampleError, Sampling};

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

/// Softmax of every row, in double precision.
pub fn softmax_rows(x: &[f32], cols: usize) -> Vec<f64> {
    let softmax = |row: &[f32]| {
        let max = row.iter().copied().fold(f32::MIN, f32::max);
        let weights: Vec<f64> =
            row.iter().map(|&v| f64::from(v) - f64::from(max)).map(f64::exp).collect();
        shares(&weights)
    };
    x.chunks(cols).flat_map(softmax).collect()
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

/// A learner's softmax kernel under test.
pub struct SoftmaxUnderTest(KernelUnderTest);

impl SoftmaxUnderTest {
    pub async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// The output for `x`, row-major with `cols` columns, from a grid that may have more
    /// workgroups than there are rows.
    pub async fn run(&self, x: &[f32], cols: usize, grid: [u32; 3]) -> Result<Vec<f32>, Failure> {
        let rows = x.len() / cols;
        let dims = Slot::Uniform([rows as u32, cols as u32, 0, 0]);
        // Room for every workgroup's row, and some.
        let guard = (grid.iter().product::<u32>() as usize).saturating_sub(rows) * cols + 4;
        let slots = [Slot::Input(x), Slot::Output("y", x.len()), dims];
        Ok(self.0.run(&slots, guard, grid).await?.remove(0))
    }

    /// Fails unless the kernel gives the softmax of every row.
    pub async fn expect_softmax(&self, what: &str, x: &[f32], cols: usize) -> Outcome {
        let rows = x.len() / cols;
        let y = self.run(x, cols, gpu::rows_grid(rows)).await?;
        expect_rows(&format!("{what} of a matrix ({rows}, {cols})"), &y, x, cols)
    }
}

/// Compares with the softmax of every row of `x`.
pub fn expect_rows(what: &str, y: &[f32], x: &[f32], cols: usize) -> Outcome {
    written(what, y, |i| format!("row {}, column {}", i / cols, i % cols))?;
    let want = softmax_rows(x, cols);
    expect_close(what, &[x.len() / cols, cols], y, &want, Tolerance::WGSL)
}

/// The tokens that may be drawn: above −∞ (and far enough above to have a probability), and among
/// the `k` most likely. For logits without equals.
pub fn allowed(logits: &[f32], top_k: Option<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..logits.len()).filter(|&i| logits[i] > -800.0).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    order.truncate(top_k.unwrap_or(usize::MAX));
    order
}
