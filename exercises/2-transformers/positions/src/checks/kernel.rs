//! The kernel, at sizes and with tables that break a careless one.

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close};
use kernel_test::{KernelUnderTest, Slot, written};
use rand::RngExt;

use crate::{BINDINGS, ENTRY};

/// Two products and a sum, fused or not, beside the largest number that goes in.
const ROUNDED: f64 = 5e-7;

/// Vectors and tables.
#[derive(Clone, Debug)]
pub struct Job {
    pub rows: usize,
    pub seq: usize,
    pub head_dim: usize,
    pub offset: usize,
    pub x: Vec<f32>,
    pub cosines: Vec<f32>,
    pub sines: Vec<f32>,
}

impl Job {
    /// Drawn vectors, and tables of drawn angles, so that nothing but the tables tells the angles;
    /// they go on for a while behind the last position.
    pub fn random([rows, seq, head_dim]: [usize; 3], offset: usize, seed: u64) -> Self {
        let mut rng = seeded(seed);
        let mut x: Vec<f32> =
            (0..rows * seq * head_dim).map(|_| rng.random_range(-4.0..4.0)).collect();
        // Numbers that are 0 are turned as all are.
        x.iter_mut().skip(1).step_by(5).for_each(|x| *x = 0.0);
        let angles = (offset + seq + 2) * head_dim / 2;
        let turns = (0..angles).map(|_| rng.random_range(-3.0_f32..3.0).sin_cos());
        let (sines, cosines) = turns.unzip();
        Self { rows, seq, head_dim, offset, x, cosines, sines }
    }

    /// The same with vectors so many times as long.
    fn scaled(mut self, scale: f32) -> Self {
        self.x.iter_mut().for_each(|x| *x *= scale);
        self
    }

    /// As few workgroups as hold all pairs, in one line.
    fn line(&self) -> [u32; 3] {
        [(self.x.len() / 2).div_ceil(256) as u32, 1, 1]
    }

    /// In double precision.
    fn turned(&self) -> Vec<f64> {
        let half = self.head_dim / 2;
        let number = |x: &[f32], i: usize| f64::from(x[i]);
        let mut y = vec![0.0; self.x.len()];
        for vector in 0..self.rows * self.seq {
            for i in 0..half {
                let at = (self.offset + vector % self.seq) * half + i;
                let (cos, sin) = (number(&self.cosines, at), number(&self.sines, at));
                let first = vector * self.head_dim + i;
                let (a, b) = (number(&self.x, first), number(&self.x, first + half));
                y[first] = a * cos - b * sin;
                y[first + half] = a * sin + b * cos;
            }
        }
        y
    }
}

/// A learner's kernel under test.
pub struct RopeKernel(KernelUnderTest);

impl RopeKernel {
    pub async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// The same for runs in which each access of each thread is looked at.
    async fn thread_by_thread(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::thread_by_thread(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// Fails unless every pair is turned, by a grid that may have more threads than pairs.
    pub async fn expect(&self, job: &Job, grid: [u32; 3]) -> Outcome {
        let Job { rows, seq, head_dim, offset, x, .. } = job;
        let threads = grid.iter().product::<u32>() as usize * 256;
        let guard = (2 * threads).saturating_sub(x.len()).min(1 << 16) + 2 * head_dim;
        let slots = [
            Slot::Input(x),
            Slot::Input(&job.cosines),
            Slot::Input(&job.sines),
            Slot::Output("y", x.len()),
            Slot::Uniform([*rows, *seq, *head_dim, *offset].map(|size| size as u32)),
        ];
        let y = self.0.run(&slots, guard, grid).await?.remove(0);
        let [width, lines, _] = grid;
        let what = format!(
            "vectors ({rows}, {seq}, {head_dim}) from position {offset} on, from a grid of \
             {width} by {lines} workgroups"
        );
        let judged = || {
            let place = |i: usize| {
                let (vector, i) = (i / head_dim, i % head_dim);
                format!("row {}, place {}, number {i}", vector / seq, vector % seq)
            };
            written(&what, &y, place)?;
            let largest = x.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            let tolerance = Tolerance { rtol: 1e-6, atol: ROUNDED * f64::from(largest) };
            expect_close(&what, &[*rows, *seq, *head_dim], &y, &job.turned(), tolerance)
        };
        self.0.explained(judged(), &slots, grid)
    }
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = RopeKernel::thread_by_thread(&wgsl).await?;
    for (seed, (sizes, offset, grid)) in (10..).zip([
        ([1, 1, 2], 0, [1, 1, 1]),
        ([2, 3, 6], 2, [1, 1, 1]),
        ([3, 5, 38], 1, [2, 1, 1]),
        ([1, 3, 4], 4, [1, 2, 1]),
    ]) {
        kernel.expect(&Job::random(sizes, offset, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_turns_pairs(wgsl: String) -> Outcome {
    let kernel = RopeKernel::compile(&wgsl).await?;
    // A single row from position 0 on.
    for (seed, (seq, head_dim)) in
        (20..).zip([(1, 2), (1, 8), (3, 4), (7, 6), (5, 130), (64, 64), (1, 1026)])
    {
        let job = Job::random([1, seq, head_dim], 0, seed);
        kernel.expect(&job, job.line()).await?;
    }
    Ok(())
}

pub async fn kernel_counts_positions(wgsl: String) -> Outcome {
    let kernel = RopeKernel::compile(&wgsl).await?;
    for (seed, (sizes, offset)) in (30..).zip([
        ([3, 2, 4], 0),
        ([5, 7, 6], 0),
        ([1, 1, 8], 9),
        ([4, 3, 10], 5),
        ([33, 1, 64], 200),
        ([2, 129, 18], 1),
    ]) {
        let job = Job::random(sizes, offset, seed);
        kernel.expect(&job, job.line()).await?;
    }
    Ok(())
}

pub async fn kernel_stays_inside(wgsl: String) -> Outcome {
    let kernel = RopeKernel::compile(&wgsl).await?;
    for (seed, (sizes, offset, grid)) in (40..).zip([
        ([1, 3, 2], 2, [1, 1, 1]),
        ([2, 2, 130], 0, [4, 1, 1]),
        ([5, 7, 14], 3, [1, 1, 1]),
        ([3, 5, 62], 1, [1, 3, 1]),
        ([3, 11, 34], 6, [2, 2, 1]),
        ([2, 9, 128], 0, [3, 4, 1]),
    ]) {
        kernel.expect(&Job::random(sizes, offset, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = RopeKernel::compile(&wgsl).await?;
    // More pairs than 16 bits count, and a table as long.
    for (seed, (sizes, offset)) in (50..).zip([([5, 4099, 8], 3), ([3, 1, 6], 70_000)]) {
        let job = Job::random(sizes, offset, seed);
        kernel.expect(&job, job.line()).await?;
    }
    for (seed, scale) in (60..).zip([1e-20, 1e20]) {
        let job = Job::random([2, 3, 6], 4, seed).scaled(scale);
        kernel.expect(&job, job.line()).await?;
    }
    #[cfg(not(target_family = "wasm"))]
    agrees_on_drawn_sizes(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn agrees_on_drawn_sizes(kernel: &RopeKernel) -> Outcome {
    use grading::{Differential, draw};

    let sizes = (draw::lengths(1..=20), draw::lengths(1..=40), draw::lengths(1..=80));
    let inputs = (sizes, draw::lengths(0..=500), 0..3_u32, 1..4_u32, draw::any_u64());
    Differential::cases(24)
        .run_async(inputs, async |&((rows, seq, half), offset, wider, lines, seed)| {
            let scale = [1.0, 1e-20, 1e20][(seed % 3) as usize];
            let job = Job::random([rows, seq, 2 * half], offset, seed).scaled(scale);
            let [width, ..] = job.line();
            kernel.expect(&job, [width.div_ceil(lines) + wider, lines, 1]).await
        })
        .await
}
