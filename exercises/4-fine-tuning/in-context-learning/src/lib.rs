//! In-context learning: a model that is shown examples in its prompt, and whose weights stay as they are.
//!
//! The learner's part is `exercise.rs`. Given are what prompts are made of ([`Example`], [`Template`],
//! [`Prompt`]), what is asked of a model ([`LanguageModel`]), and what comes out ([`Ranking`]).

extern crate self as in_context_learning;

pub mod checks;
mod error;
pub mod measured;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
mod worked;

pub use error::IclError;
pub use parts::{Example, LanguageModel, Normalize, Pair, Prompt, Ranking, Template};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub few_shot_prompt: fn(
            &dyn LanguageModel,
            &str,
            &Template,
            &[Example],
            &str,
            usize,
        ) -> Result<Prompt, IclError>,
        pub encode_pair: fn(&dyn LanguageModel, &str, &str) -> Pair,
        pub answer_log_probs: fn(&mut dyn LanguageModel, &Pair) -> Result<Vec<f64>, IclError>,
        pub choice_scores: fn(&[Vec<f64>], &[String], Normalize) -> Result<Vec<f64>, IclError>,
        pub icl_rank:
            fn(&mut dyn LanguageModel, &str, &[String], Normalize) -> Result<Ranking, IclError>,
        pub calibrate: fn(&[f64], &[Vec<f64>]) -> Result<Vec<f64>, IclError>,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "In-context learning" }
