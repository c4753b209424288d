//! The reference: softmax along any axis, and a sampler with temperature and three filters.

use std::cmp::Ordering;

use candle_core::Tensor;
use rand::{Rng, RngExt};

use crate::{SampleError, Sampling};

/// Softmax along one axis: `y_i = exp(x_i − m) / Σ_j exp(x_j − m)`, where
/// `m` is the largest `x_j` along `dim`.
///
/// The result has the shape of `x`, is finite for every finite `x`, and
/// passes gradients back to `x`. So build it from candle's small operations:
/// its own fused softmax passes none.
///
/// # Errors
/// If `x` has no axis `dim`.
pub fn softmax(x: &Tensor, dim: usize) -> candle_core::Result<Tensor> {
    // BEGIN ANSWER
    // Any shift gives the same result, so no gradient needs to flow through this one.
    let max = x.max_keepdim(dim)?.detach();
    let weights = x.broadcast_sub(&max)?.exp()?;
    weights.broadcast_div(&weights.sum_keepdim(dim)?)
    // END ANSWER
}

/// The distribution that [`sample`] draws from: one probability a logit, 0
/// for removed tokens.
///
/// The logits are divided by the temperature; then top-k, top-p and min-p
/// remove tokens, in this order, each judging by the distribution that the
/// ones before it left; what remains sums to one. A logit of −∞ has
/// probability 0.
///
/// Of equal logits, the one with the lower index counts as more likely. So
/// top-k keeps exactly `k` tokens (if there are as many), and at temperature
/// 0 exactly one token has probability 1.
///
/// # Errors
/// A [`SampleError`] if a setting is out of range ([`Sampling::validate`]), a
/// logit is NaN or +∞, or there is no logit above −∞.
pub fn filtered_probs(logits: &[f32], sampling: &Sampling) -> Result<Vec<f64>, SampleError> {
    // BEGIN ANSWER
    let Sampling { temperature, top_k, top_p, min_p } = *sampling;
    sampling.validate()?;
    if let Some(i) = logits.iter().position(|x| x.is_nan() || *x == f32::INFINITY) {
        return Err(SampleError::Logit(i));
    }

    // The tokens still in play, most likely first. The sort is stable: equals stay in order.
    let mut kept: Vec<usize> = (0..logits.len()).filter(|&i| logits[i].is_finite()).collect();
    kept.sort_by(|&a, &b| logits[b].partial_cmp(&logits[a]).unwrap_or(Ordering::Equal));
    let best = *kept.first().ok_or(SampleError::NothingToChoose)?;

    let mut probs = vec![0.0; logits.len()];
    if temperature == 0.0 {
        probs[best] = 1.0;
        return Ok(probs);
    }

    // Relative to the best, whose weight is 1. Subtract first: 1e4 / 1e-310
    // would overflow.
    let above = |i: usize| f64::from(logits[i]) - f64::from(logits[best]);
    let weight = |i: usize| (above(i) / temperature).exp();

    if let Some(k) = top_k {
        kept.truncate(k);
    }
    // At 1, rounding in the running sum must not cost the last tokens.
    if let Some(p) = top_p.filter(|&p| p < 1.0) {
        let total: f64 = kept.iter().map(|&i| weight(i)).sum();
        let mut before = 0.0;
        kept.retain(|&i| {
            let needed = before < p * total;
            before += weight(i);
            needed
        });
    }
    if let Some(p) = min_p {
        kept.retain(|&i| weight(i) >= p);
    }

    let total: f64 = kept.iter().map(|&i| weight(i)).sum();
    for i in kept {
        probs[i] = weight(i) / total;
    }
    Ok(probs)
    // END ANSWER
}

/// Draws the index of a token from [`filtered_probs`].
///
/// Every token comes up as often as its probability says; a token of
/// probability 0 never does, whatever the generator yields.
///
/// # Errors
/// As [`filtered_probs`].
pub fn sample(
    logits: &[f32],
    sampling: &Sampling,
    rng: &mut impl Rng,
) -> Result<usize, SampleError> {
    // BEGIN ANSWER
    let probs = filtered_probs(logits, sampling)?;
    // A point of the unit interval; each token owns a stretch as long as its probability.
    let mut rest: f64 = rng.random();
    for (i, &p) in probs.iter().enumerate() {
        if rest < p {
            return Ok(i);
        }
        rest -= p;
    }
    // The lengths may add up to a hair less than one: the last stretch reaches to the end.
    probs.iter().rposition(|&p| p > 0.0).ok_or(SampleError::NothingToChoose)
    // END ANSWER
}

/// The source of a kernel that takes the softmax of every row of a matrix
/// `(rows, cols)`; what it binds is said in the file.
pub fn softmax_wgsl() -> String {
    include_str!("../kernels/solution/softmax.wgsl").into()
}
