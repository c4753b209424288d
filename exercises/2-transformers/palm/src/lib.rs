//! PaLM: what a larger model changes in the block.
//!
//! The learner's part is `exercise.rs`. Given are the sizes ([`Config`]) and the tensors ([`Palm`])
//! of a model, what is kept of tokens already read ([`KeysValues`]), the models of the paper
//! ([`published()`]), and what blocks of several designs cost ([`design`]).

extern crate self as palm;

pub mod checks;
mod config;
pub mod design;
mod error;
mod model;
mod oracle;
mod parts;
mod published;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use config::Config;
pub use error::PalmError;
pub use model::{Attention, Block, KeysValues, Linear, Mlp, Palm};
pub use parts::Parameters;
pub use published::{Published, published};

/// What [`solution::multi_query_attention`] is.
pub type AttentionForward = fn(
    &Tensor,
    &Attention,
    &Config,
    Option<&KeysValues>,
    Option<&Tensor>,
) -> Result<(Tensor, KeysValues), PalmError>;

/// What [`solution::palm_block`] is.
pub type BlockForward = fn(
    &Tensor,
    &Block,
    &Config,
    Option<&KeysValues>,
    Option<&Tensor>,
) -> Result<(Tensor, KeysValues), PalmError>;

/// What [`solution::palm_forward`] is.
pub type Forward =
    fn(&Palm, &Tensor, &[KeysValues]) -> Result<(Tensor, Vec<KeysValues>), PalmError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub swiglu_mlp: fn(&Tensor, &Mlp) -> Result<Tensor, PalmError>,
        pub multi_query_attention: AttentionForward,
        pub palm_block: BlockForward,
        pub palm_forward: Forward,
        pub parameters: fn(&Config) -> Parameters,
    }
}

grading::lesson! { step: "2-transformers", title: "PaLM" }
