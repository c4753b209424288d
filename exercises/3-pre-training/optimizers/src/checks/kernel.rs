//! The kernel: every weight of a range once, nothing else.

use grading::random::seeded;
use grading::{Failure, Outcome, expect};
use kernel_test::{KernelUnderTest, Slot};
use rand::RngExt;

use crate::oracle::{self, Stepped, expect_within};
use crate::{AdamW, BINDINGS, ENTRY, Group, uniforms};

/// Numbers around a range, and one step of it.
#[derive(Clone, Debug)]
struct Job {
    start: usize,
    end: usize,
    weights: Vec<f32>,
    gradients: Vec<f32>,
    m: Vec<f32>,
    v: Vec<f32>,
    settings: AdamW,
    decay: f64,
    t: u64,
}

impl Job {
    /// A range with some weights on either side that are not its own.
    fn drawn([before, n, behind]: [usize; 3], seed: u64) -> Self {
        let mut rng = seeded(seed);
        let all = before + n + behind;
        let mut numbers = |low: f32, high: f32| -> Vec<f32> {
            (0..all).map(|_| rng.random_range(low..high)).collect()
        };
        let (weights, m, v) = (numbers(-2.0, 2.0), numbers(-1.0, 1.0), numbers(0.0, 2.0));
        let mut gradients = numbers(-3.0, 3.0);
        gradients.iter_mut().skip(2).step_by(5).for_each(|g| *g = 0.0);
        // f32 holds these exactly, and so what they leave of 1.
        let betas = [(0.875, 0.9375), (0.75, 0.96875), (0.5, 0.25)][(seed % 3) as usize];
        let settings = AdamW { lr: 0.25, beta1: betas.0, beta2: betas.1, eps: 1e-8 };
        Self {
            start: before,
            end: before + n,
            weights,
            gradients,
            m,
            v,
            settings,
            decay: 0.4,
            t: 3,
        }
    }

    /// The same at the first step with tiny gradients, where ε counts.
    fn tiny(mut self) -> Self {
        self.gradients.iter_mut().for_each(|g| *g *= 1e-7);
        self.m.fill(0.0);
        self.v.fill(0.0);
        self.weights.iter_mut().for_each(|w| *w *= 1e-2);
        self.t = 1;
        self
    }

    /// As few workgroups as the range needs in so many lines.
    fn lines(&self, lines: u32) -> [u32; 3] {
        [((self.end - self.start) as u32).div_ceil(256 * lines), lines, 1]
    }
}

struct Kernel(KernelUnderTest);

impl Kernel {
    async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    async fn expect(&self, job: &Job, grid: [u32; 3]) -> Outcome {
        let group = Group { range: job.start..job.end, weight_decay: job.decay };
        let [params, means] = uniforms(&job.settings, &group, job.t);
        let slots = [
            Slot::InOut("weights", &job.weights),
            Slot::Input(&job.gradients),
            Slot::InOut("m", &job.m),
            Slot::InOut("v", &job.v),
            Slot::Uniform(params),
            Slot::Uniform(means),
        ];
        let idle = grid.iter().product::<u32>() as usize * 256 + job.start;
        let guard = idle.saturating_sub(job.weights.len()).min(1 << 16) + 4;
        let outputs = self.0.run(&slots, guard, grid).await?;
        self.0.explained(judge(job, &outputs), &slots, grid)
    }
}

fn judge(job: &Job, outputs: &[Vec<f32>]) -> Outcome {
    let range = job.start..job.end;
    let place = format!("weights {range:?} of {}, step {}", job.weights.len(), job.t);
    let [weights, m, v] = outputs else { return Err(Failure::wrong("three outputs")) };
    let lists = [("m", m, &job.m), ("v", v, &job.v), ("weights", weights, &job.weights)];
    for (name, got, old) in lists {
        let outside = (0..old.len()).find(|i| !range.contains(i) && got[*i] != old[*i]);
        expect(outside.is_none(), || {
            let i = outside.unwrap_or(0);
            format!("{place}: {name}[{i}] is outside and was {}, now it is {}", old[i], got[i])
        })?;
    }
    let step = |i: usize| {
        let [w, g, m, v] = [job.weights[i], job.gradients[i], job.m[i], job.v[i]].map(f64::from);
        oracle::adamw(w, g, [m, v], job.t, job.decay, &job.settings)
    };
    let steps: Vec<Stepped> = range.clone().map(step).collect();
    for (at, (name, got, _)) in lists.into_iter().enumerate() {
        let want = |of: &Stepped| of.kept.get(at).copied().unwrap_or(of.weight);
        let (values, bounds): (Vec<f64>, Vec<f64>) =
            steps.iter().map(want).map(|[value, bound]| (value, bound)).unzip();
        let what = |i: usize| {
            let i = job.start + i;
            let [w, g] = [&job.weights, &job.gradients].map(|x| x.get(i).copied().unwrap_or(0.0));
            format!("{place}, with a weight of {w} and a gradient of {g}: {name}[{i}]")
        };
        // WGSL may be off by a little more in a root and a fraction.
        expect_within(what, &got[range.clone()], &values, |i| 4.0 * bounds[i] + 1e-38)?;
    }
    Ok(())
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = Kernel(KernelUnderTest::thread_by_thread(&wgsl, ENTRY, &BINDINGS).await?);
    for (seed, (sizes, grid)) in (10..).zip([
        ([0, 5, 0], [1, 1, 1]),
        ([3, 300, 0], [2, 1, 1]),
        ([2, 7, 4], [1, 1, 1]),
        ([1, 520, 0], [1, 4, 1]),
    ]) {
        kernel.expect(&Job::drawn(sizes, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_follows_the_formula(wgsl: String) -> Outcome {
    let kernel = Kernel::compile(&wgsl).await?;
    for (seed, n) in (20..).zip([1, 7, 255, 256, 257, 1000]) {
        let job = Job::drawn([0, n, 0], seed);
        kernel.expect(&job, job.lines(1)).await?;
        let job = job.tiny();
        kernel.expect(&job, job.lines(1)).await?;
    }
    // Without decay, and after so many steps that nothing is left to correct.
    let job = Job { decay: 0.0, t: 100_000, ..Job::drawn([0, 33, 0], 30) };
    kernel.expect(&job, job.lines(1)).await?;
    let mut huge = Job::drawn([0, 65, 0], 31);
    huge.gradients.iter_mut().for_each(|g| *g *= 1e12);
    kernel.expect(&huge, huge.lines(1)).await
}

pub async fn kernel_stays_in_its_range(wgsl: String) -> Outcome {
    let kernel = Kernel::compile(&wgsl).await?;
    for (seed, (sizes, grid)) in (40..).zip([
        ([0, 3, 600], [2, 1, 1]),
        ([5, 256, 5], [2, 1, 1]),
        ([300, 300, 300], [1, 2, 1]),
        ([1, 1500, 77], [2, 5, 1]),
        ([257, 2000, 1], [1, 9, 1]),
        ([9, 0, 9], [1, 1, 1]),
        ([0, 3000, 0], [4, 3, 1]),
    ]) {
        kernel.expect(&Job::drawn(sizes, seed), grid).await?;
    }
    Ok(())
}

pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = Kernel::compile(&wgsl).await?;
    // More than fit into 16 bits.
    let job = Job::drawn([3, 70_001, 2], 50);
    kernel.expect(&job, job.lines(1)).await?;
    kernel.expect(&job, job.lines(40)).await?;
    #[cfg(not(target_family = "wasm"))]
    agrees_on_drawn_ranges(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn agrees_on_drawn_ranges(kernel: &Kernel) -> Outcome {
    use grading::{Differential, draw};

    let sizes = (draw::lengths(0..=300), draw::lengths(1..=3000), draw::lengths(0..=300));
    let inputs = (sizes, 1..4_u32, 0..3_u32, draw::any_u64());
    Differential::cases(24)
        .run_async(inputs, async |&((before, n, behind), lines, wider, seed)| {
            let job = Job::drawn([before, n, behind], seed);
            let job = if seed % 2 == 0 { job } else { job.tiny() };
            let [width, ..] = job.lines(lines);
            kernel.expect(&job, [width + wider, lines, 1]).await
        })
        .await
}
