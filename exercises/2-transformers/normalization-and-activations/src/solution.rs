//! The reference: two norms, two forms of GELU, SwiGLU, and two kernels.

use std::f64::consts::{PI, SQRT_2};

use candle_core::{D, Tensor};

use normalization_and_activations::{NormError, erfc, expect_fits, sigmoid};

/// Layer normalization over the last axis, of `n` numbers:
/// `y_i = γ_i · (x_i − μ) / sqrt(σ² + ε) + β_i`, where `μ = (1/n) Σ x_j` and
/// `σ² = (1/n) Σ (x_j − μ)²`.
///
/// `x` is f32 or f64 of any number of axes, and may be a transposed view;
/// `gamma` and `beta` have the shape `(n)` and the type of `x`. The result has
/// the shape and the type of `x`. An offset that all numbers share does no
/// harm: near 10,000, where an f32 has three digits after the point, the result
/// has about as many. Gradients flow back to `x`, `gamma` and `beta`.
///
/// # Errors
/// A [`NormError`] if a shape or `eps` does not fit; see [`expect_fits`].
///
/// Source: Ba, Kiros and Hinton, 2016; ε inside the root, as in PyTorch.
pub fn layer_norm(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    eps: f64,
) -> Result<Tensor, NormError> {
    expect_fits(x, &[("gamma", gamma), ("beta", beta)], eps)?;
    // BEGIN ANSWER
    // First the mean, then the deviations from it: the difference of two large sums of squares
    // would have no digits left.
    let centered = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let variance = centered.sqr()?.mean_keepdim(D::Minus1)?;
    let normalized = centered.broadcast_div(&(variance + eps)?.sqrt()?)?;
    Ok(normalized.broadcast_mul(gamma)?.broadcast_add(beta)?)
    // END ANSWER
}

/// Root mean square normalization over the last axis, of `n` numbers:
/// `y_i = γ_i · x_i / sqrt(m + ε)`, where `m = (1/n) Σ x_j²`.
///
/// Shapes, types, views and gradients are as for [`layer_norm`].
///
/// # Errors
/// A [`NormError`] if a shape or `eps` does not fit; see [`expect_fits`].
///
/// Source: Zhang and Sennrich, 2019, equation 4; ε inside the root, as in PyTorch.
pub fn rms_norm(x: &Tensor, gamma: &Tensor, eps: f64) -> Result<Tensor, NormError> {
    expect_fits(x, &[("gamma", gamma)], eps)?;
    // BEGIN ANSWER
    let mean_square = x.sqr()?.mean_keepdim(D::Minus1)?;
    let normalized = x.broadcast_div(&(mean_square + eps)?.sqrt()?)?;
    Ok(normalized.broadcast_mul(gamma)?)
    // END ANSWER
}

/// GELU of each number: `x · Φ(x)`, where `Φ(x) = ½ · erfc(−x / √2)` is the
/// share of a normal distribution that lies below `x`.
///
/// `x` is f32 or f64 of any shape, also a transposed view; the result has its
/// shape and type and passes gradients back. It keeps its digits far below 0:
/// at −6 it is −5.92e−9, not 0.
///
/// # Errors
/// Only if candle fails.
///
/// Source: Hendrycks and Gimpel, 2016, section 2.
pub fn gelu_erf(x: &Tensor) -> candle_core::Result<Tensor> {
    // BEGIN ANSWER
    // Not ½ · (1 + erf(x / √2)), which subtracts two numbers that are almost equal.
    let share = (erfc(&(x / -SQRT_2)?)? * 0.5)?;
    x * share
    // END ANSWER
}

/// The approximation of GELU that GPT-2 uses: `x · ½ · (1 + tanh(u))` with
/// `u = sqrt(2/π) · (x + 0.044715 · x³)`.
///
/// Shapes, types, views, gradients and digits are as for [`gelu_erf`]; at −6
/// it is −8.43e−11.
///
/// # Errors
/// Only if candle fails.
///
/// Source: Hendrycks and Gimpel, 2016, section 2.
pub fn gelu_tanh(x: &Tensor) -> candle_core::Result<Tensor> {
    // BEGIN ANSWER
    let cubed = (x.sqr()? * x)?;
    let u = ((x + (cubed * 0.044715)?)? * (2.0 / PI).sqrt())?;
    // ½ · (1 + tanh(u)) = σ(2u), and σ subtracts nothing.
    x * sigmoid(&(u * 2.0)?)?
    // END ANSWER
}

/// The gate of SwiGLU, number by number: `silu(gate) · up`, where
/// `silu(x) = x · σ(x)` and `σ(x) = 1 / (1 + e⁻ˣ)`.
///
/// `gate` and `up` are f32 or f64 of the same shape, `(…, d_ff)` in a
/// transformer, and may be transposed views; the result has their shape and
/// type and passes gradients back to both.
///
/// # Errors
/// If their shapes differ.
///
/// Source: Shazeer, 2020, equation 5, without its matrices.
pub fn swiglu(gate: &Tensor, up: &Tensor) -> candle_core::Result<Tensor> {
    // BEGIN ANSWER
    (gate * sigmoid(gate)?)? * up
    // END ANSWER
}

/// The source of a kernel that normalizes every row of a matrix
/// `(rows, cols)` as [`rms_norm`] does; what it binds is said in the file.
pub fn rms_norm_wgsl() -> &'static str {
    include_str!("../kernels/solution/rms_norm.wgsl")
}

/// The source of a kernel that gates number by number as [`swiglu`] does;
/// what it binds is said in the file.
pub fn swiglu_wgsl() -> &'static str {
    include_str!("../kernels/solution/swiglu.wgsl")
}
