//! The kernel, beside a step number by number, transformers, and many dispatches.

use gpt::Config;
use grading::numbers::counted;
use grading::{Failure, Outcome, Tolerance, expect, expect_close};
use kernel_test::{KernelUnderTest, POISON, Slot, written};

use crate::example::Reader;
use crate::oracle::{config, places};
use crate::{BINDINGS, ENTRY, Handing, ManyDispatches, Model, OneDispatch, Precision};
use crate::{uniforms, words};

/// A model, how its weights are stored, and tokens to read.
#[derive(Clone, Debug)]
struct Job {
    model: Model,
    precision: Precision,
    ids: Vec<usize>,
    /// Steps that the kernel is asked for; the cache of the others is filled for it.
    steps: std::ops::Range<usize>,
}

impl Job {
    /// A model of `n_layer`, `n_head`, `n_embd`, `n_inner`, `n_positions`, `vocab_size`, that reads
    /// as many tokens as it can.
    fn drawn(sizes: [usize; 6], seed: u64) -> Self {
        let model = Model::drawn(config(sizes), 0.4, seed);
        let Config { vocab_size, n_positions, .. } = model.config;
        let below = |i: usize| (7 * i + seed as usize % 97) % vocab_size;
        let ids = (0..n_positions).map(|i| vocab_size - 1 - below(i)).collect();
        Self { model, precision: Precision::F32, ids, steps: 0..n_positions }
    }

    fn at(self, steps: std::ops::Range<usize>) -> Self {
        Self { steps, ..self }
    }

    /// With each number of some tensors changed.
    fn changed(mut self, name: &str, change: impl Fn(f32) -> f32) -> Self {
        let names = crate::tensors(&self.model.config);
        for (numbers, _) in
            self.model.tensors.iter_mut().zip(&names).filter(|(_, (n, _))| n.contains(name))
        {
            numbers.iter_mut().for_each(|x| *x = change(*x));
        }
        self
    }

    fn told(&self, position: usize) -> String {
        let Config { n_layer, n_head, n_embd, n_positions, .. } = self.model.config;
        let inner = self.model.config.inner();
        let stored = if self.precision == Precision::F16 { "f16" } else { "f32" };
        format!(
            "{}, {}, n_embd {n_embd}, n_inner {inner}, weights in {stored}, token {} at position \
             {position} of {n_positions}",
            counted(n_layer, "block"),
            counted(n_head, "head"),
            self.ids[position]
        )
    }
}

/// What a check looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Logits,
    Cache,
}

/// A learner's kernel under test.
struct StepKernel(KernelUnderTest);

impl StepKernel {
    async fn compile(wgsl: &str) -> Result<Self, Failure> {
        Ok(Self(KernelUnderTest::compile(wgsl, ENTRY, &BINDINGS).await?))
    }

    /// Fails unless each step of the job gives the logits, or the cache, of a step number by
    /// number.
    async fn expect(&self, job: &Job, look: Look) -> Outcome {
        let config = &job.model.config;
        let packed = job.model.packed(&places(config));
        let weights = words(&packed, job.precision);
        let [sizes, more] = uniforms(config, job.precision);
        let mut reader = Reader::new(&job.model, job.precision);
        for (position, &token) in job.ids.iter().enumerate().take(job.steps.end) {
            let before = reader.cache.clone();
            let wanted = reader.step(token, position);
            if !job.steps.contains(&position) {
                continue;
            }
            // Nobody reads what is behind the tokens.
            let is_used = |i: usize| i / config.n_embd % config.n_positions < position;
            let cache =
                (0..before.len()).map(|i| if is_used(i) { before[i] as f32 } else { POISON });
            let cache: Vec<f32> = cache.collect();
            let slots = [
                Slot::Index(&weights),
                Slot::InOut("cache", &cache),
                Slot::Output("logits", config.vocab_size),
                Slot::Uniform([token as u32, position as u32, 0, 0]),
                Slot::Uniform(sizes),
                Slot::Uniform(more),
            ];
            let grid = [1, 1, 1];
            let outputs = self.0.run(&slots, 4 * config.n_embd + 64, grid).await?;
            let what = job.told(position);
            let judged = || {
                let [after, logits] = &outputs[..] else { return Ok(()) };
                match look {
                    Look::Logits => {
                        written(&what, logits, |v| format!("the logit of token {v}"))?;
                        expect_numbers(&format!("logits of {what}"), logits, &wanted)
                    }
                    Look::Cache => {
                        expect_row(config, position, &what, (&cache, after), &reader.cache)
                    }
                }
            };
            self.0.explained(judged(), &slots, grid)?;
        }
        Ok(())
    }

    async fn expect_all(&self, jobs: impl IntoIterator<Item = Job>) -> Outcome {
        for job in jobs {
            self.expect(&job, Look::Logits).await?;
        }
        Ok(())
    }
}

/// What rounding in all blocks of a model may do, relative to the largest number.
fn expect_numbers(what: &str, got: &[f32], want: &[f64]) -> Outcome {
    let largest = want.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let tolerance = Tolerance { rtol: 1e-4, atol: 2e-5 * largest + 1e-30 };
    expect_close(what, &[want.len()], got, want, tolerance)
}

/// This token's row is what it should be in each room, and all others are what they were.
fn expect_row(
    config: &Config,
    position: usize,
    what: &str,
    (before, after): (&[f32], &[f32]),
    want: &[f64],
) -> Outcome {
    let Config { n_embd: n, n_positions, .. } = *config;
    for (room, start) in (0..before.len()).step_by(n_positions * n).enumerate() {
        let kind = ["keys", "values"][room % 2];
        let name = format!("{kind} of block {} of {what}", room / 2);
        let row = start + position * n..start + (position + 1) * n;
        for i in start..start + n_positions * n {
            let (place, c) = ((i - start) / n, (i - start) % n);
            expect(row.contains(&i) || before[i].to_bits() == after[i].to_bits(), || {
                format!(
                    "{name}: number {c} of row {place} was {} and is {}: only row {position} is \
                     this token's",
                    before[i], after[i]
                )
            })?;
        }
        expect_numbers(&name, &after[row.clone()], &want[row])?;
    }
    Ok(())
}

pub async fn kernel_is_right_thread_by_thread(wgsl: String) -> Outcome {
    let kernel = StepKernel(KernelUnderTest::thread_by_thread(&wgsl, ENTRY, &BINDINGS).await?);
    let f16 = |job: Job| Job { precision: Precision::F16, ..job };
    for (job, look) in [
        (Job::drawn([1, 1, 1, 1, 1, 1], 1), Look::Logits),
        (Job::drawn([2, 2, 6, 5, 3, 7], 2), Look::Logits),
        (f16(Job::drawn([1, 3, 3, 9, 2, 5], 3)), Look::Cache),
        // Two rounds of scores.
        (Job::drawn([1, 5, 5, 2, 60, 3], 4).at(58..59), Look::Logits),
        // Two rounds of tokens.
        (f16(Job::drawn([1, 1, 2, 3, 2, 258], 5)).at(1..2), Look::Logits),
    ] {
        kernel.expect(&job, look).await?;
    }
    Ok(())
}

pub async fn kernel_embeds(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    for (seed, sizes) in (10..).zip([[1, 1, 4, 4, 3, 8], [2, 2, 8, 4, 5, 300], [1, 1, 6, 5, 4, 9]])
    {
        kernel.expect(&Job::drawn(sizes, seed).changed("c_proj", |_| 0.0), Look::Logits).await?;
    }
    Ok(())
}

pub async fn kernel_reads_the_first_token(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    let sizes =
        [[1, 1, 4, 8, 2, 6], [1, 2, 8, 16, 2, 9], [3, 2, 8, 12, 3, 20], [2, 8, 64, 256, 2, 40]];
    kernel.expect_all((20..).zip(sizes).map(|(seed, sizes)| Job::drawn(sizes, seed).at(0..1))).await
}

pub async fn kernel_looks_at_the_cache(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    let sizes = [[1, 1, 4, 4, 5, 6], [2, 2, 8, 12, 4, 11], [1, 4, 16, 8, 6, 7]];
    let drawn = |(seed, sizes): (u64, [usize; 6])| {
        // Queries that choose.
        Job::drawn(sizes, seed).changed("c_attn.weight", |x| 6.0 * x)
    };
    kernel.expect_all((30..).zip(sizes).map(drawn)).await
}

pub async fn kernel_writes_its_own_row(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    for (seed, sizes) in (40..).zip([[1, 1, 4, 4, 3, 5], [2, 2, 8, 4, 3, 6], [3, 2, 6, 7, 2, 5]]) {
        kernel.expect(&Job::drawn(sizes, seed), Look::Cache).await?;
    }
    Ok(())
}

pub async fn kernel_takes_odd_widths(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    let jobs = [
        Job::drawn([2, 1, 5, 3, 3, 7], 50),
        Job::drawn([1, 3, 9, 22, 4, 13], 51),
        Job::drawn([2, 2, 14, 1, 3, 257], 52).at(2..3),
        Job::drawn([1, 5, 255, 131, 3, 9], 53).at(2..3),
        Job::drawn([1, 2, 4, 22, 301, 9], 54).at(299..301),
    ];
    kernel.expect_all(jobs).await?;
    // As wide, as long and with as many tokens as it gets.
    #[cfg(not(target_family = "wasm"))]
    kernel
        .expect_all([
            Job::drawn([1, 2, 256, 1024, 1024, 600], 55).at(1..2),
            Job::drawn([1, 1, 4, 4, 2048, 5], 56).at(2047..2048),
            Job::drawn([1, 1, 2, 2, 2, 70_000], 57).at(1..2),
        ])
        .await?;
    Ok(())
}

pub async fn kernel_takes_halves(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    let sizes = [[1, 1, 4, 8, 2, 6], [2, 3, 9, 7, 3, 11], [2, 4, 32, 56, 2, 33]];
    let drawn = |(seed, sizes)| Job { precision: Precision::F16, ..Job::drawn(sizes, seed) };
    kernel.expect_all((60..).zip(sizes).map(drawn)).await
}

pub async fn kernel_stays_with_numbers(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    let sizes = [2, 2, 8, 12, 4, 9];
    // Whole queries and keys: scores of many thousands that f32 holds.
    let whole = |x: f32| (400.0 * x).round();
    let jobs = [
        Job::drawn(sizes, 70)
            .changed("ln_1.weight", |_| 0.0)
            .changed("ln_1.bias", |x| (4.0 * x).round())
            .changed("c_attn", whole),
        Job::drawn(sizes, 71).changed("wte", |x| 1e12 * x).changed("wpe", |x| 1e12 * x),
        Job::drawn(sizes, 72).changed("c_fc", |x| 300.0 * x),
        // All numbers of a vector alike: only ε keeps the norm from dividing by 0.
        Job::drawn(sizes, 73).changed("wte", |_| 0.5).changed("wpe", |_| 0.25),
    ];
    kernel.expect_all(jobs).await
}

/// On a cache that the kernel filled by itself.
pub async fn kernel_is_transformers(wgsl: String) -> Outcome {
    #[cfg(not(target_family = "wasm"))]
    {
        let gpu = shared().await?;
        let (model, ids, wanted) = crate::oracle::golden()?;
        let one = OneDispatch::new(&gpu, &wgsl, &model, Precision::F32).await.map_err(unjudged)?;
        for (position, (&id, wanted)) in
            ids.iter().zip(wanted.chunks(model.config.vocab_size)).enumerate()
        {
            one.step(id, position).map_err(unjudged)?;
            let logits = one.logits().await.map_err(unjudged)?;
            expect_numbers(&format!("token {id} at position {position}: logits"), &logits, wanted)?;
        }
    }
    // In a page the golden numbers would be half of what a reader downloads: a model of that size.
    #[cfg(target_family = "wasm")]
    one_and_many(&wgsl, &Job::drawn([3, 4, 32, 56, 29, 97], 80)).await?;
    Ok(())
}

pub async fn one_is_many(wgsl: String) -> Outcome {
    one_and_many(&wgsl, &Job::drawn([2, 2, 12, 20, 6, 70], 81)).await?;
    let halves = Job::drawn([1, 4, 32, 48, 9, 100], 82);
    one_and_many(&wgsl, &Job { precision: Precision::F16, ..halves }).await?;
    #[cfg(not(target_family = "wasm"))]
    one_and_many(&wgsl, &Job::drawn([2, 8, 128, 512, 4, 512], 83)).await?;
    Ok(())
}

async fn shared() -> Result<gpu::Gpu, Failure> {
    gpu::shared().await.map_err(unjudged)
}

/// A device that is missing or lost is no fault of the kernel's.
fn unjudged(error: gpu::GpuError) -> Failure {
    match error {
        gpu::GpuError::NoAdapter(text) => Failure::unavailable(text),
        error @ gpu::GpuError::Lost(_) => Failure::unavailable(format!("not graded: {error}")),
        error => Failure::wrong(error.to_string()),
    }
}

async fn one_and_many(wgsl: &str, job: &Job) -> Outcome {
    // A kernel that does not end is not run once more.
    StepKernel::compile(wgsl).await?;
    let gpu = shared().await?;
    let one = OneDispatch::new(&gpu, wgsl, &job.model, job.precision).await.map_err(unjudged)?;
    let many = ManyDispatches::new(&gpu, &job.model, job.precision).await.map_err(unjudged)?;
    let mut reader = Reader::new(&job.model, job.precision);
    for (position, &token) in job.ids.iter().enumerate() {
        let handing = if position % 2 == 0 { Handing::Together } else { Handing::OneByOne };
        one.step(token as u32, position).map_err(unjudged)?;
        many.step(token as u32, position, handing).map_err(unjudged)?;
        let want: Vec<f32> = many.logits().await.map_err(unjudged)?;
        let got = one.logits().await.map_err(unjudged)?;
        let what = job.told(position);
        expect_numbers(&format!("many dispatches, {what}"), &want, &reader.step(token, position))?;
        let want: Vec<f64> = want.into_iter().map(f64::from).collect();
        expect_numbers(&format!("one dispatch beside many, {what}"), &got, &want)?;
    }
    Ok(())
}

pub async fn kernel_agrees(wgsl: String) -> Outcome {
    let kernel = StepKernel::compile(&wgsl).await?;
    kernel.expect_all([Job::drawn([2, 7, 35, 50, 40, 70], 90).at(38..40)]).await?;
    #[cfg(not(target_family = "wasm"))]
    agrees_on_drawn_sizes(&kernel).await?;
    Ok(())
}

#[cfg(not(target_family = "wasm"))]
async fn agrees_on_drawn_sizes(kernel: &StepKernel) -> Outcome {
    use grading::{Differential, draw};

    let heads = (draw::lengths(1..=6), draw::lengths(1..=20));
    let more = (draw::lengths(1..=200), draw::lengths(1..=24), draw::lengths(1..=300));
    Differential::cases(16)
        .run_async(
            (draw::lengths(1..=3), heads, more, draw::any_u64()),
            async |&(n_layer, (n_head, d), (n_inner, n_positions, vocab_size), seed)| {
                let sizes = [n_layer, n_head, n_head * d, n_inner, n_positions, vocab_size];
                let last = n_positions - (seed % 3) as usize % n_positions;
                let job = Job::drawn(sizes, seed % (1 << 40)).at(last - 1..last);
                let precision = if seed % 2 == 0 { Precision::F16 } else { Precision::F32 };
                let look = if seed % 5 == 0 { Look::Cache } else { Look::Logits };
                kernel.expect(&Job { precision, ..job }, look).await
            },
        )
        .await
}
