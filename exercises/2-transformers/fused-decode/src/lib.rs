//! One dispatch a token: GPT-2's step as one kernel, from the embedding to the logits.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/decode_step.wgsl`. Given are the
//! tensors of a model ([`Model`], [`tensors`]), the errors ([`FusedError`]), the host side of both
//! ways ([`OneDispatch`], [`ManyDispatches`]) with the kernels of the second
//! (`kernels/given/many.wgsl`), what a step costs ([`cost`]), and the same number by number
//! ([`example`]).

extern crate self as fused_decode;

pub mod checks;
pub mod cost;
mod error;
pub mod example;
mod host;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
mod worked;

use gpt::Config;

pub use error::FusedError;
pub use host::{BINDINGS, ENTRY, Handing, ManyDispatches, OneDispatch, cache_len, uniforms, words};
pub use parts::{
    Launch, MOST_BYTES, MOST_EMBD, MOST_INNER, MOST_SCORES, Model, Op, Place, Precision, tensors,
};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub layout: fn(&Config) -> Result<Vec<Place>, FusedError>,
        pub pack_f16: fn(&[f32]) -> Vec<u32>,
        pub plan: fn(&Config) -> Vec<Launch>,
        pub decode_step_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "2-transformers", title: "One dispatch a token" }

/// What a learner's kernel starts from.
pub const DECODE_STEP_STUB: &str = grading::kernel_stub!("decode_step.wgsl");
