//! A deep network of random layers, to see what becomes of the size of its numbers.

use candle_core::{Device, Tensor};
use grading::random::seeded;
use rand::RngExt;

use crate::NormError;
use crate::solution::layer_norm;

/// How many layers it has.
pub const LAYERS: usize = 20;
/// How many numbers stand between two of them.
pub const WIDTH: usize = 64;

/// The size of the numbers, as a root mean square, before the first layer and behind each.
///
/// A layer is ReLU and then a random matrix, whose entries have the variance `2 · gain² / WIDTH`:
/// at a gain of 1 the size stays about the same. With `norm`, [`layer_norm`] comes before ReLU.
///
/// # Errors
/// Only if candle fails.
pub fn sizes_by_layer(gain: f64, norm: bool) -> Result<Vec<f64>, NormError> {
    let rng = &mut seeded(3);
    // Uniform between ±w has the variance w² / 3.
    let w = gain * (6.0 / WIDTH as f64).sqrt();
    let drawn: Vec<f64> = (0..WIDTH).map(|_| rng.random_range(-1.0..1.0)).collect();
    // The first size is 1, so that the others say how much it has changed.
    let mut x: Vec<f64> = drawn.iter().map(|v| v / size(&drawn)).collect();
    let mut sizes = vec![size(&x)];
    for _ in 0..LAYERS {
        if norm {
            x = normalized(&x)?;
        }
        let kept: Vec<f64> = x.iter().map(|v| v.max(0.0)).collect();
        let mut output = || kept.iter().map(|v| v * rng.random_range(-w..w)).sum();
        x = (0..WIDTH).map(|_| output()).collect();
        sizes.push(size(&x));
    }
    Ok(sizes)
}

fn normalized(x: &[f64]) -> Result<Vec<f64>, NormError> {
    let of = |values: &[f64]| Tensor::from_slice(values, values.len(), &Device::Cpu);
    let (gamma, beta) = (of(&[1.0; WIDTH])?, of(&[0.0; WIDTH])?);
    Ok(layer_norm(&of(x)?, &gamma, &beta, 1e-5)?.to_vec1()?)
}

fn size(x: &[f64]) -> f64 {
    (x.iter().map(|v| v * v).sum::<f64>() / x.len() as f64).sqrt()
}
