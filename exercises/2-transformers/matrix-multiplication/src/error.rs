//! What can be wrong with matrices and their sizes.

use std::fmt;

use crate::LONGEST;

/// Why there is no product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatmulError {
    /// A matrix does not have as many numbers as its shape says.
    Length {
        /// Which one, `a` or `b`.
        name: &'static str,
        /// Its rows and columns.
        shape: [usize; 2],
        /// How many numbers it has.
        len: usize,
    },
    /// A matrix of so many rows and columns is longer than [`LONGEST`].
    TooLarge([usize; 2]),
    /// Tiles of nothing.
    NoTile,
    /// More reads than a u64 counts.
    TooManyReads,
}

impl fmt::Display for MatmulError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { name, shape: [rows, cols], len } => {
                write!(f, "{name} has {len} numbers, which are not {rows} rows of {cols}")
            }
            Self::TooLarge([rows, cols]) => write!(
                f,
                "{rows} rows of {cols} numbers are more than {LONGEST}, the most that fits into \
                 a buffer"
            ),
            Self::NoTile => f.write_str("a tile needs at least one row: give 1 or more"),
            Self::TooManyReads => {
                f.write_str("more reads than can be counted: give smaller matrices")
            }
        }
    }
}

impl std::error::Error for MatmulError {}
