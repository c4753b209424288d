//! Cross-entropy.

use candle_core::{
    CpuStorage, CustomOp2, CustomOp3, DType, Layout, Result, Shape, Tensor, WithDType, bail,
};

use crate::math::Real;
use crate::rows::{ByRow, by_row, for_real, max, nth, slice, sums};

/// The surprise at each target, in nats: `−ln softmax(logits_i)[targets_i]`, a number a row.
///
/// `logits` has the shape `(n, vocab)`, `targets` `(n)` and the type u32; the result is `(n)`, and
/// gradients flow back to `logits`. To leave a row out, multiply its number by 0: then its gradient
/// is 0, too.
///
/// # Errors
/// If shapes or types do not fit, or a target is not below `vocab`.
pub fn cross_entropy(logits: &Tensor, targets: &Tensor) -> Result<Tensor> {
    let (n, vocab) = logits.dims2()?;
    if targets.dims() != [n] || targets.dtype() != DType::U32 {
        let (shape, dtype) = (targets.shape(), targets.dtype());
        bail!(
            "the targets of {n} rows have the shape ({n}) and the type U32, not {shape:?} {dtype:?}"
        );
    }
    let targets = targets.contiguous()?;
    if let Some(target) = targets.to_vec1::<u32>()?.into_iter().find(|&t| t as usize >= vocab) {
        bail!("target {target} is none of {vocab}");
    }
    logits.contiguous()?.apply_op2(&targets, Surprise)
}

struct Surprise;

impl CustomOp2 for Surprise {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        layout: &Layout,
        targets: &CpuStorage,
        targets_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (n, vocab) = layout.shape().dims2()?;
        let targets = of_u32(targets, targets_layout)?;
        for_real!(x, self.name(), T => {
            let x = slice::<T>(x, layout)?;
            let losses = by_row(n, 1, vocab, &Forward { x, targets, vocab });
            Ok((T::to_cpu_storage_owned(losses), Shape::from(n)))
        })
    }

    fn bwd(
        &self,
        logits: &Tensor,
        targets: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Ok((Some(logits.apply_op3_no_bwd(targets, &gradient.contiguous()?, &Slope)?), None))
    }
}

fn of_u32<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [u32]> {
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&storage.as_slice::<u32>()?[from..to]),
        None => bail!("the targets are not contiguous"),
    }
}

struct Forward<'a, T> {
    x: &'a [T],
    targets: &'a [u32],
    vocab: usize,
}

impl<T: Real> ByRow<T> for Forward<'_, T> {
    #[inline(always)]
    fn row(&self, row: usize, out: &mut [T]) {
        let x = nth(self.x, row, self.vocab);
        let most = max(x);
        let (sum, _) = sums(x, x, |x, _| ((x - most).exp(), x));
        out[0] = sum.ln() - (x[self.targets[row] as usize] - most);
    }
}

/// Softmax, less 1 at the target, times the gradient of the row.
struct Slope;

impl CustomOp3 for Slope {
    fn name(&self) -> &'static str {
        "cross-entropy, backward"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        layout: &Layout,
        targets: &CpuStorage,
        targets_layout: &Layout,
        g: &CpuStorage,
        g_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (n, vocab) = layout.shape().dims2()?;
        let targets = of_u32(targets, targets_layout)?;
        for_real!(x, self.name(), T => {
            let (x, g) = (slice::<T>(x, layout)?, slice(g, g_layout)?);
            let slopes = by_row(n, vocab, vocab, &Backward { x, targets, g, vocab });
            Ok((T::to_cpu_storage_owned(slopes), layout.shape().clone()))
        })
    }
}

struct Backward<'a, T> {
    x: &'a [T],
    targets: &'a [u32],
    g: &'a [T],
    vocab: usize,
}

impl<T: Real> ByRow<T> for Backward<'_, T> {
    #[inline(always)]
    fn row(&self, row: usize, out: &mut [T]) {
        let (x, g, target) =
            (nth(self.x, row, self.vocab), self.g[row], self.targets[row] as usize);
        if g == T::from_f64(0.0) {
            return;
        }
        let most = max(x);
        for (slope, &x) in out.iter_mut().zip(x) {
            *slope = (x - most).exp();
        }
        let (sum, _) = sums(out, out, |e, _| (e, e));
        let share = g / sum;
        for slope in out.iter_mut() {
            *slope *= share;
        }
        out[target] -= g;
    }
}
