//! The training loop: what turns text into a model, and survives being stopped.
//!
//! The learner's part is `exercise.rs`. Given are the rows that a model reads ([`Rows`]), how it is
//! trained ([`Settings`]), all that a run is ([`State`]), what a step tells ([`Report`]), and what a
//! checkpoint says of itself ([`Header`]). The model with its gradients is that of `small_gpt`.

extern crate self as training_loop;

pub mod checks;
mod error;
mod header;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
mod worked;

use small_gpt::{Engine, Model};

pub use error::LoopError;
pub use header::Header;
pub use parts::{Report, Rows, Settings, State};

/// What is called after each step; training goes on as long as it says so.
pub type OnStep<'a> = dyn FnMut(&State, &Report) -> bool + 'a;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub rows_at: fn(usize, usize, u64, usize) -> Result<Vec<usize>, LoopError>,
        pub train_step:
            fn(&mut State, &Rows, &Settings, &mut Engine) -> Result<Report, LoopError>,
        pub evaluate: fn(&Model, &Rows, usize, &mut Engine) -> Result<f64, LoopError>,
        pub train: fn(
            &mut State,
            &Rows,
            &Settings,
            &mut Engine,
            usize,
            &mut OnStep<'_>,
        ) -> Result<(), LoopError>,
        pub checkpoint: fn(&State) -> Result<Vec<u8>, LoopError>,
        pub restore: fn(&[u8]) -> Result<State, LoopError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "The training loop" }
