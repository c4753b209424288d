//! What can be wrong with the arguments.

use std::fmt;

/// Why there is no loss.
#[derive(Debug)]
pub enum LossError {
    /// Not a number from 0 to 1.
    NotAProbability(f64),
    /// There is not one target a row.
    Shape {
        /// The shape of the logits.
        logits: Vec<usize>,
        /// The shape of the targets.
        targets: Vec<usize>,
    },
    /// A target that is no token of the vocabulary, and is not to be ignored either.
    Target {
        /// The row, counted from 0.
        row: usize,
        /// The target.
        target: u32,
        /// How many tokens there are.
        vocab: usize,
    },
    /// Every target is ignored, or there is none.
    NothingLeft,
    /// The loss of a text without bytes.
    NoBytes,
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for LossError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAProbability(p) => {
                write!(f, "{p} is no probability: give a number from 0 to 1")
            }
            Self::Shape { logits, targets } => write!(
                f,
                "logits {logits:?} and targets {targets:?}: give logits (n, vocab) and n targets"
            ),
            Self::Target { row, target, vocab } => write!(
                f,
                "the target of row {row} is {target}, but there are {vocab} tokens, from 0 on"
            ),
            Self::NothingLeft => f.write_str("no target to learn from: all of them are ignored"),
            Self::NoBytes => f.write_str("a text without bytes has no loss: give at least one"),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LossError {}

impl From<candle_core::Error> for LossError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
