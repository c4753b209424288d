//! Soft prompt and prefix tuning: a model is steered through what it reads, and no weight changes.
//!
//! The learner's part is `exercise.rs`. Given are the tables of a model's embeddings ([`Tables`]), what
//! goes into its first block ([`Input`]), a head of attention with a prefix ([`Head`]), and what plugs
//! the learner's functions into Buddy ([`SoftPrompt`], [`Prefix`]).

extern crate self as soft_prompts;

pub mod checks;
mod error;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
mod tunings;
mod worked;

use small_gpt::Texts;

pub use error::PromptError;
pub use parts::{Head, Input, Tables};
pub use tunings::{Prefix, SoftPrompt};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub prompt_from_text: fn(&Tables<'_>, &[u32], usize) -> Result<Vec<f32>, PromptError>,
        pub soft_prompt: fn(&Tables<'_>, &[f32], Texts<'_>) -> Result<Input, PromptError>,
        pub prompt_gradient: fn(&[f32], usize, usize, usize) -> Result<Vec<f32>, PromptError>,
        pub prefix_kv:
            fn(&[f32], usize, usize, usize) -> Result<[Vec<f32>; 2], PromptError>,
        pub attend_with_prefix: fn(&Head<'_>) -> Vec<f32>,
        pub prefix_gradient: fn(&Head<'_>, &[f32]) -> Result<[Vec<f32>; 2], PromptError>,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "Soft prompt and prefix tuning" }
