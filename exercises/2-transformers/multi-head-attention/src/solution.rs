//! The reference: heads apart, together, shared, and what they cost.

use attention::solution::sdpa;
use candle_core::Tensor;

use multi_head_attention::{HeadError, Mha};

/// Cuts each vector into heads: `(batch, t, n_heads · d_head)` becomes
/// `(batch, n_heads, t, d_head)`. Head `h` gets the numbers from `h · d_head` up
/// to, but not including, `(h + 1) · d_head` of each vector.
///
/// `x` may be a view and of any type; gradients pass back to it.
///
/// # Errors
/// [`HeadError::Axes`] unless `x` has three axes; [`HeadError::Width`] if its
/// vectors cannot be cut into `n_heads` parts of equal length, or `n_heads` is
/// 0.
pub fn split_heads(x: &Tensor, n_heads: usize) -> Result<Tensor, HeadError> {
    // BEGIN ANSWER
    let &[batch, t, width] = x.dims() else {
        return Err(HeadError::Axes { wanted: 3, shape: x.dims().to_vec() });
    };
    if n_heads == 0 || width % n_heads != 0 {
        return Err(HeadError::Width { width, n_heads });
    }
    Ok(x.reshape((batch, t, n_heads, width / n_heads))?.transpose(1, 2)?)
    // END ANSWER
}

/// Puts heads back side by side, the way back of [`split_heads`]:
/// `(batch, n_heads, t, d_head)` becomes `(batch, t, n_heads · d_head)`.
///
/// `x` may be a view and of any type; gradients pass back to it.
///
/// # Errors
/// [`HeadError::Axes`] unless `x` has four axes.
pub fn merge_heads(x: &Tensor) -> Result<Tensor, HeadError> {
    // BEGIN ANSWER
    let &[batch, n_heads, t, d_head] = x.dims() else {
        return Err(HeadError::Axes { wanted: 4, shape: x.dims().to_vec() });
    };
    Ok(x.transpose(1, 2)?.reshape((batch, t, n_heads * d_head))?)
    // END ANSWER
}

/// Gives each of `n_heads` heads its keys or values:
/// `(batch, n_kv_heads, t, d_head)` becomes `(batch, n_heads, t, d_head)`.
///
/// Neighbors share (Ainslie and others, 2023, section 2.2): with
/// `g = n_heads / n_kv_heads`, the first `g` heads get head 0 of `x`, the next
/// `g` head 1, and so on, as in Llama.
///
/// `x` may be a view and of any type; gradients pass back to it.
///
/// # Errors
/// [`HeadError::Axes`] unless `x` has four axes; [`HeadError::Groups`] unless
/// `n_heads` is a multiple of `n_kv_heads` and neither of them is 0.
pub fn repeat_kv(x: &Tensor, n_heads: usize) -> Result<Tensor, HeadError> {
    // BEGIN ANSWER
    let &[batch, n_kv_heads, t, d_head] = x.dims() else {
        return Err(HeadError::Axes { wanted: 4, shape: x.dims().to_vec() });
    };
    // Of 0, no number but 0 is a multiple.
    if n_heads == 0 || !n_heads.is_multiple_of(n_kv_heads) {
        return Err(HeadError::Groups { n_heads, n_kv_heads });
    }
    let group = n_heads / n_kv_heads;
    let repeated = x.unsqueeze(2)?.expand((batch, n_kv_heads, group, t, d_head))?;
    Ok(repeated.reshape((batch, n_heads, t, d_head))?)
    // END ANSWER
}

/// Multi-head attention (Vaswani and others, 2017, section 3.2.2), its keys and
/// values shared by groups of heads (Ainslie and others, 2023).
///
/// Queries are made of `x`, of shape `(batch, t_q, d_model)`; keys and values of
/// `context`, `(batch, t_k, d_context)`, or of `x` too if there is none. Head `h`
/// computes
///
/// ```text
/// head_h = softmax(q_h k_gᵀ / √d_head) v_g
/// ```
///
/// where `g` is the head of keys and values that belongs to it
/// ([`repeat_kv`]), and the result, of shape `(batch, t_q, d_out)`, is
/// `[head_0, head_1, …] W_O + b_O`.
///
/// The mask is that of the previous lesson: u8, 1 where a query may look at a
/// key, and it broadcasts to `(batch, n_heads, t_q, t_k)`. What a query cannot
/// look at has no weight; a query that sees nothing brings 0 from its heads.
///
/// Inputs and weights are all f32 or all f64, and get gradients; inputs may be
/// views.
///
/// # Errors
/// [`HeadError::Input`] if vectors do not fit the weights; [`HeadError::Width`]
/// if queries, keys or values cannot be cut into their heads;
/// [`HeadError::Groups`] as [`repeat_kv`]; [`HeadError::Attention`] with the
/// error of `sdpa` if queries, keys, values and mask do not go together. If
/// several are due, any of them.
pub fn forward(
    mha: &Mha,
    x: &Tensor,
    context: Option<&Tensor>,
    mask: Option<&Tensor>,
) -> Result<Tensor, HeadError> {
    // BEGIN ANSWER
    let context = context.unwrap_or(x);
    let q = split_heads(&mha.w_q.forward(x)?, mha.n_heads)?;
    let k = split_heads(&mha.w_k.forward(context)?, mha.n_kv_heads)?;
    let v = split_heads(&mha.w_v.forward(context)?, mha.n_kv_heads)?;
    let (k, v) = (repeat_kv(&k, mha.n_heads)?, repeat_kv(&v, mha.n_heads)?);
    let heads = sdpa(&q, &k, &v, mask)?;
    mha.w_o.forward(&merge_heads(&heads)?)
    // END ANSWER
}

/// How many bytes the keys and values of all tokens take in all layers, if each
/// number takes `bytes`.
///
/// Exact for every result that a u64 can hold. If any argument is 0, it is 0.
///
/// # Errors
/// [`HeadError::TooLarge`] if a u64 cannot hold the result.
pub fn kv_bytes(
    layers: u64,
    n_kv_heads: u64,
    d_head: u64,
    tokens: u64,
    batch: u64,
    bytes: u64,
) -> Result<u64, HeadError> {
    // BEGIN ANSWER
    // A key and a value.
    let factors = [2, layers, n_kv_heads, d_head, tokens, batch, bytes];
    if factors.contains(&0) {
        return Ok(0);
    }
    let product = factors.into_iter().try_fold(1_u64, u64::checked_mul);
    product.ok_or(HeadError::TooLarge)
    // END ANSWER
}
