//! What the project is made of: given, so that the exercise is about putting it together.

use std::error::Error;
use std::fmt;

use softmax_sampling::SampleError;
use tokenization::{Bpe, BpeError};
use what_an_llm_is::{Ngram, NgramError};

// ANCHOR: parts
/// A text generator: a vocabulary, and counts of its tokens.
#[derive(Clone, Debug)]
pub struct Buddy {
    /// Cuts text into tokens and joins them again.
    pub bpe: Bpe,
    /// Says what comes next. Its tokens are those of `bpe`.
    pub ngram: Ngram,
}

/// An order, and what it is worth on text held out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// How many tokens a count is about, the predicted one included.
    pub order: usize,
    /// Surprise at the text held out, in bits per byte of it.
    pub bits_per_byte: f64,
}
// ANCHOR_END: parts

/// Why there is no Buddy, or no answer from it.
#[derive(Clone, Debug, PartialEq)]
pub enum BuddyError {
    /// There is no text: nothing to learn from, or nothing to judge.
    NoText,
    /// There is no order to choose from.
    NoOrders,
    /// From the tokenizer.
    Bpe(BpeError),
    /// From the counts.
    Ngram(NgramError),
    /// From the sampler.
    Sample(SampleError),
}

impl fmt::Display for BuddyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoText => f.write_str("the text is empty: give at least one character"),
            Self::NoOrders => f.write_str("there is no order to choose from: give at least one"),
            Self::Bpe(error) => error.fmt(f),
            Self::Ngram(error) => error.fmt(f),
            Self::Sample(error) => error.fmt(f),
        }
    }
}

impl Error for BuddyError {}

impl From<BpeError> for BuddyError {
    fn from(error: BpeError) -> Self {
        Self::Bpe(error)
    }
}

impl From<NgramError> for BuddyError {
    fn from(error: NgramError) -> Self {
        Self::Ngram(error)
    }
}

impl From<SampleError> for BuddyError {
    fn from(error: SampleError) -> Self {
        Self::Sample(error)
    }
}
