//! Layer norm and RMSNorm.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, bail};
use rayon::prelude::*;

use crate::math::Real;
use crate::rows::{ByRow, by_row, for_real, nth, portion, rows, slice, sums};
use lanes::Work;

/// Layer norm over the last axis, of `n` numbers: `y_i = γ_i · (x_i − μ) / sqrt(σ² + ε) + β_i`, where
/// `μ = (1/n) Σ x_j` and `σ² = (1/n) Σ (x_j − μ)²`. `gamma` and `beta` have the shape `(n)`. Gradients
/// flow back to all three.
///
/// # Errors
/// If shapes or types do not fit.
pub fn layer_norm(x: &Tensor, gamma: &Tensor, beta: &Tensor, eps: f64) -> Result<Tensor> {
    expect_fits(x, &[gamma, beta])?;
    x.contiguous()?.apply_op3(&gamma.contiguous()?, &beta.contiguous()?, LayerNorm { eps })
}

/// RMSNorm over the last axis, of `n` numbers: `y_i = γ_i · x_i / sqrt(m + ε)`, where
/// `m = (1/n) Σ x_j²`. `gamma` has the shape `(n)`. Gradients flow back to both.
///
/// # Errors
/// If shapes or types do not fit.
pub fn rms_norm(x: &Tensor, gamma: &Tensor, eps: f64) -> Result<Tensor> {
    expect_fits(x, &[gamma])?;
    x.contiguous()?.apply_op2(&gamma.contiguous()?, RmsNorm { eps })
}

fn expect_fits(x: &Tensor, parameters: &[&Tensor]) -> Result<()> {
    let n = x.dims().last().copied().unwrap_or(0);
    for parameter in parameters {
        if n == 0 || parameter.dims() != [n] || parameter.dtype() != x.dtype() {
            bail!(
                "a norm of {:?} needs parameters ({n}) of its type, not {:?} {:?}",
                x.shape(),
                parameter.shape(),
                parameter.dtype()
            );
        }
    }
    Ok(())
}

struct LayerNorm {
    eps: f64,
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        layout: &Layout,
        gamma: &CpuStorage,
        gamma_layout: &Layout,
        beta: &CpuStorage,
        beta_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let gamma = (gamma, gamma_layout);
        for_real!(x, self.name(), T => forward::<T>((x, layout), gamma, Some((beta, beta_layout)), self.eps))
    }

    fn bwd(
        &self,
        x: &Tensor,
        gamma: &Tensor,
        _: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [x, gamma, beta] =
            slopes(x, gamma, gradient, Slopes { eps: self.eps, centered: true })?;
        Ok((Some(x), Some(gamma), Some(beta)))
    }
}

struct RmsNorm {
    eps: f64,
}

impl CustomOp2 for RmsNorm {
    fn name(&self) -> &'static str {
        "RMSNorm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        layout: &Layout,
        gamma: &CpuStorage,
        gamma_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let gamma = (gamma, gamma_layout);
        for_real!(x, self.name(), T => forward::<T>((x, layout), gamma, None, self.eps))
    }

    fn bwd(
        &self,
        x: &Tensor,
        gamma: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let slopes = slopes(x, gamma, gradient, Slopes { eps: self.eps, centered: false })?;
        let [x, gamma, _] = slopes;
        Ok((Some(x), Some(gamma)))
    }
}

type Stored<'a> = (&'a CpuStorage, &'a Layout);

fn forward<T: Real>(
    (x, layout): Stored<'_>,
    (gamma, gamma_layout): Stored<'_>,
    beta: Option<Stored<'_>>,
    eps: f64,
) -> Result<(CpuStorage, Shape)> {
    let (x, gamma) = (slice::<T>(x, layout)?, slice(gamma, gamma_layout)?);
    let (rows, cols) = rows(layout);
    let beta = match beta {
        Some((beta, layout)) => Some(slice(beta, layout)?),
        None => None,
    };
    let y = by_row(rows, cols, cols, &Forward { x, gamma, beta, eps, cols });
    Ok((T::to_cpu_storage_owned(y), layout.shape().clone()))
}

struct Forward<'a, T> {
    x: &'a [T],
    gamma: &'a [T],
    /// RMSNorm has none, and takes no mean away.
    beta: Option<&'a [T]>,
    eps: f64,
    cols: usize,
}

impl<T: Real> ByRow<T> for Forward<'_, T> {
    #[inline(always)]
    fn row(&self, row: usize, out: &mut [T]) {
        let x = nth(self.x, row, self.cols);
        let normal = Normal::of(x, self.eps, self.beta.is_some());
        match self.beta {
            None => {
                for ((y, &x), &gamma) in out.iter_mut().zip(x).zip(self.gamma) {
                    *y = x * normal.scale * gamma;
                }
            }
            Some(beta) => {
                for (((y, &x), &gamma), &beta) in out.iter_mut().zip(x).zip(self.gamma).zip(beta) {
                    *y = normal.of_number(x) * gamma + beta;
                }
            }
        }
    }
}

/// What is taken from the numbers of a row, and what they are multiplied by.
#[derive(Clone, Copy)]
struct Normal<T> {
    mean: T,
    /// What the mean lacks: near 10,000 an f32 has three digits after the point, and so has a mean.
    rest: T,
    scale: T,
}

impl<T: Real> Normal<T> {
    #[inline(always)]
    fn of(x: &[T], eps: f64, centered: bool) -> Self {
        let zero = T::from_f64(0.0);
        let n = T::from_f64(x.len() as f64);
        let eps = T::from_f64(eps);
        let one = T::from_f64(1.0);
        if !centered {
            let (squares, _) = sums(x, x, |x, _| (x * x, x));
            return Self { mean: zero, rest: zero, scale: one / (squares / n + eps).sqrt() };
        }
        let mean = sums(x, x, |x, _| (x, x)).0 / n;
        let (rest, squares) = sums(x, x, |x, _| (x - mean, (x - mean) * (x - mean)));
        let rest = rest / n;
        let variance = squares / n - rest * rest;
        Self { mean, rest, scale: one / (variance + eps).sqrt() }
    }

    #[inline(always)]
    fn of_number(self, x: T) -> T {
        ((x - self.mean) - self.rest) * self.scale
    }
}

/// The gradients of `x`, `gamma` and `beta`.
fn slopes(x: &Tensor, gamma: &Tensor, gradient: &Tensor, op: Slopes) -> Result<[Tensor; 3]> {
    let all =
        x.contiguous()?.apply_op3_no_bwd(&gamma.contiguous()?, &gradient.contiguous()?, &op)?;
    let (count, n) = (x.elem_count(), gamma.elem_count());
    Ok([
        all.narrow(0, 0, count)?.reshape(x.shape())?,
        all.narrow(0, count, n)?,
        all.narrow(0, count + n, n)?,
    ])
}

/// The gradient of `x`, then that of γ, then that of β, in a row.
struct Slopes {
    eps: f64,
    centered: bool,
}

impl CustomOp3 for Slopes {
    fn name(&self) -> &'static str {
        "norm, backward"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        layout: &Layout,
        gamma: &CpuStorage,
        gamma_layout: &Layout,
        g: &CpuStorage,
        g_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let gamma = (gamma, gamma_layout);
        for_real!(x, self.name(), T => backward::<T>((x, layout), gamma, (g, g_layout), self))
    }
}

fn backward<T: Real>(
    (x, layout): Stored<'_>,
    (gamma, gamma_layout): Stored<'_>,
    (g, g_layout): Stored<'_>,
    &Slopes { eps, centered }: &Slopes,
) -> Result<(CpuStorage, Shape)> {
    let (x, gamma) = (slice::<T>(x, layout)?, slice::<T>(gamma, gamma_layout)?);
    let cols = gamma.len();
    let g = slice::<T>(g, g_layout)?;
    let mut all = vec![T::from_f64(0.0); x.len() + 2 * cols];
    let (out, parameters) = all.split_at_mut(x.len());
    let size = portion(cols) * cols;
    let portions = out.par_chunks_mut(size).zip(x.par_chunks(size).zip(g.par_chunks(size)));
    // Each portion's sums, added in their order: the same whoever is ready first.
    let sums: Vec<Vec<T>> = portions
        .map(|(out, (x, g))| {
            let mut sums = vec![T::from_f64(0.0); 2 * cols];
            let work = Backward { x, g, gamma, out, sums: &mut sums, eps, centered };
            lanes::run(work);
            sums
        })
        .collect();
    for sums in sums {
        for (all, one) in parameters.iter_mut().zip(sums) {
            *all += one;
        }
    }
    let count = all.len();
    Ok((T::to_cpu_storage_owned(all), Shape::from(count)))
}

struct Backward<'a, T> {
    x: &'a [T],
    g: &'a [T],
    gamma: &'a [T],
    out: &'a mut [T],
    sums: &'a mut [T],
    eps: f64,
    centered: bool,
}

impl<T: Real> Work for Backward<'_, T> {
    /// With `x̂` what was multiplied by γ, `h = g γ`, and means over the row:
    /// `scale · (h − mean(h) − x̂ · mean(h x̂))`; RMSNorm's has no `mean(h)`.
    #[inline(always)]
    fn run(self) {
        let cols = self.gamma.len();
        let n = T::from_f64(cols as f64);
        let (gammas, betas) = self.sums.split_at_mut(cols);
        for (row, out) in self.out.chunks_exact_mut(cols).enumerate() {
            let (x, g) = (nth(self.x, row, cols), nth(self.g, row, cols));
            let normal = Normal::of(x, self.eps, self.centered);
            // In `out` until all is known.
            for ((h, &g), &gamma) in out.iter_mut().zip(g).zip(self.gamma) {
                *h = g * gamma;
            }
            let (h, h_x) = sums(out, x, |h, x| (h, h * normal.of_number(x)));
            let (h, h_x) = (if self.centered { h / n } else { T::from_f64(0.0) }, h_x / n);
            let parameters = gammas.iter_mut().zip(betas.iter_mut());
            for (((slope, &x), &g), (gamma, beta)) in out.iter_mut().zip(x).zip(g).zip(parameters) {
                let x = normal.of_number(x);
                *slope = normal.scale * (*slope - h - x * h_x);
                *gamma += g * x;
                *beta += g;
            }
        }
    }
}
