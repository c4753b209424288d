//! Matrices, as small as this lesson needs them.

use std::fmt;

use serde::Deserialize;

/// A matrix of shape `(rows, cols)`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Matrix {
    rows: usize,
    cols: usize,
    /// Row-major: row 0 first.
    data: Vec<f64>,
}

impl Matrix {
    /// A matrix of these numbers, row after row.
    ///
    /// # Errors
    /// [`ShapeError`] if they are not `rows · cols`.
    pub fn new(rows: usize, cols: usize, data: Vec<f64>) -> Result<Self, ShapeError> {
        if rows.checked_mul(cols) != Some(data.len()) {
            return Err(ShapeError {
                what: "the numbers",
                got: (1, data.len()),
                want: (rows, cols),
            });
        }
        Ok(Self { rows, cols, data })
    }

    /// `(rows, cols)`
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }

    /// The numbers, row after row.
    pub fn data(&self) -> &[f64] {
        &self.data
    }

    /// The rows, from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.rows).map(|row| &self.data[row * self.cols..(row + 1) * self.cols])
    }

    /// Rows become columns: `(rows, cols)` → `(cols, rows)`.
    pub fn transpose(&self) -> Self {
        let column = |c| self.rows().map(move |row| row[c]);
        let data = (0..self.cols).flat_map(column).collect();
        Self { rows: self.cols, cols: self.rows, data }
    }

    /// The matrix product `(m, k) · (k, n)` → `(m, n)`.
    ///
    /// # Errors
    /// [`ShapeError`] if `other` has not as many rows as `self` has columns.
    pub fn matmul(&self, other: &Self) -> Result<Self, ShapeError> {
        let want = (self.cols, other.cols);
        other.expect_shape("the right factor of the product", want)?;
        let columns = other.transpose();
        let dot = |row: &[f64], column: &[f64]| row.iter().zip(column).map(|(a, b)| a * b).sum();
        let data = self.rows().flat_map(|row| columns.rows().map(move |column| dot(row, column)));
        Ok(Self { rows: self.rows, cols: other.cols, data: data.collect() })
    }

    /// Nothing, if the matrix has this shape.
    ///
    /// # Errors
    /// [`ShapeError`] with the name `what` if it has another.
    pub fn expect_shape(&self, what: &'static str, want: (usize, usize)) -> Result<(), ShapeError> {
        let got = self.shape();
        if got == want { Ok(()) } else { Err(ShapeError { what, got, want }) }
    }
}

/// Shapes that do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// Which matrix.
    pub what: &'static str,
    /// The shape it has.
    pub got: (usize, usize),
    /// The shape it should have.
    pub want: (usize, usize),
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, got, want } = self;
        write!(f, "{what}: the shape is {got:?}, and {want:?} would fit")
    }
}

impl std::error::Error for ShapeError {}
