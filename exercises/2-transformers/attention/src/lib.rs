//! Attention: who looks at whom, and what it takes from them.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/attention.wgsl`. Given are the errors
//! ([`AttentionError`]), the side of padding ([`Side`]), the host side of the kernel
//! ([`run_attention`]), and the words of the page ([`example`]).

extern crate self as attention;

pub mod checks;
mod error;
pub mod example;
mod host;
mod oracle;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use error::AttentionError;
pub use host::{BINDINGS, ENTRY, MOST_COLUMNS, Sizes, run_attention};

/// On which side of a text its padding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before the text, so that all texts end together.
    Left,
    /// Behind the text.
    Right,
}

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub causal_mask: fn(usize, usize) -> Result<Tensor, AttentionError>,
        pub padding_mask: fn(&[usize], usize, Side) -> Result<Tensor, AttentionError>,
        pub sdpa: fn(&Tensor, &Tensor, &Tensor, Option<&Tensor>) -> Result<Tensor, AttentionError>,
        pub attention_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "2-transformers", title: "Attention" }

/// What a learner's kernel starts from.
pub const ATTENTION_STUB: &str = grading::kernel_stub!("attention.wgsl");
