//! All ways to cut a text: a graph from its beginning to its end.

use std::fmt;

/// A piece at a place: the text from byte `start` up to, not including, byte `end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Where the piece begins, in bytes from the beginning of the text.
    pub start: usize,
    /// Where the piece ends; always larger than `start`.
    pub end: usize,
    /// The natural logarithm of the piece's probability.
    pub log_prob: f64,
    /// Whether the vocabulary has the piece; `false` for an unknown character.
    pub known: bool,
}

/// What is wrong with a lattice, or with what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LatticeError {
    /// An edge that does not go forward, leaves the text, or has no finite log-probability.
    BadEdge(Edge),
    /// No sequence of edges leads from the beginning to the end.
    NoPath,
    /// The exponent for sampling is negative or not a finite number.
    BadAlpha(f64),
}

impl fmt::Display for LatticeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadEdge(Edge { start, end, log_prob, .. }) => write!(
                f,
                "the edge from {start} to {end} with the log-probability {log_prob} does not fit: \
                 it must go forward, stay in the text, and have a finite log-probability"
            ),
            Self::NoPath => f.write_str("no sequence of pieces covers the text"),
            Self::BadAlpha(alpha) => {
                write!(f, "alpha is {alpha}: it must be a finite number, zero or larger")
            }
        }
    }
}

impl std::error::Error for LatticeError {}

/// Positions `0..=end` between the bytes of a text, and the edges between them. A *path* is a
/// sequence of edges from 0 to `end`, each starting where the one before it ended; its
/// log-probability must be finite, too.
#[derive(Clone, Debug, PartialEq)]
pub struct Lattice {
    end: usize,
    edges: Vec<Edge>,
}

impl Lattice {
    /// A lattice over a text of `end` bytes. The edges may come in any order.
    ///
    /// # Errors
    /// [`LatticeError::BadEdge`] at the first edge that does not fit.
    pub fn new(end: usize, mut edges: Vec<Edge>) -> Result<Self, LatticeError> {
        let fits = |e: &Edge| e.start < e.end && e.end <= end && e.log_prob.is_finite();
        if let Some(bad) = edges.iter().find(|edge| !fits(edge)) {
            return Err(LatticeError::BadEdge(*bad));
        }
        edges.sort_by_key(|edge| (edge.start, edge.end));
        Ok(Self { end, edges })
    }

    /// The last position: the length of the text in bytes.
    pub fn end(&self) -> usize {
        self.end
    }

    /// All edges, sorted by `start`, then by `end`; equals stay in the order that they came in. So
    /// when an edge's turn comes, all edges into its start have had theirs.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }
}

/// The logarithm of the product of the edges' probabilities.
pub fn path_log_prob(path: &[Edge]) -> f64 {
    path.iter().map(|edge| edge.log_prob).sum()
}
