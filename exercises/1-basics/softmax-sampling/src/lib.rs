//! From scores to the next token: softmax on the CPU, sampling with filters, softmax on the GPU.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/softmax.wgsl`. Given are the settings
//! of a sampler ([`Sampling`]), the host side of the kernel ([`run_softmax`]) and a small model
//! whose scores are real ([`NextWords`]).

extern crate self as softmax_sampling;

pub mod checks;
pub mod fast;
mod host;
mod next_words;
mod oracle;
mod quiz;
mod sampling;
pub mod solution;
mod worked;

use candle_core::Tensor;
use rand::Rng;

pub use host::{BINDINGS, ENTRY, SoftmaxKernel, run_softmax};
pub use next_words::{ALICE, NextWords};
pub use sampling::{SampleError, Sampling};
pub use worked::LOGITS;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub softmax: fn(&Tensor, usize) -> candle_core::Result<Tensor>,
        pub filtered_probs: fn(&[f32], &Sampling) -> Result<Vec<f64>, SampleError>,
        pub sample: fn(&[f32], &Sampling, &mut dyn Rng) -> Result<usize, SampleError>,
        pub penalize: fn(&[f32], &[usize], f64) -> Result<Vec<f32>, SampleError>,
        pub softmax_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "1-basics", title: "Softmax and sampling" }

/// What a learner's kernel starts from.
pub const SOFTMAX_STUB: &str = grading::kernel_stub!("softmax.wgsl");
