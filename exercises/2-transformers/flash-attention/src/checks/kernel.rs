//! The kernel, at sizes and with numbers that break a careless one.

use attention::{BINDINGS, Sizes};
use grading::numbers::counted;
use grading::{Failure, Outcome, Tolerance, expect, expect_close};
use kernel_test::{KernelUnderTest, Reads, Slot, written};

use crate::oracle::{Head, tiles};
use crate::{BLOCK, ENTRY, KEYS, grid};

/// WGSL rounds exponentials and roots less well than f32 could hold them.
const STEP: f64 = 1e-6;

/// Heads of one size, and whether the future is hidden.
#[derive(Clone, Debug)]
struct Job {
    heads: Vec<Head>,
    sizes: Sizes,
    causal: bool,
}

impl Job {
    fn new([rows, t_q, t_k, d, d_v]: [usize; 5], causal: bool, seed: u64) -> Self {
        Self::of([rows, t_q, t_k, d, d_v], causal, seed, |head| head)
    }

    fn of(
        [rows, t_q, t_k, d, d_v]: [usize; 5],
        causal: bool,
        seed: u64,
        change: impl Fn(Head) -> Head,
    ) -> Self {
        let head = |row| change(Head::drawn([t_q, t_k, d, d_v], seed * 1000 + row));
        let heads = (0..rows as u64).map(head).collect();
        Self { heads, sizes: Sizes { rows, t_q, t_k, d, d_v }, causal }
    }

    /// What each block of a row needs of the keys: those that one of its queries sees, or whole
    /// tiles of them.
    fn keys_read(&self) -> usize {
        let Sizes { rows, t_q, t_k, .. } = self.sizes;
        let Some(head) = self.heads.first() else { return 0 };
        let of_block = |block: std::ops::Range<usize>| {
            let seen = head.shape.seen(block.end - 1, self.causal);
            seen.next_multiple_of(KEYS).min(t_k)
        };
        rows * tiles(t_q, BLOCK).map(of_block).sum::<usize>()
    }
}

/// A learner's kernel under test.
struct FlashKernel(KernelUnderTest);

impl FlashKernel {
    async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// The same for runs in which each access of each thread is looked at.
    async fn thread_by_thread(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::thread_by_thread(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// Fails unless every query gets what it should, from a grid that may be too large.
    async fn expect(&self, job: &Job, grid: [u32; 3]) -> Result<Option<Reads>, Failure> {
        let Sizes { rows, t_q, t_k, d, d_v } = job.sizes;
        let [q, k, v] = [0, 1, 2].map(|of| -> Vec<f32> {
            job.heads.iter().flat_map(|head| head.qkv[of].iter().copied()).collect()
        });
        let groups = grid.iter().product::<u32>() as usize;
        let guard = (groups * BLOCK * d_v).min(1 << 16) + 2 * (d + d_v);
        let slots = [
            Slot::Input(&q),
            Slot::Input(&k),
            Slot::Input(&v),
            Slot::Output("out", rows * t_q * d_v),
            Slot::Uniform(job.sizes.sizes()),
            Slot::Uniform(job.sizes.options(job.causal)),
        ];
        let (outputs, reads) = self.0.run_counted(&slots, guard, grid).await?;
        let out = outputs.first().map_or(&[][..], |out| out);
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
            written(&what, out, place)?;
            for (row, head) in job.heads.iter().enumerate() {
                let what = format!("{what}, in row {row}");
                let tolerance = Tolerance { rtol: 1e-4, ..head.tolerance(STEP) };
                let got = &out[row * t_q * d_v..][..t_q * d_v];
                expect_close(&what, &[t_q, d_v], got, &head.attended(job.causal), tolerance)?;
            }
            Ok(())
        };
        self.0.explained(judged(), &slots, grid)?;
        Ok(reads)
    }

    async fn expect_all(&self, jobs: impl IntoIterator<Item = ([usize; 5], bool)>) -> Outcome {
        for (seed, (sizes, causal)) in (100..).zip(jobs) {
            let job = Job::new(sizes, causal, seed);
            self.expect(&job, grid(job.sizes)).await?;
        }
        Ok(())
    }
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = FlashKernel::thread_by_thread(&wgsl).await?;
    for (seed, (sizes, causal, grid)) in (10..).zip([
        ([1, 1, 1, 1, 1], false, [1, 1, 1]),
        ([2, 3, 18, 5, 3], true, [2, 2, 1]),
        ([1, 66, 19, 2, 1], true, [2, 1, 1]),
        ([1, 2, 33, 1, 6], false, [1, 1, 1]),
    ]) {
        kernel.expect(&Job::new(sizes, causal, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_attends(wgsl: String) -> Outcome {
    let kernel = FlashKernel::compile(&wgsl).await?;
    let sizes = [[1, 1, 1, 1, 1], [1, 1, 5, 4, 4], [1, 3, 7, 5, 2], [1, 6, 4, 3, 9]];
    kernel.expect_all(sizes.map(|sizes| (sizes, false))).await?;
    let sizes = [[1, 5, 16, 64, 64], [1, 4, 9, 63, 61], [1, 9, 3, 6, 33]];
    kernel.expect_all(sizes.map(|sizes| (sizes, false))).await
}

pub async fn kernel_joins_tiles(wgsl: String) -> Outcome {
    let kernel = FlashKernel::compile(&wgsl).await?;
    let sizes = [[1, 2, 17, 4, 3], [1, 3, 32, 2, 5], [1, 2, 100, 5, 4], [1, 3, 257, 9, 7]];
    kernel.expect_all(sizes.map(|sizes| (sizes, false))).await?;
    for (seed, low) in [(190, -9.0), (191, -12.0)] {
        let mut job = Job::new([1, 1, 200, 1, 2], false, seed);
        job.heads = vec![Head::of_small_weights(200, low, seed)];
        kernel.expect(&job, grid(job.sizes)).await?;
    }
    // The highest score comes early, or late.
    for (seed, rising) in [(200, true), (201, false)] {
        let sizes = [1, 2, 50, 4, 3];
        let job = Job::of(sizes, false, seed, |head| head.stretched(3.0, 0.0).sorted(rising));
        kernel.expect(&job, grid(job.sizes)).await?;
    }
    Ok(())
}

pub async fn kernel_keeps_rows_apart(wgsl: String) -> Outcome {
    let kernel = FlashKernel::compile(&wgsl).await?;
    let sizes =
        [[2, 1, 3, 4, 2], [3, 4, 2, 5, 3], [2, 64, 5, 2, 3], [2, 65, 5, 2, 3], [3, 130, 20, 3, 2]];
    kernel.expect_all(sizes.map(|sizes| (sizes, false))).await
}

pub async fn kernel_hides_the_future(wgsl: String) -> Outcome {
    let kernel = FlashKernel::compile(&wgsl).await?;
    let sizes = [
        [1, 4, 4, 3, 2],
        [2, 5, 5, 4, 3],
        [3, 2, 20, 4, 3],
        [2, 6, 3, 2, 4],
        [1, 5, 1, 3, 2],
        [1, 100, 100, 2, 3],
        [1, 70, 150, 3, 2],
        [2, 140, 70, 2, 1],
    ];
    kernel.expect_all(sizes.map(|sizes| (sizes, true))).await
}

pub async fn kernel_is_stable(wgsl: String) -> Outcome {
    let kernel = FlashKernel::compile(&wgsl).await?;
    for (seed, (scale, moved)) in
        (40..).zip([(2000.0, 0.0), (256.0, 20.0), (256.0, -20.0), (1e-18, 0.0)])
    {
        for (sizes, causal) in [([2, 3, 20, 16, 4], false), ([1, 4, 18, 4, 3], true)] {
            let job = Job::of(sizes, causal, seed, |head| head.stretched(scale, moved));
            kernel.expect(&job, grid(job.sizes)).await?;
        }
    }
    for (seed, scale) in (45..).zip([1e20, 1e-20]) {
        let mut job = Job::new([1, 3, 18, 4, 3], true, seed);
        job.heads[0].qkv[2].iter_mut().for_each(|v| *v *= scale);
        kernel.expect(&job, grid(job.sizes)).await?;
    }
    // All scores far below 0, and far above.
    for (sign, query) in [(-1.0, 64.0), (1.0, 64.0), (-1.0, 1_048_576.0)] {
        let mut job = Job::of([1, 2, 40, 4, 3], false, 48, |head| head.stretched(1.0, 0.0));
        job.heads[0].qkv[0].fill(query);
        job.heads[0].qkv[1].iter_mut().for_each(|k| *k = sign * (k.abs() + 100.0));
        kernel.expect(&job, grid(job.sizes)).await?;
    }
    Ok(())
}

pub async fn kernel_stays_inside(wgsl: String) -> Outcome {
    let kernel = FlashKernel::compile(&wgsl).await?;
    for (seed, (sizes, causal, grid)) in (50..).zip([
        ([1, 3, 4, 2, 3], false, [5, 1, 1]),
        ([2, 3, 4, 5, 2], true, [2, 4, 1]),
        ([3, 70, 20, 3, 4], false, [2, 3, 1]),
        ([1, 67, 30, 2, 3], true, [3, 3, 1]),
        // No keys, and more columns than numbers of a key.
        ([2, 2, 0, 3, 5], false, [4, 1, 1]),
    ]) {
        kernel.expect(&Job::new(sizes, causal, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_reads_are_counted(wgsl: String) -> Outcome {
    let kernel = FlashKernel::thread_by_thread(&wgsl).await?;
    for (seed, (sizes, causal)) in (60..).zip([
        ([1, 3, 20, 3, 2], false),
        ([1, 65, 18, 2, 3], false),
        ([1, 80, 40, 1, 2], true),
        ([2, 2, 35, 2, 1], true),
    ]) {
        let job = Job::new(sizes, causal, seed);
        // In a page, nobody counts.
        let Some(reads) = kernel.expect(&job, grid(job.sizes)).await? else { continue };
        let [rows, t_q, _, d, d_v] = sizes;
        let keys = job.keys_read();
        let most = [("q", rows * t_q * d), ("k", keys * d), ("v", keys * d_v), ("out", 0)];
        for ((name, most), read) in most.into_iter().zip(&reads.slots) {
            expect(*read <= most as u64, || {
                let mask = if causal { ", causal" } else { "" };
                format!(
                    "{} of {} and {}{mask}: all threads together read {read} numbers from \
                     `{name}`, but {most} are enough: a block of up to {BLOCK} queries reads each \
                     key and value that it sees once",
                    counted(rows, "row"),
                    counted(t_q, "query"),
                    counted(sizes[2], "key"),
                )
            })?;
        }
    }
    Ok(())
}

pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = FlashKernel::compile(&wgsl).await?;
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
async fn agrees_on_drawn_sizes(kernel: &FlashKernel) -> Outcome {
    use grading::{Differential, draw};

    let shape = (draw::lengths(1..=4), draw::lengths(1..=140), draw::lengths(0..=150));
    let widths = (draw::lengths(1..=64), draw::lengths(1..=64));
    let inputs = (shape, widths, draw::select(vec![false, true]), 0..3_u32, 1..4_u32);
    Differential::cases(24)
        .run_async(
            (inputs, draw::any_u64()),
            async |&(((rows, t_q, t_k), (d, d_v), causal, wider, lines), seed)| {
                let scale = [1.0, 1.0, 40.0, 1e-12][(seed % 4) as usize];
                let moved = [0.0, 3.0, -3.0][(seed % 3) as usize];
                let job = Job::of([rows, t_q, t_k, d, d_v], causal, seed % (1 << 40), |head| {
                    head.stretched(scale, moved)
                });
                let [width, ..] = grid(job.sizes);
                let grid = [width.div_ceil(lines) + wider, lines, 1];
                kernel.expect(&job, grid).await.map(|_| ())
            },
        )
        .await
}
