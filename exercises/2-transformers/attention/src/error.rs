//! What can be wrong with the arguments.

use std::fmt;

use candle_core::DType;

/// Why there is no attention.
#[derive(Debug)]
pub enum AttentionError {
    /// Queries, keys and values that do not go together.
    Shapes {
        /// The shape of the queries.
        q: Vec<usize>,
        /// The shape of the keys.
        k: Vec<usize>,
        /// The shape of the values.
        v: Vec<usize>,
    },
    /// A mask that does not broadcast to the scores.
    Mask {
        /// The shape of the mask.
        mask: Vec<usize>,
        /// The shape of the scores.
        scores: Vec<usize>,
    },
    /// A mask that does not hold u8.
    MaskType(DType),
    /// A text that is longer than the room for it.
    TooLong {
        /// So many tokens.
        length: usize,
        /// So much room.
        t_k: usize,
    },
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for AttentionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shapes { q, k, v } => write!(
                f,
                "queries {q:?}, keys {k:?} and values {v:?} do not go together: give (.., t_q, d), \
                 (.., t_k, d) and (.., t_k, d_v) with the same axes in front, and d of at least 1"
            ),
            Self::Mask { mask, scores } => {
                write!(f, "a mask of shape {mask:?} does not broadcast to scores {scores:?}")
            }
            Self::MaskType(dtype) => {
                write!(f, "a mask of type {dtype:?}: give u8, 1 for may look and 0 for may not")
            }
            Self::TooLong { length, t_k } => {
                write!(f, "a text of {length} tokens does not fit into {t_k} places")
            }
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AttentionError {}

impl From<candle_core::Error> for AttentionError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
