//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/first-gpu-kernel.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade first-gpu-kernel`.
//! - Stuck? `cargo study hint first-gpu-kernel` gives one hint at a time.

use first_gpu_kernel::{THREADS, WIDEST};

/// The grid for `n` numbers, one thread a number: how many workgroups of
/// [`THREADS`] stand side by side in a line, how many lines there are, and 1.
///
/// One line is as long as the numbers need, and no longer. If that is more than
/// [`WIDEST`] workgroups, there are several lines, each of them `WIDEST` wide,
/// and as few as hold all numbers: the last may reach past the last number. No
/// numbers need no workgroup and no line: `[0, 0, 1]`.
pub fn workgroups(n: u32) -> [u32; 3] {
    todo!("workgroups")
}

/// The source of a kernel that multiplies every number of an array by the
/// same factor; what it binds is said in the file.
pub fn scale_wgsl() -> &'static str {
    include_str!("../kernels/exercise/scale.wgsl")
}

/// The source of a kernel that adds up every row of a matrix `(rows, cols)`;
/// what it binds is said in the file.
pub fn sum_wgsl() -> &'static str {
    include_str!("../kernels/exercise/sum.wgsl")
}

/// The source of a kernel that takes the softmax of every row of a matrix
/// `(rows, cols)`; what it binds is said in the file.
pub fn softmax_wgsl() -> &'static str {
    include_str!("../kernels/exercise/softmax.wgsl")
}
