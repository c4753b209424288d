//! The kernels, at sizes that break a careless one.

use grading::{Failure, Outcome, expect};
use kernel_test::{KernelUnderTest, Reads, Slot, written};

use crate::oracle::{Job, SCALES};
use crate::{BINDINGS, Dims, Kernel};

/// A learner's kernel under test.
pub struct UnderTest {
    kernel: Kernel,
    test: KernelUnderTest,
}

impl UnderTest {
    pub async fn compile(kernel: Kernel, wgsl: &str) -> Result<Self, Failure> {
        let test = KernelUnderTest::compile(wgsl, kernel.entry(), &BINDINGS).await?;
        Ok(Self { kernel, test })
    }

    /// The same for runs in which each access of each thread is looked at.
    async fn thread_by_thread(kernel: Kernel, wgsl: &str) -> Result<Self, Failure> {
        let test = KernelUnderTest::thread_by_thread(wgsl, kernel.entry(), &BINDINGS).await?;
        Ok(Self { kernel, test })
    }

    /// Fails unless the product comes out, of a grid that may have more workgroups than tiles.
    async fn expect_on(&self, job: &Job, grid: [u32; 3]) -> Result<Option<Reads>, Failure> {
        let Dims { m, k, n } = job.dims;
        let sizes = [m as u32, k as u32, n as u32, 0];
        let slots = [
            Slot::Input(&job.a),
            Slot::Input(&job.b),
            Slot::Output("c", m * n),
            Slot::Uniform(sizes),
        ];
        // As far as threads at the edges might reach.
        let guard = (self.kernel.tile() * (k.max(n) + 1)).min(1 << 16);
        let (outputs, reads) = self.test.run_counted(&slots, guard, grid).await?;
        let [width, lines, _] = grid;
        let what = format!("{}, from a grid of {width} by {lines} workgroups", job.shown());
        let c = outputs.first().map_or(&[][..], |c| c);
        let judged = || {
            written(&what, c, |i| format!("row {}, column {}", i / n, i % n))?;
            job.expect(&what, c)
        };
        self.test.explained(judged(), &slots, grid)?;
        Ok(reads)
    }

    /// On the grid that the host chooses.
    async fn expect(&self, job: &Job) -> Result<Option<Reads>, Failure> {
        self.expect_on(job, self.kernel.grid(job.dims)).await
    }
}

async fn thread_by_thread(kernel: Kernel, wgsl: String) -> Outcome {
    let test = UnderTest::thread_by_thread(kernel, &wgsl).await?;
    let tile = kernel.tile();
    for (seed, (sizes, grid)) in (100..).zip([
        ([1, 1, 1], [1, 1, 1]),
        ([3, 18, 5], [1, 1, 1]),
        // Two tiles each way, in two lines of the grid, and one workgroup too many.
        ([tile + 1, 33, tile + 2], [3, 2, 1]),
    ]) {
        test.expect_on(&Job::whole(sizes, seed), grid).await?;
    }
    Ok(())
}

async fn multiplies(kernel: Kernel, wgsl: String) -> Outcome {
    let test = UnderTest::compile(kernel, &wgsl).await?;
    for (seed, sizes) in (110..).zip([
        [1, 1, 1],
        [2, 3, 4],
        [1, 70, 1],
        [1, 5, 67],
        [67, 5, 1],
        [16, 16, 16],
        [15, 17, 16],
        [64, 64, 64],
        [65, 31, 63],
        [37, 101, 83],
        // Sums of nothing.
        [5, 0, 3],
    ]) {
        test.expect(&Job::whole(sizes, seed)).await?;
        test.expect(&Job::reals(sizes, [1.0; 2], seed)).await?;
    }
    Ok(())
}

async fn counts_tiles(kernel: Kernel, wgsl: String) -> Outcome {
    let test = UnderTest::compile(kernel, &wgsl).await?;
    let tile = kernel.tile();
    for (seed, (sizes, grid)) in (130..).zip([
        ([3 * tile, 5, 2 * tile], [3, 2, 1]),
        ([2 * tile + 1, 7, 3 * tile - 1], [2, 5, 1]),
        ([1, 3, 5 * tile], [1, 5, 1]),
        ([5 * tile - 3, 3, 2], [4, 2, 1]),
        ([4, 9, 6], [3, 3, 1]),
    ]) {
        test.expect_on(&Job::whole(sizes, seed), grid).await?;
    }
    Ok(())
}

async fn agrees(kernel: Kernel, wgsl: String) -> Outcome {
    let test = UnderTest::compile(kernel, &wgsl).await?;
    // Long sums, and more numbers in a, b and c than 16 bits count. (llvmpipe ends loops, one in
    // another, after 65,536 rounds in all.)
    let long = if kernel == Kernel::Blocked { 2051 } else { 20_011 };
    for (seed, sizes) in (150..).zip([[3, long, 5], [259, 257, 3], [3, 257, 259], [300, 2, 301]]) {
        test.expect(&Job::whole(sizes, seed)).await?;
    }
    for (seed, scales) in (160..).zip(SCALES) {
        test.expect(&Job::reals([5, 37, 7], scales, seed)).await?;
    }
    #[cfg(not(target_family = "wasm"))]
    agrees_on_drawn_sizes(&test).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn agrees_on_drawn_sizes(test: &UnderTest) -> Outcome {
    use grading::{Differential, draw};

    let size = || draw::lengths(1..=100);
    let scales = draw::select(vec![None, Some([1.0; 2]), Some(SCALES[0]), Some(SCALES[1])]);
    let inputs = ((size(), size(), size()), scales, 1..4_u32, draw::any_u64());
    Differential::cases(16)
        .run_async(inputs, async |&((m, k, n), scales, lines, seed)| {
            let job = Job::drawn([m, k, n], scales, seed);
            let [tiles, ..] = test.kernel.grid(job.dims);
            test.expect_on(&job, [tiles.div_ceil(lines), lines, 1]).await.map(|_| ())
        })
        .await
}

/// Sizes at which the reads are counted: several tiles each way, and parts of some.
fn counted(kernel: Kernel) -> [[usize; 3]; 2] {
    let tile = kernel.tile();
    [[2 * tile, 32, tile], [tile + 1, 19, 2 * tile + 1]]
}

async fn reads_once(kernel: Kernel, wgsl: String) -> Outcome {
    let test = UnderTest::thread_by_thread(kernel, &wgsl).await?;
    for (seed, sizes) in (170..).zip(counted(kernel)) {
        let job = Job::whole(sizes, seed);
        // In a page, nobody counts.
        let Some(reads) = test.expect(&job).await? else { continue };
        let [m, k, n] = sizes;
        let tiles = |size: usize| size.div_ceil(kernel.tile());
        let most = [("a", m * k * tiles(n)), ("b", k * n * tiles(m)), ("c", 0)];
        for ((name, most), read) in most.into_iter().zip(&reads.slots) {
            expect(*read <= most as u64, || {
                format!(
                    "{}: all threads together read {read} numbers from `{name}`, but {most} are \
                     enough: each of the {} workgroups needs each number of its rows of A and of \
                     its columns of B once",
                    job.shown(),
                    tiles(m) * tiles(n)
                )
            })?;
        }
    }
    Ok(())
}

pub async fn blocked_tile_reads_are_counted(wgsl: String) -> Outcome {
    let kernel = Kernel::Blocked;
    let test = UnderTest::thread_by_thread(kernel, &wgsl).await?;
    for (seed, sizes) in (180..).zip(counted(kernel)) {
        let job = Job::whole(sizes, seed);
        let Some(reads) = test.expect(&job).await? else { continue };
        let threads = kernel.grid(job.dims).iter().product::<u32>() as usize * 256;
        let most = threads * job.dims.k.next_multiple_of(16) * 8;
        expect(reads.workgroup <= most as u64, || {
            format!(
                "{}: all threads together read {} numbers from workgroup memory, but {most} are \
                 enough: eight for each step of a thread along k",
                job.shown(),
                reads.workgroup
            )
        })?;
    }
    Ok(())
}

/// A check of one kernel.
macro_rules! of {
    ($($check:ident = $judge:ident, $kernel:ident;)*) => {
        $(pub async fn $check(wgsl: String) -> Outcome {
            $judge(Kernel::$kernel, wgsl).await
        })*
    };
}

of! {
    naive_is_right_thread_by_thread = thread_by_thread, Naive;
    naive_multiplies = multiplies, Naive;
    naive_counts_tiles = counts_tiles, Naive;
    naive_agrees = agrees, Naive;
    tiled_is_right_thread_by_thread = thread_by_thread, Tiled;
    tiled_multiplies = multiplies, Tiled;
    tiled_counts_tiles = counts_tiles, Tiled;
    tiled_reads_are_counted = reads_once, Tiled;
    tiled_agrees = agrees, Tiled;
    blocked_is_right_thread_by_thread = thread_by_thread, Blocked;
    blocked_multiplies = multiplies, Blocked;
    blocked_counts_tiles = counts_tiles, Blocked;
    blocked_reads_are_counted = reads_once, Blocked;
    blocked_agrees = agrees, Blocked;
}
