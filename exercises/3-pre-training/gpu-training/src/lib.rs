//! Training on the GPU: the way back through a GPT as kernels, and all of a step in one submission.
//!
//! The learner's part is `exercise.rs` and the six kernels in `kernels/exercise`. Given are the names
//! of what a block keeps and of what goes back through it ([`Of`], [`Pass`]), the kernels of the way
//! forward ([`GIVEN`]), the two trainers ([`GpuTrainer`], [`CpuTrainer`]), and what they read
//! ([`Letters`]).

extern crate self as gpu_training;

mod block;
mod builder;
pub mod checks;
mod cpu;
mod given;
mod job;
mod letters;
mod quiz;
pub mod solution;
mod trainer;
mod worked;

pub use block::{Linear, Norm, Of, Pass};
pub use cpu::{CpuTrainer, Update};
pub use given::{GIVEN, KernelSource, kernels_back};
pub use job::{Data, Job, Lies, Wanted};
pub use letters::Letters;
pub use trainer::GpuTrainer;
pub use worked::dispatches;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub matmul_strided_wgsl: fn() -> &'static str,
        pub gelu_backward_wgsl: fn() -> &'static str,
        pub layer_norm_backward_wgsl: fn() -> &'static str,
        pub layer_norm_parameters_backward_wgsl: fn() -> &'static str,
        pub attention_backward_wgsl: fn() -> &'static str,
        pub embedding_backward_wgsl: fn() -> &'static str,
        pub block_backward: fn() -> Vec<Pass>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Training on the GPU" }

/// What a learner's kernels start from, by their names.
pub const STUBS: [(&str, &str); 6] = [
    ("matmul_strided", grading::kernel_stub!("matmul_strided.wgsl")),
    ("gelu_backward", grading::kernel_stub!("gelu_backward.wgsl")),
    ("layer_norm_backward", grading::kernel_stub!("layer_norm_backward.wgsl")),
    (
        "layer_norm_parameters_backward",
        grading::kernel_stub!("layer_norm_parameters_backward.wgsl"),
    ),
    ("attention_backward", grading::kernel_stub!("attention_backward.wgsl")),
    ("embedding_backward", grading::kernel_stub!("embedding_backward.wgsl")),
];
