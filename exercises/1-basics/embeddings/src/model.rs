//! Tables of vectors.

use rand::{Rng, RngExt};

use crate::EmbeddingError;

/// A table of vectors, one row a word, of shape `(rows, dim)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vectors {
    dim: usize,
    values: Vec<f32>,
}

impl Vectors {
    /// A table of zeros.
    pub fn zeros(rows: usize, dim: usize) -> Self {
        Self { dim, values: vec![0.0; rows * dim] }
    }

    /// A table of these rows.
    ///
    /// # Errors
    /// If the rows differ in length.
    pub fn from_rows(rows: &[Vec<f32>]) -> Result<Self, EmbeddingError> {
        let dim = rows.first().map_or(0, Vec::len);
        match rows.iter().find(|row| row.len() != dim) {
            Some(row) => Err(EmbeddingError::Lengths(dim, row.len())),
            None => Ok(Self { dim, values: rows.concat() }),
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.dim).unwrap_or(0)
    }

    /// How many numbers a row has.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The vector of a word, of shape `(dim)`.
    ///
    /// # Errors
    /// [`EmbeddingError::NoSuchRow`]
    pub fn row(&self, id: u32) -> Result<&[f32], EmbeddingError> {
        let start = id as usize * self.dim;
        self.values
            .get(start..start + self.dim)
            .ok_or(EmbeddingError::NoSuchRow { id, rows: self.rows() })
    }

    /// The vector of a word, to be changed.
    ///
    /// # Errors
    /// [`EmbeddingError::NoSuchRow`]
    pub fn row_mut(&mut self, id: u32) -> Result<&mut [f32], EmbeddingError> {
        let (start, rows) = (id as usize * self.dim, self.rows());
        self.values.get_mut(start..start + self.dim).ok_or(EmbeddingError::NoSuchRow { id, rows })
    }
}

/// What skip-gram learns: two vectors for each word.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// `v`: the word as a center. These are the embeddings. Shape `(vocab, dim)`.
    pub input: Vectors,
    /// `u`: the word as a context. Shape `(vocab, dim)`.
    pub output: Vectors,
}

impl Model {
    /// The start that word2vec has: small random centers, contexts all zero.
    pub fn new(vocab: usize, dim: usize, rng: &mut dyn Rng) -> Self {
        let mut input = Vectors::zeros(vocab, dim);
        for value in &mut input.values {
            *value = (rng.random::<f32>() - 0.5) / dim as f32;
        }
        Self { input, output: Vectors::zeros(vocab, dim) }
    }
}

/// The loss of one center word with one context word and its negatives, and its gradients.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// `L`.
    pub loss: f32,
    /// `∂L/∂v`, of shape `(dim)`.
    pub center: Vec<f32>,
    /// `∂L/∂u`, of shape `(dim)`.
    pub context: Vec<f32>,
    /// `∂L/∂u_k` for each negative, of shape `(negatives, dim)`.
    pub negatives: Vec<Vec<f32>>,
}

/// The dot product of two vectors of equal length. Never −0, which sorts before 0.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// `σ(x) = 1 / (1 + e^−x)`. The exponential comes from the crate `libm`, since that of the standard
/// library differs in its last bit from machine to machine, and training would amplify that.
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-x))
}
