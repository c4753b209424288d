//! Softmax.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};

use crate::math::Real;
use crate::rows::{ByRow, along, by_row, for_real, max, nth, rows, slice, sum, sums};

/// Softmax along one axis: `y_i = exp(x_i − m) / Σ_j exp(x_j − m)`, where `m` is the largest `x_j`
/// along `dim`. Gradients flow back.
///
/// As with candle's small operations, −∞ becomes 0, and rows of only −∞, or with +∞ or NaN, are NaN.
///
/// # Errors
/// If there is no axis `dim`, or `x` is neither f32 nor f64.
pub fn softmax(x: &Tensor, dim: usize) -> Result<Tensor> {
    along(x, dim, |x| x.apply_op1(Softmax))
}

struct Softmax;

impl CustomOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        fn run<T: Real>(x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
            let (x, (rows, cols)) = (slice::<T>(x, layout)?, rows(layout));
            let y = by_row(rows, cols, cols, &Forward { x, cols });
            Ok((T::to_cpu_storage_owned(y), layout.shape().clone()))
        }
        for_real!(x, self.name(), T => run::<T>(x, layout))
    }

    fn bwd(&self, _: &Tensor, y: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(y.apply_op2_no_bwd(&gradient.contiguous()?, &Slope)?))
    }
}

struct Forward<'a, T> {
    x: &'a [T],
    cols: usize,
}

impl<T: Real> ByRow<T> for Forward<'_, T> {
    #[inline(always)]
    fn row(&self, row: usize, out: &mut [T]) {
        let x = nth(self.x, row, self.cols);
        let most = max(x);
        for (y, &x) in out.iter_mut().zip(x) {
            *y = (x - most).exp();
        }
        let share = T::from_f64(1.0) / sum(out);
        for y in out {
            *y *= share;
        }
    }
}

/// From what softmax gave and its gradient `g`: `y · (g − Σ g y)`.
struct Slope;

impl CustomOp2 for Slope {
    fn name(&self) -> &'static str {
        "softmax, backward"
    }

    fn cpu_fwd(
        &self,
        y: &CpuStorage,
        layout: &Layout,
        g: &CpuStorage,
        g_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        fn run<T: Real>(
            y: &CpuStorage,
            layout: &Layout,
            g: &CpuStorage,
            g_layout: &Layout,
        ) -> Result<(CpuStorage, Shape)> {
            let (y, g, (rows, cols)) = (slice::<T>(y, layout)?, slice(g, g_layout)?, rows(layout));
            let slope = by_row(rows, cols, cols, &Backward { y, g, cols });
            Ok((T::to_cpu_storage_owned(slope), layout.shape().clone()))
        }
        for_real!(y, self.name(), T => run::<T>(y, layout, g, g_layout))
    }
}

struct Backward<'a, T> {
    y: &'a [T],
    g: &'a [T],
    cols: usize,
}

impl<T: Real> ByRow<T> for Backward<'_, T> {
    #[inline(always)]
    fn row(&self, row: usize, out: &mut [T]) {
        let (y, g) = (nth(self.y, row, self.cols), nth(self.g, row, self.cols));
        let (mean, _) = sums(y, g, |y, g| (y * g, y));
        for ((slope, &y), &g) in out.iter_mut().zip(y).zip(g) {
            *slope = y * (g - mean);
        }
    }
}
