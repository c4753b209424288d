//! Matrices, fast enough to train with.

use crate::NetError;

/// A matrix of shape `(rows, cols)`, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    cols: usize,
    data: Vec<f32>,
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        Self { rows, cols, data: vec![0.0; rows * cols] }
    }

    /// A matrix of these numbers, row after row.
    ///
    /// # Errors
    /// [`NetError::Rows`] if they are not `rows · cols`.
    pub fn new(rows: usize, cols: usize, data: Vec<f32>) -> Result<Self, NetError> {
        if rows.checked_mul(cols) != Some(data.len()) {
            return Err(NetError::Rows { numbers: data.len(), cols });
        }
        Ok(Self { rows, cols, data })
    }

    /// `(rows, cols)`
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }

    /// All numbers, row after row.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// The same, to be changed.
    pub fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// A row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.data[row * self.cols..(row + 1) * self.cols]
    }

    /// A row, to be changed.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.data[row * self.cols..(row + 1) * self.cols]
    }

    /// All rows, from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        (0..self.rows).map(|row| self.row(row))
    }

    /// The rows of these numbers in this order, a row as often as it is named: shape
    /// `(ids.len(), cols)`.
    ///
    /// # Errors
    /// [`NetError::UnknownToken`] at the first that is not there.
    pub fn select(&self, ids: &[u32]) -> Result<Self, NetError> {
        let mut data = Vec::with_capacity(ids.len() * self.cols);
        for &token in ids {
            if token as usize >= self.rows {
                return Err(NetError::UnknownToken { token, len: self.rows });
            }
            data.extend_from_slice(self.row(token as usize));
        }
        Ok(Self { rows: ids.len(), cols: self.cols, data })
    }

    /// The same numbers in rows of another length.
    ///
    /// # Errors
    /// [`NetError::Rows`] if the last row is not full, or rows have no numbers.
    pub fn reshape(self, cols: usize) -> Result<Self, NetError> {
        if cols == 0 || !self.data.len().is_multiple_of(cols) {
            return Err(NetError::Rows { numbers: self.data.len(), cols });
        }
        Ok(Self { rows: self.data.len() / cols, cols, data: self.data })
    }

    /// Rows become columns: `(rows, cols)` → `(cols, rows)`.
    pub fn transpose(&self) -> Self {
        let mut turned = Self::zeros(self.cols, self.rows);
        // In strips, so that what is written next to each other is written soon after each other.
        const STRIP: usize = 16;
        for first in (0..self.rows).step_by(STRIP) {
            let strip = first..(first + STRIP).min(self.rows);
            for col in 0..self.cols {
                for row in strip.clone() {
                    turned.data[col * self.rows + row] = self.data[row * self.cols + col];
                }
            }
        }
        turned
    }

    /// The matrix product `(m, k) · (k, n)` → `(m, n)`.
    ///
    /// Each row of the result is a sum of rows of `other`, added up in order, four at a time: the
    /// compiler makes vector instructions of that, and the bits are the same on every machine.
    ///
    /// # Errors
    /// [`NetError::Shapes`] if `other` has not as many rows as `self` has columns.
    pub fn matmul(&self, other: &Self) -> Result<Self, NetError> {
        if self.cols != other.rows {
            return Err(NetError::Shapes { left: self.shape(), right: other.shape() });
        }
        let mut product = Self::zeros(self.rows, other.cols);
        for i in 0..self.rows {
            let sums = product.row_mut(i);
            let (fours, rest) = self.row(i).as_chunks::<4>();
            for (k, &[a, b, c, d]) in (0..).step_by(4).zip(fours) {
                let [w, x, y, z] = [0, 1, 2, 3].map(|next| other.row(k + next));
                for ((((sum, w), x), y), z) in sums.iter_mut().zip(w).zip(x).zip(y).zip(z) {
                    *sum += a * w + b * x + c * y + d * z;
                }
            }
            for (k, a) in (4 * fours.len()..).zip(rest) {
                for (sum, x) in sums.iter_mut().zip(other.row(k)) {
                    *sum += a * x;
                }
            }
        }
        Ok(product)
    }

    /// Adds the same numbers, of shape `(cols)`, to every row.
    ///
    /// # Panics
    /// If they are not as many as a row has.
    pub fn add_to_rows(&mut self, numbers: &[f32]) {
        assert_eq!(numbers.len(), self.cols, "numbers to add to rows");
        for row in 0..self.rows {
            self.row_mut(row).iter_mut().zip(numbers).for_each(|(x, add)| *x += add);
        }
    }
}
