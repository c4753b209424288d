//! What is right, computed without the lesson's code: in double precision, or by PyTorch in golden
//! files. The checks compare with it.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance};
use kernel_test::{KernelUnderTest, Slot, expect_of_rows, written};
use rand::{Rng, RngExt};
use serde::Deserialize;
use tensor_test::flat;

use crate::{BINDINGS, ENTRY};

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

/// Whether `exp` of a number overflows or vanishes in f32.
pub fn is_large(x: &[f64]) -> bool {
    x.iter().any(|v| v.abs() > 80.0)
}

pub fn log_softmax_cases() -> Result<Vec<LogSoftmaxCase>, Failure> {
    grading::golden!("log_softmax.json")
}

pub fn loss_cases() -> Result<Vec<LossCase>, Failure> {
    grading::golden!("cross_entropy.json")
}

/// An f32 tensor.
pub fn tensor(x: &[f64], shape: &[usize]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(x, shape, &Device::Cpu)?.to_dtype(DType::F32)
}

pub fn labels(targets: &[u32]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(targets, targets.len(), &Device::Cpu)
}

/// What flows back from a loss.
pub fn gradient(loss: &Tensor, x: &Var) -> Result<Vec<f64>, Failure> {
    let gradients = loss.backward()?;
    let gradient = gradients.get(x).ok_or_else(|| {
        Failure::wrong("no gradient reaches the logits: something on the way has no backward")
    })?;
    Ok(flat(gradient)?)
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
    /// Logits up to ±4 and targets, none of them ignored.
    pub fn random(rng: &mut dyn Rng, [rows, cols]: [usize; 2]) -> Self {
        let logits = (0..rows * cols).map(|_| rng.random_range(-4.0..4.0)).collect();
        let targets = (0..rows).map(|_| rng.random_range(0..cols.max(1) as u32)).collect();
        Self { logits, targets, cols, ignore_index: u32::MAX }
    }

    /// A workgroup a row, side by side.
    pub fn line(&self) -> [u32; 3] {
        [self.targets.len() as u32, 1, 1]
    }

    /// Loss and gradient of every row, in double precision.
    fn losses(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut losses, mut gradients) = (Vec::new(), Vec::new());
        for (row, &target) in self.logits.chunks(self.cols).zip(&self.targets) {
            if target == self.ignore_index {
                losses.push(0.0);
                gradients.resize(gradients.len() + self.cols, 0.0);
                continue;
            }
            let max = f64::from(row.iter().copied().fold(f32::MIN, f32::max));
            let sum: f64 = row.iter().map(|&x| (f64::from(x) - max).exp()).sum();
            losses.push(sum.ln() - (f64::from(row[target as usize]) - max));
            let p = row.iter().map(|&x| (f64::from(x) - max).exp() / sum);
            let y = (0..).map(|col: u32| f64::from(u8::from(col == target)));
            gradients.extend(p.zip(y).map(|(p, y)| p - y));
        }
        (losses, gradients)
    }

    /// What is bound.
    fn slots(&self) -> [Slot<'_>; 5] {
        let (rows, cols) = (self.targets.len(), self.cols);
        [
            Slot::Input(&self.logits),
            Slot::Index(&self.targets),
            Slot::Output("loss", rows),
            Slot::Output("gradient", rows * cols),
            Slot::Uniform([rows as u32, cols as u32, self.ignore_index, 0]),
        ]
    }
}

/// A learner's kernel under test.
pub struct LossKernel(KernelUnderTest);

impl LossKernel {
    pub async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// The same for runs in which each access of each thread is looked at.
    pub async fn thread_by_thread(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::thread_by_thread(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// What comes from a grid that may have more workgroups than there are rows.
    pub async fn run<'a>(
        &'a self,
        what: &str,
        batch: &'a Batch,
        grid: [u32; 3],
    ) -> Result<Outputs<'a>, Failure> {
        let (rows, cols) = (batch.targets.len(), batch.cols);
        // Room for every workgroup's row, and some.
        let guard = (grid.iter().product::<u32>() as usize).saturating_sub(rows) * cols + 2 * cols;
        let got = self.0.run(&batch.slots(), guard, grid).await?;
        let (loss, gradient) = batch.losses();
        let what = format!("{what}, logits ({rows}, {cols})");
        Ok(Outputs { what, kernel: self, batch, grid, got, loss, gradient })
    }
}

/// What a kernel wrote, and what it had to write.
pub struct Outputs<'a> {
    what: String,
    kernel: &'a LossKernel,
    batch: &'a Batch,
    grid: [u32; 3],
    got: Vec<Vec<f32>>,
    loss: Vec<f64>,
    gradient: Vec<f64>,
}

impl Outputs<'_> {
    /// Fails unless every row's loss is right.
    pub fn expect_loss(&self) -> Outcome {
        self.explained(self.judge_loss())
    }

    /// Fails unless every row's gradient is right.
    pub fn expect_gradient(&self) -> Outcome {
        self.explained(self.judge_gradient())
    }

    fn explained(&self, outcome: Outcome) -> Outcome {
        self.kernel.0.explained(outcome, &self.batch.slots(), self.grid)
    }

    fn judge_loss(&self) -> Outcome {
        let what = format!("{}: the loss of each row", self.what);
        written(&what, &self.got[0], |row| format!("row {row}"))?;
        self.expect(&what, &self.got[0], &self.loss, WGSL)
    }

    fn judge_gradient(&self) -> Outcome {
        let (what, cols) = (format!("{}: the gradient", self.what), self.batch.cols);
        let mut got = self.got[1].clone();
        written(&what, &got, |i| format!("row {}, column {}", i / cols, i % cols))?;
        self.expect(&what, &got, &self.gradient, WGSL)?;
        // Only at a target are numbers near 1 subtracted: elsewhere small ones have their digits.
        for (row, &target) in self.batch.targets.iter().enumerate() {
            if target < cols as u32 {
                let at = row * cols + target as usize;
                got[at] = self.gradient[at] as f32;
            }
        }
        self.expect(&what, &got, &self.gradient, Tolerance { atol: 1e-12, ..WGSL })
    }

    /// A failure shows the row of logits, and its target.
    fn expect(&self, what: &str, got: &[f32], want: &[f64], tolerance: Tolerance) -> Outcome {
        let Batch { logits, targets, cols, .. } = self.batch;
        let about = |row: usize| format!(", its target {}", targets[row]);
        expect_of_rows(what, (logits, *cols), got, want, tolerance, about)
    }

    /// Fails unless every row's loss and gradient are right.
    pub fn expect_both(&self) -> Outcome {
        self.expect_loss()?;
        self.expect_gradient()
    }
}
