//! The keys of the quiz: the lesson's code picks the right choices.

use grading::random::seeded;
use grading::{Failure, Keys, pick, position};
use optimizers::{AdamW, Group, Moments};
use rand::RngExt;

use crate::worked::normed;
use crate::{Data, Job, Lies};

/// Of four questions.
pub fn keys() -> Keys {
    Keys::default()
        .key("transposed", || {
            let [row, col] = Lies::Rows.steps([2, 3]);
            position(&[[3, 1], [1, 3], [2, 1]], &[col, row])
        })
        .key("two-numbers", || {
            let mut rng = seeded(3);
            let is_zero = (0..20).all(|_| {
                let mut two = || [rng.random_range(1.0..9.0), rng.random_range(-9.0..-1.0)];
                let (x, dy) = (two(), two());
                normed(&x, &dy).2.iter().all(|dx| dx.abs() < 1e-3)
            });
            pick([!is_zero, is_zero, false])
        })
        .key("adam-hides", || {
            let moved = |g: f32| {
                let (mut w, settings) = ([1.0_f32], AdamW::default());
                let step = settings.step(&mut w, &[g], &Group::all(1, 0.0), &mut Moments::new(1));
                step.map(|()| (1.0 - w[0], 1e-3 * g))
            };
            let ((adam, sgd), (adam_wrong, sgd_wrong)) = (moved(0.5)?, moved(1.5)?);
            let [adam_shows, sgd_shows] =
                [(adam, adam_wrong), (sgd, sgd_wrong)].map(|(a, b)| (a - b).abs() > 0.1 * a);
            pick([adam_shows && !sgd_shows, sgd_shows && !adam_shows, sgd_shows && adam_shows])
        })
        .key("adds", || {
            // A token that does not occur: what the table's gradient held stays.
            let job = Job::embedding([1, 4, 1], 5);
            let Data::Change(_, held) = &job.data[2] else {
                return Err(Failure::wrong("there is no table"));
            };
            let kept = (0..3).all(|row| job.wanted[0].numbers[row][0] == f64::from(held[row]));
            pick([!kept, false, kept])
        })
}
