//! What cannot be done with a corpus.

use std::fmt;

use grading::numbers::count;

/// Why there are no chunks, or no mixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorpusError {
    /// Chunks of no words.
    EmptyChunk,
    /// More tokens are asked for than the sources may give.
    NotEnough {
        /// Tokens asked for.
        budget: u64,
        /// Tokens that the sources have, each epoch that is allowed counted.
        available: u64,
    },
}

impl fmt::Display for CorpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyChunk => f.write_str("chunks of no words: take at least 1"),
            Self::NotEnough { budget, available } => write!(
                f,
                "a budget of {} tokens, but the sources may give {}: allow more epochs, add \
                 sources, or train on fewer tokens",
                count(*budget),
                count(*available)
            ),
        }
    }
}

impl std::error::Error for CorpusError {}
