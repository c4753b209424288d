//! The kernel, at sizes and with numbers that break a careless one.

use grading::numbers::counted;
use grading::{Failure, Outcome, Tolerance, expect_close};
use kernel_test::{KernelUnderTest, POISON, Slot, written};

use crate::oracle::{allowance, looked_up, spread};
use crate::{BINDINGS, ENTRY, Sizes};

/// WGSL rounds exponentials and roots less well than f32 could hold them.
const STEP: f64 = 1e-6;

/// Queries and the rooms of a cache.
#[derive(Clone, Debug)]
pub struct Job {
    sizes: Sizes,
    qkv: [Vec<f64>; 3],
}

impl Job {
    /// Of `batch`, `n_heads`, `n_kv_heads`, `t`, `capacity`, `d`, `d_v`.
    fn random(sizes: [usize; 7], seed: u64) -> Self {
        let [batch, n_heads, n_kv_heads, t, capacity, d, d_v] = sizes;
        let sizes = Sizes { batch, n_heads, n_kv_heads, t, capacity, d, d_v };
        let [n_q, n_k, n_v, _] = sizes.counts();
        let [q, mut k, mut v] = [(n_q, 0), (n_k, 1), (n_v, 2)].map(|(count, of)| {
            let x = spread(count, 10 * seed + of);
            x.iter().map(|&x| f64::from(x as f32)).collect::<Vec<f64>>()
        });
        // Nobody reads what is behind the tokens.
        for (x, width) in [(&mut k, d), (&mut v, d_v)] {
            for (place, row) in x.chunks_mut(width).enumerate() {
                if place % capacity >= t {
                    row.fill(f64::from(POISON));
                }
            }
        }
        Self { sizes, qkv: [q, k, v] }
    }

    /// The same with queries so many times as long, and with all keys moved by a number.
    fn stretched(mut self, scale: f64, moved: f64) -> Self {
        self.qkv[0].iter_mut().for_each(|q| *q = (*q * 8.0).round() / 8.0 * scale);
        self.qkv[1].iter_mut().for_each(|k| *k = (*k * 8.0).round() / 8.0 + moved);
        self
    }

    fn line(&self) -> [u32; 3] {
        [(self.sizes.batch * self.sizes.n_heads) as u32, 1, 1]
    }

    fn wanted(&self) -> Vec<f64> {
        let Sizes { batch, n_heads, n_kv_heads, t, capacity, d, d_v } = self.sizes;
        let [q, k, v] = &self.qkv;
        let mut out = Vec::with_capacity(batch * n_heads * d_v);
        for text in 0..batch {
            for kv_head in 0..n_kv_heads {
                let room = (text * n_kv_heads + kv_head) * capacity;
                let rows = |x: &[f64], width: usize| -> Vec<Vec<f64>> {
                    x.chunks(width).skip(room).take(t).map(<[f64]>::to_vec).collect()
                };
                let (keys, values) = (rows(k, d), rows(v, d_v));
                // Neighbors share.
                for _ in 0..n_heads / n_kv_heads {
                    let query = &q[out.len() / d_v * d..][..d];
                    match t {
                        0 => out.extend(vec![0.0; d_v]),
                        _ => out.extend(looked_up(query, &keys, &values)),
                    }
                }
            }
        }
        out
    }
}

/// A learner's kernel under test.
pub struct DecodeKernel(KernelUnderTest);

impl DecodeKernel {
    pub async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// Fails unless every query gets what it should, from a grid that may be too large.
    pub async fn expect(&self, job: &Job, grid: [u32; 3]) -> Outcome {
        let Sizes { batch, n_heads, n_kv_heads, t, capacity, d, d_v } = job.sizes;
        let [q, k, v] = job.qkv.each_ref().map(|x| x.iter().map(|&x| x as f32).collect::<Vec<_>>());
        let [.., n_out] = job.sizes.counts();
        let groups = grid.iter().product::<u32>() as usize;
        let guard = (groups * d_v).saturating_sub(n_out).min(1 << 16) + 2 * (d + d_v);
        let slots = [
            Slot::Input(&q),
            Slot::Input(&k),
            Slot::Input(&v),
            Slot::Output("out", n_out),
            Slot::Uniform(job.sizes.sizes()),
            Slot::Uniform(job.sizes.widths()),
        ];
        let out = self.0.run(&slots, guard, grid).await?.remove(0);
        let what = format!(
            "{}, {} of queries and {n_kv_heads} of keys, {} in room for {capacity}, d = {d}, \
             d_v = {d_v}, from a grid of {} by {} workgroups",
            counted(batch, "text"),
            counted(n_heads, "head"),
            counted(t, "token"),
            grid[0],
            grid[1]
        );
        let place = |i: usize| {
            let (query, c) = (i / d_v, i % d_v);
            format!("text {}, head {}, number {c}", query / n_heads, query % n_heads)
        };
        let judged = || {
            written(&what, &out, place)?;
            let used = |x: &[f64]| {
                let real = x.iter().copied().filter(|x| *x != f64::from(POISON));
                real.collect::<Vec<_>>()
            };
            let [k, v] = [used(&job.qkv[1]), used(&job.qkv[2])];
            let allowed = allowance([&job.qkv[0], &k, &v], d, STEP);
            let tolerance = Tolerance { rtol: 1e-4, ..allowed };
            expect_close(&what, &[batch, n_heads, d_v], &out, &job.wanted(), tolerance)
        };
        self.0.explained(judged(), &slots, grid)
    }

    async fn expect_all(&self, jobs: impl IntoIterator<Item = [usize; 7]>) -> Outcome {
        for (seed, sizes) in (100..).zip(jobs) {
            let job = Job::random(sizes, seed);
            self.expect(&job, job.line()).await?;
        }
        Ok(())
    }
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = DecodeKernel(KernelUnderTest::thread_by_thread(&wgsl, ENTRY, &BINDINGS).await?);
    for (seed, (sizes, grid)) in (10..).zip([
        ([1, 1, 1, 1, 1, 1, 1], [1, 1, 1]),
        ([2, 2, 1, 3, 4, 2, 3], [4, 1, 1]),
        ([1, 3, 3, 2, 2, 1, 2], [2, 2, 1]),
        ([1, 1, 1, 258, 259, 1, 2], [1, 1, 1]),
    ]) {
        kernel.expect(&Job::random(sizes, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_looks(wgsl: String) -> Outcome {
    let kernel = DecodeKernel::compile(&wgsl).await?;
    let sizes = [
        [1, 1, 1, 1, 1, 1, 1],
        [1, 1, 1, 5, 5, 4, 4],
        [1, 1, 1, 7, 7, 5, 2],
        [1, 1, 1, 3, 3, 2, 9],
    ];
    kernel.expect_all(sizes).await
}

pub async fn kernel_stops_at_the_last_token(wgsl: String) -> Outcome {
    let kernel = DecodeKernel::compile(&wgsl).await?;
    let sizes = [
        [1, 1, 1, 2, 9, 3, 2],
        [1, 2, 2, 4, 6, 5, 3],
        [2, 3, 3, 1, 300, 2, 4],
        [3, 2, 2, 255, 257, 4, 3],
    ];
    kernel.expect_all(sizes).await
}

pub async fn kernel_shares_heads(wgsl: String) -> Outcome {
    let kernel = DecodeKernel::compile(&wgsl).await?;
    let sizes = [
        [1, 4, 2, 3, 3, 4, 2],
        [2, 6, 2, 5, 8, 3, 4],
        [3, 6, 3, 2, 2, 2, 5],
        [2, 5, 1, 4, 7, 3, 3],
        [2, 32, 8, 6, 9, 8, 8],
    ];
    kernel.expect_all(sizes).await
}

pub async fn kernel_takes_long_texts(wgsl: String) -> Outcome {
    let kernel = DecodeKernel::compile(&wgsl).await?;
    let sizes = [
        [1, 1, 1, 256, 256, 3, 2],
        [1, 2, 1, 257, 260, 4, 3],
        [1, 2, 2, 700, 701, 2, 5],
        [1, 2, 1, 20, 30, 130, 256],
        [1, 1, 1, 9, 9, 515, 4],
        [2, 2, 1, 1027, 1030, 7, 33],
    ];
    kernel.expect_all(sizes).await
}

pub async fn kernel_is_stable(wgsl: String) -> Outcome {
    let kernel = DecodeKernel::compile(&wgsl).await?;
    for (seed, (scale, moved)) in
        (40..).zip([(1000.0, 0.0), (256.0, 20.0), (256.0, -20.0), (1e-18, 0.0), (1.0, 0.0)])
    {
        for sizes in [[2, 4, 2, 5, 6, 16, 4], [1, 2, 1, 600, 600, 4, 3]] {
            let job = Job::random(sizes, seed).stretched(scale, moved);
            kernel.expect(&job, job.line()).await?;
        }
    }
    for (seed, scale) in (45..).zip([1e20, 1e-20]) {
        let mut job = Job::random([1, 3, 1, 5, 5, 4, 3], seed);
        job.qkv[2].iter_mut().for_each(|v| *v *= scale);
        kernel.expect(&job, job.line()).await?;
    }
    // Scores that rise all the way, or fall, or are all far below 0: the highest comes last, or
    // first, and what was added so far has to follow.
    let t = 1000;
    for (seed, key) in (48..).zip([
        (|j: usize| j as f64 / 8.0) as fn(usize) -> f64,
        |j| -(j as f64) / 8.0,
        |j| -1000.0 - (j % 7) as f64 / 8.0,
        |j| if j == 300 { 90.0 } else { 0.0 },
    ]) {
        let mut job = Job::random([1, 1, 1, t, t, 1, 3], seed);
        job.qkv[0].fill(1.0);
        job.qkv[1] = (0..t).map(key).collect();
        kernel.expect(&job, job.line()).await?;
    }
    Ok(())
}

pub async fn kernel_stays_inside(wgsl: String) -> Outcome {
    let kernel = DecodeKernel::compile(&wgsl).await?;
    for (seed, (sizes, grid)) in (60..).zip([
        ([1, 3, 1, 4, 5, 2, 3], [5, 1, 1]),
        ([2, 3, 3, 4, 4, 5, 2], [2, 4, 1]),
        ([3, 6, 2, 2, 6, 3, 4], [4, 5, 1]),
        ([1, 7, 7, 300, 310, 2, 3], [3, 3, 1]),
        // Nothing is kept yet.
        ([2, 2, 1, 0, 3, 3, 5], [4, 1, 1]),
    ]) {
        kernel.expect(&Job::random(sizes, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = DecodeKernel::compile(&wgsl).await?;
    // More places than 16 bits count, in all rooms together.
    kernel.expect_all([[4, 1, 1, 3, 22_000, 2, 1]]).await?;
    // Natively, where it takes less time, also long texts, and more queries than that.
    #[cfg(not(target_family = "wasm"))]
    {
        kernel.expect_all([[2, 4, 2, 17_000, 17_001, 1, 2]]).await?;
        let many = Job::random([33_000, 2, 1, 2, 2, 1, 1], 70);
        kernel.expect(&many, [33_000, 2, 1]).await?;
        agrees_on_drawn_sizes(&kernel).await?;
    }
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn agrees_on_drawn_sizes(kernel: &DecodeKernel) -> Outcome {
    use grading::{Differential, draw};

    let heads = (draw::lengths(1..=3), draw::lengths(1..=4), draw::lengths(1..=3));
    let rows = (draw::lengths(0..=600), draw::lengths(0..=40));
    let widths = (draw::lengths(1..=40), draw::lengths(1..=70));
    let inputs = (heads, rows, widths, 0..3_u32, 1..4_u32);
    Differential::cases(24)
        .run_async(
            (inputs, draw::any_u64()),
            async |&(((batch, n_kv_heads, group), (t, more), (d, d_v), wider, lines), seed)| {
                let scale = [1.0, 1.0, 40.0, 1e-12][(seed % 4) as usize];
                let sizes = [batch, n_kv_heads * group, n_kv_heads, t, (t + more).max(1), d, d_v];
                let job = Job::random(sizes, seed % (1 << 40));
                let job = job.stretched(scale, [0.0, 3.0, -3.0][(seed % 3) as usize]);
                let [width, ..] = job.line();
                kernel.expect(&job, [width.div_ceil(lines) + wider, lines, 1]).await
            },
        )
        .await
}
