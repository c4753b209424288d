//! What keeps a model from being one dispatch.

use std::fmt;

/// Why one workgroup cannot do a step of this model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FusedError {
    /// What has to be in workgroup memory does not fit there.
    TooWide {
        /// `n_embd`, `n_inner` or `n_head · n_positions`.
        what: &'static str,
        /// How large it is.
        size: usize,
        /// How large it may be.
        most: usize,
    },
    /// The weights do not fit into one buffer.
    TooLarge {
        /// So many bytes they take.
        bytes: u128,
        /// So many a buffer may have.
        most: u128,
    },
}

impl fmt::Display for FusedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooWide { what, size, most } => write!(
                f,
                "{what} is {size}, and the memory of one workgroup has room for {most}: take a \
                 smaller model, or a dispatch for each part"
            ),
            Self::TooLarge { bytes, most } => write!(
                f,
                "the weights take {bytes} bytes, and a buffer may have {most}: take a smaller \
                 model, or more than one buffer"
            ),
        }
    }
}

impl std::error::Error for FusedError {}
