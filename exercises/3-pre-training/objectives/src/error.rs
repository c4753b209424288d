//! What can be wrong with a text or with settings.

use std::fmt;

use grading::numbers::counted;

/// Why a text cannot be turned into questions.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectiveError {
    /// Two lists that go together, but are of different lengths.
    Lengths {
        /// How many ids there are.
        ids: usize,
        /// How many items the other list has.
        others: usize,
    },
    /// A share outside of 0 to 1.
    Share {
        /// Which setting.
        name: &'static str,
        /// Its value.
        value: f64,
    },
    /// A mean length of spans that cannot be drawn.
    MeanLength {
        /// The length.
        value: f64,
        /// The smallest that may be.
        least: f64,
        /// The largest that may be.
        most: f64,
    },
    /// There is no id to draw.
    NoVocabulary,
    /// No other document has a sentence.
    NoOther {
        /// The document whose sentences have nobody to be paired with.
        document: usize,
    },
    /// Too few sentinels.
    Sentinels {
        /// How many the target needs.
        need: usize,
        /// How many there are.
        have: usize,
    },
}

impl fmt::Display for ObjectiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lengths { ids, others } => {
                let (ids, others) = (counted(*ids, "id"), counted(*others, "item"));
                write!(f, "{ids}, but {others} that say something of them: give one for each id")
            }
            Self::Share { name, value } => {
                write!(f, "{name} is {value}: give a share from 0 to 1")
            }
            Self::MeanLength { value, least, most } => {
                write!(
                    f,
                    "spans of {value} tokens on average: give a length from {least} to {most}"
                )
            }
            Self::NoVocabulary => {
                f.write_str("vocab_size is 0, so no id can be drawn: give that of the tokenizer")
            }
            Self::NoOther { document } => write!(
                f,
                "document {document} is the only one with sentences: give at least one other"
            ),
            Self::Sentinels { need, have } => write!(
                f,
                "the target needs {}, and there are {have}: give a shorter text or hide fewer spans",
                counted(*need, "sentinel")
            ),
        }
    }
}

impl std::error::Error for ObjectiveError {}
