//! LoRA of a GPT-2 trained on the GPU, in one submission a step.
//!
//! The kernels are those that lessons teach: products of matrices, the way forward and back of
//! *Training on the GPU*, cross entropy, AdamW, and the kernel of LoRA's own lesson for what a pair
//! adds. The model is frozen: slopes go through its layers, and none are made for its weights.
//!
//! A step reads texts of which one thing is asked, the token that follows ([`Asked`]): so logits are
//! made at one place of each text only.

mod kernels;
mod model;
mod pairs;
mod plan;
mod tuner;

pub use tuner::{Asked, GpuTuner, Logits, Optimizer};
