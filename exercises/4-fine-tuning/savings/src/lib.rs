//! How much does it save: what each way of tuning costs, and which of them nothing beats.
//!
//! The learner's part is `exercise.rs`. Given are the shape of a GPT-2 ([`Shape`], [`Target`]), the
//! ways to tune it ([`Method`]), what a training keeps in memory ([`Training`]), and the points of a
//! plot ([`Point`]).

extern crate self as savings;

pub mod checks;
mod error;
pub mod measured;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
mod worked;

pub use error::SavingsError;
pub use parts::{Method, Point, Shape, Target, Training};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub trainable: fn(&Shape, &Method) -> u64,
        pub training_bytes: fn(&Training) -> Result<f64, SavingsError>,
        pub forgotten: fn(f64, f64) -> Result<f64, SavingsError>,
        pub pareto_front: fn(&[Point]) -> Result<Vec<usize>, SavingsError>,
        pub break_even: fn(u64, u64, u64) -> Option<u64>,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "How much does it save" }
