//! RoBERTa and XLNet: what can be changed in how BERT is trained.
//!
//! The learner's part is `exercise.rs`. Given are the sizes ([`Config`]) and the tensors ([`XlNet`])
//! of an XLNet, its waves ([`relative_encoding`]), masks for both streams ([`Masks`],
//! [`StreamMasks`]), and a RoBERTa made of BERT's parts ([`Roberta`]).

extern crate self as roberta_and_xlnet;

pub mod checks;
mod error;
mod masks;
mod model;
mod oracle;
mod quiz;
mod roberta;
pub mod solution;
mod worked;

use candle_core::Tensor;
use rand::Rng;

pub use error::{Stream, XlNetError};
pub use masks::{Masks, StreamMasks};
pub use model::{
    Activation, Config, FeedForward, Layer, RelativeAttention, XlNet, relative_encoding,
};
pub use roberta::Roberta;

/// The share of ordinary tokens that is hidden.
pub const RATE: f64 = 0.15;

/// What [`solution::two_stream`] is.
pub type TwoStream = fn(
    &Tensor,
    &Tensor,
    &RelativeAttention,
    &Config,
    &StreamMasks,
) -> Result<(Tensor, Tensor), XlNetError>;

/// What [`solution::forward`] is.
pub type Forward = fn(&XlNet, &Tensor, &StreamMasks, Option<&Tensor>) -> Result<Tensor, XlNetError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub roberta_positions: fn(&[u32], u32) -> Vec<u32>,
        pub dynamic_mask: fn(&[bool], &mut dyn Rng) -> Vec<usize>,
        pub permutation_masks: fn(&[usize]) -> Result<Masks, XlNetError>,
        pub rel_shift: fn(&Tensor) -> Result<Tensor, XlNetError>,
        pub two_stream: TwoStream,
        pub forward: Forward,
    }
}

grading::lesson! { step: "2-transformers", title: "RoBERTa and XLNet" }
