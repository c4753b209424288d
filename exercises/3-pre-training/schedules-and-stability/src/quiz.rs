//! The keys of the quiz, computed by the reference.

use grading::numbers::settled;
use grading::{Keys, pick, position};

use crate::solution::{accumulate, clip_grad_norm, lr_at, update_scale};
use crate::training::runs;
use crate::{Decay, IGNORE, LossScaler, MicroBatch, Schedule};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("first-step", || {
            let schedule =
                Schedule { decay: Decay::Linear, peak: 1.0, floor: 0.0, warmup: 4, total: 20 };
            position(&[0.0, 0.2, 0.25], &lr_at(&schedule, 0))
        })
        .key("beyond", || {
            let schedule =
                Schedule { decay: Decay::Cosine, peak: 1.0, floor: 0.1, warmup: 0, total: 10 };
            position(&[1.0, 0.0, 0.1], &lr_at(&schedule, 20))
        })
        .key("which-tensor", || {
            let (mut small, mut large) = ([1.0_f32], [100.0_f32]);
            clip_grad_norm(&mut [&mut small, &mut large], 1.0)?;
            pick([small[0] == 1.0, small[0] < 0.1, small[0] == large[0]])
        })
        .key("means", || {
            let batch = |labels: &[i64], mean_loss| MicroBatch {
                labels: labels.to_vec(),
                mean_loss,
                gradient: vec![],
            };
            let batches = [batch(&[1; 9], 1.0), batch(&[1, IGNORE, IGNORE], 3.0)];
            position(&[2.0, 1.2, 1.5], &settled(accumulate(&batches)?.mean_loss))
        })
        .key("skipped", || {
            let mut scaler =
                LossScaler { growth_interval: 3, growth_tracker: 2, ..LossScaler::default() };
            let before = scaler.scale;
            update_scale(&mut scaler, false);
            update_scale(&mut scaler, true);
            position(&[2.0, 1.0, 0.5], &(scaler.scale / before))
        })
        .key("never-lower", || {
            let runs = runs();
            let [constant, falling] = [&runs.constant, &runs.learns].map(|run| run.held_out);
            pick([constant < falling, (constant - falling).abs() < 0.1, falling < constant])
        })
}
