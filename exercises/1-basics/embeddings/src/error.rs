//! What can go wrong in this lesson.

use std::error::Error;
use std::fmt;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq)]
pub enum EmbeddingError {
    /// The table has no row of this id.
    NoSuchRow {
        /// The id asked for.
        id: u32,
        /// How many rows there are.
        rows: usize,
    },
    /// Two vectors that belong together have different lengths.
    Lengths(usize, usize),
    /// No word is left that a negative could be: every count is zero, or only the context's is not.
    NothingToDraw,
    /// A probability is negative or not finite.
    Probability(f64),
    /// The word is not in the vocabulary.
    UnknownWord(String),
}

impl fmt::Display for EmbeddingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchRow { id, rows } => write!(f, "there is no row {id}: the table has {rows}"),
            Self::Lengths(a, b) => write!(f, "one vector has {a} numbers, the other {b}"),
            Self::NothingToDraw => f.write_str("no word is left to be drawn as a negative"),
            Self::Probability(p) => write!(f, "{p} is no probability"),
            Self::UnknownWord(word) => write!(f, "“{word}” is not in the vocabulary"),
        }
    }
}

impl Error for EmbeddingError {}
