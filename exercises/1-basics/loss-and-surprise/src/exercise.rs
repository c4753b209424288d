//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/loss-and-surprise.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade loss-and-surprise`.
//! - Stuck? `cargo study hint loss-and-surprise` gives one hint at a time.

use candle_core::Tensor;

use loss_and_surprise::LossError;

/// The surprise at something that had probability `p`: `−log2(p)` bits.
///
/// 0 for what was certain (and not −0), +∞ for what was impossible.
///
/// # Errors
/// [`LossError::NotAProbability`] unless `0 ≤ p ≤ 1`; NaN is no probability.
pub fn surprise_bits(p: f64) -> Result<f64, LossError> {
    todo!("surprise_bits")
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
    todo!("log_softmax")
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
    todo!("cross_entropy")
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
    todo!("bits_per_byte")
}

/// The source of a kernel that computes the surprise at the target of every
/// row, and its gradient; what it binds is said in the file.
pub fn cross_entropy_wgsl() -> &'static str {
    include_str!("../kernels/exercise/cross_entropy.wgsl")
}
