//! The reference: softmax along any axis, a sampler with temperature, three filters and a
//! repetition penalty.

use std::cmp::Ordering;

use candle_core::Tensor;
use rand::{Rng, RngExt};

use softmax_sampling::{SampleError, Sampling};

// The settings are in sampling.rs, beside this file.

/// Softmax along one axis: `y_i = exp(x_i − m) / Σ_j exp(x_j − m)`, where
/// `m` is the largest `x_j` along `dim`.
///
/// The result has the shape and the type of numbers of `x`, is finite for
/// every finite `x`, and passes gradients back to `x`. So build it from candle's small operations:
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
/// Every token owns a stretch of the unit interval as long as its
/// probability, and that on which the number from the generator falls is
/// drawn; a token of probability 0 never is, whatever the generator yields. A
/// call takes at most one number from the generator, and the arguments decide
/// the token: two generators with the same seed draw the same.
///
/// # Errors
/// As [`filtered_probs`].
pub fn sample(
    logits: &[f32],
    sampling: &Sampling,
    rng: &mut dyn Rng,
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

/// The logits after a repetition penalty: of each token in `history`, a
/// positive logit is divided by the penalty and a negative one multiplied by
/// it, once, however often the token occurs. The other logits stay as they are.
///
/// A penalty above 1 makes these tokens less likely, 1 changes nothing. It
/// belongs before everything else: the result goes to [`sample`]. Source:
/// Keskar and others, 2019, section 4.1, with the sign as in transformers.
///
/// # Errors
/// A [`SampleError`] if the penalty is not above 0 and finite, or a token of
/// `history` is not below `logits.len()`.
pub fn penalize(logits: &[f32], history: &[usize], penalty: f64) -> Result<Vec<f32>, SampleError> {
    // BEGIN ANSWER
    if !(penalty > 0.0 && penalty.is_finite()) {
        return Err(SampleError::Penalty(penalty));
    }
    let mut penalized = logits.to_vec();
    for &token in history {
        // From the logit before any penalty, so a second occurrence changes nothing.
        let x = f64::from(*logits.get(token).ok_or(SampleError::UnknownToken(token))?);
        penalized[token] = if x > 0.0 { x / penalty } else { x * penalty } as f32;
    }
    Ok(penalized)
    // END ANSWER
}
