//! Questions whose answers the reference computes.

use candle_core::{Device, Tensor};
use grading::{Failure, Keys, position};

use crate::oracle::logits_of;
use crate::solution::{beam_search, filtered_probs, softmax};
use crate::{BeamSearch, Sampling};

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("shift", || {
            let (before, after) = (probs(&[1.0, 3.0, 2.0])?, probs(&[101.0, 103.0, 102.0])?);
            Ok(if same(&before, &after) {
                0
            } else if after.iter().zip(&before).all(|(a, b)| a > b) {
                1
            } else {
                2
            })
        })
        .key("crossing", || {
            let kept = kept(
                &[0.5, 0.3, 0.15, 0.05],
                Sampling { top_p: Some(0.7), ..Sampling::default() },
            )?;
            position(&[0, 1, 2], &(kept))
        })
        .key("relative", || {
            let kept =
                kept(&[0.4, 0.3, 0.2, 0.1], Sampling { min_p: Some(0.3), ..Sampling::default() })?;
            position(&[3, 2, 1], &(kept))
        })
        .key("order", || {
            let sampling = Sampling { top_k: Some(2), top_p: Some(0.55), ..Sampling::default() };
            position(&[2, 1, 0], &(kept(&[0.4, 0.3, 0.2, 0.1], sampling)?))
        })
        .key("beam", || {
            let mut next = |tokens: &[usize]| match tokens {
                [] => logits_of(&[0.6, 0.4]),
                [0] => logits_of(&[0.5, 0.5]),
                _ => logits_of(&[0.9, 0.1]),
            };
            let mut first = |width| -> Result<usize, Failure> {
                let search = BeamSearch { width, max_len: 2, end: None, length_penalty: 0.0 };
                let found = beam_search(&mut next, &search)?;
                let token = found.first().and_then(|beam| beam.tokens.first()).copied();
                token.ok_or_else(|| Failure::wrong("the search found nothing"))
            };
            Ok(match (first(1)?, first(2)?) {
                (0, 0) => 0,
                (0, _) => 1,
                _ => 2,
            })
        })
}

fn probs(logits: &[f32]) -> Result<Vec<f64>, Failure> {
    let y = softmax(&Tensor::new(logits, &Device::Cpu)?, 0)?.to_vec1::<f32>()?;
    Ok(y.into_iter().map(f64::from).collect())
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
}

fn kept(shares: &[f64], sampling: Sampling) -> Result<usize, Failure> {
    Ok(filtered_probs(&logits_of(shares), &sampling)?.iter().filter(|&&p| p > 0.0).count())
}
