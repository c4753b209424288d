//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/attention.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade attention`.
//! - Stuck? `cargo study hint attention` gives one hint at a time.

use candle_core::{DType, Device, Tensor};

use attention::{AttentionError, Side};
use softmax_sampling::fast::softmax;

/// Who may look at whom if nobody sees what comes later: a mask `(t_q, t_k)`
/// of type u8, 1 where the query may look at the key.
///
/// Both end at the same token: the last query stands at the last key. So query
/// `i` sees the keys `j ≤ t_k − t_q + i`. With fewer queries than keys, the
/// first keys are those of a past that is kept; with more, the first queries
/// see nothing.
///
/// # Errors
/// If candle has no memory for it.
pub fn causal_mask(t_q: usize, t_k: usize) -> Result<Tensor, AttentionError> {
    todo!("causal_mask")
}

/// Which keys are tokens if texts of several lengths are filled up to `t_k`
/// places: a mask `(batch, 1, 1, t_k)` of type u8, 1 for a token and 0 for
/// padding, which stands on one side of each text. It broadcasts over heads and
/// queries.
///
/// # Errors
/// [`AttentionError::TooLong`] for the first text that has more than `t_k`
/// tokens.
pub fn padding_mask(
    lengths: &[usize],
    t_k: usize,
    padding: Side,
) -> Result<Tensor, AttentionError> {
    todo!("padding_mask")
}

/// Scaled dot-product attention (Vaswani and others, 2017, equation 1):
/// `softmax(q kᵀ / √d) v`, the softmax over the keys.
///
/// Queries `q` have the shape `(.., t_q, d)`, keys `k` `(.., t_k, d)`, values
/// `v` `(.., t_k, d_v)`, with up to two axes in front, the same in all three:
/// `(batch, heads)`, say. The result is `(.., t_q, d_v)`. All have one type, f32
/// or f64, may be views, and get gradients.
///
/// The mask broadcasts to the scores `(.., t_q, t_k)` and is of type u8: 1
/// where the query may look at the key, 0 where it may not. A key that may not
/// be looked at has the weight 0. A query that may look at nothing, or has no
/// keys at all, takes nothing: its row of the result is 0, as in PyTorch since
/// 2.5, and so are all gradients through it.
///
/// # Errors
/// [`AttentionError::Shapes`] unless the shapes are as above, with `d` at least
/// 1; then [`AttentionError::MaskType`] unless the mask is of type u8;
/// [`AttentionError::Mask`] unless it broadcasts.
pub fn sdpa(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
) -> Result<Tensor, AttentionError> {
    todo!("sdpa")
}

/// The source of a kernel that does the same for one row of the result a
/// workgroup; what it binds is said in the file.
pub fn attention_wgsl() -> &'static str {
    include_str!("../kernels/exercise/attention.wgsl")
}
