//! From scores to the next token: softmax, and sampling with filters.
//!
//! The learner's part is `exercise.rs`. Given are the settings of a sampler ([`Sampling`]) and a
//! small model whose scores are real ([`NextWords`]). Later lessons take softmax from [`fast`].

extern crate self as softmax_sampling;

pub mod checks;
pub mod fast;
mod next_words;
mod oracle;
mod quiz;
mod sampling;
pub mod solution;
mod worked;

use candle_core::Tensor;
use rand::Rng;

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
    }
}

grading::lesson! { step: "1-basics", title: "Softmax and sampling" }
