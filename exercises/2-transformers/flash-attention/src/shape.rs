//! How much there is of everything, and what is known after some of the keys.

use crate::{FlashError, Matrix};

/// The most numbers of a query, a key or a value.
pub const WIDEST: usize = 256;

/// The most queries, and the most keys: 2²⁰.
pub const MOST_TOKENS: usize = 1 << 20;

/// The sizes of one head: queries `(t_q, d)`, keys `(t_k, d)`, values `(t_k, d_v)`, and the result
/// `(t_q, d_v)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Queries.
    pub t_q: usize,
    /// Keys, and values.
    pub t_k: usize,
    /// Numbers of a query, and of a key.
    pub d: usize,
    /// Numbers of a value.
    pub d_v: usize,
}

impl Shape {
    /// A text of so many tokens that looks at itself.
    pub const fn square(tokens: usize, d: usize) -> Self {
        Self { t_q: tokens, t_k: tokens, d, d_v: d }
    }

    /// Itself, if it is a size that is taken here.
    ///
    /// # Errors
    /// [`FlashError::Width`] unless `d` and `d_v` are from 1 to [`WIDEST`]; else
    /// [`FlashError::TooLong`] if `t_q` or `t_k` is above [`MOST_TOKENS`].
    pub fn checked(self) -> Result<Self, FlashError> {
        let Self { t_q, t_k, d, d_v } = self;
        if [d, d_v].iter().any(|width| !(1..=WIDEST).contains(width)) {
            return Err(FlashError::Width { d, d_v });
        }
        if t_q.max(t_k) > MOST_TOKENS {
            return Err(FlashError::TooLong { t_q, t_k });
        }
        Ok(self)
    }

    /// Itself, if it is the shape of these queries, keys and values.
    ///
    /// # Errors
    /// As [`checked`](Self::checked); then [`FlashError::Length`] for the first of them that has
    /// another number of numbers.
    pub fn of(self, [q, k, v]: [&[f32]; 3]) -> Result<Self, FlashError> {
        self.checked()?;
        for (matrix, numbers) in [(Matrix::Q, q), (Matrix::K, k), (Matrix::V, v)] {
            let shape = self.rows_and_columns(matrix);
            if shape[0] * shape[1] != numbers.len() {
                return Err(FlashError::Length { matrix, shape, len: numbers.len() });
            }
        }
        Ok(self)
    }

    /// How many keys query `i` sees: all, or if it is causal, those up to where it stands. The last
    /// query stands at the last key, so that is `t_k − t_q + i + 1` keys, or none.
    pub fn seen(self, i: usize, causal: bool) -> usize {
        if causal { (self.t_k + i + 1).saturating_sub(self.t_q) } else { self.t_k }
    }

    /// The shape of a matrix.
    pub fn rows_and_columns(self, matrix: Matrix) -> [usize; 2] {
        let Self { t_q, t_k, d, d_v } = self;
        match matrix {
            Matrix::Q => [t_q, d],
            Matrix::K => [t_k, d],
            Matrix::V => [t_k, d_v],
            Matrix::O => [t_q, d_v],
        }
    }
}

/// The sizes of a tile of scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Its rows: the queries of a block.
    pub queries: usize,
    /// Its columns: the keys that are fetched at a time.
    pub keys: usize,
}

/// What one query knows after some of its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The highest score, −∞ after no keys.
    pub m: f32,
    /// The sum of the weights `exp(score − m)`, 0 after no keys.
    pub l: f32,
    /// The sum of the values times these weights: `d_v` numbers.
    pub o: Vec<f32>,
}

impl Part {
    /// After no keys.
    pub fn empty(d_v: usize) -> Self {
        Self { m: f32::NEG_INFINITY, l: 0.0, o: vec![0.0; d_v] }
    }
}
