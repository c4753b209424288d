//! What can be wrong with what an optimizer is given.

use std::fmt;

use grading::numbers::counted;

/// Why there is no step. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptimizerError {
    /// A list that goes with the weights, of another length.
    Length {
        /// Which list.
        of: &'static str,
        /// How many numbers it has.
        numbers: usize,
        /// How many weights there are.
        weights: usize,
    },
    /// Groups that are not all weights, one group after the other.
    Groups {
        /// The first weight that the groups miss, or have twice.
        at: usize,
        /// How many weights there are.
        weights: usize,
    },
    /// A setting outside its range.
    Setting {
        /// Which one.
        name: &'static str,
        /// What it is.
        value: f64,
    },
}

impl fmt::Display for OptimizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { of, numbers, weights } => write!(
                f,
                "{} of {of} for {}: give one for each weight",
                counted(*numbers, "number"),
                counted(*weights, "weight")
            ),
            Self::Groups { at, weights } => write!(
                f,
                "the groups go wrong at weight {at} of {weights}: begin at 0, let each group begin \
                 where the one before ends, and end with the last weight"
            ),
            Self::Setting { name, value } => write!(
                f,
                "{name} = {value}: a learning rate, a weight decay and an ε are finite and not \
                 below 0, a momentum and a beta are from 0 to below 1, a threshold is above 0"
            ),
        }
    }
}

impl std::error::Error for OptimizerError {}
