//! The reference: a product on the CPU, what a kernel reads for it, and three kernels.

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
    // BEGIN ANSWER
    let Dims { m, k, n } = dims;
    for (name, numbers, shape) in [("a", a, [m, k]), ("b", b, [k, n])] {
        // A count that overflows is none that a slice could have.
        if shape[0].checked_mul(shape[1]) != Some(numbers.len()) {
            return Err(MatmulError::Length { name, shape, len: numbers.len() });
        }
    }
    let len = m.checked_mul(n).filter(|&len| len <= LONGEST);
    let mut c = vec![0.0; len.ok_or(MatmulError::TooLarge([m, n]))?];
    for i in 0..m {
        // For each number of a row of A, a row of B: both are read as they lie in memory.
        for p in 0..k {
            for j in 0..n {
                c[i * n + j] += a[i * k + p] * b[p * n + j];
            }
        }
    }
    Ok(c)
    // END ANSWER
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
    // BEGIN ANSWER
    if tile == 0 {
        return Err(MatmulError::NoTile);
    }
    let Dims { m, k, n } = dims;
    // All of A for each column of tiles, and all of B for each row of them. Two sizes fit into a
    // u128; if the third does not, the count is far beyond a u64.
    let times = |sizes: [usize; 3]| {
        sizes.iter().try_fold(1_u128, |product, &size| product.checked_mul(size as u128))
    };
    let of_a = times([m, k, n.div_ceil(tile)]);
    let of_b = times([k, n, m.div_ceil(tile)]);
    let reads = of_a.zip(of_b).and_then(|(of_a, of_b)| of_a.checked_add(of_b));
    reads.and_then(|reads| u64::try_from(reads).ok()).ok_or(MatmulError::TooManyReads)
    // END ANSWER
}

/// The source of a kernel in which every thread computes one number of `C` by
/// itself; what it binds is said in the file.
pub fn matmul_naive_wgsl() -> &'static str {
    include_str!("../kernels/solution/matmul_naive.wgsl")
}

/// The source of a kernel whose workgroups fetch tiles of `A` and `B` into
/// workgroup memory.
pub fn matmul_tiled_wgsl() -> &'static str {
    include_str!("../kernels/solution/matmul_tiled.wgsl")
}

/// The source of a kernel that fetches larger tiles, and in which every thread
/// computes 4 by 4 numbers of `C`.
pub fn matmul_blocked_wgsl() -> &'static str {
    include_str!("../kernels/solution/matmul_blocked.wgsl")
}
