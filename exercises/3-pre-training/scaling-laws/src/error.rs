//! What can be wrong with what a law or a noise is computed from.

use std::fmt;

use grading::numbers::counted;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScalingError {
    /// A quantity that is not positive and finite, by its name in the docs.
    NotPositive {
        /// Which one.
        what: &'static str,
        /// What it is.
        value: f64,
    },
    /// A number that cannot be in a list of runs, points, norms or gradients.
    Bad {
        /// Where in the list, counted from 0.
        at: usize,
        /// The number.
        value: f64,
    },
    /// Less than it takes.
    TooFew {
        /// How many there are.
        given: usize,
        /// How many it takes.
        needed: usize,
    },
    /// Two batches of one size, which say nothing about noise.
    EqualBatches {
        /// The size.
        batch: usize,
    },
    /// A gradient that is not as long as the first one.
    Ragged {
        /// Which one, counted from 0.
        example: usize,
        /// How many numbers it has.
        numbers: usize,
        /// How many the first one has.
        expected: usize,
    },
    /// A parabola without a lowest point.
    NoMinimum,
    /// No start led anywhere.
    NoFit,
}

impl fmt::Display for ScalingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPositive { what, value } => {
                write!(f, "{what} is {value}: give a number above 0, and not infinite")
            }
            Self::Bad { at, value } => write!(
                f,
                "the run, point, norm or gradient at {at}, counted from 0, has the number {value}: \
                 leave it out, or correct it"
            ),
            Self::TooFew { given, needed } => write!(
                f,
                "only {given} to work with, and it takes at least {needed}: add runs, points at \
                 other N, or examples"
            ),
            Self::EqualBatches { batch } => write!(
                f,
                "both batches have {}: noise shows in how two sizes differ, so change one",
                counted(*batch, "example")
            ),
            Self::Ragged { example, numbers, expected } => write!(
                f,
                "gradient {example} has {}, the first one {expected}: all are of one model",
                counted(*numbers, "number")
            ),
            Self::NoMinimum => f.write_str(
                "the parabola opens downward: add smaller and larger models, until the loss rises \
                 on both sides",
            ),
            Self::NoFit => f.write_str(
                "from no start is the objective finite: give at least one start of ordinary numbers",
            ),
        }
    }
}

impl std::error::Error for ScalingError {}
