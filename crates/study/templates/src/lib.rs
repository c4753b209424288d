//! @title@: the mean of some numbers.
//!
//! The learner's part is `exercise.rs`. Given is the error that it returns, [`Empty`].

extern crate self as @module@;

pub mod checks;
mod empty;
mod quiz;
pub mod solution;
mod worked;

pub use empty::Empty;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub mean: fn(&[f64]) -> Result<f64, Empty>,
    }
}

grading::lesson! { step: "@step@", title: "@title@" }
