//! A first GPU kernel: one thread a number, a sum as a tree, softmax by rows.
//!
//! The learner's part is `exercise.rs` and the three kernels in `kernels/exercise`. Given is the
//! host side of the kernels ([`run_scale`], [`run_sum`], [`run_softmax`]).

extern crate self as first_gpu_kernel;

pub mod checks;
pub mod fast;
mod host;
mod oracle;
mod quiz;
pub mod solution;
mod tree;
mod worked;

pub use host::{BINDINGS, run_scale, run_softmax, run_sum};
pub use oracle::softmax_rows;
pub use tree::{halvings, sum_by_one, sum_by_tree};

/// Threads of a workgroup, in each kernel of this lesson.
pub const THREADS: u32 = 256;

/// WebGPU runs at most this many workgroups side by side.
pub const WIDEST: u32 = 65_535;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub workgroups: fn(u32) -> [u32; 3],
        pub scale_wgsl: fn() -> &'static str,
        pub sum_wgsl: fn() -> &'static str,
        pub softmax_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "1-basics", title: "A first GPU kernel" }

/// What a learner's first kernel starts from.
pub const SCALE_STUB: &str = grading::kernel_stub!("scale.wgsl");
/// What the second starts from.
pub const SUM_STUB: &str = grading::kernel_stub!("sum.wgsl");
/// What the third starts from.
pub const SOFTMAX_STUB: &str = grading::kernel_stub!("softmax.wgsl");
