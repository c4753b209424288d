//! The reference: the grid of a kernel, and three kernels.

use first_gpu_kernel::{THREADS, WIDEST};

/// The grid for `n` numbers, one thread a number: how many workgroups of
/// [`THREADS`] stand side by side in a line, how many lines there are, and 1.
///
/// One line is as long as the numbers need, and no longer. If that is more than
/// [`WIDEST`] workgroups, there are several lines, each of them `WIDEST` wide,
/// and as few as hold all numbers: the last may reach past the last number. No
/// numbers need no workgroup and no line: `[0, 0, 1]`.
pub fn workgroups(n: u32) -> [u32; 3] {
    // BEGIN ANSWER
    // Rounded up twice. (n + 255) / 256 would overflow near the end of u32.
    let count = n.div_ceil(THREADS);
    [count.min(WIDEST), count.div_ceil(WIDEST), 1]
    // END ANSWER
}

/// The source of a kernel that multiplies every number of an array by the
/// same factor; what it binds is said in the file.
pub fn scale_wgsl() -> &'static str {
    include_str!("../kernels/solution/scale.wgsl")
}

/// The source of a kernel that adds up every row of a matrix `(rows, cols)`;
/// what it binds is said in the file.
pub fn sum_wgsl() -> &'static str {
    include_str!("../kernels/solution/sum.wgsl")
}

/// The source of a kernel that takes the softmax of every row of a matrix
/// `(rows, cols)`; what it binds is said in the file.
pub fn softmax_wgsl() -> &'static str {
    include_str!("../kernels/solution/softmax.wgsl")
}
