//! What is right, computed without the lesson's code: in double precision, or exactly. The checks
//! compare with it.

use grading::numbers::shares;
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance};
use kernel_test::{KernelUnderTest, Slot, expect_of_rows, written};
use rand::RngExt;

use crate::{BINDINGS, THREADS};

/// Nothing was rounded, or once, as f32 is everywhere.
const EXACT: Tolerance = Tolerance { rtol: 0.0, atol: 0.0 };
/// Tiny probabilities have their digits, down to where f32 runs out of exponents.
const SHARES: Tolerance = Tolerance { rtol: 1e-4, atol: 1e-30 };

/// Numbers of both signs up to ±4, the same for the same seed.
pub fn spread(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = seeded(seed);
    (0..count).map(|_| rng.random_range(-4.0_f32..4.0)).collect()
}

/// Whole numbers from −99 to 99: in f32 the sum of up to 100,000 of them is exact, in any order.
pub fn whole(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = seeded(seed);
    (0..count).map(|_| rng.random_range(-99_i16..=99).into()).collect()
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

/// The sum of every row, in double precision.
fn sums(x: &[f32], cols: usize) -> Vec<f64> {
    x.chunks(cols).map(|row| row.iter().map(|&v| f64::from(v)).sum()).collect()
}

/// One of the learner's kernels under test. Every grid may have more threads or workgroups than
/// there is work.
pub struct UnderTest(KernelUnderTest);

impl UnderTest {
    /// Compiles a kernel with this entry point.
    pub async fn compile(wgsl: &str, entry: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, entry, &BINDINGS).await?))
    }

    /// The same for runs in which each access of each thread is looked at.
    pub async fn thread_by_thread(wgsl: &str, entry: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::thread_by_thread(wgsl, entry, &BINDINGS).await?))
    }

    /// Runs a kernel, judges what it wrote, and explains what is wrong.
    async fn expect(
        &self,
        (x, outputs): (&[f32], usize),
        uniform: [u32; 4],
        guard: usize,
        grid: [u32; 3],
        judge: impl FnOnce(&[f32]) -> Outcome,
    ) -> Outcome {
        let slots = [Slot::Input(x), Slot::Output("y", outputs), Slot::Uniform(uniform)];
        let y = self.0.run(&slots, guard, grid).await?.remove(0);
        self.0.explained(judge(&y), &slots, grid)
    }

    /// The same with the rows of a matrix, of which each gives so many numbers.
    async fn expect_of_matrix(
        &self,
        (x, cols): (&[f32], usize),
        each: usize,
        grid: [u32; 3],
        judge: impl FnOnce(&[f32]) -> Outcome,
    ) -> Outcome {
        let rows = x.len() / cols;
        let guard = guard(rows, cols, grid);
        self.expect((x, rows * each), dims(rows, cols), guard, grid, judge).await
    }

    /// Fails unless the kernel `scale` gives `a · x` for every number. A product is rounded once, so
    /// it is the same everywhere.
    pub async fn expect_scaled(&self, a: f32, x: &[f32], grid: [u32; 3]) -> Outcome {
        let n = x.len();
        // Room for a number of every thread, but not for millions.
        let idle = (workgroups(grid) * THREADS as usize).saturating_sub(n);
        let uniform = [a.to_bits(), n as u32, 0, 0];
        self.expect((x, n), uniform, idle.min(1 << 16) + 4, grid, |y| {
            let what = format!("{n} numbers times {a:?}, {}", shown(grid));
            written(&what, y, |i| format!("number {i}"))?;
            let want: Vec<f64> = x.iter().map(|v| f64::from(a * v)).collect();
            expect_of_rows(&what, (x, 1), y, &want, EXACT, |_| String::new())
        })
        .await
    }

    /// Fails unless the kernel `sum` gives every row's sum, which must be exact in f32.
    pub async fn expect_sums(&self, x: &[f32], cols: usize, grid: [u32; 3]) -> Outcome {
        self.expect_sums_within(EXACT, x, cols, grid).await
    }

    /// The same where the sum is rounded.
    pub async fn expect_sums_within(
        &self,
        tolerance: Tolerance,
        x: &[f32],
        cols: usize,
        grid: [u32; 3],
    ) -> Outcome {
        self.expect_of_matrix((x, cols), 1, grid, |y| {
            let what = format!("sums of a matrix ({}, {cols}), {}", x.len() / cols, shown(grid));
            written(&what, y, |row| format!("row {row}"))?;
            expect_of_rows(&what, (x, cols), y, &sums(x, cols), tolerance, |_| String::new())
        })
        .await
    }

    /// What the kernel `softmax` gives for `x`, row-major with `cols` columns.
    pub async fn softmax(
        &self,
        x: &[f32],
        cols: usize,
        grid: [u32; 3],
    ) -> Result<Vec<f32>, Failure> {
        let rows = x.len() / cols;
        let slots = [Slot::Input(x), Slot::Output("y", x.len()), Slot::Uniform(dims(rows, cols))];
        Ok(self.0.run(&slots, guard(rows, cols, grid), grid).await?.remove(0))
    }

    /// Fails unless the kernel gives the softmax of every row.
    pub async fn expect_softmax(&self, what: &str, x: &[f32], cols: usize) -> Outcome {
        let rows = x.len() / cols;
        self.expect_softmax_from(what, x, cols, gpu::rows_grid(rows)).await
    }

    /// The same from a grid of any size.
    pub async fn expect_softmax_from(
        &self,
        what: &str,
        x: &[f32],
        cols: usize,
        grid: [u32; 3],
    ) -> Outcome {
        self.expect_of_matrix((x, cols), cols, grid, |y| {
            let rows = x.len() / cols;
            expect_rows(&format!("{what} of a matrix ({rows}, {cols})"), y, x, cols)
        })
        .await
    }
}

/// Compares with the softmax of every row of `x`.
pub fn expect_rows(what: &str, y: &[f32], x: &[f32], cols: usize) -> Outcome {
    written(what, y, |i| format!("row {}, column {}", i / cols, i % cols))?;
    let want = softmax_rows(x, cols);
    expect_of_rows(what, (x, cols), y, &want, SHARES, |_| String::new())
}

fn dims(rows: usize, cols: usize) -> [u32; 4] {
    [rows as u32, cols as u32, 0, 0]
}

fn workgroups(grid: [u32; 3]) -> usize {
    grid.map(|size| size as usize).iter().product()
}

fn shown([width, lines, _]: [u32; 3]) -> String {
    format!("from a grid of {width} by {lines} workgroups")
}

/// Room for every workgroup's row, and some.
fn guard(rows: usize, cols: usize, grid: [u32; 3]) -> usize {
    workgroups(grid).saturating_sub(rows) * cols + 4
}
