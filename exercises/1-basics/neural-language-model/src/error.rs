//! What can go wrong in this lesson.

use std::error::Error;
use std::fmt;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq)]
pub enum NetError {
    /// A token for which a table has no row, or the vocabulary no word.
    UnknownToken {
        /// The token.
        token: u32,
        /// How many there are.
        len: usize,
    },
    /// There is not one target for each row of logits.
    Targets {
        /// How many rows there are.
        rows: usize,
        /// How many targets.
        targets: usize,
    },
    /// Numbers that do not fill rows of this length.
    Rows {
        /// How many numbers there are.
        numbers: usize,
        /// How many a row has.
        cols: usize,
    },
    /// Two matrices whose shapes do not fit together.
    Shapes {
        /// The shape of the one.
        left: (usize, usize),
        /// The shape of the other.
        right: (usize, usize),
    },
    /// Nothing to learn from, or to judge by.
    NoExamples,
    /// The loss exploded.
    Diverged {
        /// How many steps had been taken.
        step: usize,
        /// The loss that was seen then: more than a run puts up with, or no number.
        loss: f64,
    },
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownToken { token, len } => {
                write!(f, "there is no token {token} among {len}, counted from 0")
            }
            Self::Targets { rows, targets } => {
                write!(f, "{targets} targets for {rows} rows of logits: give one for each")
            }
            Self::Rows { numbers, cols } => {
                write!(f, "{numbers} numbers do not make whole rows of {cols}")
            }
            Self::Shapes { left, right } => {
                write!(f, "the shapes {left:?} and {right:?} do not fit together")
            }
            Self::NoExamples => f.write_str("there are no examples: give at least one"),
            Self::Diverged { step, loss } => {
                write!(f, "after {step} steps the loss was {loss}: take a lower learning rate")
            }
        }
    }
}

impl Error for NetError {}
