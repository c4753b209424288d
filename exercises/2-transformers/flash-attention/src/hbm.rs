//! The large, slow memory of a GPU, as a value that writes down what is moved.

use std::fmt;
use std::ops::Range;

use crate::{FlashError, Shape};

/// What lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matrix {
    /// The queries, `(t_q, d)`.
    Q,
    /// The keys, `(t_k, d)`.
    K,
    /// The values, `(t_k, d_v)`.
    V,
    /// The result, `(t_q, d_v)`.
    O,
}

impl Matrix {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Q, Self::K, Self::V, Self::O];
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Rows that were fetched, or of the result that were stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Of which matrix.
    pub matrix: Matrix,
    /// Which ones.
    pub rows: Range<usize>,
    /// Four a number.
    pub bytes: u64,
}

/// Queries, keys and values of one head, and room for its result.
#[derive(Clone, Debug)]
pub struct Hbm<'a> {
    shape: Shape,
    qkv: [&'a [f32]; 3],
    out: Vec<f32>,
    moves: Vec<Move>,
}

impl<'a> Hbm<'a> {
    /// Holds these, row-major. The result is NaN until it is stored.
    ///
    /// # Errors
    /// As [`Shape::of`].
    pub fn new(qkv: [&'a [f32]; 3], shape: Shape) -> Result<Self, FlashError> {
        shape.of(qkv)?;
        Ok(Self { shape, qkv, out: vec![f32::NAN; shape.t_q * shape.d_v], moves: Vec::new() })
    }

    /// How much there is of everything.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Copies rows of a matrix, one after the other, into the memory next to the arithmetic.
    ///
    /// # Errors
    /// [`FlashError::Outside`] if it does not have these rows.
    pub fn fetch(&mut self, matrix: Matrix, rows: Range<usize>) -> Result<Vec<f32>, FlashError> {
        let numbers = self.moved(matrix, rows)?;
        let [q, k, v] = self.qkv;
        Ok(match matrix {
            Matrix::Q => &q[numbers],
            Matrix::K => &k[numbers],
            Matrix::V => &v[numbers],
            Matrix::O => &self.out[numbers],
        }
        .to_vec())
    }

    /// Writes rows of the result.
    ///
    /// # Errors
    /// [`FlashError::Outside`] if it does not have these rows; [`FlashError::Length`] unless there
    /// are as many numbers.
    pub fn store(&mut self, rows: Range<usize>, values: &[f32]) -> Result<(), FlashError> {
        let shape = [rows.len(), self.shape.d_v];
        if shape[0].checked_mul(shape[1]) != Some(values.len()) {
            return Err(FlashError::Length { matrix: Matrix::O, shape, len: values.len() });
        }
        let numbers = self.moved(Matrix::O, rows)?;
        self.out[numbers].copy_from_slice(values);
        Ok(())
    }

    /// The result.
    pub fn out(&self) -> &[f32] {
        &self.out
    }

    /// What was fetched and stored, in order.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Writes down a move, and tells where its numbers are.
    fn moved(&mut self, matrix: Matrix, rows: Range<usize>) -> Result<Range<usize>, FlashError> {
        let [there, columns] = self.shape.rows_and_columns(matrix);
        let Range { start, end } = rows;
        if start > end || end > there {
            return Err(FlashError::Outside { matrix, start, end, rows: there });
        }
        let numbers = start * columns..end * columns;
        self.moves.push(Move { matrix, rows, bytes: 4 * numbers.len() as u64 });
        Ok(numbers)
    }
}
