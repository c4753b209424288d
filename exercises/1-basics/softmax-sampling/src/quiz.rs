//! Questions whose answers the reference computes.

use candle_core::{Device, Tensor};
use grading::{Failure, Keys, position};

use crate::Sampling;
use crate::oracle::logits_of;
use crate::solution::{filtered_probs, softmax, softmax_wgsl};

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
        .key("passes", || {
            // Reads and the write, as they stand in the source.
            let transfers = softmax_wgsl().matches("[start + col]").count();
            position(&[3, 4, 2], &(transfers / 2))
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
