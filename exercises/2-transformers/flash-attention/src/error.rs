//! What can be wrong with the arguments.

use std::fmt;

use grading::numbers::{count, counted};

use crate::{MOST_TOKENS, Matrix, WIDEST};

/// Why there is no attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashError {
    /// Queries and keys, or values, of no numbers, or of more than [`WIDEST`].
    Width {
        /// Numbers of a query, and of a key.
        d: usize,
        /// Numbers of a value.
        d_v: usize,
    },
    /// More queries, or more keys, than [`MOST_TOKENS`].
    TooLong {
        /// Queries.
        t_q: usize,
        /// Keys.
        t_k: usize,
    },
    /// A matrix does not have as many numbers as its shape says.
    Length {
        /// Which one.
        matrix: Matrix,
        /// Its rows and columns.
        shape: [usize; 2],
        /// How many numbers it has.
        len: usize,
    },
    /// Rows that the matrix does not have.
    Outside {
        /// Which one.
        matrix: Matrix,
        /// From this row on.
        start: usize,
        /// Up to, but not with, this one.
        end: usize,
        /// So many there are.
        rows: usize,
    },
    /// Tiles of no queries or of no keys.
    NoTile {
        /// Queries of a tile.
        queries: usize,
        /// Keys of a tile.
        keys: usize,
    },
    /// Parts of values that have not equally many numbers.
    Columns {
        /// Those of one part.
        a: usize,
        /// Those of the other.
        b: usize,
    },
}

impl fmt::Display for FlashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Width { d, d_v } => write!(
                f,
                "keys of width {d} and values of width {d_v}: both are from 1 to {WIDEST}"
            ),
            Self::TooLong { t_q, t_k } => {
                let most = count(MOST_TOKENS as u64);
                write!(f, "{t_q} queries and {t_k} keys: there are at most {most} of either")
            }
            Self::Length { matrix, shape: [rows, cols], len } => write!(
                f,
                "{matrix} has {}, which are not {} of {cols}",
                counted(*len, "number"),
                counted(*rows, "row")
            ),
            Self::Outside { matrix, start, end, rows } => write!(
                f,
                "rows {start}..{end} of {matrix}, which has {}: ask only for rows that are there",
                counted(*rows, "row")
            ),
            Self::NoTile { queries, keys } => {
                write!(f, "a tile of {queries} by {keys}: it needs at least one query and one key")
            }
            Self::Columns { a, b } => write!(
                f,
                "a part with {} and one with {b} cannot be merged: the values must be equally wide",
                counted(*a, "column")
            ),
        }
    }
}

impl std::error::Error for FlashError {}
