//! Schedules and stability: a learning rate that rises and falls, and a training that survives a bad
//! batch and small numbers.
//!
//! The learner's part is `exercise.rs`. Given are what it works with ([`Schedule`], [`MicroBatch`],
//! [`LossScaler`]), numbers of 16 bits ([`to_f16`]), and a network that is trained with all of it
//! ([`training`]).

extern crate self as schedules_and_stability;

pub mod checks;
mod error;
mod half;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
pub mod training;
mod worked;

pub use error::StabilityError;
pub use half::to_f16;
pub use parts::{Accumulated, Decay, IGNORE, LossScaler, MicroBatch, Schedule};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub lr_at: fn(&Schedule, usize) -> f64,
        pub clip_grad_norm: fn(&mut [&mut [f32]], f64) -> Result<f64, StabilityError>,
        pub accumulate: fn(&[MicroBatch]) -> Result<Accumulated, StabilityError>,
        pub unscale: fn(&mut [&mut [f32]], f32) -> bool,
        pub update_scale: fn(&mut LossScaler, bool),
    }
}

grading::lesson! { step: "3-pre-training", title: "Schedules and stability" }
