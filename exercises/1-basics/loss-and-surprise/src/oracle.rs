//! What is right, computed without the lesson's code: in double precision, or by PyTorch in golden
//! files. The checks compare with it.

use gpu::{Gpu, GpuError, Kernel};
use grading::{Failure, Outcome, Tolerance, expect_close};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{BINDINGS, ENTRY, Losses};

/// f32 numbers that are differences: what is close to 0 has lost some of its digits.
pub const F32: Tolerance = Tolerance { rtol: 2e-5, atol: 2e-6 };
/// The same on a GPU, whose `log` may be off by 2⁻²¹ near 1.
const WGSL: Tolerance = Tolerance { rtol: 1e-4, atol: 2e-6 };

/// Log-softmax of one tensor along each of its axes and the gradient of `Σ upstream · y`.
#[derive(Deserialize)]
pub struct LogSoftmaxCase {
    pub name: String,
    pub shape: Vec<usize>,
    pub x: Vec<f64>,
    pub along: Vec<Vec<f64>>,
    pub upstream: Vec<f64>,
    pub gradients: Vec<Vec<f64>>,
}

/// The loss of some rows and its gradient.
#[derive(Deserialize)]
pub struct LossCase {
    pub name: String,
    pub shape: Vec<usize>,
    pub logits: Vec<f64>,
    pub targets: Vec<u32>,
    pub ignore_index: u32,
    pub loss: f64,
    pub gradient: Vec<f64>,
}

impl LossCase {
    /// Whether some target is ignored.
    pub fn ignores(&self) -> bool {
        self.targets.contains(&self.ignore_index)
    }
}

/// Whether `exp` of a number overflows or vanishes in f32.
pub fn is_large(x: &[f64]) -> bool {
    x.iter().any(|v| v.abs() > 80.0)
}

pub fn log_softmax_cases() -> Result<Vec<LogSoftmaxCase>, Failure> {
    read(include_str!("../golden/log_softmax.json"))
}

pub fn loss_cases() -> Result<Vec<LossCase>, Failure> {
    read(include_str!("../golden/cross_entropy.json"))
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    Ok(serde_json::from_str(json)?)
}

/// Numbers of both signs up to ±4, the same for the same seed.
pub fn spread(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = StdRng::seed_from_u64(seed);
    (0..count).map(|_| rng.random_range(-4.0_f32..4.0)).collect()
}

/// A target a row, all over the columns.
pub fn targets(rows: usize, cols: usize, seed: u64) -> Vec<u32> {
    let mut rng = StdRng::seed_from_u64(seed);
    (0..rows).map(|_| rng.random_range(0..cols as u32)).collect()
}

/// Loss and gradient of every row, in double precision.
fn reference(batch: &Batch) -> (Vec<f64>, Vec<f64>) {
    let (mut losses, mut gradients) = (Vec::new(), Vec::new());
    for (row, &target) in batch.logits.chunks(batch.cols).zip(&batch.targets) {
        if target == batch.ignore_index {
            losses.push(0.0);
            gradients.extend(row.iter().map(|_| 0.0));
            continue;
        }
        let max = f64::from(row.iter().copied().fold(f32::MIN, f32::max));
        let sum: f64 = row.iter().map(|&x| (f64::from(x) - max).exp()).sum();
        let at_target = f64::from(row[target as usize]) - max;
        losses.push(sum.ln() - at_target);
        gradients.extend((0_u32..).zip(row).map(|(col, &x)| {
            (f64::from(x) - max).exp() / sum - f64::from(u8::from(col == target))
        }));
    }
    (losses, gradients)
}

/// What a kernel is given.
#[derive(Clone, Debug)]
pub struct Batch {
    pub logits: Vec<f32>,
    pub targets: Vec<u32>,
    pub cols: usize,
    pub ignore_index: u32,
}

impl Batch {
    /// Random logits and targets, none of them ignored.
    pub fn random(rows: usize, cols: usize, seed: u64) -> Self {
        let logits = spread(rows * cols, seed);
        Self { logits, targets: targets(rows, cols, seed + 1000), cols, ignore_index: u32::MAX }
    }

    pub fn rows(&self) -> usize {
        self.targets.len()
    }
}

/// A learner's kernel on the GPU, with guards around its data.
pub struct KernelUnderTest {
    gpu: Gpu,
    kernel: Kernel,
}

/// What the outputs hold before the kernel runs: no loss is negative, no gradient beyond ±1.
const UNTOUCHED: f32 = -7.0;
/// What follows the logits: a kernel that reads it gets every maximum and sum wrong.
const POISON: f32 = 50.0;

impl KernelUnderTest {
    pub async fn compile(wgsl: &str) -> Result<Self, Failure> {
        let gpu = gpu::shared().await.map_err(failure)?;
        let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await.map_err(failure)?;
        Ok(Self { gpu, kernel })
    }

    /// The outputs, from a grid that may have more workgroups than there are rows. Whatever lies
    /// behind the last row must stay untouched.
    async fn run(&self, batch: &Batch, grid: [u32; 3]) -> Result<Losses, Failure> {
        let (rows, cols) = (batch.rows(), batch.cols);
        // Room for every workgroup's row, and some.
        let room = grid.iter().product::<u32>() as usize + 2;
        let guarded = |x: &[f32], fill| {
            let mut x = x.to_vec();
            x.resize(room * cols, fill);
            x
        };
        let mut targets = batch.targets.clone();
        targets.resize(room, 0);
        let (x, t) = (self.gpu.upload(&guarded(&batch.logits, POISON)), self.gpu.upload(&targets));
        let loss = self.gpu.upload(&vec![UNTOUCHED; room]);
        let gradient = self.gpu.upload(&guarded(&[], UNTOUCHED));
        let dims = self.gpu.uniform(&[rows as u32, cols as u32, batch.ignore_index, 0]);
        let buffers: [&dyn gpu::AnyBuffer; 5] = [&x, &t, &loss, &gradient, &dims];
        self.gpu.run(&self.kernel, &buffers, grid).await.map_err(failure)?;

        let mut loss = self.gpu.read(&loss).await.map_err(failure)?;
        let mut gradient = self.gpu.read(&gradient).await.map_err(failure)?;
        untouched("loss", &loss.split_off(rows), rows)?;
        untouched("gradient", &gradient.split_off(rows * cols), rows * cols)?;
        Ok(Losses { loss, gradient })
    }

    /// Fails unless every row's loss is right.
    pub async fn expect_loss(&self, what: &str, batch: &Batch) -> Outcome {
        expect_loss(what, &self.run(batch, line(batch)).await?, batch)
    }

    /// Fails unless every row's gradient is right.
    pub async fn expect_gradient(&self, what: &str, batch: &Batch) -> Outcome {
        expect_gradient(what, &self.run(batch, line(batch)).await?, batch)
    }

    /// Fails unless every row's loss and gradient are right.
    pub async fn expect_both(&self, what: &str, batch: &Batch) -> Outcome {
        self.expect_on_grid(what, batch, line(batch)).await
    }

    /// The same on a grid of any size.
    pub async fn expect_on_grid(&self, what: &str, batch: &Batch, grid: [u32; 3]) -> Outcome {
        let got = self.run(batch, grid).await?;
        expect_loss(what, &got, batch)?;
        expect_gradient(what, &got, batch)
    }
}

/// A workgroup a row, side by side.
fn line(batch: &Batch) -> [u32; 3] {
    [batch.rows() as u32, 1, 1]
}

fn untouched(name: &str, behind: &[f32], len: usize) -> Outcome {
    let Some(i) = behind.iter().position(|&v| v != UNTOUCHED) else { return Ok(()) };
    Err(Failure::wrong(format!(
        "wrote {} to {name}[{}], but its last number is {name}[{}]",
        behind[i],
        len + i,
        len - 1
    )))
}

fn expect_loss(what: &str, got: &Losses, batch: &Batch) -> Outcome {
    let (rows, cols) = (batch.rows(), batch.cols);
    if let Some(row) = got.loss.iter().position(|&v| v == UNTOUCHED) {
        return Err(Failure::wrong(format!(
            "{what}, logits ({rows}, {cols}): nothing was written to the loss of row {row}"
        )));
    }
    let what = format!("{what}, logits ({rows}, {cols}): the loss of each row");
    expect_close(&what, &[], &got.loss, &reference(batch).0, WGSL)
}

fn expect_gradient(what: &str, got: &Losses, batch: &Batch) -> Outcome {
    let (rows, cols) = (batch.rows(), batch.cols);
    if let Some(i) = got.gradient.iter().position(|&v| v == UNTOUCHED) {
        let (row, col) = (i / cols, i % cols);
        return Err(Failure::wrong(format!(
            "{what}, logits ({rows}, {cols}): nothing was written to the gradient of row {row}, \
             column {col}"
        )));
    }
    let what = format!("{what}, logits ({rows}, {cols}): the gradient");
    expect_close(&what, &[rows, cols], &got.gradient, &reference(batch).1, WGSL)
}

fn failure(error: GpuError) -> Failure {
    match error {
        GpuError::NoAdapter(text) => Failure::unavailable(text),
        error => Failure::wrong(error.to_string()),
    }
}
