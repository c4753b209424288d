//! What is divided among machines.

use std::f64::consts::PI;
use std::ops::Range;

use crate::MachineError;

/// Chunk `i` of `n` numbers that are divided among `ranks`: chunks follow each other, and the first
/// `n % ranks` have one number more. If there are fewer numbers than ranks, some chunks are empty.
///
/// ```
/// use many_machines::chunk;
///
/// assert_eq!([0, 1, 2].map(|i| chunk(8, 3, i)), [0..3, 3..6, 6..8]);
/// ```
///
/// # Panics
/// If there are no ranks.
pub fn chunk(n: usize, ranks: usize, i: usize) -> Range<usize> {
    let (each, more) = (n / ranks, n % ranks);
    let start = |i: usize| i * each + i.min(more);
    start(i)..start(i + 1)
}

/// Numbers in rows of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// How many rows.
    pub rows: usize,
    /// How many numbers a row has.
    pub columns: usize,
    /// Row after row, `rows * columns` numbers.
    pub values: Vec<f64>,
}

impl Matrix {
    /// A matrix from its numbers by row and column.
    pub fn new(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f64) -> Self {
        let value = &value;
        let values = (0..rows).flat_map(|r| (0..columns).map(move |c| value(r, c))).collect();
        Self { rows, columns, values }
    }

    /// The number at a place.
    ///
    /// # Panics
    /// If there is none.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// Some of its columns.
    pub fn some_columns(&self, range: Range<usize>) -> Self {
        Self::new(self.rows, range.len(), |r, c| self.at(r, range.start + c))
    }

    /// Some of its rows.
    pub fn some_rows(&self, range: Range<usize>) -> Self {
        Self::new(range.len(), self.columns, |r, c| self.at(range.start + r, c))
    }

    /// The product of two matrices. A product over no columns is 0.
    ///
    /// # Errors
    /// [`MachineError::Shape`] if this has not as many columns as the other has rows.
    pub fn times(&self, other: &Self) -> Result<Self, MachineError> {
        if self.columns != other.rows {
            return Err(MachineError::Shape { columns: self.columns, rows: other.rows });
        }
        let dot =
            |r: usize, c: usize| (0..self.columns).map(move |k| self.at(r, k) * other.at(k, c));
        Ok(Self::new(self.rows, other.columns, |r, c| dot(r, c).fold(0.0, |sum, x| sum + x)))
    }
}

/// The GELU of a number, in the form with a tanh.
pub fn gelu(x: f64) -> f64 {
    0.5 * x * (1.0 + ((2.0 / PI).sqrt() * (x + 0.044715 * x * x * x)).tanh())
}

/// What a stage does with a micro-batch; micro-batches are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Its layers, forward.
    Forward(usize),
    /// The same backward.
    Backward(usize),
}

/// In which order a pipeline works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All forward, then all backward.
    GPipe,
    /// One forward, one backward, as soon as it can.
    OneFOneB,
}

/// When a job was done, in units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The job.
    pub job: Job,
    /// When it began.
    pub start: u64,
    /// When it was done.
    pub end: u64,
}

/// The share of its time that a pipeline waits, between the first start at 0 and the last end,
/// over all stages; 0 if nothing takes time.
pub fn waiting(timeline: &[Vec<Span>]) -> f64 {
    let spans = || timeline.iter().flatten();
    let all = spans().map(|span| span.end).max().unwrap_or(0) as f64 * timeline.len() as f64;
    let busy = spans().map(|span| span.end - span.start).sum::<u64>() as f64;
    if all > 0.0 { 1.0 - busy / all } else { 0.0 }
}

/// For how many micro-batches a stage keeps activations at most: those that went forward and have
/// not come back.
pub fn held(jobs: &[Job]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for job in jobs {
        match job {
            Job::Forward(_) => now += 1,
            Job::Backward(_) => now = now.saturating_sub(1),
        }
        most = most.max(now);
    }
    most
}

/// How a training is laid out over `tensor * pipeline * data` machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Among so many each matrix is divided.
    pub tensor: u64,
    /// Among so many the layers are divided.
    pub pipeline: u64,
    /// So many groups of `tensor * pipeline` machines each read texts of their own.
    pub data: u64,
}
