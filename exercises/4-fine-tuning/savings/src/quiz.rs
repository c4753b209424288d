//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::measured::BUDDY;
use crate::solution::{break_even, forgotten, pareto_front, trainable, training_bytes};
use crate::{Method, Point, Target, Training};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("moments", || {
            let all = Training {
                frozen: 0,
                learned: 1_000_000,
                frozen_bits: 16.0,
                learned_bits: 16.0,
                slope_bits: 16.0,
                moment_bits: 32.0,
            };
            let hundredth = Training { frozen: 990_000, learned: 10_000, ..all };
            let times = training_bytes(&all)? / training_bytes(&hundredth)?;
            pick([times > 50.0, (5.0..7.0).contains(&times), times < 2.0])
        })
        .key("prefix-or-prompt", || {
            let count = |method| trainable(&BUDDY, &method);
            let times =
                count(Method::Prefix { tokens: 8 }) / count(Method::SoftPrompt { tokens: 8 });
            position(&[2, 4, 8], &times)
        })
        .key("front", || {
            let points = [(1.0, 0.6), (4.0, 0.8), (5.0, 0.8), (9.0, 0.9)];
            let points = points.map(|(cost, score)| Point { cost, score });
            let front = pareto_front(&points)?;
            position(&[vec![0, 1, 3], vec![0, 1, 2, 3], vec![3]], &front)
        })
        .key("forgetting", || {
            let more = forgotten(1.0, 1.0 + 2_f64.ln())?;
            pick([(more - 0.69).abs() < 0.01, more > 1.5, (more - 1.0).abs() < 1e-9])
        })
        .key("two-tasks", || {
            let lora = Method::Lora { rank: 8, targets: Target::ALL.into() };
            let base = 4 * trainable(&BUDDY, &Method::Full);
            let tasks = break_even(base, 4 * trainable(&BUDDY, &lora), base);
            position(&[Some(1), Some(2), Some(14)], &tasks)
        })
}
