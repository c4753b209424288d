//! Deduplication: texts that are nearly the same, found among millions.
//!
//! The learner's part is `exercise.rs`. Given are how shingles and shuffles are made of numbers
//! ([`fingerprint`], [`hash`]), the overlap of two sets ([`jaccard`]), [`Settings`], and a town whose
//! newspapers copy each other ([`town`]).

extern crate self as deduplication;

pub mod checks;
mod error;
mod hashes;
mod oracle;
mod quiz;
pub mod solution;
pub mod town;
pub mod worked;

use std::collections::BTreeSet;

pub use error::DedupError;
pub use hashes::{Settings, fingerprint, hash, jaccard};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub shingles: fn(&str, usize) -> Result<BTreeSet<u64>, DedupError>,
        pub minhash: fn(&BTreeSet<u64>, &[u64]) -> Vec<u64>,
        pub estimate: fn(&[u64], &[u64]) -> Result<f64, DedupError>,
        pub lsh_buckets: fn(&[Vec<u64>], usize, usize) -> Result<Vec<(usize, usize)>, DedupError>,
        pub collision_probability: fn(f64, usize, usize) -> Result<f64, DedupError>,
        pub best_bands: fn(f64, usize, f64) -> Result<(usize, usize), DedupError>,
        pub dedup: fn(&[String], &Settings) -> Result<Vec<usize>, DedupError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Deduplication" }
