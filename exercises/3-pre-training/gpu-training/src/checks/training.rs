//! The whole way: a small GPT-2 on the GPU, compared with the same on the CPU.

use gpu::GpuError;
use grading::numbers::counted;
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect};
use rand::RngExt;
use small_gpt::{Model, Sizes};

use crate::{Answers, CpuTrainer, GpuTrainer, SOLUTION, Update};

/// Relative to the largest slope of a tensor.
const TOLERANCE: f64 = 1e-3;

/// A model with weights so large that no slope is tiny, and texts some labels of which do not count.
fn drawn(sizes: Sizes, texts: usize, seq: usize, seed: u64) -> (Model, Vec<u32>, Vec<i64>) {
    let mut rng = seeded(seed);
    let mut model = Model::random(sizes, &mut rng);
    model.parameters.iter_mut().for_each(|w| *w += rng.random_range(-0.3..0.3));
    let vocab = sizes.vocab_size as u32;
    let ids = (0..texts * seq).map(|_| rng.random_range(0..vocab)).collect();
    let label = |i: usize| if i % 5 == 3 { -100 } else { i64::from(rng.random_range(0..vocab)) };
    (model, ids, (0..texts * seq).map(label).collect())
}

/// Waits for a future; a page, which cannot wait, has no such check.
#[cfg(not(target_family = "wasm"))]
fn wait<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    grading::block_on(future)
}

#[cfg(target_family = "wasm")]
fn wait<T>(_: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    Err(Failure::unavailable("not graded in a page: `cargo study grade gpu-training` does"))
}

fn failure(error: GpuError) -> Failure {
    match error {
        GpuError::NoAdapter(text) => Failure::unavailable(text),
        error @ GpuError::Lost(_) => Failure::unavailable(format!("not graded: {error}")),
        error => Failure::wrong(error.to_string()),
    }
}

/// Fails where a list of numbers in the model's order differs.
fn expect_same(what: &str, model: &Model, got: &[f32], want: &[f32]) -> Outcome {
    for tensor in model.tensors() {
        let (got, want) = (&got[tensor.range.clone()], &want[tensor.range.clone()]);
        let largest = want.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        let tolerance = Tolerance { rtol: 0.0, atol: TOLERANCE * f64::from(largest) + 1e-9 };
        let same = |(got, want): (&f32, &f32)| tolerance.accepts((*got).into(), (*want).into());
        let off = got.iter().zip(want).position(|pair| !same(pair));
        expect(off.is_none(), || {
            let i = off.unwrap_or(0);
            format!(
                "{what} of {}, {:?}: number {i} is {:.6} on the CPU, and {:.6} on the GPU",
                tensor.name, tensor.shape, want[i], got[i]
            )
        })?;
    }
    Ok(())
}

pub fn every_parameter_gets_its_slope(answers: &Answers) -> Outcome {
    // The kernels are the reference's: each is judged by checks of its own.
    let answers = Answers { block_backward: answers.block_backward, ..SOLUTION };
    for (seed, (n_layer, n_head, n_embd, texts, seq)) in
        (1..).zip([(1, 1, 4, 1, 3), (2, 2, 12, 3, 5), (3, 3, 6, 2, 7)])
    {
        let sizes = Sizes { n_layer, n_head, n_embd, n_positions: 8, vocab_size: 11 };
        let (model, ids, labels) = drawn(sizes, texts, seq, seed);
        let gradient = wait(gradient(&answers, &model, [texts, seq], (&ids, &labels)))?;
        let mut cpu = CpuTrainer::new(model.clone(), Update::Sgd { lr: 0.0 });
        cpu.step(&ids, &labels, seq);
        let what = format!("{}: the gradient", counted(n_layer, "block"));
        expect_same(&what, &model, &gradient, &cpu.gradient)?;
    }
    Ok(())
}

async fn gradient(
    answers: &Answers,
    model: &Model,
    sizes: [usize; 2],
    (ids, labels): (&[u32], &[i64]),
) -> Result<Vec<f32>, Failure> {
    let gpu = gpu::shared().await.map_err(failure)?;
    let update = Update::Sgd { lr: 0.0 };
    let trainer = GpuTrainer::new(&gpu, model, sizes, update, answers).await;
    let mut trainer = trainer.map_err(failure)?;
    // Twice: what a step leaves behind is no part of the next.
    trainer.step(ids, labels);
    trainer.step(ids, labels);
    trainer.gradient().await.map_err(failure)
}

pub fn ten_steps_are_those_of_the_cpu(answers: &Answers) -> Outcome {
    let answers = Answers { block_backward: answers.block_backward, ..SOLUTION };
    // Adam would hide a slope of the wrong size: its steps are as long whatever that is.
    let update = Update::Sgd { lr: 0.05 };
    let sizes = Sizes { n_layer: 2, n_head: 2, n_embd: 8, n_positions: 6, vocab_size: 13 };
    let (model, ids, labels) = drawn(sizes, 4, 6, 9);
    let mut cpu = CpuTrainer::new(model.clone(), update);
    let mut wanted = Vec::new();
    for _ in 0..10 {
        wanted.push((cpu.step(&ids, &labels, 6), cpu.gradient.clone()));
    }
    let got = wait(steps(&answers, &model, update, (&ids, &labels)))?;
    for (step, ((got, gradient), (want, of_cpu))) in got.iter().zip(&wanted).enumerate() {
        expect((got - want).abs() <= TOLERANCE * want, || {
            format!("step {step}: the loss is {want:.6} on the CPU, and {got:.6} on the GPU")
        })?;
        expect_same(&format!("step {step}: the gradient"), &model, gradient, of_cpu)?;
    }
    Ok(())
}

async fn steps(
    answers: &Answers,
    model: &Model,
    update: Update,
    (ids, labels): (&[u32], &[i64]),
) -> Result<Vec<(f64, Vec<f32>)>, Failure> {
    let gpu = gpu::shared().await.map_err(failure)?;
    let trainer = GpuTrainer::new(&gpu, model, [4, 6], update, answers).await;
    let mut trainer = trainer.map_err(failure)?;
    let mut steps = Vec::new();
    for _ in 0..10 {
        trainer.step(ids, labels);
        let loss = trainer.loss().await.map_err(failure)?;
        steps.push((loss, trainer.gradient().await.map_err(failure)?));
    }
    Ok(steps)
}
