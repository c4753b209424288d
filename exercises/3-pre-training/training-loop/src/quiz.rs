//! The keys of the quiz, computed by the reference.

use grading::random::seeded;
use grading::{Keys, pick, position};
use schedules_and_stability::{Decay, Schedule};
use small_gpt::{Engine, Model, Sizes};

use crate::solution::{checkpoint, evaluate, restore, rows_at, train};
use crate::{LoopError, Rows, Settings, State};

const SIZES: Sizes = Sizes { n_layer: 1, n_head: 1, n_embd: 4, n_positions: 4, vocab_size: 1000 };

const SETTINGS: Settings = Settings {
    schedule: Schedule { decay: Decay::Constant, peak: 0.01, floor: 0.0, warmup: 0, total: 9 },
    beta1: 0.9,
    beta2: 0.999,
    eps: 1e-8,
    weight_decay: 0.0,
    max_norm: 1.0,
    batch: 2,
    micro_batch: 2,
    seed: 1,
};

/// Rows that ask for the token after each.
fn rows() -> Rows {
    let ids: Vec<u32> = (0..40).map(|i| i * i % 999).collect();
    let labels = ids.iter().map(|id| i64::from(*id) + 1).collect();
    Rows { ids, labels, context: 4 }
}

/// The keys of the quiz.
pub fn keys() -> Keys {
    let start = || State::new(Model::random(SIZES, &mut seeded(1)));
    Keys::default()
        .key("first-loss", || {
            let loss = evaluate(&start().model, &rows(), 10, &mut Engine::default())?;
            position(&[0, 1, 7, 1000], &(loss.round() as usize))
        })
        .key("size", || {
            // Two models with the same tensors differ in their numbers alone.
            let of = |vocab_size| -> Result<(usize, usize), LoopError> {
                let state = State::new(Model::zeros(Sizes { vocab_size, ..SIZES }));
                Ok((checkpoint(&state)?.len(), state.model.parameters.len()))
            };
            let ((large, more), (small, fewer)) = (of(9000)?, of(5000)?);
            let bytes = (large - small) as f64 / (more - fewer) as f64;
            position(&[4.0, 8.0, 12.0], &bytes.round())
        })
        .key("epoch", || {
            let all = rows_at(7, 3, 1, 4)?;
            let mut second: Vec<usize> = [rows_at(7, 3, 1, 2)?, rows_at(7, 3, 1, 3)?].concat();
            second.extend(rows_at(7, 3, 1, 2)?);
            // Step 4 is the first of the third epoch if it may read what steps 2 and 3 have read.
            let again = all.iter().any(|row| second.contains(row));
            pick([false, again, !again])
        })
        .key("forgotten", || {
            let mut whole = start();
            let engine = &mut Engine::default();
            let mut go_on = |state: &mut State, until| {
                train(state, &rows(), &SETTINGS, engine, until, &mut |_, _| true)
            };
            go_on(&mut whole, 4)?;
            let mut again = restore(&checkpoint(&whole)?)?;
            again.moments = State::new(again.model.clone()).moments;
            again.moments.step = 4;
            let is_same = again.model == whole.model;
            go_on(&mut whole, 5)?;
            go_on(&mut again, 5)?;
            pick([again.model == whole.model, is_same && again.model != whole.model, !is_same])
        })
        .key("scale", || {
            let mut states = [start(), start()];
            for (state, factor) in states.iter_mut().zip([1.0, 8.0]) {
                let gradient: Vec<f32> =
                    (1..=state.model.parameters.len()).map(|i| factor * (i as f32).sin()).collect();
                let groups = optimizers::Group::all(gradient.len(), 0.0);
                let weights = &mut state.model.parameters;
                let adamw = optimizers::AdamW { lr: 0.01, eps: 1e-12, ..Default::default() };
                adamw.step(weights, &gradient, &groups, &mut state.moments)?;
            }
            let [one, other] = states.map(|state| state.model.parameters);
            let farthest = one.iter().zip(&other).fold(0.0_f32, |a, (x, y)| a.max((x - y).abs()));
            pick([farthest > 0.05, farthest < 1e-6, farthest.is_nan()])
        })
}
