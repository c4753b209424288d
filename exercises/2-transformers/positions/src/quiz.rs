//! The keys of the quiz, computed by the reference.

use candle_core::{Device, Tensor};
use grading::{Failure, Keys, pick, position};
use tensor_test::flat;

use crate::BASE;
use crate::example::{BITES, DOG, KEY, MAN, QUERY};
use crate::oracle::dot;
use crate::solution::{alibi_slopes, frequencies, rope};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("bag", || {
            // Each word takes from all words, itself included, by its scores.
            let taken = |words: [[f64; 2]; 3]| {
                words.map(|q| {
                    let weights = words.map(|k| dot(&q, &k).exp());
                    let sum: f64 = weights.iter().sum();
                    let mixed = words.iter().zip(weights).map(|(k, w)| k[0] * w / sum);
                    mixed.sum::<f64>()
                })
            };
            let ([a, b, c], [x, y, z]) = (taken([DOG, BITES, MAN]), taken([MAN, BITES, DOG]));
            let same = [(a, z), (b, y), (c, x)].iter().all(|(p, q)| (p - q).abs() < 1e-12);
            pick([same, !same && (b - y).abs() > 1e-12, !same && (a - z).abs() > 1e-12])
        })
        .key("same-score", || {
            let want = score(12, 5)?;
            let same = |m, n| Ok::<bool, Failure>((score(m, n)? - want).abs() < 1e-4);
            pick([same(5, 12)?, same(112, 105)?, same(24, 10)?])
        })
        .key("partner", || {
            let mut x = [0.0; 8];
            x[1] = 1.0;
            let y = rotated(&x, 1)?;
            let partner = (0..8).find(|&i| i != 1 && y[i].abs() > 1e-6);
            position(&[Some(0), Some(2), Some(5)], &partner)
        })
        .key("cached", || {
            let x: Vec<f32> = (0..101 * 8).map(|i| ((i * 37) % 19) as f32 / 8.0 - 1.0).collect();
            let whole = Tensor::from_slice(&x, (1, 1, 101, 8), &Device::Cpu)?;
            let (last, all) = (whole.narrow(2, 100, 1)?, rope(&whole, 0, BASE)?);
            let want = flat(&all.narrow(2, 100, 1)?)?;
            let fits = |offset| -> Result<bool, Failure> {
                let got = flat(&rope(&last, offset, BASE)?)?;
                Ok(got.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-5))
            };
            pick([fits(0)?, fits(100)?, fits(101)?])
        })
        .key("larger-base", || {
            let (small, large) = (frequencies(64, BASE)?, frequencies(64, 50.0 * BASE)?);
            let all = small.iter().zip(&large).all(|(a, b)| b < a);
            let others = small.iter().zip(&large).skip(1).all(|(a, b)| b < a);
            let first = (small[0] - large[0]).abs() < 1e-12;
            let faster = small.iter().zip(&large).any(|(a, b)| b > a);
            pick([all, first && others && !faster, faster])
        })
        .key("sixteen-heads", || {
            let (eight, sixteen) = (alibi_slopes(8)?, alibi_slopes(16)?);
            let has_all = eight.iter().all(|m| sixteen.iter().any(|n| (m - n).abs() < 1e-12));
            let least = |slopes: &[f64]| slopes.iter().copied().fold(f64::MAX, f64::min);
            let same_end = (least(&eight) - least(&sixteen)).abs() < 1e-12;
            pick([!same_end, has_all && same_end, !has_all && same_end])
        })
}

fn score(m: usize, n: usize) -> Result<f64, Failure> {
    Ok(dot(&rotated(&QUERY, m)?, &rotated(&KEY, n)?))
}

fn rotated(x: &[f32; 8], position: usize) -> Result<Vec<f64>, Failure> {
    let x = Tensor::from_slice(x, (1, 1, 1, 8), &Device::Cpu)?;
    Ok(flat(&rope(&x, position, BASE)?)?)
}
