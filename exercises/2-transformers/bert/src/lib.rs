//! BERT: an encoder-only transformer with the weights of others.
//!
//! The learner's part is `exercise.rs`. Given are the sizes ([`Config`]) and the tensors ([`Bert`])
//! of a model, from a checkpoint or drawn; its tokenizer ([`Tokenizer`]); sentences with their
//! vectors ([`sentences`]); and words guessed by counts, for comparison ([`gap`]).

extern crate self as bert;

pub mod checks;
mod config;
mod error;
pub mod gap;
mod model;
mod oracle;
mod quiz;
pub mod sentences;
pub mod solution;
mod tokenizer;
mod worked;

use candle_core::Tensor;

pub use config::Config;
pub use error::BertError;
pub use model::{Bert, Embeddings, Layer, Linear, MlmHead, Norm};
pub use tokenizer::{Batch, Encoded, Tokenizer};

/// What [`solution::forward`] is.
pub type Forward =
    fn(&Bert, &Tensor, Option<&Tensor>, Option<&Tensor>) -> Result<Tensor, BertError>;

/// What [`solution::embed`] is.
pub type Embed = fn(&Embeddings, &Config, &Tensor, Option<&Tensor>) -> Result<Tensor, BertError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub linear: fn(&Tensor, &Tensor, &Tensor) -> Result<Tensor, BertError>,
        pub embed: Embed,
        pub block: fn(&Tensor, &Layer, &Config, Option<&Tensor>) -> Result<Tensor, BertError>,
        pub forward: Forward,
        pub mlm_logits: fn(&Bert, &Tensor) -> Result<Tensor, BertError>,
        pub mean_pool: fn(&Tensor, &Tensor) -> Result<Tensor, BertError>,
    }
}

grading::lesson! { step: "2-transformers", title: "BERT: encoder-only" }
