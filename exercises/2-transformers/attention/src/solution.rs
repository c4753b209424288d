//! The reference: masks, and scaled dot-product attention.

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
    // BEGIN ANSWER
    let row = |i| (0..t_k).map(move |j| u8::from(j + t_q <= t_k + i));
    Ok(Tensor::from_vec((0..t_q).flat_map(row).collect(), (t_q, t_k), &Device::Cpu)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let mut is_token = Vec::with_capacity(lengths.len() * t_k);
    for &length in lengths {
        if length > t_k {
            return Err(AttentionError::TooLong { length, t_k });
        }
        is_token.extend((0..t_k).map(|j| match padding {
            Side::Right => u8::from(j < length),
            Side::Left => u8::from(j + length >= t_k),
        }));
    }
    Ok(Tensor::from_vec(is_token, (lengths.len(), 1, 1, t_k), &Device::Cpu)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let shapes = || {
        let [q, k, v] = [q, k, v].map(|x| x.dims().to_vec());
        AttentionError::Shapes { q, k, v }
    };
    let ([front @ .., t_q, d], [k_front @ .., t_k, k_d], [v_front @ .., v_t_k, _]) =
        (q.dims(), k.dims(), v.dims())
    else {
        return Err(shapes());
    };
    if front != k_front || front != v_front || d != k_d || t_k != v_t_k || *d == 0 {
        return Err(shapes());
    }
    let scores_shape = [front, &[*t_q, *t_k]].concat();
    let mask = match mask {
        Some(mask) if mask.dtype() != DType::U8 => {
            return Err(AttentionError::MaskType(mask.dtype()));
        }
        Some(mask) => {
            let misfit = |_| AttentionError::Mask {
                mask: mask.dims().to_vec(),
                scores: scores_shape.clone(),
            };
            Some(mask.broadcast_as(scores_shape.as_slice()).map_err(misfit)?)
        }
        None => None,
    };
    let q = (q.contiguous()? * (*d as f64).sqrt().recip())?;
    let scores = q.matmul(&k.contiguous()?.t()?)?;
    let weights = match mask {
        None => softmax(&scores, scores.rank() - 1)?,
        Some(mask) => {
            // Low, but finite: in a row that sees nothing, −∞ − (−∞) would be NaN.
            let lowest = Tensor::full(f32::MIN, scores.shape(), q.device())?;
            let scores = mask.where_cond(&scores, &lowest.to_dtype(q.dtype())?)?;
            let weights = softmax(&scores, scores.rank() - 1)?;
            // Such a row has equal weights now, of keys that nobody may look at.
            mask.where_cond(&weights, &weights.zeros_like()?)?
        }
    };
    Ok(weights.matmul(&v.contiguous()?)?)
    // END ANSWER
}

/// The source of a kernel that does the same for one row of the result a
/// workgroup; what it binds is said in the file.
pub fn attention_wgsl() -> &'static str {
    include_str!("../kernels/solution/attention.wgsl")
}
