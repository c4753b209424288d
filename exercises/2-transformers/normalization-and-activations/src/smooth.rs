//! Two smooth steps with gradients: candle has no `erfc`, and a sigmoid made of its operations has
//! the gradient NaN far below 0, where it multiplies 0 by infinity.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};
use std::f64::consts::FRAC_2_SQRT_PI;

/// The complementary error function, `erfc(x) = 1 − erf(x)`, of each number: 2 far to the left, 1
/// at 0, 0 far to the right, where it keeps its digits: `erfc(6)` is 2.15e−17, while `1 − erf(6)`
/// is 0.
///
/// The result has the shape and the type of `x`, f32 or f64, and passes gradients back to it.
///
/// # Errors
/// If `x` has another type.
pub fn erfc(x: &Tensor) -> Result<Tensor> {
    let slope = |x: f64| -FRAC_2_SQRT_PI * libm::exp(-x * x);
    x.contiguous()?.apply_op1(Each { name: "erfc", value: libm::erfc, slope })
}

/// The logistic sigmoid, `σ(x) = 1 / (1 + e⁻ˣ)`, of each number: 0 far to the left, ½ at 0, 1 far
/// to the right.
///
/// The result has the shape and the type of `x`, f32 or f64, and passes gradients back to it,
/// finite ones for every finite `x`.
///
/// # Errors
/// If `x` has another type.
pub fn sigmoid(x: &Tensor) -> Result<Tensor> {
    let value = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    // σ(x) · (1 − σ(x)), which is the same on both sides: e⁻ˣ with x above 0 does not overflow.
    let slope = |x: f64| {
        let e = libm::exp(-x.abs());
        e / ((1.0 + e) * (1.0 + e))
    };
    x.contiguous()?.apply_op1(Each { name: "sigmoid", value, slope })
}

/// A function of one number, done to each number of a tensor.
struct Each {
    name: &'static str,
    value: fn(f64) -> f64,
    /// Its derivative.
    slope: fn(f64) -> f64,
}

impl CustomOp1 for Each {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let Some((from, to)) = layout.contiguous_offsets() else {
            bail!("{}: the tensor is not contiguous", self.name)
        };
        let values = match storage {
            CpuStorage::F32(x) => {
                let each = |&x: &f32| (self.value)(f64::from(x)) as f32;
                CpuStorage::F32(x[from..to].iter().map(each).collect())
            }
            CpuStorage::F64(x) => {
                CpuStorage::F64(x[from..to].iter().copied().map(self.value).collect())
            }
            _ => bail!("{}: give a tensor of f32 or f64", self.name),
        };
        Ok((values, layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let slope = Each { name: self.name, value: self.slope, slope: |_| f64::NAN };
        Ok(Some((gradient * x.contiguous()?.apply_op1_no_bwd(&slope)?)?))
    }
}
