//! Backpropagation: from a computation to the gradient of its result for every number in it.
//!
//! The learner writes `exercise.rs`. Given are the [`Tape`] on which a computation is written
//! down, a small [`Matrix`], and [`parse`](expression::parse), which makes a tape from text.

extern crate self as backpropagation;

pub mod checks;
pub mod example;
pub mod expression;
mod matrix;
mod oracle;
mod quiz;
pub mod solution;
mod tape;
mod worked;

pub use matrix::{Matrix, ShapeError};
pub use tape::{Node, Op, Tape, TapeError};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub numeric_gradients: fn(&dyn Fn(&[f64]) -> f64, &[f64], f64) -> Vec<f64>,
        pub local_gradients: fn(Op, &[f64], f64) -> Vec<f64>,
        pub backward: fn(&Tape, usize) -> Result<Vec<f64>, TapeError>,
        pub matmul_backward: fn(&Matrix, &Matrix, &Matrix) -> Result<(Matrix, Matrix), ShapeError>,
        pub bias_backward: fn(&Matrix) -> Vec<f64>,
    }
}

grading::lesson! { step: "1-basics", title: "Backpropagation" }
