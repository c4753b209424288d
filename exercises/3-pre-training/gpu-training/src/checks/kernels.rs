//! The kernels, each on what breaks a careless one.

use grading::{Failure, Outcome};
use kernel_test::{KernelUnderTest, UNTOUCHED};

use crate::{Job, Lies};

/// What f32 leaves of a sum, relative to the absolute values of its terms.
const ROUNDED: f64 = 1e-5;

struct Kernel(KernelUnderTest);

impl Kernel {
    async fn compile(wgsl: &str, job: &Job) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, job.entry, &job.bindings()).await?))
    }

    /// A run in so many lines of workgroups, each wider by some than it would have to be.
    async fn expect(&self, job: &Job, lines: u32, wider: u32) -> Outcome {
        let grid = [(job.workgroups as u32).div_ceil(lines) + wider, lines, 1];
        let slots = job.slots();
        // An idle thread that does not stop writes into the guard, not past it.
        let guard = grid.iter().product::<u32>() as usize * 256;
        let outputs = self.0.run(&slots, guard.min(1 << 16) + 8, grid).await?;
        self.0.explained(judge(job, &outputs), &slots, grid)
    }
}

fn judge(job: &Job, outputs: &[Vec<f32>]) -> Outcome {
    for (wanted, got) in job.wanted.iter().zip(outputs) {
        for (i, (&got, &[want, size])) in got.iter().zip(&wanted.numbers).enumerate() {
            let bound = ROUNDED * size + 1e-30;
            if (f64::from(got) - want).abs() <= bound {
                continue;
            }
            let mut place = Vec::new();
            let mut rest = i;
            for &axis in wanted.shape.iter().rev() {
                place.insert(0, rest % axis);
                rest /= axis;
            }
            let at = format!("{}: {}{place:?}", job.what, wanted.name);
            return Err(Failure::wrong(if got == UNTOUCHED {
                format!("{at} was never written; expected {want:.7}")
            } else {
                let off = f64::from(got) - want;
                format!(
                    "{at}: expected {want:.7}, got {got:.7}, off by {off:.1e} where rounding \
                     explains {bound:.1e}"
                )
            }));
        }
    }
    Ok(())
}

/// Each job alone, in one line of workgroups and in several that are too wide.
async fn all(wgsl: &str, jobs: Vec<Job>) -> Outcome {
    for (job, seed) in jobs.iter().zip(0..) {
        let kernel = Kernel::compile(wgsl, job).await?;
        kernel.expect(job, 1, 0).await?;
        kernel.expect(job, 2 + seed % 2, 1).await?;
    }
    Ok(())
}

async fn thread_by_thread(wgsl: &str, jobs: Vec<Job>) -> Outcome {
    for job in &jobs {
        let compiled = KernelUnderTest::thread_by_thread(wgsl, job.entry, &job.bindings()).await?;
        let kernel = Kernel(compiled);
        kernel.expect(job, 1, 0).await?;
        kernel.expect(job, 2, 0).await?;
    }
    Ok(())
}

/// Large sizes first; natively also drawn ones.
async fn agrees(
    wgsl: &str,
    large: Job,
    most: [usize; 4],
    make: impl Fn([usize; 4], u64) -> Job,
) -> Outcome {
    let kernel = Kernel::compile(wgsl, &large).await?;
    kernel.expect(&large, 3, 0).await?;
    #[cfg(not(target_family = "wasm"))]
    {
        use grading::{Differential, draw};

        let [a, b, c, d] = most.map(|most| draw::lengths(1..=most));
        let inputs = ((a, b, c, d), 1..4_u32, 0..3_u32, draw::any_u64());
        Differential::cases(24)
            .run_async(inputs, async |&((a, b, c, d), lines, wider, seed)| {
                kernel.expect(&make([a, b, c, d], seed), lines, wider).await
            })
            .await?;
    }
    #[cfg(target_family = "wasm")]
    for seed in 0..6 {
        let sizes = most.map(|most| 1 + (seed as usize * 7919 + 5) % most.min(40));
        kernel.expect(&make(sizes, seed), 1 + seed as u32 % 3, seed as u32 % 2).await?;
    }
    Ok(())
}

use Lies::{Apart, Columns, One, Rows};

pub async fn product_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let of = |sizes, lies, adds, seed| Job::product(sizes, lies, adds, seed);
    let jobs = vec![
        of([1, 1, 1], [Rows, Rows], false, 1),
        of([3, 5, 2], [Columns, Rows], true, 2),
        of([17, 3, 18], [Rows, Columns], false, 3),
    ];
    thread_by_thread(&wgsl, jobs).await
}

pub async fn matrices_are_read_where_they_lie(wgsl: String) -> Outcome {
    let mut jobs = Vec::new();
    for (seed, lies) in (10..).zip([
        [Rows, Rows],
        [Columns, Rows],
        [Rows, Columns],
        [Columns, Columns],
        [Apart, Columns],
        [Columns, Apart],
        [One, Rows],
        [Rows, One],
    ]) {
        for adds in [false, true] {
            jobs.push(Job::product([7, 33, 19], lies, adds, seed));
        }
    }
    jobs.push(Job::product([20, 0, 3], [One, One], false, 20));
    jobs.push(Job::product([3, 0, 20], [One, One], true, 21));
    jobs.push(Job::product([1, 1, 70], [One, Rows], true, 22));
    jobs.push(Job::product([2, 1500, 3], [Rows, Columns], false, 23));
    all(&wgsl, jobs).await
}

pub async fn products_agree(wgsl: String) -> Outcome {
    let large = Job::product([257, 40, 260], [Columns, Columns], true, 30);
    agrees(&wgsl, large, [70, 120, 70, 8], |[m, k, n, kind], seed| {
        let lies = [Rows, Columns, Apart, One];
        let of = [lies[kind / 2 % 4], lies[seed as usize % 4]];
        Job::product([m, k, n], of, seed % 3 == 0, seed)
    })
    .await
}

pub async fn gelu_is_right_thread_by_thread(wgsl: String) -> Outcome {
    thread_by_thread(&wgsl, vec![Job::gelu(5, 2.0, 1), Job::gelu(300, 4.0, 2)]).await
}

pub async fn gelu_follows_the_formula(wgsl: String) -> Outcome {
    let corners = [
        0.0,
        -0.0,
        1e-30,
        -1e-30,
        0.5,
        -0.5,
        -0.752,
        4.0,
        -4.0,
        9.0,
        -9.0,
        11.0,
        -11.0,
        40.0,
        -40.0,
        1e5,
        -1e5,
        1e13,
        -1e13,
        1e30,
        -1e30,
        f32::MAX,
        f32::MIN,
    ];
    let slopes: Vec<f32> = (0..corners.len()).map(|i| [1.0, -2.0, 0.25][i % 3]).collect();
    let jobs = vec![
        Job::gelu(1, 1.0, 10),
        Job::gelu(257, 1.0, 11),
        Job::gelu(600, 5.0, 12),
        Job::gelu_at(&corners, &slopes),
    ];
    all(&wgsl, jobs).await
}

pub async fn gelu_agrees(wgsl: String) -> Outcome {
    let make = |[n, scale, ..]: [usize; 4], seed| Job::gelu(n, scale as f32, seed);
    agrees(&wgsl, Job::gelu(70_001, 6.0, 20), [3000, 30, 1, 1], make).await
}

pub async fn norm_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let jobs = [[1, 1], [3, 5], [2, 258]].map(|sizes| Job::norm(sizes, 1));
    thread_by_thread(&wgsl, jobs.into()).await
}

pub async fn norm_follows_the_formula(wgsl: String) -> Outcome {
    let sizes = [[1, 1], [1, 2], [5, 8], [3, 255], [2, 256], [4, 257], [7, 600], [2, 2500]];
    all(&wgsl, sizes.map(|sizes| Job::norm(sizes, 10)).into()).await
}

pub async fn norms_agree(wgsl: String) -> Outcome {
    let make = |[rows, cols, ..]: [usize; 4], seed| Job::norm([rows, cols], seed);
    agrees(&wgsl, Job::norm([150, 500], 20), [40, 700, 1, 1], make).await
}

pub async fn parameters_are_right_thread_by_thread(wgsl: String) -> Outcome {
    let jobs = [[1, 1], [3, 5], [2, 258]].map(|sizes| Job::norm_parameters(sizes, 1));
    thread_by_thread(&wgsl, jobs.into()).await
}

pub async fn parameters_follow_the_formula(wgsl: String) -> Outcome {
    let sizes = [[1, 1], [2, 1], [5, 8], [1500, 3], [9, 256], [6, 257], [33, 600]];
    all(&wgsl, sizes.map(|sizes| Job::norm_parameters(sizes, 10)).into()).await
}

pub async fn parameters_agree(wgsl: String) -> Outcome {
    let make = |[rows, cols, ..]: [usize; 4], seed| Job::norm_parameters([rows, cols], seed);
    agrees(&wgsl, Job::norm_parameters([150, 500], 20), [40, 700, 1, 1], make).await
}

pub async fn attention_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let sizes = [[1, 1, 1, 1], [2, 3, 2, 2], [1, 5, 3, 4]];
    thread_by_thread(&wgsl, sizes.map(|sizes| Job::attention(sizes, 2.0, 1)).into()).await
}

pub async fn attention_follows_the_formula(wgsl: String) -> Outcome {
    let sizes = [
        [1, 2, 1, 1],
        [1, 4, 1, 3],
        [1, 6, 3, 2],
        [3, 5, 1, 4],
        [2, 7, 3, 5],
        [1, 75, 9, 1],
        [1, 3, 1, 140],
    ];
    let mut jobs = sizes.map(|sizes| Job::attention(sizes, 3.0, 10)).to_vec();
    // Every weight is 0 or 1, or nearly so.
    jobs.push(Job::attention([2, 6, 2, 4], 200.0, 11));
    all(&wgsl, jobs).await
}

pub async fn attention_agrees(wgsl: String) -> Outcome {
    let make = |sizes, seed| Job::attention(sizes, 1.0 + (seed % 5) as f32, seed);
    // More numbers than 16 bits count.
    agrees(&wgsl, Job::attention([90, 4, 2, 31], 2.0, 20), [4, 20, 4, 12], make).await
}

pub async fn embeddings_are_right_thread_by_thread(wgsl: String) -> Outcome {
    let sizes = [[1, 1, 1], [5, 3, 2], [4, 70, 5]];
    thread_by_thread(&wgsl, sizes.map(|sizes| Job::embedding(sizes, 1)).into()).await
}

pub async fn embeddings_follow_the_formula(wgsl: String) -> Outcome {
    let sizes = [[1, 2, 3], [9, 4, 5], [40, 3, 7], [30, 300, 2], [1200, 20, 33]];
    all(&wgsl, sizes.map(|sizes| Job::embedding(sizes, 10)).into()).await
}

pub async fn embeddings_agree(wgsl: String) -> Outcome {
    let make = |[a, b, c, _]: [usize; 4], seed| Job::embedding([a, b, c], seed);
    // More tokens in the vocabulary than 16 bits count.
    agrees(&wgsl, Job::embedding([100, 66_000, 1], 20), [200, 100, 40, 1], make).await
}
