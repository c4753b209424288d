//! What can be wrong with a model or its input.

use std::fmt;

use attention::AttentionError;
use checkpoint::CheckpointError;
use multi_head_attention::HeadError;
use normalization_and_activations::NormError;
use positions::PositionError;

/// Why a model does not run.
#[derive(Debug)]
pub enum PalmError {
    /// What a configuration says is no model.
    Config(String),
    /// There are no weights, or others than the configuration says.
    Checkpoint(CheckpointError),
    /// A product whose parts do not fit.
    Linear {
        /// The shape of what comes in.
        x: Vec<usize>,
        /// The shape of the weight.
        weight: Vec<usize>,
    },
    /// Ids that are not `(batch, seq)`, or no ids.
    Ids(Vec<usize>),
    /// Keys and values of so many blocks.
    Past {
        /// So many there are.
        blocks: usize,
        /// So many the model has.
        n_layers: usize,
    },
    /// An id that is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// A norm failed.
    Norm(NormError),
    /// Heads could not be cut, shared or merged.
    Heads(HeadError),
    /// Queries or keys could not be turned.
    Position(PositionError),
    /// Attention failed.
    Attention(AttentionError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for PalmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(problem) => write!(f, "the configuration: {problem}"),
            Self::Checkpoint(error) => error.fmt(f),
            Self::Linear { x, weight } => write!(
                f,
                "x {x:?} and weight {weight:?} do not go together: give (.., in) and (out, in)"
            ),
            Self::Ids(shape) => {
                write!(f, "ids of shape {shape:?}: give (batch, seq), with at least one token")
            }
            Self::Past { blocks, n_layers } => write!(
                f,
                "keys and values of {}, and the model has {n_layers}: give those of all blocks, or \
                 none",
                grading::numbers::counted(*blocks, "block")
            ),
            Self::UnknownId { id, vocab_size } => {
                write!(f, "token {id} of a vocabulary of {vocab_size}: give ids below {vocab_size}")
            }
            Self::Norm(error) => error.fmt(f),
            Self::Heads(error) => error.fmt(f),
            Self::Position(error) => error.fmt(f),
            Self::Attention(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PalmError {}

impl From<CheckpointError> for PalmError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

impl From<NormError> for PalmError {
    fn from(error: NormError) -> Self {
        Self::Norm(error)
    }
}

impl From<HeadError> for PalmError {
    fn from(error: HeadError) -> Self {
        Self::Heads(error)
    }
}

impl From<PositionError> for PalmError {
    fn from(error: PositionError) -> Self {
        Self::Position(error)
    }
}

impl From<AttentionError> for PalmError {
    fn from(error: AttentionError) -> Self {
        Self::Attention(error)
    }
}

impl From<candle_core::Error> for PalmError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
