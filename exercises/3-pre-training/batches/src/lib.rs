//! Batches: how documents of all lengths become rows of one length.
//!
//! The learner's part is `exercise.rs`. Given are what is made ([`Batch`], [`Row`], [`Piece`]), how
//! an epoch is dealt out ([`Plan`]), what padding costs ([`padding_share`], [`padded_positions`]), and
//! what it costs for Tinytown's stories ([`town`]).

extern crate self as batches;

pub mod checks;
mod error;
mod oracle;
mod quiz;
mod rows;
pub mod solution;
pub mod town;
mod worked;

use rand::Rng;

pub use error::BatchError;
pub use rows::{Batch, IGNORE, Piece, Plan, Row, padded_positions, padding_share};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub get_batch: fn(&[u32], usize, usize, &mut dyn Rng) -> Result<Batch, BatchError>,
        pub epoch_order: fn(usize, u64, u64) -> Vec<usize>,
        pub batch_at: fn(&[usize], &Plan, usize) -> Result<Vec<usize>, BatchError>,
        pub pack: fn(&[Vec<u32>], usize, u32) -> Result<Vec<Row>, BatchError>,
        pub document_mask: fn(&[Option<usize>]) -> Vec<Vec<bool>>,
        pub best_fit_pack: fn(&[usize], usize) -> Result<Vec<Vec<Piece>>, BatchError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Batches" }
