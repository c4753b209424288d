//! Questions whose answers the reference computes.

use grading::numbers::settled;
use grading::{Keys, pick, position};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::solution::{analogy, cosine, loss_and_gradients, noise_distribution, pairs, train_step};
use crate::{Model, Vectors, dot};

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("how-many-pairs", || position(&[12, 18, 24], &pairs(&[0, 1, 2, 3, 4, 5], 2).len()))
        .key("sixteen-times", || {
            let noise = noise_distribution(&[16, 1])?;
            position(&[16.0, 8.0, 4.0, 1.0], &settled(noise[0] / noise[1]))
        })
        .key("first-step", || {
            let before = Model::new(3, 4, &mut StdRng::seed_from_u64(1));
            let mut after = before.clone();
            train_step(&mut after, 0, 1, &[2], 0.1)?;
            let moved = (after.input != before.input, after.output != before.output);
            position(&[(true, false), (false, true), (true, true), (false, false)], &moved)
        })
        .key("already-learned", || {
            let moved = |score: f32| -> f32 {
                // Vectors of fixed length; only the scores differ.
                let (up, down) = ([score, 10.0], [-score, -10.0]);
                let center = loss_and_gradients(&[1.0, 0.0], &up, &[&down]).center;
                dot(&center, &center).sqrt()
            };
            let ratio = moved(8.0) / moved(0.0);
            pick([ratio > 1.1, (0.9..=1.1).contains(&ratio), ratio < 0.9])
        })
        .key("twice-as-long", || {
            let (bread, oven) = ([1.0, 3.0, -2.0], [2.0, 1.0, 1.0]);
            let ratio = cosine(&bread.map(|x| 2.0 * x), &oven) / cosine(&bread, &oven);
            position(&[2.0, 1.0, 0.5], &settled(ratio.into()))
        })
        .key("forbidden-answer", || {
            // The step from a to b is small: it leads from c to c.
            let rows = [[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.5, 1.0]];
            let vectors = Vectors::from_rows(&rows.map(Vec::from))?;
            let first = analogy(&vectors, [0, 1, 2], 1)?.first().map(|&(id, _)| id);
            pick([first == Some(2), first.is_none(), first.is_some_and(|id| id != 2)])
        })
}
