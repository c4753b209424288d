//! Objectives: questions that a text sets by itself.
//!
//! The learner's part is `exercise.rs`. Given are what an objective makes of a text ([`Example`],
//! [`Denoising`], [`Pair`]), its settings ([`Masking`], [`Spans`], [`Infilling`], [`Sentinels`]), and
//! lengths drawn from a Poisson distribution ([`poisson`]).

extern crate self as objectives;

pub mod checks;
mod error;
mod oracle;
mod quiz;
mod settings;
pub mod solution;
mod text;
mod worked;

use rand::Rng;

pub use error::ObjectiveError;
pub use settings::{Infilling, Masking, Sentinels, Spans, poisson};
pub use text::{Denoising, Example, IGNORED, Pair, Sentence};
pub use worked::SENTENCES;

/// What [`solution::mlm_mask`] is.
pub type MlmMask =
    fn(&[u32], &[Option<usize>], &Masking, &mut dyn Rng) -> Result<Example, ObjectiveError>;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub causal: fn(&[u32], &[bool]) -> Result<Example, ObjectiveError>,
        pub mlm_mask: MlmMask,
        pub nsp_pairs: fn(&[usize], &mut dyn Rng) -> Result<Vec<Pair>, ObjectiveError>,
        pub noise_mask: fn(usize, &Spans, &mut dyn Rng) -> Result<Vec<bool>, ObjectiveError>,
        pub span_corrupt: fn(&[u32], &[bool], &Sentinels) -> Result<Denoising, ObjectiveError>,
        pub bart_infill: fn(&[u32], &Infilling, &mut dyn Rng) -> Result<Denoising, ObjectiveError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Objectives" }
