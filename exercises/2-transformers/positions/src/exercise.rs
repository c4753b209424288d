//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/positions.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade positions`.
//! - Stuck? `cargo study hint positions` gives one hint at a time.

use candle_core::{Device, Tensor};

use positions::{BASE, PositionError};

/// How fast each pair of numbers turns, in radians a position:
/// `ω_i = θ^(−2i / dim)` for `i` from 0 to `dim / 2 − 1`, the fastest first.
///
/// # Errors
/// [`PositionError::Odd`] unless `dim` is even and not 0;
/// [`PositionError::Base`] unless `theta` is finite and at least 1.
pub fn frequencies(dim: usize, theta: f64) -> Result<Vec<f64>, PositionError> {
    todo!("frequencies")
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
    todo!("sinusoidal")
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
    todo!("rope")
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
    todo!("alibi_slopes")
}

/// What ALiBi adds to the scores, a tensor `(n_heads, seq, offset + seq)` of
/// type f32: for head `h`, the query at place `t`, which stands at position
/// `p = offset + t`, and the key at position `j`, it is `−m_h · |p − j|`.
///
/// # Errors
/// As [`alibi_slopes`].
pub fn alibi_bias(n_heads: usize, seq: usize, offset: usize) -> Result<Tensor, PositionError> {
    todo!("alibi_bias")
}

/// The source of a kernel that turns every pair by its position; what it
/// binds is said in the file.
pub fn rope_wgsl() -> &'static str {
    include_str!("../kernels/exercise/rope.wgsl")
}
