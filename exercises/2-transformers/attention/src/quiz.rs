//! The keys of the quiz, computed by the reference.

use candle_core::Tensor;
use grading::{Failure, Keys, pick, position};
use tensor_test::flat;

use crate::example::{random_scores, tensor, weights};
use crate::oracle::mask;
use crate::solution::{causal_mask, sdpa};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("longer-query", || {
            let (keys, values) = (numbers(&[2.0, 1.0, -1.0])?, numbers(&[10.0, 20.0, 40.0])?);
            let taken = |query: f64| -> Result<f64, Failure> {
                Ok(flat(&sdpa(&numbers(&[query])?, &keys, &values, None)?)?[0])
            };
            let (before, after) = (taken(1.0)?, taken(3.0)?);
            let closer = (after - 10.0).abs() < (before - 10.0).abs();
            pick([(after - 3.0 * before).abs() < 1e-9, closer, (after - before).abs() < 1e-9])
        })
        .key("twins", || {
            let of = |keys: &[f64]| -> Result<_, Failure> {
                Ok(weights(sdpa, [&numbers(&[1.0])?, &numbers(keys)?], None)?)
            };
            let (alone, twins) = (of(&[1.5, 0.0])?[0].clone(), of(&[1.5, 1.5, 0.0])?[0].clone());
            let same = (twins[0] - twins[1]).abs() < 1e-12;
            let both = twins[0] + twins[1];
            pick([
                same && (both - alone[0]).abs() < 1e-12,
                same && both > alone[0] + 1e-12,
                !same && twins[1] < 1e-12,
            ])
        })
        .key("wrong-root", || {
            let most = |d: usize| -> f64 {
                let scores = random_scores(64, 8, 5);
                let exps = scores.iter().map(|s| (s / (d as f64).sqrt()).exp());
                let exps: Vec<f64> = exps.collect();
                grading::numbers::shares(&exps).into_iter().fold(0.0, f64::max)
            };
            pick([most(16) > most(64), most(16) < most(64), most(16) == most(64)])
        })
        .key("cleared-after", || {
            let (one, keys) = (numbers(&[1.0])?, numbers(&[1.0, 0.0, 2.0])?);
            let hidden = mask(&[1, 1, 0], &[1, 3])?;
            let before = &weights(sdpa, [&one, &keys], Some(&hidden))?[0];
            let all = &weights(sdpa, [&one, &keys], None)?[0];
            let after = all[0] + all[1];
            let same = (after - before.iter().sum::<f64>()).abs() < 1e-9;
            pick([same, !same && after < 1.0 && after > 0.0, after == 0.0])
        })
        .key("seven-and-two", || {
            let seen = flat(&causal_mask(2, 9)?)?[..9].iter().sum::<f64>();
            position(&[1.0, 8.0, 9.0], &seen)
        })
        .key("blind-row", || {
            let keys = numbers(&[1.0, 2.0])?;
            let out = sdpa(&numbers(&[1.0])?, &keys, &keys, Some(&mask(&[0, 0], &[1, 2])?))?;
            let out = flat(&out)?[0];
            pick([(out - 1.5).abs() < 1e-9, out.is_nan(), out == 0.0])
        })
}

/// Vectors of one number each.
fn numbers(x: &[f64]) -> Result<Tensor, Failure> {
    Ok(tensor(&x.iter().map(|&x| vec![x]).collect::<Vec<_>>())?)
}
