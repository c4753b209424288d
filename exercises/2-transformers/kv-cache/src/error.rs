//! What can be wrong with the arguments.

use std::fmt;

use attention::AttentionError;
use candle_core::DType;
use positions::PositionError;

/// Why a cache refuses.
#[derive(Debug)]
pub enum CacheError {
    /// Keys and values that do not go together, or not with the cache.
    Shapes {
        /// The shape of the room for keys.
        room: Vec<usize>,
        /// The shape of the new keys.
        k: Vec<usize>,
        /// The shape of the new values.
        v: Vec<usize>,
    },
    /// Numbers of another type than those of the cache.
    Type {
        /// The type of the cache.
        cache: DType,
        /// That of the new ones.
        given: DType,
    },
    /// Queries that are not as many and as long as the new keys, or of another type.
    Queries {
        /// The shape of the queries.
        q: Vec<usize>,
        /// The shape of the new keys.
        k: Vec<usize>,
    },
    /// No room for the new tokens.
    Full {
        /// So many are kept.
        len: usize,
        /// So many are new.
        new: usize,
        /// So many have room.
        capacity: usize,
    },
    /// One can go back only to what is kept.
    Ahead {
        /// So many were asked for.
        wanted: usize,
        /// So many are kept.
        len: usize,
    },
    /// A window of nothing.
    NoWindow,
    /// Queries or keys could not be turned.
    Position(PositionError),
    /// Attention failed.
    Attention(AttentionError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shapes { room, k, v } => write!(
                f,
                "keys {k:?} and values {v:?} do not go into a cache whose keys are {room:?}: give \
                 (batch, heads, t, d) and (batch, heads, t, d_v), with any t"
            ),
            Self::Type { cache, given } => {
                write!(f, "the cache holds {cache:?}, the new keys or values are {given:?}")
            }
            Self::Queries { q, k } => {
                write!(f, "queries {q:?} do not go with keys {k:?}: give one query a new token")
            }
            Self::Full { len, new, capacity } => write!(
                f,
                "{len} of {capacity} places are taken, and {new} tokens are new: give the cache \
                 more room, or drop old tokens"
            ),
            Self::Ahead { wanted, len } => {
                write!(f, "{len} tokens are kept, which cannot be cut to {wanted}")
            }
            Self::NoWindow => f.write_str("a window of 0 tokens sees nothing: give at least 1"),
            Self::Position(error) => error.fmt(f),
            Self::Attention(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CacheError {}

impl From<PositionError> for CacheError {
    fn from(error: PositionError) -> Self {
        Self::Position(error)
    }
}

impl From<AttentionError> for CacheError {
    fn from(error: AttentionError) -> Self {
        Self::Attention(error)
    }
}

impl From<candle_core::Error> for CacheError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
