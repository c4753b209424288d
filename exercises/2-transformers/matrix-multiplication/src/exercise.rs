//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/matrix-multiplication.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade matrix-multiplication`.
//! - Stuck? `cargo study hint matrix-multiplication` gives one hint at a time.

use matrix_multiplication::{Dims, LONGEST, MatmulError};

/// The product of two matrices, `C = A · B`, with
/// `c[i, j] = Σ a[i, p] · b[p, j]` over all `p` from 0 to `k − 1`.
///
/// `a` has the shape `(m, k)`, `b` has `(k, n)`, and the result `(m, n)`; all
/// are row-major: `a[i, p]` is number `i · k + p` of `a`. Sums may be taken in
/// any order, in f32 or f64. A sum of nothing is 0. What is infinite or NaN in
/// `a` or `b` shows in the result: `0 · ∞` is NaN.
///
/// # Errors
/// [`MatmulError::Length`] if `a`, or else `b`, does not have as many numbers as
/// its shape says; [`MatmulError::TooLarge`] if `C` would have more than
/// [`LONGEST`].
pub fn matmul(a: &[f32], b: &[f32], dims: Dims) -> Result<Vec<f32>, MatmulError> {
    todo!("matmul")
}

/// How many numbers a kernel reads from `A` and `B`, if each workgroup computes
/// a tile of `C`, `tile` by `tile`, and reads each number that it needs once.
///
/// A workgroup needs whole rows of `A` and whole columns of `B`: as many as its
/// tile has, but at the edges of `C` only those that there are. With a `tile` of
/// 1 these are the reads of a kernel whose threads share nothing.
///
/// # Errors
/// [`MatmulError::NoTile`] if `tile` is 0; [`MatmulError::TooManyReads`] if the
/// count does not fit into a u64.
pub fn numbers_read(dims: Dims, tile: usize) -> Result<u64, MatmulError> {
    todo!("numbers_read")
}

/// The source of a kernel in which every thread computes one number of `C` by
/// itself; what it binds is said in the file.
pub fn matmul_naive_wgsl() -> &'static str {
    include_str!("../kernels/exercise/matmul_naive.wgsl")
}

/// The source of a kernel whose workgroups fetch tiles of `A` and `B` into
/// workgroup memory.
pub fn matmul_tiled_wgsl() -> &'static str {
    include_str!("../kernels/exercise/matmul_tiled.wgsl")
}

/// The source of a kernel that fetches larger tiles, and in which every thread
/// computes 4 by 4 numbers of `C`.
pub fn matmul_blocked_wgsl() -> &'static str {
    include_str!("../kernels/exercise/matmul_blocked.wgsl")
}
