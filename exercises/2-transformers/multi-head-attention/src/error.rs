//! What can be wrong with the arguments.

use std::fmt;

use attention::AttentionError;

/// Why there are no heads.
#[derive(Debug)]
pub enum HeadError {
    /// Not as many axes as needed.
    Axes {
        /// How many are needed.
        wanted: usize,
        /// What came.
        shape: Vec<usize>,
    },
    /// A vector that cannot be cut into so many heads of equal length.
    Width {
        /// The numbers of the vector.
        width: usize,
        /// The heads.
        n_heads: usize,
    },
    /// Heads that cannot share so many keys and values evenly.
    Groups {
        /// The heads.
        n_heads: usize,
        /// The heads of keys and values.
        n_kv_heads: usize,
    },
    /// Vectors that do not fit the weights that they are multiplied with.
    Input {
        /// The shape of what came.
        shape: Vec<usize>,
        /// So many numbers a vector needs.
        d_in: usize,
    },
    /// More bytes than a u64 can count.
    TooLarge,
    /// Attention refused its inputs.
    Attention(AttentionError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Axes { wanted, shape } => {
                write!(f, "a tensor of shape {shape:?}: give one with {wanted} axes")
            }
            Self::Width { width, n_heads } => write!(
                f,
                "{width} numbers cannot be cut into {n_heads} heads of equal length: give a \
                 multiple of the number of heads, which is at least 1"
            ),
            Self::Groups { n_heads, n_kv_heads } => write!(
                f,
                "{n_heads} heads cannot share {n_kv_heads} heads of keys and values evenly: give a \
                 multiple of them, and at least one of each"
            ),
            Self::Input { shape, d_in } => write!(
                f,
                "a tensor of shape {shape:?} does not fit the weights: give (batch, t, {d_in})"
            ),
            Self::TooLarge => f.write_str("more than 2⁶⁴ − 1 bytes: give smaller numbers"),
            Self::Attention(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for HeadError {}

impl From<AttentionError> for HeadError {
    fn from(error: AttentionError) -> Self {
        Self::Attention(error)
    }
}

impl From<candle_core::Error> for HeadError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
