//! Rounds of training: steps, the best model, explosions.

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_same};
use rand::Rng;
use rand::rngs::StdRng;

use super::losses::LOSS;
use crate::oracle::{expect_model, loss, numbers_of, random_examples, random_model, slopes};
use crate::{Answers, Examples, Model, NetError, Run, Settings, Sizes, Town};

const SIZES: Sizes = Sizes { vocab: 4, context: 2, dim: 2, hidden: 3 };
/// A few steps in f32 against the same in f64.
const STEPS: Tolerance = Tolerance { rtol: 3e-4, atol: 1e-5 };

fn settings(start_rate: f32, steps: usize) -> Settings {
    Settings { start_rate, total: 20, steps, batch: 3, patience: 2, most: 100.0 }
}

/// One example, so that every mini-batch is the same.
fn example(context: [u32; 2], target: u32) -> Examples {
    Examples { context: 2, contexts: context.into(), targets: vec![target] }
}

pub fn a_round_follows_its_settings(answers: &Answers) -> Outcome {
    let training = example([1, 4], 2);
    for (start, steps, seed) in [(0, 3, 1), (7, 5, 2), (18, 4, 3)] {
        let settings = settings(0.4, steps);
        let held_out = random_examples(SIZES, 4, seed);
        let mut run = Run::new(random_model(SIZES, 1.0, seed), settings);
        run.step = start;
        let mut want = numbers_of(&run.model);
        let mut rng = [seeded(seed), seeded(seed)];
        for round in 1..=2 {
            let mut sum = 0.0;
            for step in run.step..run.step + steps {
                // The rate of the docs, not by the given function.
                let rate = 0.4 * (1.0 - step as f64 / 20.0).max(0.01);
                let at = |numbers: &[f64]| loss(SIZES, numbers, &training);
                sum += at(&want);
                let slopes = slopes(&want, at);
                want.iter_mut().zip(slopes).for_each(|(x, slope)| *x -= rate * slope);
                training.draw(settings.batch, &mut rng[1]);
            }
            let end = start + round * steps;
            (answers.train_round)(&mut run, &training, &held_out, &mut rng[0])?;
            let what = format!("round {round} of {steps} steps, after {start}");
            expect_same(&format!("`step` after {what}"), &run.step, &end)?;
            expect_model(&format!("the model after {what}"), &run.model, &want, SIZES, STEPS)?;
            let losses = run
                .losses
                .last()
                .ok_or_else(|| Failure::wrong("the round left nothing in `run.losses`"))?;
            expect_same(&format!("how many losses after {what}"), &run.losses.len(), &round)?;
            expect_same(&format!("`step` of the losses of {what}"), &losses.step, &end)?;
            let got = [losses.training, losses.held_out];
            let want = [sum / steps as f64, loss(SIZES, &want, &held_out)];
            expect_close(
                &format!("the losses (training, held out) of {what}"),
                &[],
                &got,
                &want,
                STEPS,
            )?;
        }
        let [got, want] = rng.map(|mut rng: StdRng| rng.next_u64());
        expect_same("what the generator yields next", &got, &want)?;
    }
    Ok(())
}

pub fn the_best_model_is_kept(answers: &Answers) -> Outcome {
    // What is learned is wrong for the one text held out, and right for the other.
    let (training, opposite) = (example([1, 2], 0), example([1, 2], 3));
    let mut run = Run::new(random_model(SIZES, 0.5, 5), settings(0.3, 2));
    let mut rng = seeded(6);
    let mut best: Option<(Model, f64)> = None;
    let rounds = [&opposite, &opposite, &training, &opposite, &opposite];
    let goes_on = [true, true, true, true, false];
    for (round, (held_out, should)) in rounds.into_iter().zip(goes_on).enumerate() {
        // Until here, the loss held out is far above that of learning what is asked.
        let got = (answers.train_round)(&mut run, &training, held_out, &mut rng)?;
        let now = loss(SIZES, &numbers_of(&run.model), held_out);
        let is_best = best.as_ref().is_none_or(|(_, best)| now < *best);
        if is_best {
            best = Some((run.model.clone(), now));
        }
        let Some((model, lowest)) = &best else { continue };
        let what = format!("after round {}", round + 1);
        expect_close(&format!("`best_loss` {what}"), &[], &[run.best_loss], &[*lowest], LOSS)?;
        let exact = Tolerance { rtol: 0.0, atol: 0.0 };
        let want = numbers_of(model);
        expect_model(&format!("`best` {what}"), &run.best, &want, SIZES, exact)?;
        let waited = [0, 1, 0, 1, 2][round];
        expect_same(&format!("`waited` {what}"), &run.waited, &waited)?;
        expect_same(&format!("whether to go on {what}"), &got, &should)?;
    }
    Ok(())
}

/// Fails unless a round ended with an explosion at this step, and with about this loss.
fn expect_diverged(what: &str, got: Result<bool, NetError>, step: usize, loss: f64) -> Outcome {
    let Err(NetError::Diverged { step: at, loss: seen }) = got else {
        return Err(Failure::wrong(format!("{what}: expected the error Diverged, got {got:?}")));
    };
    expect_same(&format!("{what}: the step of the error"), &at, &step)?;
    let same = seen.is_nan() && loss.is_nan() || LOSS.accepts(seen, loss);
    expect(same, || format!("{what}: the loss of the error should be {loss}, it is {seen}"))
}

pub fn an_explosion_is_an_error(answers: &Answers) -> Outcome {
    let (training, other) = (example([1, 2], 0), example([1, 2], 3));
    let mut rng = seeded(7);
    for (what, broken) in [("a model with NaN", f32::NAN), ("a model with ∞", f32::INFINITY)] {
        let mut model = random_model(SIZES, 0.5, 8);
        model.b2[1] = broken;
        let mut run = Run::new(model, settings(0.3, 4));
        run.step = 3;
        let got = (answers.train_round)(&mut run, &training, &other, &mut rng);
        expect_diverged(what, got, 3, f64::NAN)?;
        expect_same(&format!("{what}: how many losses are kept"), &run.losses.len(), &0)?;
    }
    // A loss of 30, first of the mini-batch and then only of the example held out.
    let mut model = Model::zeros(SIZES);
    model.b2 = vec![0.0, 0.0, -60.0, 30.0];
    for (held_out, training, step) in [(&other, &training, 2), (&training, &other, 6)] {
        let mut run = Run::new(model.clone(), Settings { most: 20.0, ..settings(0.3, 4) });
        run.step = 2;
        let got = (answers.train_round)(&mut run, training, held_out, &mut rng);
        let what = format!("a loss of 30 where 20 is the most, seen after {step} steps");
        let want = loss(SIZES, &numbers_of(&run.model), &example([1, 2], 0));
        expect_diverged(&what, got, step, want)?;
        expect(run.losses.is_empty() && run.best_loss == f64::INFINITY, || {
            format!("{what}: the round must leave no losses and no new best")
        })?;
        let moved = numbers_of(&run.model) != numbers_of(&model);
        expect(!moved || step > 2, || format!("{what}: a step was taken nevertheless"))?;
    }
    // Exactly the most is not above it.
    let still = Settings { steps: 1, batch: 1, ..settings(0.0, 4) };
    let mut run = Run::new(random_model(SIZES, 0.5, 8), still);
    (answers.train_round)(&mut run, &training, &training, &mut rng)?;
    let seen = run.losses.first().map_or(0.0, |seen| seen.training.max(seen.held_out));
    let mut run = Run::new(run.model, Settings { most: seen, ..still });
    (answers.train_round)(&mut run, &training, &training, &mut rng)?;
    // A loss that is infinite may be put up with, and is no new best.
    let mut endless = Model::zeros(SIZES);
    endless.b2[0] = f32::NEG_INFINITY;
    let mut run = Run::new(endless, Settings { most: f64::INFINITY, ..still });
    (answers.train_round)(&mut run, &training, &training, &mut rng)?;
    expect_same("`waited` after an infinite loss", &run.waited, &1)?;
    // High, but not above the most.
    let mut run = Run::new(model, Settings { most: 40.0, ..settings(0.3, 1) });
    (answers.train_round)(&mut run, &training, &other, &mut rng)?;
    expect_same("how many losses are kept of a round below the most", &run.losses.len(), &1)
}

pub fn tinytown_is_learned(answers: &Answers) -> Outcome {
    let town = Town::new();
    let sizes = Sizes { hidden: 24, ..town.sizes() };
    let mut rng = seeded(9);
    let model = Model::new(sizes, &mut rng);
    let pad = model.pad();
    let [training, held_out] =
        [&town.training, &town.held_out].map(|tokens| (answers.shift)(tokens, sizes.context, pad));
    let mut run = Run::new(model, town.settings());
    let bigram = town.counted()?.get(1).copied().unwrap_or(0.0);
    for _ in 0..10 {
        (answers.train_round)(&mut run, &training, &held_out, &mut rng)?;
    }
    let got = run.best_loss;
    expect(got < bigram, || {
        format!(
            "after 10 rounds your network has a loss of {got:.3} nats a word on stories held out; \
             the counted bigram has {bigram:.3}"
        )
    })?;
    // Below this nobody gets who does not see what is to be guessed.
    expect(got > 0.5, || format!("a loss of {got:.3} is too good: contexts hold their targets"))
}
