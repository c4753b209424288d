//! The reference: waves, rotations, slopes.

use candle_core::{Device, Tensor};

use positions::{BASE, PositionError};

/// How fast each pair of numbers turns, in radians a position:
/// `ω_i = θ^(−2i / dim)` for `i` from 0 to `dim / 2 − 1`, the fastest first.
///
/// # Errors
/// [`PositionError::Odd`] unless `dim` is even and not 0;
/// [`PositionError::Base`] unless `theta` is finite and at least 1.
pub fn frequencies(dim: usize, theta: f64) -> Result<Vec<f64>, PositionError> {
    // BEGIN ANSWER
    if dim == 0 || dim % 2 == 1 {
        return Err(PositionError::Odd(dim));
    }
    // NaN is not at least 1 either.
    if !(theta >= 1.0 && theta.is_finite()) {
        return Err(PositionError::Base(theta));
    }
    Ok((0..dim / 2).map(|i| theta.powf(-2.0 * i as f64 / dim as f64)).collect())
    // END ANSWER
}

/// The addresses of positions 0 to `len − 1` as waves, a tensor
/// `(len, d_model)` of type f32 (Vaswani and others, 2017, section 3.5):
/// in row `p`, column `2i` has `sin(p · ω_i)` and column `2i + 1` has
/// `cos(p · ω_i)`, with the frequencies of base [`BASE`].
///
/// Each number is as exact as an f32 can be, at far positions, too: compute
/// in f64 and round once.
///
/// # Errors
/// As [`frequencies`] for `d_model`.
pub fn sinusoidal(len: usize, d_model: usize) -> Result<Tensor, PositionError> {
    // BEGIN ANSWER
    let omega = frequencies(d_model, BASE)?;
    let mut waves = Vec::with_capacity(len * d_model);
    for p in 0..len {
        for w in &omega {
            let (sin, cos) = (p as f64 * w).sin_cos();
            waves.extend([sin as f32, cos as f32]);
        }
    }
    Ok(Tensor::from_vec(waves, (len, d_model), &Device::Cpu)?)
    // END ANSWER
}

/// Turns queries or keys by their positions (RoPE: Su and others, 2021).
///
/// `x` has the shape `(batch, heads, seq, head_dim)`. The vector at place `t`
/// of `seq` stands at position `p = offset + t`. Its numbers `i` and
/// `i + head_dim / 2` are a pair, which is turned by the angle `p · ω_i` with
/// the frequencies of `head_dim` and `theta`:
///
/// ```text
/// y_i          = x_i · cos(p ω_i) − x_(i + half) · sin(p ω_i)
/// y_(i + half) = x_i · sin(p ω_i) + x_(i + half) · cos(p ω_i)
/// ```
///
/// The result has the shape and the type of `x`, which may be f32 or f64 and
/// a transposed view, and passes gradients back to `x`. Positions may go into
/// the billions: the angles are computed in f64.
///
/// # Errors
/// [`PositionError::Shape`] unless `x` has four axes; as [`frequencies`] for
/// `head_dim` and `theta`.
pub fn rope(x: &Tensor, offset: usize, theta: f64) -> Result<Tensor, PositionError> {
    // BEGIN ANSWER
    let &[_, _, seq, head_dim] = x.dims() else {
        return Err(PositionError::Shape(x.dims().to_vec()));
    };
    let omega = frequencies(head_dim, theta)?;
    let half = head_dim / 2;
    let angles: Vec<f64> =
        (offset..offset + seq).flat_map(|p| omega.iter().map(move |w| p as f64 * w)).collect();
    let angles = Tensor::from_vec(angles, (seq, half), x.device())?;
    // Only the sine and cosine are rounded to the type of x.
    let (cos, sin) = (angles.cos()?.to_dtype(x.dtype())?, angles.sin()?.to_dtype(x.dtype())?);

    let (a, b) = (x.narrow(3, 0, half)?, x.narrow(3, half, half)?);
    let first = (a.broadcast_mul(&cos)? - b.broadcast_mul(&sin)?)?;
    let second = (a.broadcast_mul(&sin)? + b.broadcast_mul(&cos)?)?;
    Ok(Tensor::cat(&[first, second], 3)?)
    // END ANSWER
}

/// How much each head dislikes distance (ALiBi: Press and others, 2021).
///
/// For `n_heads = n`, a power of two, the slopes are `m_h = 2^(−8h / n)` for
/// `h` from 1 to `n`. For another `n` they are those of the largest power of
/// two below it, call it `c`, and behind them the 1st, 3rd, 5th, … of those for
/// `2c`, as many as are missing.
///
/// # Errors
/// [`PositionError::NoHeads`] if `n_heads` is 0.
pub fn alibi_slopes(n_heads: usize) -> Result<Vec<f64>, PositionError> {
    // BEGIN ANSWER
    if n_heads == 0 {
        return Err(PositionError::NoHeads);
    }
    let slope = |h: usize, n: usize| (-8.0 * h as f64 / n as f64).exp2();
    let c = 1 << n_heads.ilog2();
    let own = (1..=c).map(|h| slope(h, c));
    let between = (1..).step_by(2).map(|h| slope(h, 2 * c));
    Ok(own.chain(between).take(n_heads).collect())
    // END ANSWER
}

/// What ALiBi adds to the scores, a tensor `(n_heads, seq, offset + seq)` of
/// type f32: for head `h`, the query at place `t`, which stands at position
/// `p = offset + t`, and the key at position `j`, it is `−m_h · |p − j|`.
///
/// # Errors
/// As [`alibi_slopes`].
pub fn alibi_bias(n_heads: usize, seq: usize, offset: usize) -> Result<Tensor, PositionError> {
    // BEGIN ANSWER
    let keys = offset + seq;
    let mut bias = Vec::with_capacity(n_heads * seq * keys);
    for m in alibi_slopes(n_heads)? {
        for p in offset..keys {
            bias.extend((0..keys).map(|j| (-m * p.abs_diff(j) as f64) as f32));
        }
    }
    Ok(Tensor::from_vec(bias, (n_heads, seq, keys), &Device::Cpu)?)
    // END ANSWER
}

/// The source of a kernel that turns every pair by its position; what it
/// binds is said in the file.
pub fn rope_wgsl() -> &'static str {
    include_str!("../kernels/solution/rope.wgsl")
}
