//! T5 and BART: one stack of blocks reads, another writes and looks at what was read.
//!
//! The learner's part is `exercise.rs`. Given are the sizes and the tensors of both models
//! ([`T5`], [`Bart`]), what a decoder looks at ([`Source`], [`Encoded`]), rows of a table
//! ([`rows_of`]), and how a model writes ([`generate`]).

extern crate self as t5_and_bart;

mod bart;
pub mod checks;
mod config;
mod error;
pub mod example;
mod oracle;
mod quiz;
pub mod solution;
mod source;
mod t5;
mod worked;

use candle_core::Tensor;

pub use bart::{BART_EPS, Bart, BartAttention, BartBlock, BartStack, Norm};
pub use config::{BartConfig, T5Config};
pub use error::SeqError;
pub use source::{Encoded, Source, generate, rows_of};
pub use t5::{FeedForward, T5, T5Attention, T5Block, T5Stack};

/// What [`solution::t5_attention`] is.
pub type Attend = fn(
    &multi_head_attention::Mha,
    &Tensor,
    Option<&Tensor>,
    Option<&Tensor>,
    Option<&Tensor>,
) -> Result<Tensor, SeqError>;

/// What [`solution::t5_block`] is.
pub type T5BlockForward = fn(
    &Tensor,
    &T5Block,
    f64,
    &Tensor,
    Option<&Tensor>,
    Option<&Encoded>,
) -> Result<Tensor, SeqError>;

/// What [`solution::bart_block`] is.
pub type BartBlockForward =
    fn(&Tensor, &BartBlock, Option<&Tensor>, Option<&Encoded>) -> Result<Tensor, SeqError>;

/// What [`solution::t5_forward`] is, and of another model [`solution::bart_forward`].
pub type Forward<Model> = fn(&Model, &Source, &Tensor) -> Result<(Tensor, Encoded), SeqError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub t5_bucket: fn(i64, bool, usize, usize) -> Result<usize, SeqError>,
        pub position_bias:
            fn(&Tensor, bool, usize, [usize; 2], usize) -> Result<Tensor, SeqError>,
        pub t5_attention: Attend,
        pub t5_block: T5BlockForward,
        pub t5_forward: Forward<T5>,
        pub shift_right: fn(&Tensor, u32, u32) -> Result<Tensor, SeqError>,
        pub bart_embed: fn(&BartStack, &Tensor, f64, &Tensor) -> Result<Tensor, SeqError>,
        pub bart_block: BartBlockForward,
        pub bart_forward: Forward<Bart>,
    }
}

grading::lesson! { step: "2-transformers", title: "T5 and BART: encoder-decoder" }
