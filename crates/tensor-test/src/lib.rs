//! A learner's tensor under test: its shape, its type, its numbers, and its gradient.
//!
//! ```
//! use candle_core::DType;
//! use grading::Tolerance;
//! use tensor_test::{expect_tensor, tensor};
//!
//! let y = tensor(&[0.5, 1.5], &[2, 1], DType::F32)?;
//! let failure = expect_tensor("y", &y, &[1, 2], DType::F32, &[0.5, 1.5], Tolerance::F32).unwrap_err();
//! assert!(failure.message().starts_with("y: expected the shape and type ([1, 2], F32)"));
//! # Ok::<(), candle_core::Error>(())
//! ```

mod decoder;

use candle_core::{DType, Device, Tensor};
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect, expect_close};
use rand::RngExt;

pub use decoder::{expect_causal, staircase};

/// Numbers in row-major order as a tensor of a type.
pub fn tensor(x: &[f64], shape: &[usize], dtype: DType) -> candle_core::Result<Tensor> {
    Tensor::from_slice(x, shape, &Device::Cpu)?.to_dtype(dtype)
}

/// The numbers of a tensor, row-major.
pub fn flat(x: &Tensor) -> candle_core::Result<Vec<f64>> {
    x.to_dtype(DType::F64)?.flatten_all()?.to_vec1()
}

/// Numbers of both signs up to ±1 that f32 holds, the same for the same seed.
pub fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut rng = seeded(seed);
    (0..count).map(|_| f64::from(rng.random_range(-1.0_f32..1.0))).collect()
}

/// Ids below `most`, the same for the same seed.
pub fn ids(count: usize, most: usize, seed: u64) -> Vec<u32> {
    let mut rng = seeded(seed);
    (0..count).map(|_| rng.random_range(0..most as u32)).collect()
}

/// Ids of shape `(batch, seq)`.
pub fn batch_of(ids: &[u32], shape: [usize; 2]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(ids, &shape, &Device::Cpu)
}

/// The largest size of a number.
pub fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |most, x| most.max(x.abs()))
}

/// What rounding in all layers of a model may do, relative to the largest number.
pub fn rounding(dtype: DType, want: &[f64]) -> Tolerance {
    let (rtol, step) = if dtype == DType::F32 { (1e-4, 2e-5) } else { (1e-8, 1e-9) };
    Tolerance { rtol, atol: step * largest(want) }
}

/// Weights for a sum of results, so that no two of them can be mistaken for each other.
pub fn upstream(like: &Tensor) -> candle_core::Result<Tensor> {
    let weights: Vec<f64> = (0..like.elem_count()).map(|i| (1.0 + i as f64).sin()).collect();
    tensor(&weights, like.dims(), like.dtype())
}

/// Fails unless a tensor has this shape and type.
pub fn expect_form(what: &str, got: &Tensor, shape: &[usize], dtype: DType) -> Outcome {
    expect(got.dims() == shape && got.dtype() == dtype, || {
        let (want, got) = ((shape, dtype), (got.dims(), got.dtype()));
        format!("{what}: expected the shape and type {want:?}, got {got:?}")
    })
}

/// Fails unless a tensor has this shape, type and these numbers.
pub fn expect_tensor(
    what: &str,
    got: &Tensor,
    shape: &[usize],
    dtype: DType,
    want: &[f64],
    tolerance: Tolerance,
) -> Outcome {
    expect_form(what, got, shape, dtype)?;
    expect_close(what, shape, &flat(got)?, want, tolerance)
}

/// Fails unless a gradient is the slope of `f`, measured at a few of its numbers: `f` is the sum of
/// the results, each weighted by an [`upstream`] gradient.
pub fn expect_slopes(
    what: &str,
    x: &Tensor,
    gradient: Option<&Tensor>,
    f: &mut dyn FnMut(&Tensor) -> Result<f64, Failure>,
) -> Outcome {
    let Some(gradient) = gradient else {
        return Err(Failure::wrong(format!("{what} gets no gradient")));
    };
    expect_form(&format!("the gradient of {what}"), gradient, x.dims(), x.dtype())?;
    let (at, gradient) = (flat(x)?, flat(gradient)?);
    let step = 1e-5;
    let tolerance = Tolerance { rtol: 1e-4, atol: 1e-6 * largest(&gradient) + 1e-8 };
    // The largest of all, and some others.
    let most = (0..at.len()).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs()));
    for i in [0, at.len() / 2, at.len() - 1, most.unwrap_or(0)] {
        let mut moved = |by: f64| {
            let mut x_i = at.clone();
            x_i[i] += by;
            f(&tensor(&x_i, x.dims(), x.dtype())?)
        };
        let slope = (moved(step)? - moved(-step)?) / (2.0 * step);
        let what = format!("the gradient of {what}, number {i} of {:?}", x.dims());
        expect_close(&what, &[], &[gradient[i]], &[slope], tolerance)?;
    }
    Ok(())
}
