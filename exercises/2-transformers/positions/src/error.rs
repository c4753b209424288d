//! What can be wrong with the arguments.

use std::fmt;

/// Why there are no positions.
#[derive(Debug)]
pub enum PositionError {
    /// So many numbers cannot be cut into pairs.
    Odd(usize),
    /// No base for frequencies.
    Base(f64),
    /// Not the shape of queries or keys.
    Shape(Vec<usize>),
    /// No head, no slope.
    NoHeads,
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for PositionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Odd(dim) => {
                write!(f, "{dim} numbers cannot be cut into pairs: give an even count, 2 or more")
            }
            Self::Base(theta) => {
                write!(f, "{theta} is no base for frequencies: give a finite number from 1 on")
            }
            Self::Shape(shape) => {
                write!(f, "a tensor of shape {shape:?}: give (batch, heads, seq, head_dim)")
            }
            Self::NoHeads => f.write_str("no heads have no slopes: give at least one"),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PositionError {}

impl From<candle_core::Error> for PositionError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
