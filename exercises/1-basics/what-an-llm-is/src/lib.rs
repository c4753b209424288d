//! What an LLM is: a language model, here one made of counts.
//!
//! The learner writes `exercise.rs`. Given are the counts ([`Ngram`], [`Followers`]), so that the
//! lesson is about what to do with them, and [`Copies`], which finds what a text repeats.

extern crate self as what_an_llm_is;

pub mod checks;
mod copies;
mod ngram;
mod oracle;
mod quiz;
pub mod solution;
pub mod words;
mod worked;

use rand::Rng;

pub use copies::Copies;
pub use ngram::{Draw, Followers, Ngram, NgramError};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub fit: fn(&[u32], usize, usize) -> Result<Ngram, NgramError>,
        pub prob: fn(&Ngram, &[u32], u32) -> f64,
        pub perplexity: fn(&Ngram, &[u32]) -> Result<f64, NgramError>,
        pub draw: fn(&Ngram, &[u32], &mut dyn Rng) -> Draw,
        pub generate: fn(&Ngram, &[u32], usize, &mut dyn Rng) -> Vec<u32>,
    }
}

grading::lesson! { step: "1-basics", title: "What an LLM is" }
