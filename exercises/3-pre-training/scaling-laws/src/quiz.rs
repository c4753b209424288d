//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick};

use crate::solution::{noise_scale, objective, optimal, steps_and_examples, training_flops};
use crate::{Cost, Law, Run, SquaredNorm};

/// The keys of the quiz.
pub fn keys() -> Keys {
    let near = |x: f64, to: f64| (x / to - 1.0).abs() < 0.03;
    Keys::default()
        .key("twice-the-model", || {
            let times = training_flops(2e9, 6e10) / training_flops(1e9, 3e10);
            pick([near(times, 2.0), near(times, 4.0), near(times, 6.0)])
        })
        .key("more-money", || {
            let law = Law { E: 1.0, A: 300.0, B: 500.0, alpha: 0.6, beta: 0.3 };
            let times = optimal(&law, 1e24)?.parameters / optimal(&law, 1e21)?.parameters;
            pick([near(times, 100.0), near(times, 10.0), near(times, 1000_f64.sqrt())])
        })
        .key("a-spoiled-run", || {
            let counts = |r: f64| {
                let run = Run { parameters: 1.0, tokens: 1.0, loss: 3.0 * f64::exp(r) };
                objective(&[0.0; 5], &[run]).0
            };
            let times = counts(0.5) / counts(0.05);
            pick([near(times, 100.0), near(times, 1.0), near(times, 10.0)])
        })
        .key("two-sizes", || {
            let norm = |batch, mean| SquaredNorm { batch, mean };
            let noise = noise_scale(&norm(10, 4.0), &norm(40, 1.0))?;
            let scale = noise.scale();
            pick([noise.squared_gradient == 0.0, scale == Some(40.0), scale == Some(10.0)])
        })
        .key("at-the-critical-batch", || {
            let cost = steps_and_examples(&Cost { steps: 1e3, examples: 1e6 }, 1e3)?;
            let is = |steps, examples| near(cost.steps, steps) && near(cost.examples, examples);
            pick([is(1e3, 1e6), is(2e3, 2e6), is(1e3, 2e6)])
        })
        .key("tiny-batches", || {
            let least = Cost { steps: 1e3, examples: 1e6 };
            let [one, half] = [10.0, 5.0].map(|batch| steps_and_examples(&least, batch));
            let (one, half) = (one?, half?);
            let (steps, examples) = (half.steps / one.steps, half.examples / one.examples);
            let is = |s, e| near(steps, s) && near(examples, e);
            pick([is(2.0, 1.0), is(1.0, 0.5), is(2.0, 2.0)])
        })
}
