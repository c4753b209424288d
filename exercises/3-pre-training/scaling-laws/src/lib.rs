//! Batch size and scaling laws: what a budget of compute is best spent on.
//!
//! The learner's part is `exercise.rs`. Given are a law of the loss with two published fits
//! ([`Law`], [`HOFFMANN`], [`BESIROGLU`]), the quantities that go in and come out, and [`minimize`],
//! which walks downhill from a start.

extern crate self as scaling_laws;

pub mod checks;
mod error;
mod law;
pub mod measured;
mod minimize;
mod oracle;
mod quantities;
mod quiz;
pub mod solution;
mod worked;

pub use error::ScalingError;
pub use law::{BESIROGLU, DELTA, Fit, HOFFMANN, Law, Point, Run, few_starts};
pub use minimize::minimize;
pub use quantities::{Cost, Noise, Optimum, SquaredNorm, Vertex, big};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub training_flops: fn(f64, f64) -> f64,
        pub optimal: fn(&Law, f64) -> Result<Optimum, ScalingError>,
        pub isoflop_minimum: fn(&[(f64, f64)]) -> Result<Vertex, ScalingError>,
        pub objective: fn(&Point, &[Run]) -> (f64, Point),
        pub fit_chinchilla: fn(&[Run], &[Point]) -> Result<Fit, ScalingError>,
        pub noise_scale: fn(&SquaredNorm, &SquaredNorm) -> Result<Noise, ScalingError>,
        pub noise_of_examples: fn(&[Vec<f64>]) -> Result<Noise, ScalingError>,
        pub steps_and_examples: fn(&Cost, f64) -> Result<Cost, ScalingError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Batch size and scaling laws" }
