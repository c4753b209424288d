//! Norms and GELU as later lessons take them: the same numbers, gradients and errors, each in one
//! operation, where the solution's steps write a tensor each.

use candle_core::Tensor;

use crate::{NormError, expect_fits};

pub use fused::{gelu_erf, gelu_tanh};

/// Does what [`crate::solution::layer_norm`] does.
///
/// # Errors
/// Its errors.
pub fn layer_norm(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    eps: f64,
) -> Result<Tensor, NormError> {
    expect_fits(x, &[("gamma", gamma), ("beta", beta)], eps)?;
    Ok(fused::layer_norm(x, gamma, beta, eps)?)
}

/// Does what [`crate::solution::rms_norm`] does.
///
/// # Errors
/// Its errors.
pub fn rms_norm(x: &Tensor, gamma: &Tensor, eps: f64) -> Result<Tensor, NormError> {
    expect_fits(x, &[("gamma", gamma)], eps)?;
    Ok(fused::rms_norm(x, gamma, eps)?)
}
