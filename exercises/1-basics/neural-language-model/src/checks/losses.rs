//! The loss of logits, and the table that learns the counts.

use grading::random::seeded;
use grading::{Outcome, Tolerance, expect, expect_close, expect_same};
use rand::RngExt;

use crate::oracle::{CLOSE, bigram_loss, golden, slopes};
use crate::{Answers, Matrix};

/// A loss that was added up in f64 of numbers in f32.
pub const LOSS: Tolerance = Tolerance { rtol: 1e-5, atol: 2e-6 };

pub fn loss_matches_pytorch(answers: &Answers) -> Outcome {
    for case in golden()?.losses {
        let logits = case.logits.matrix()?;
        let (loss, gradient) = (answers.softmax_loss)(&logits, &case.targets)?;
        let what = format!("logits of shape {:?}", logits.shape());
        expect_close(&format!("the loss of {what}"), &[], &[loss], &[case.loss], LOSS)?;
        let (rows, cols) = (case.gradient.rows, case.gradient.cols);
        expect_same(
            &format!("the shape of the gradient, {what}"),
            &gradient.shape(),
            &(rows, cols),
        )?;
        let (got, want) = (gradient.data(), &case.gradient.data);
        expect_close(&format!("the gradient of {what}"), &[rows, cols], got, want, CLOSE)?;
    }
    Ok(())
}

/// Logits of a row, its target, its loss and its gradient, told without a computation.
type Row<'a> = (&'a [f32], u32, f64, &'a [f64]);

pub fn loss_survives_large_logits(answers: &Answers) -> Outcome {
    const NEVER: f32 = f32::NEG_INFINITY;
    let (half, two) = (0.5, 2_f64.ln());
    let rows: [Row; 9] = [
        (&[1000.0, 0.0, -1000.0], 2, 2000.0, &[1.0, 0.0, -1.0]),
        (&[1000.0, 1000.0], 0, two, &[-half, half]),
        (&[-1000.0, -1000.0], 1, two, &[half, -half]),
        (&[90.0, 90.0, -90.0], 0, two, &[-half, half, 0.0]),
        (&[0.0, 200.0], 0, 200.0, &[-1.0, 1.0]),
        (&[1e6, -1e6, 0.0], 1, 2e6, &[1.0, -1.0, 0.0]),
        (&[NEVER, 3.0, 3.0], 2, two, &[0.0, half, -half]),
        (&[0.0, NEVER], 0, 0.0, &[0.0, 0.0]),
        (&[0.0, NEVER], 1, f64::INFINITY, &[1.0, -1.0]),
    ];
    for (logits, target, want, slopes) in rows {
        let row = Matrix::new(1, logits.len(), logits.to_vec())?;
        let (loss, gradient) = (answers.softmax_loss)(&row, &[target])?;
        let what = format!("the logits {logits:?} with target {target}");
        expect_close(&format!("the loss of {what}"), &[], &[loss], &[want], LOSS)?;
        expect_close(&format!("the gradient of {what}"), &[], gradient.data(), slopes, CLOSE)?;
    }
    // A mean of rows of very different size: each row has a maximum of its own.
    let logits = Matrix::new(2, 2, vec![500.0, 500.0, -500.0, -500.0])?;
    let (loss, gradient) = (answers.softmax_loss)(&logits, &[0, 1])?;
    expect_close("the loss of rows at 500 and at −500", &[], &[loss], &[two], LOSS)?;
    let want = [-0.25, 0.25, 0.25, -0.25];
    expect_close("the gradient of rows at 500 and at −500", &[2, 2], gradient.data(), &want, CLOSE)
}

/// A table that starts at zero goes downhill, with every pair in each step.
pub fn table_learns_the_counts(answers: &Answers) -> Outcome {
    const VOCAB: usize = 5;
    let text = [0_u32, 1, 0, 2, 0, 1, 3, 1, 0, 1, 0, 0, 2, 2, 3, 0, 1, 0, 2, 0, 3, 1, 3, 0];
    let (tokens, targets) = (&text[..text.len() - 1], &text[1..]);
    let mut table = Matrix::zeros(VOCAB, VOCAB);
    let mut last = f64::INFINITY;
    for _ in 0..400 {
        let (loss, gradient) = (answers.bigram_gradient)(&table, tokens, targets)?;
        expect_same("the shape of the gradient", &gradient.shape(), &(VOCAB, VOCAB))?;
        last = loss;
        let slopes = gradient.data();
        table.data_mut().iter_mut().zip(slopes).for_each(|(x, slope)| *x -= 10.0 * slope);
    }
    // What came after each token, counted.
    let mut counts = [[0_u32; VOCAB]; VOCAB];
    for (&token, &target) in tokens.iter().zip(targets) {
        counts[token as usize][target as usize] += 1;
    }
    let mut counted = 0.0;
    for (token, counts) in counts.iter().enumerate() {
        let all: u32 = counts.iter().sum();
        let weights: Vec<f64> = table.row(token).iter().map(|&x| f64::from(x).exp()).collect();
        let sum: f64 = weights.iter().sum();
        for (target, &count) in counts.iter().enumerate() {
            // Of token 4 nothing is known, so its row must not move.
            let share = match all {
                0 => 1.0 / VOCAB as f64,
                _ => f64::from(count) / f64::from(all),
            };
            let learned = weights[target] / sum;
            expect((learned - share).abs() < 0.01, || {
                format!(
                    "after 400 steps the table gives token {target} after {token} a probability of \
                     {learned:.4}; counted, it is {share:.4}"
                )
            })?;
            if count > 0 {
                counted -= f64::from(count) * share.ln() / tokens.len() as f64;
            }
        }
    }
    // No table can do better than the counts on the text that they were counted from.
    let close = last > counted - 1e-6 && last < counted + 0.02;
    expect(close, || {
        format!(
            "after 400 steps your loss is {last:.4}; that of the counted bigram is {counted:.4}"
        )
    })
}

pub fn table_matches_differences(answers: &Answers) -> Outcome {
    // The first and the third pair are one; token 2 never comes first.
    let (tokens, targets) = ([1_u32, 0, 1, 3, 1, 0], [2_u32, 3, 2, 1, 0, 0]);
    for (count, seed) in [(6, 1), (1, 2), (3, 3)] {
        let (tokens, targets, mut rng) = (&tokens[..count], &targets[..count], seeded(seed));
        let table: Vec<f32> = (0..16).map(|_| rng.random_range(-2.0..2.0)).collect();
        let numbers: Vec<f64> = table.iter().map(|&x| f64::from(x)).collect();
        let loss = |numbers: &[f64]| bigram_loss(numbers, 4, tokens, targets);
        let got = (answers.bigram_gradient)(&Matrix::new(4, 4, table)?, tokens, targets)?;
        let what = format!("the pairs of {tokens:?} and {targets:?}");
        expect_close(&format!("the loss of {what}"), &[], &[got.0], &[loss(&numbers)], LOSS)?;
        let want = slopes(&numbers, loss);
        expect_close(&format!("the gradient of {what}"), &[4, 4], got.1.data(), &want, CLOSE)?;
    }
    Ok(())
}
