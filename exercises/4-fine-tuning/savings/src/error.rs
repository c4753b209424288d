//! What can be wrong with what is compared.

use std::fmt;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SavingsError {
    /// Bits of a number that no number has.
    Bits {
        /// Which, by the name of the field.
        what: &'static str,
        /// What was given.
        bits: f64,
    },
    /// A loss that no model has.
    Loss {
        /// `before` or `after`.
        what: &'static str,
        /// What was given.
        loss: f64,
    },
    /// A cost or a score that is NaN.
    NotANumber {
        /// The place of the point, counted from 0.
        at: usize,
    },
}

impl fmt::Display for SavingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bits { what, bits } => {
                write!(
                    f,
                    "{what} is {bits}: give 0 or more bits for each number, and not infinitely many"
                )
            }
            Self::Loss { what, loss } => {
                write!(f, "the loss {what} is {loss}: give nats a token, 0 or more and finite")
            }
            Self::NotANumber { at } => write!(
                f,
                "the point at {at}, counted from 0, has a NaN for its cost or its score: leave it out"
            ),
        }
    }
}

impl std::error::Error for SavingsError {}
