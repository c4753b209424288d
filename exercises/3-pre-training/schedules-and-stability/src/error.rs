//! What can be wrong with gradients.

use std::fmt;

use grading::numbers::counted;

/// Why there is no step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StabilityError {
    /// A length that gradients cannot be held to.
    MaxNorm {
        /// What was asked for.
        max_norm: f64,
    },
    /// A gradient with ∞ or NaN in it.
    NotFinite {
        /// Which tensor, counted from 0.
        tensor: usize,
        /// Where in it, counted from 0.
        at: usize,
    },
    /// A micro-batch with another number of parameters than the first.
    Parameters {
        /// Which one, counted from 0.
        micro_batch: usize,
        /// How many it has.
        parameters: usize,
        /// How many the first has.
        expected: usize,
    },
    /// Micro-batches without a single label that asks for something.
    NoTokens,
}

impl fmt::Display for StabilityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MaxNorm { max_norm } => {
                write!(f, "gradients cannot be clipped to {max_norm}: take 0 or more, or ∞")
            }
            Self::NotFinite { tensor, at } => write!(
                f,
                "the gradient of tensor {tensor} is ∞ or NaN at {at}: skip this step, and look at \
                 its batch, the learning rate and the loss scale"
            ),
            Self::Parameters { micro_batch, parameters, expected } => write!(
                f,
                "micro-batch {micro_batch} has a gradient for {}, the first for {expected}: take \
                 all from the same model",
                counted(*parameters, "parameter")
            ),
            Self::NoTokens => {
                f.write_str("no label asks for anything: give at least one that is not −100")
            }
        }
    }
}

impl std::error::Error for StabilityError {}
