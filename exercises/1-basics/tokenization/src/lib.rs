//! Byte-level BPE: how text becomes the ids a language model reads, and back.
//!
//! The learner writes `exercise.rs`. Given are the words of a text ([`pretokenize`],
//! [`count_words`]), the numbering of the bytes ([`byte_id`]) and the vocabulary ([`Bpe`]).
//! [`solution`] is the clear version, [`fast`] the one for megabytes; both pass the same checks.

extern crate self as tokenization;

mod bytes;
pub mod checks;
pub mod example;
pub mod fast;
mod golden;
mod pretokenize;
mod quiz;
mod sample;
pub mod solution;
mod vocab;
mod worked;

use std::collections::HashMap;

pub use bytes::byte_id;
pub use pretokenize::{Class, chunks, class, pretokenize};
pub use sample::{PROSE, SAMPLE_VOCAB_SIZE, sample_vocab};
pub use vocab::{BYTE_TOKENS, Bpe, BpeError, Pair, Piece, Word, count_words};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub count_pairs: fn(&[Word]) -> HashMap<Pair, u64>,
        pub best_pair: fn(&HashMap<Pair, u64>) -> Option<Pair>,
        pub merge_pair: fn(&[u32], Pair, u32) -> Vec<u32>,
        pub bpe_train: fn(&str, usize, &[&str]) -> Result<Bpe, BpeError>,
        pub encode: fn(&Bpe, &str) -> Vec<u32>,
        pub decode: fn(&Bpe, &[u32]) -> Result<String, BpeError>,
    }
}

grading::lesson! { step: "1-basics", title: "Tokenization" }
