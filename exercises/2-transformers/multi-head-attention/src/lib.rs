//! Multi-head and grouped-query attention: several looks at once, and how to keep them small.
//!
//! The learner's part is `exercise.rs`. Given are the errors ([`HeadError`]), the weights of a
//! layer ([`Mha`], [`Linear`]), sizes of published models ([`models`]), and heads set by hand for
//! the page ([`example`]).

extern crate self as multi_head_attention;

pub mod checks;
mod error;
pub mod example;
mod mha;
pub mod models;
mod oracle;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use error::HeadError;
pub use mha::{Linear, Mha};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub split_heads: fn(&Tensor, usize) -> Result<Tensor, HeadError>,
        pub merge_heads: fn(&Tensor) -> Result<Tensor, HeadError>,
        pub repeat_kv: fn(&Tensor, usize) -> Result<Tensor, HeadError>,
        pub forward:
            fn(&Mha, &Tensor, Option<&Tensor>, Option<&Tensor>) -> Result<Tensor, HeadError>,
        pub kv_bytes: fn(u64, u64, u64, u64, u64, u64) -> Result<u64, HeadError>,
    }
}

grading::lesson! { step: "2-transformers", title: "Multi-head and grouped-query attention" }
