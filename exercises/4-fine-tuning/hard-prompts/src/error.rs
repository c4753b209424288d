//! What can be wrong with a search.

use std::fmt;

use grading::numbers::counted;

/// Why nothing was searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// A prompt without tokens: there is nothing to change.
    NoPlaces,
    /// A token that has no row in the table.
    Token {
        /// Which place of the prompt, counted from 0.
        place: usize,
        /// The token.
        id: u32,
        /// How many rows there are.
        vocab_size: usize,
    },
    /// Another number of slopes than numbers in the rows of the prompt's tokens.
    Slopes {
        /// How many came.
        found: usize,
        /// How many places and width call for.
        expected: usize,
    },
    /// A slope that is ∞ or NaN.
    NotFinite {
        /// At which place, counted from 0.
        place: usize,
    },
    /// The prompt that a search starts from has no finite loss.
    Start,
    /// Not even the start can be judged.
    Budget,
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoPlaces => f.write_str("the prompt has no tokens: give at least one to change"),
            Self::Token { place, id, vocab_size } => write!(
                f,
                "place {place} has token {id}, and the table has {}: use the model's own tokenizer",
                counted(vocab_size, "row")
            ),
            Self::Slopes { found, expected } => write!(
                f,
                "{} for {expected} numbers: give those along the prompt's embeddings alone",
                counted(found, "slope")
            ),
            Self::NotFinite { place } => {
                write!(f, "a slope at place {place} is ∞ or NaN: look at the model's weights")
            }
            Self::Start => f.write_str(
                "the loss of the first prompt is ∞ or NaN: start from another, or look at the weights",
            ),
            Self::Budget => f.write_str("a budget of 0 judges nothing: allow at least 1 evaluation"),
        }
    }
}

impl std::error::Error for SearchError {}
