//! Hard prompt tuning: tokens of a prompt that are searched for, while the weights stay as they are.
//!
//! The learner's part is `exercise.rs`. Given are what is searched in ([`Loss`], [`Table`]), how
//! ([`Settings`]), what comes out ([`Swap`], [`Found`]), a search without slopes to compare with
//! ([`random_search`]), and the loss of a GPT ([`Continuation`]).

extern crate self as hard_prompts;

pub mod checks;
mod error;
mod gpt;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
pub mod worked;

pub use error::SearchError;
pub use gpt::Continuation;
pub use parts::{Found, Loss, Settings, Swap, Table, random_search};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub linear_scores: fn(&Table<'_>, &[u32], &[f32]) -> Result<Vec<f64>, SearchError>,
        pub top_swaps: fn(&[f64], &[u32], &[u32], usize) -> Vec<Swap>,
        pub hard_prompt_search:
            fn(&mut dyn Loss, &Table<'_>, &[u32], &Settings<'_>) -> Result<Found, SearchError>,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "Hard prompt tuning" }
