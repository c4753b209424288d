//! A neural language model: a table that learns the counted bigram, then Bengio's network of 2003.
//!
//! The learner writes `exercise.rs`. Given are a fast [`Matrix`], the [`Model`] with its first
//! weights, the [`Examples`] and how mini-batches are drawn from them, the [`Run`] that training
//! goes on with, and Tinytown as words ([`Town`]). [`exp`], [`tanh`] and [`ln`] have the same bits
//! on every machine.

extern crate self as neural_language_model;

pub mod checks;
mod error;
pub mod example;
mod examples;
mod matrix;
mod model;
mod oracle;
mod quiz;
mod run;
pub mod solution;
mod town;
mod worked;

use rand::Rng;

pub use error::NetError;
pub use examples::Examples;
pub use matrix::Matrix;
pub use model::{Activations, Model, Sizes, draw_token, exp, ln, tanh};
pub use run::{Losses, Run, Settings};
pub use town::Town;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub shift: fn(&[u32], usize, u32) -> Examples,
        pub softmax_loss: fn(&Matrix, &[u32]) -> Result<(f64, Matrix), NetError>,
        pub bigram_gradient: fn(&Matrix, &[u32], &[u32]) -> Result<(f64, Matrix), NetError>,
        pub forward: fn(&Model, &[u32]) -> Result<Activations, NetError>,
        pub backward: fn(&Model, &Examples) -> Result<(f64, Model), NetError>,
        pub train_round:
            fn(&mut Run, &Examples, &Examples, &mut dyn Rng) -> Result<bool, NetError>,
    }
}

grading::lesson! { step: "1-basics", title: "A neural language model" }
