//! Review and project: the pieces of step 1, put together to write text.
//!
//! The learner writes `exercise.rs` with the solutions of the other lessons. Given are what a
//! Buddy is made of ([`Buddy`]) and what can go wrong ([`BuddyError`]).

extern crate self as review;

mod buddy;
pub mod checks;
pub mod example;
mod oracle;
mod quiz;
pub mod solution;
mod worked;

use rand::Rng;
use softmax_sampling::Sampling;

pub use buddy::{Buddy, BuddyError, Choice};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub train: fn(&str, usize, usize) -> Result<Buddy, BuddyError>,
        pub next_logits: fn(&Buddy, &[u32]) -> Vec<f32>,
        pub bits_per_byte: fn(&Buddy, &str) -> Result<f64, BuddyError>,
        pub choose_order: fn(&str, &str, usize, &[usize]) -> Result<Choice, BuddyError>,
        pub complete: fn(&Buddy, &str, &Sampling, usize, &mut dyn Rng) -> Result<String, BuddyError>,
    }
}

grading::lesson! { step: "1-basics", title: "Review and project" }
