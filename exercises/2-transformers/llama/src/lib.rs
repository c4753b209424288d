//! Review and project: a Llama made of the parts of the step.
//!
//! The learner's part is `exercise.rs`. Given are the sizes ([`Config`]) and the tensors ([`Llama`])
//! of a model as its checkpoint has them, what is kept of tokens already read ([`KeysValues`]), what
//! [`solution::continue_texts`] asks a model for ([`Decoder`]), and published sizes ([`published()`]).

extern crate self as llama;

pub mod checks;
mod config;
mod decoder;
mod error;
mod model;
mod oracle;
mod published;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use config::Config;
pub use decoder::{Decoder, LlamaDecoder};
pub use error::LlamaError;
pub use model::{Attention, Block, KeysValues, Llama};
pub use palm::{Linear, Mlp};
pub use published::{Exchanges, Published, published};

/// What [`solution::llama_attention`] is.
pub type AttentionForward = fn(
    &Tensor,
    &Attention,
    &Config,
    &Tensor,
    Option<&KeysValues>,
    Option<&Tensor>,
) -> Result<(Tensor, KeysValues), LlamaError>;

/// What [`solution::llama_block`] is.
pub type BlockForward = fn(
    &Tensor,
    &Block,
    &Config,
    &Tensor,
    Option<&KeysValues>,
    Option<&Tensor>,
) -> Result<(Tensor, KeysValues), LlamaError>;

/// What [`solution::llama_forward`] is.
pub type Forward = fn(
    &Llama,
    &Tensor,
    Option<&Tensor>,
    &[KeysValues],
) -> Result<(Tensor, Vec<KeysValues>), LlamaError>;

/// What [`solution::continue_texts`] is.
pub type Continue =
    fn(&mut dyn Decoder, &[Vec<u32>], usize, &[u32]) -> Result<Vec<Vec<u32>>, LlamaError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub rope_at: fn(&Tensor, &Tensor, f64) -> Result<Tensor, LlamaError>,
        pub llama_attention: AttentionForward,
        pub llama_block: BlockForward,
        pub llama_forward: Forward,
        pub continue_texts: Continue,
    }
}

grading::lesson! { step: "2-transformers", title: "Review and project: Llama" }
