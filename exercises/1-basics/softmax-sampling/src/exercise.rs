//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/softmax-sampling.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade softmax-sampling`.
//! - Stuck? `cargo study hint softmax-sampling` gives one hint at a time.

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
    todo!("softmax")
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
    todo!("filtered_probs")
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
    todo!("sample")
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
    todo!("penalize")
}
