//! The kernel, at sizes and with numbers that break a careless one.

use grading::numbers::counted;
use grading::{Failure, Outcome, Tolerance, expect_close};
use kernel_test::{KernelUnderTest, Slot, written};

use crate::oracle::{Sees, allowance, attended, causal, drawn};
use crate::{BINDINGS, ENTRY, Sizes};

/// WGSL rounds exponentials and roots less well than f32 could hold them.
const STEP: f64 = 1e-6;

/// Queries, keys, values, and whether the future is hidden.
#[derive(Clone, Debug)]
pub struct Job {
    sizes: Sizes,
    causal: bool,
    qkv: [Vec<f64>; 3],
}

impl Job {
    fn random([rows, t_q, t_k, d, d_v]: [usize; 5], causal: bool, seed: u64) -> Self {
        let sizes = Sizes { rows, t_q, t_k, d, d_v };
        Self { sizes, causal, qkv: drawn(sizes, seed) }
    }

    /// The same with queries so many times as long, and with all keys moved by a number.
    fn stretched(mut self, scale: f64, moved: f64) -> Self {
        self.qkv[0].iter_mut().for_each(|q| *q = (*q * 8.0).round() / 8.0 * scale);
        self.qkv[1].iter_mut().for_each(|k| *k = (*k * 8.0).round() / 8.0 + moved);
        self
    }

    /// As few workgroups as there are queries, in one line.
    fn line(&self) -> [u32; 3] {
        [(self.sizes.rows * self.sizes.t_q) as u32, 1, 1]
    }

    fn wanted(&self) -> Vec<f64> {
        let [q, k, v] = &self.qkv;
        let step = causal(self.sizes);
        let sees: &Sees<'_> = if self.causal { &step } else { &|_, _, _| true };
        attended([q, k, v], self.sizes, sees)
    }
}

/// A learner's kernel under test.
pub struct AttentionKernel(KernelUnderTest);

impl AttentionKernel {
    pub async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// The same for runs in which each access of each thread is looked at.
    async fn thread_by_thread(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::thread_by_thread(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// Fails unless every query gets what it should, from a grid that may be too large.
    pub async fn expect(&self, job: &Job, grid: [u32; 3]) -> Outcome {
        let Sizes { rows, t_q, t_k, d, d_v } = job.sizes;
        let [q, k, v] = job.qkv.each_ref().map(|x| x.iter().map(|&x| x as f32).collect::<Vec<_>>());
        let groups = grid.iter().product::<u32>() as usize;
        let guard = (groups * d_v).saturating_sub(rows * t_q * d_v).min(1 << 16) + 2 * (d + d_v);
        let slots = [
            Slot::Input(&q),
            Slot::Input(&k),
            Slot::Input(&v),
            Slot::Output("out", rows * t_q * d_v),
            Slot::Uniform(job.sizes.sizes()),
            Slot::Uniform(job.sizes.options(job.causal)),
        ];
        let out = self.0.run(&slots, guard, grid).await?.remove(0);
        let mask = if job.causal { ", causal" } else { "" };
        let what = format!(
            "{} of {} and {}, d = {d}, d_v = {d_v}{mask}, from a grid of {} by {} workgroups",
            counted(rows, "row"),
            counted(t_q, "query"),
            counted(t_k, "key"),
            grid[0],
            grid[1]
        );
        let place = |i: usize| {
            let (query, c) = (i / d_v, i % d_v);
            format!("row {}, query {}, number {c}", query / t_q, query % t_q)
        };
        let judged = || {
            written(&what, &out, place)?;
            let [q, k, v] = &job.qkv;
            let tolerance = Tolerance { rtol: 1e-4, ..allowance([q, k, v], d, STEP) };
            expect_close(&what, &[rows, t_q, d_v], &out, &job.wanted(), tolerance)
        };
        self.0.explained(judged(), &slots, grid)
    }

    async fn expect_all(&self, jobs: impl IntoIterator<Item = ([usize; 5], bool)>) -> Outcome {
        for (seed, (sizes, causal)) in (100..).zip(jobs) {
            let job = Job::random(sizes, causal, seed);
            self.expect(&job, job.line()).await?;
        }
        Ok(())
    }
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::thread_by_thread(&wgsl).await?;
    for (seed, (sizes, causal, grid)) in (10..).zip([
        ([1, 1, 1, 1, 1], false, [1, 1, 1]),
        ([2, 2, 3, 2, 3], false, [4, 1, 1]),
        ([1, 3, 2, 1, 2], true, [2, 2, 1]),
        ([1, 1, 258, 1, 2], false, [1, 1, 1]),
    ]) {
        kernel.expect(&Job::random(sizes, causal, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_attends(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::compile(&wgsl).await?;
    let sizes = [[1, 1, 1, 1, 1], [1, 1, 5, 4, 4], [1, 3, 7, 5, 2], [1, 6, 4, 3, 9]];
    kernel.expect_all(sizes.map(|sizes| (sizes, false))).await
}

pub async fn kernel_takes_many_keys(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::compile(&wgsl).await?;
    let sizes = [
        [1, 1, 256, 3, 2],
        [1, 2, 257, 4, 3],
        [1, 1, 700, 2, 5],
        [1, 2, 20, 130, 256],
        [1, 2, 9, 515, 4],
        [1, 1, 1027, 7, 33],
    ];
    kernel.expect_all(sizes.map(|sizes| (sizes, false))).await
}

pub async fn kernel_keeps_rows_apart(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::compile(&wgsl).await?;
    let sizes = [[2, 1, 3, 4, 2], [3, 4, 2, 5, 3], [5, 3, 6, 2, 7], [33, 2, 5, 8, 8]];
    kernel.expect_all(sizes.map(|sizes| (sizes, false))).await
}

pub async fn kernel_hides_the_future(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::compile(&wgsl).await?;
    let sizes = [
        [1, 4, 4, 3, 2],
        [2, 5, 5, 4, 3],
        [3, 2, 7, 4, 3],
        [1, 1, 300, 2, 2],
        [2, 6, 3, 2, 4],
        [1, 5, 1, 3, 2],
        [1, 270, 265, 2, 1],
    ];
    kernel.expect_all(sizes.map(|sizes| (sizes, true))).await
}

pub async fn kernel_is_stable(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::compile(&wgsl).await?;
    for (seed, (scale, moved)) in
        (40..).zip([(1000.0, 0.0), (256.0, 20.0), (256.0, -20.0), (1e-18, 0.0), (1.0, 0.0)])
    {
        for (sizes, causal) in [([2, 3, 5, 16, 4], false), ([1, 4, 6, 4, 3], true)] {
            let job = Job::random(sizes, causal, seed).stretched(scale, moved);
            kernel.expect(&job, job.line()).await?;
        }
    }
    for (seed, scale) in (45..).zip([1e20, 1e-20]) {
        let mut job = Job::random([1, 3, 5, 4, 3], true, seed);
        job.qkv[2].iter_mut().for_each(|v| *v *= scale);
        kernel.expect(&job, job.line()).await?;
    }
    // All scores far below 0, and far above.
    for sign in [-1.0, 1.0] {
        let mut job = Job::random([1, 2, 300, 4, 3], false, 48).stretched(1.0, 0.0);
        job.qkv[0].iter_mut().for_each(|q| *q = 64.0);
        job.qkv[1].iter_mut().for_each(|k| *k = sign * (k.abs() + 100.0));
        kernel.expect(&job, job.line()).await?;
    }
    Ok(())
}

pub async fn kernel_stays_inside(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::compile(&wgsl).await?;
    for (seed, (sizes, causal, grid)) in (50..).zip([
        ([1, 3, 4, 2, 3], false, [5, 1, 1]),
        ([2, 3, 4, 5, 2], true, [2, 4, 1]),
        ([3, 5, 2, 3, 4], false, [4, 4, 1]),
        ([1, 7, 300, 2, 3], true, [3, 3, 1]),
        // No keys, and more columns than numbers of a key.
        ([2, 2, 0, 3, 5], false, [4, 1, 1]),
    ]) {
        kernel.expect(&Job::random(sizes, causal, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = AttentionKernel::compile(&wgsl).await?;
    // More keys than 16 bits count, in all rows together.
    kernel.expect_all([([130, 1, 520, 1, 2], true)]).await?;
    // Natively more results than that, too; and a long row. (A software driver cuts a thread's
    // loops short at 65,536 turns, so it is not longer than that.)
    #[cfg(not(target_family = "wasm"))]
    {
        kernel.expect_all([([1100, 2, 70, 1, 32], true), ([2, 1, 5000, 1, 2], false)]).await?;
        agrees_on_drawn_sizes(&kernel).await?;
    }
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn agrees_on_drawn_sizes(kernel: &AttentionKernel) -> Outcome {
    use grading::{Differential, draw};

    let shape = (draw::lengths(1..=5), draw::lengths(1..=9), draw::lengths(0..=600));
    let widths = (draw::lengths(1..=40), draw::lengths(1..=70));
    let inputs = (shape, widths, draw::select(vec![false, true]), 0..3_u32, 1..4_u32);
    Differential::cases(24)
        .run_async(
            (inputs, draw::any_u64()),
            async |&(((rows, t_q, t_k), (d, d_v), causal, wider, lines), seed)| {
                let scale = [1.0, 1.0, 40.0, 1e-12][(seed % 4) as usize];
                let job = Job::random([rows, t_q, t_k, d, d_v], causal, seed % (1 << 40));
                let job = job.stretched(scale, [0.0, 3.0, -3.0][(seed % 3) as usize]);
                let [width, ..] = job.line();
                kernel.expect(&job, [width.div_ceil(lines) + wider, lines, 1]).await
            },
        )
        .await
}
