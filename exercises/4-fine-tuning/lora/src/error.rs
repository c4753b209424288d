//! What can be wrong with what a layer is given.

use std::fmt;

use grading::numbers::counted;

/// Why nothing was computed. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoraError {
    /// A size that has to be at least 1 is 0.
    Zero {
        /// Which size.
        name: &'static str,
    },
    /// A setting that is no finite number.
    Setting {
        /// Which one.
        name: &'static str,
        /// What it is.
        value: f64,
    },
    /// A list of another length than the sizes ask for.
    Length {
        /// Which list.
        of: &'static str,
        /// How many numbers it has.
        numbers: usize,
        /// How many it should have.
        expected: usize,
    },
    /// Inputs that are no whole number of rows.
    Ragged {
        /// How many numbers there are.
        numbers: usize,
        /// How many a row has.
        inputs: usize,
    },
}

impl fmt::Display for LoraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero { name } => write!(f, "{name} is 0: give at least 1"),
            Self::Setting { name, value } => write!(f, "{name} = {value}: give a finite number"),
            Self::Length { of, numbers, expected } => write!(
                f,
                "{of} has {}: the sizes of the layer ask for {}",
                counted(*numbers, "number"),
                counted(*expected, "number")
            ),
            Self::Ragged { numbers, inputs } => write!(
                f,
                "x has {}: give whole rows of {}",
                counted(*numbers, "number"),
                counted(*inputs, "number")
            ),
        }
    }
}

impl std::error::Error for LoraError {}
