//! GPT: a decoder-only transformer with the weights of GPT-2.
//!
//! The learner's part is `exercise.rs`. Given are the sizes ([`Config`]) and the tensors ([`Gpt2`])
//! of a model, from a checkpoint or drawn; what is kept of tokens already read ([`KeysValues`]); and
//! what [`solution::generate`] asks a model for ([`Decoder`]).

extern crate self as gpt;

pub mod checks;
mod config;
mod decoder;
mod error;
pub mod example;
mod model;
mod oracle;
mod parts;
mod published;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;
use rand::Rng;

pub use config::Config;
pub use decoder::{Decoder, Generation, Gpt2Decoder};
pub use error::GptError;
pub use model::{Attention, Block, Conv1d, Gpt2, KeysValues, Mlp, Norm};
pub use parts::Parameters;
pub use published::{Published, buddy, published};

/// What [`solution::forward`] is.
pub type Forward = fn(
    &Gpt2,
    &Tensor,
    Option<&Tensor>,
    &[KeysValues],
) -> Result<(Tensor, Vec<KeysValues>), GptError>;

/// What [`solution::block`] is.
pub type BlockForward = fn(
    &Tensor,
    &Block,
    &Config,
    Option<&KeysValues>,
    Option<&Tensor>,
) -> Result<(Tensor, KeysValues), GptError>;

/// What [`solution::generate`] is.
pub type Generate = fn(
    &mut dyn Decoder,
    &[u32],
    &Generation,
    &mut dyn Rng,
    &mut dyn FnMut(u32),
) -> Result<Vec<u32>, GptError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub conv1d: fn(&Tensor, &Tensor, &Tensor) -> Result<Tensor, GptError>,
        pub split_qkv: fn(&Tensor, usize) -> Result<[Tensor; 3], GptError>,
        pub block: BlockForward,
        pub forward: Forward,
        pub generate: Generate,
        pub parameters: fn(&Config) -> Parameters,
    }
}

grading::lesson! { step: "2-transformers", title: "GPT: decoder-only" }
