//! Adafactor.

use grading::draw::{self, Strategy, prop_oneof};
use grading::random::seeded;
use grading::{Outcome, agree, differential, expect_same};
use rand::RngExt;

use crate::oracle::{expect_within, golden};
use crate::{Adafactor, Answers, Factors, SOLUTION};

pub fn squares_of_rank_one_are_exact(answers: &Answers) -> Outcome {
    for (seed, (rows, cols)) in (1..).zip([(3, 4), (5, 2), (1, 6), (7, 1), (40, 65)]) {
        let mut rng = seeded(seed);
        let mut sizes = |n| -> Vec<f32> { (0..n).map(|_| rng.random_range(0.01..4.0)).collect() };
        let (of_row, of_col) = (sizes(rows), sizes(cols));
        let sign = |i: usize| if i % 3 == 1 { -1.0_f32 } else { 1.0 };
        let gradients: Vec<f32> =
            (0..rows * cols).map(|i| sign(i) * of_row[i / cols] * of_col[i % cols]).collect();
        // Each entry over its own size: signs, whose root mean square is 1.
        for (d, clip) in [(1.0, 1.0), (2.0, 1.0), (0.25, 4.0)] {
            let settings = Adafactor { lr: Some(0.5), clip_threshold: d, ..Adafactor::default() };
            let (mut weights, mut state) = (vec![0.0; rows * cols], Factors::new(rows, cols));
            for t in 1..=3 {
                (answers.adafactor)(&mut weights, &gradients, &mut state, &settings)?;
                let want: Vec<f64> = (0..rows * cols)
                    .map(|i| -0.5 / clip * f64::from(t) * f64::from(sign(i)))
                    .collect();
                let what = |i: usize| {
                    let (row, col) = (i / cols, i % cols);
                    format!(
                        "squares of rank one ({rows}, {cols}), clip threshold {d}, step {t}: \
                         row {row}, column {col}"
                    )
                };
                expect_within(what, &weights, &want, |_| 1e-4)?;
                expect_same("state.step, the steps so far", &state.step, &u64::from(t as u32))?;
            }
        }
    }
    Ok(())
}

pub fn adafactor_is_that_of_transformers(answers: &Answers) -> Outcome {
    for case in golden()?.adafactor {
        let (lr, d) = (case.settings.numbers[0], case.settings.numbers[1]);
        let lr = (lr > 0.0).then_some(lr);
        let settings = Adafactor { lr, clip_threshold: d, ..Adafactor::default() };
        let step = |w: &mut [f32], g: &[f32], state: &mut Factors| {
            Ok((answers.adafactor)(w, g, state, &settings)?)
        };
        let start = Factors::new(case.settings.rows, case.settings.cols);
        case.expect(start, step, |state| vec![&state.rows, &state.cols])?;
    }
    Ok(())
}

pub fn adafactor_agrees(answers: &Answers) -> Outcome {
    let gradient = prop_oneof![
        4 => draw::between_f32(-10.0, 10.0),
        1 => draw::select(vec![0.0, -0.0, 1e-7, 1e-18, 1e-30, 3e4, -1e9]),
    ];
    let sizes = (draw::lengths(0..=9), draw::lengths(0..=40));
    let settings = (
        draw::select(vec![None, Some(0.1), Some(0.0), Some(1e-3)]),
        draw::select(vec![1.0, 0.1, 1e6]),
        draw::select(vec![1e-30, 1e-3]),
        draw::select(vec![1e-3, 10.0, 0.0]),
    );
    let state = (draw::select(vec![0, 1, 3, 20_000, 1 << 33]), draw::any_u64());
    let inputs = (sizes, draw::list(gradient, 1..=60), settings, state);
    let inputs = inputs.prop_map(|(sizes, gradients, (lr, d, eps1, eps2), (t, seed))| {
        (sizes, gradients, Adafactor { lr, eps1, eps2, clip_threshold: d }, t, seed)
    });
    differential(inputs, |((rows, cols), drawn, settings, t, seed)| {
        let n = rows * cols;
        let mut rng = seeded(*seed);
        let mut numbers =
            |n, size: f32| -> Vec<f32> { (0..n).map(|_| rng.random_range(0.0..size)).collect() };
        // Most matrices are small: of each step, its share of what was drawn, again and again.
        let gradients: Vec<f32> = drawn.iter().copied().cycle().take(n).collect();
        let mut weights = numbers(n, 4.0);
        weights.iter_mut().step_by(3).for_each(|w| *w *= -1.0);
        let state = match t {
            0 => Factors::new(*rows, *cols),
            _ => Factors { rows: numbers(*rows, 2.0), cols: numbers(*cols, 2.0), step: *t },
        };
        let run = |answers: &Answers| {
            let (mut weights, mut state) = (weights.clone(), state.clone());
            (answers.adafactor)(&mut weights, &gradients, &mut state, settings)
                .map(|()| (weights, state))
        };
        agree("Adafactor", run(answers), run(&SOLUTION), |got, want| {
            let wide = |x: &[f32]| -> Vec<f64> { x.iter().map(|&x| x.into()).collect() };
            let near = |name: &str, got: &[f32], want: &[f32]| {
                let what = |i: usize| format!("({rows}, {cols}) from step {t}: {name} {i}");
                expect_within(what, got, &wide(want), |i| 2e-5 * f64::from(want[i].abs()) + 1e-37)
            };
            near("what is kept of row", &got.1.rows, &want.1.rows)?;
            near("what is kept of column", &got.1.cols, &want.1.cols)?;
            expect_same("state.step", &got.1.step, &want.1.step)?;
            let what = |i: usize| format!("({rows}, {cols}) from step {t}: weight {i}");
            let bound = |i: usize| {
                let [old, new] = [weights[i], want.0[i]].map(f64::from);
                1e-4 * (new - old).abs() + 1e-6 * old.abs()
            };
            expect_within(what, &got.0, &wide(&want.0), bound)
        })
    })
}
