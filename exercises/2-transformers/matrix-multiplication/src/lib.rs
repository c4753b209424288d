//! Matrix multiplication on the GPU: the product in which a transformer spends most of its time,
//! from a plain kernel to one that seldom goes to memory.
//!
//! The learner's part is `exercise.rs` and three kernels in `kernels/exercise`. Given are the sizes
//! ([`Dims`]) and the errors ([`MatmulError`]), the host side of the kernels ([`Product`]), the
//! roofline ([`Machine`]), who reads what ([`readers`]), and what a library would use ([`fast`]).

extern crate self as matrix_multiplication;

pub mod checks;
mod error;
pub mod example;
pub mod fast;
mod host;
mod oracle;
mod quiz;
pub mod readers;
mod roofline;
pub mod solution;
mod worked;

pub use error::MatmulError;
pub use host::{BINDINGS, Kernel, Product, run_matmul};
pub use roofline::{Machine, intensity};

/// The most numbers of a matrix: those of the longest storage buffer that WebGPU promises,
/// 128 MiB of f32.
pub const LONGEST: usize = 1 << 25;

/// The sizes of a product: `A` has the shape `(m, k)`, `B` has `(k, n)`, and `C` has `(m, n)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dims {
    /// Rows of `A` and of `C`.
    pub m: usize,
    /// Columns of `A`, rows of `B`: what is summed over.
    pub k: usize,
    /// Columns of `B` and of `C`.
    pub n: usize,
}

impl Dims {
    /// Of square matrices.
    pub const fn square(size: usize) -> Self {
        Self { m: size, k: size, n: size }
    }

    /// Multiplications and additions: `2 m k n`.
    pub fn flops(self) -> f64 {
        2.0 * self.m as f64 * self.k as f64 * self.n as f64
    }
}

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub matmul: fn(&[f32], &[f32], Dims) -> Result<Vec<f32>, MatmulError>,
        pub numbers_read: fn(Dims, usize) -> Result<u64, MatmulError>,
        pub matmul_naive_wgsl: fn() -> &'static str,
        pub matmul_tiled_wgsl: fn() -> &'static str,
        pub matmul_blocked_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "2-transformers", title: "Matrix multiplication on the GPU" }

/// What a learner's kernels start from.
pub const NAIVE_STUB: &str = grading::kernel_stub!("matmul_naive.wgsl");
/// See [`NAIVE_STUB`].
pub const TILED_STUB: &str = grading::kernel_stub!("matmul_tiled.wgsl");
/// See [`NAIVE_STUB`].
pub const BLOCKED_STUB: &str = grading::kernel_stub!("matmul_blocked.wgsl");
