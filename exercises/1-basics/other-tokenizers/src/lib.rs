//! Two more ways to cut text into tokens: WordPiece, and the unigram language model.
//!
//! The learner writes `exercise.rs`. Given are the vocabularies ([`WordPiece`], [`Unigram`]), the
//! ways through a text ([`Lattice`]) and what is done to text before it is cut ([`words`],
//! [`metaspace`]).

extern crate self as other_tokenizers;

pub mod checks;
pub mod example;
mod lattice;
mod oracle;
mod quiz;
pub mod solution;
mod text;
mod vocab;
mod worked;

use rand::Rng;

pub use lattice::{Edge, Lattice, LatticeError, path_log_prob};
pub use text::{SPACE, metaspace, tokens, words};
pub use vocab::{
    CONTINUATION, UNK_PENALTY, Unigram, VocabError, WordPiece, sample_unigram, sample_wordpiece,
};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub wordpiece: fn(&WordPiece, &str) -> Vec<String>,
        pub unigram_lattice: fn(&Unigram, &str) -> Result<Lattice, LatticeError>,
        pub unigram_viterbi: fn(&Lattice) -> Result<Vec<Edge>, LatticeError>,
        pub unigram_forward: fn(&Lattice, f64) -> Vec<f64>,
        pub unigram_sample: fn(&Lattice, f64, &mut dyn Rng) -> Result<Vec<Edge>, LatticeError>,
    }
}

grading::lesson! { step: "1-basics", title: "Other tokenizers" }
