//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/softmax-sampling.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade softmax-sampling`.
//! - Stuck? `cargo study hint softmax-sampling` gives one hint at a time.

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
    todo!("sample")
}

/// The source of a kernel that takes the softmax of every row of a matrix
/// `(rows, cols)`; what it binds is said in the file.
pub fn softmax_wgsl() -> String {
    include_str!("../kernels/exercise/softmax.wgsl").into()
}
