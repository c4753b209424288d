//! The reference: surprise, log-softmax, cross-entropy, bits per byte.

use candle_core::Tensor;

use loss_and_surprise::LossError;

/// The surprise at something that had probability `p`: `−log2(p)` bits.
///
/// 0 for what was certain (and not −0), +∞ for what was impossible.
///
/// # Errors
/// [`LossError::NotAProbability`] unless `0 ≤ p ≤ 1`; NaN is no probability.
pub fn surprise_bits(p: f64) -> Result<f64, LossError> {
    // BEGIN ANSWER
    if !(0.0..=1.0).contains(&p) {
        return Err(LossError::NotAProbability(p));
    }
    // Not −log2(p), which would be −0 for p = 1.
    Ok(0.0 - p.log2())
    // END ANSWER
}

/// The logarithm of softmax along one axis:
/// `y_i = x_i − m − ln Σ_j exp(x_j − m)`, where `m` is the largest `x_j`
/// along `dim`.
///
/// The result has the shape and the type of `x`, which may be f32 or f64 and
/// a transposed view, and passes gradients back to `x`. It is finite for every
/// finite `x` whose differences are, even where the probability itself is too
/// small for an f32. A logit of −∞ has the logarithm −∞; where all of them
/// along `dim` are −∞, the result is NaN.
///
/// # Errors
/// If `x` has no axis `dim`.
pub fn log_softmax(x: &Tensor, dim: usize) -> candle_core::Result<Tensor> {
    // BEGIN ANSWER
    // Any shift gives the same result, so no gradient needs to flow through this one.
    let max = x.max_keepdim(dim)?.detach();
    let shifted = x.broadcast_sub(&max)?;
    let log_sum = shifted.exp()?.sum_keepdim(dim)?.log()?;
    shifted.broadcast_sub(&log_sum)
    // END ANSWER
}

/// The mean surprise at the targets, in nats: a tensor without axes,
/// `−(1/k) Σ_i ln softmax(logits_i)[targets_i]`, summed over the `k` rows
/// whose target is not `ignore_index`.
///
/// `logits` has the shape `(n, vocab)` and the type f32 or f64, that of the
/// result, and may be a transposed view; `targets` has the shape `(n)` and the
/// type u32. What an ignored row holds does not matter, not even NaN. The
/// gradient flows back to `logits`; in ignored rows it is 0. A target with a
/// logit of −∞ makes the loss +∞. Both `n` and `vocab` may exceed 65,536.
///
/// # Errors
/// [`LossError::Shape`] unless there are `n` targets for `n` rows;
/// [`LossError::Target`] with the first target that is neither below `vocab`
/// nor `ignore_index`; [`LossError::NothingLeft`] if every target is ignored,
/// or there is none.
pub fn cross_entropy(
    logits: &Tensor,
    targets: &Tensor,
    ignore_index: u32,
) -> Result<Tensor, LossError> {
    // BEGIN ANSWER
    let (&[n, vocab], &[count]) = (logits.dims(), targets.dims()) else {
        return Err(shape_error(logits, targets));
    };
    if n != count {
        return Err(shape_error(logits, targets));
    }

    let (mut rows, mut labels) = (Vec::new(), Vec::new());
    for (row, target) in targets.to_vec1::<u32>()?.into_iter().enumerate() {
        if target == ignore_index {
            continue;
        }
        if target as usize >= vocab {
            return Err(LossError::Target { row, target, vocab });
        }
        rows.push(row as u32);
        labels.push(target);
    }
    if rows.is_empty() {
        return Err(LossError::NothingLeft);
    }

    // Ignored rows are taken out, not multiplied by 0: 0 · NaN would be NaN.
    let kept = rows.len();
    let rows = Tensor::from_vec(rows, kept, logits.device())?;
    // `index_select` does not read transposed views.
    let logits = logits.contiguous()?.index_select(&rows, 0)?;
    let labels = Tensor::from_vec(labels, (kept, 1), logits.device())?;
    Ok((log_softmax(&logits, 1)?.gather(&labels, 1)?.mean_all()? * -1.0)?)
    // END ANSWER
}

/// The error of [`cross_entropy`] for shapes that do not fit.
fn shape_error(logits: &Tensor, targets: &Tensor) -> LossError {
    LossError::Shape { logits: logits.dims().to_vec(), targets: targets.dims().to_vec() }
}

/// What a text costs for each of its bytes: `loss · tokens / (bytes · ln 2)`.
///
/// `loss` is the mean surprise in nats over the `tokens` tokens of a text of
/// `bytes` bytes; the formula holds for ±∞ and NaN, too.
///
/// # Errors
/// [`LossError::NoBytes`] if the text has none.
pub fn bits_per_byte(loss: f64, tokens: usize, bytes: usize) -> Result<f64, LossError> {
    // BEGIN ANSWER
    if bytes == 0 {
        return Err(LossError::NoBytes);
    }
    let bits = loss * tokens as f64 / std::f64::consts::LN_2;
    Ok(bits / bytes as f64)
    // END ANSWER
}

/// The source of a kernel that computes the surprise at the target of every
/// row, and its gradient; what it binds is said in the file.
pub fn cross_entropy_wgsl() -> &'static str {
    include_str!("../kernels/solution/cross_entropy.wgsl")
}
