//! What a model is trained on: batches and rows, and what they cost.

/// The label of a position that asks for nothing, as PyTorch has it.
pub const IGNORE: i64 = -100;

/// Some windows, each `context` tokens long, and what comes after each of their tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// What the model reads: `(batch, context)`.
    pub inputs: Vec<Vec<u32>>,
    /// The token after each of them: `(batch, context)`.
    pub labels: Vec<Vec<u32>>,
}

/// A packed row: four lists of `context` entries, one a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What the model reads.
    pub ids: Vec<u32>,
    /// What comes next, or [`IGNORE`].
    pub labels: Vec<i64>,
    /// Which document the token is of, counted from 0; `None` for padding.
    pub document_ids: Vec<Option<usize>>,
    /// Where it stands in its document, or in the part of it that is in this row.
    pub position_ids: Vec<usize>,
}

/// How an epoch is dealt out in steps, and to machines that work side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Windows a step, on all ranks together.
    pub batch: usize,
    /// How many machines there are.
    pub ranks: usize,
    /// Which of them this one is, counted from 0.
    pub rank: usize,
    /// Whether a last step with fewer windows than `batch` is left out.
    pub drop_last: bool,
}

/// A document, or a part of a long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// Which document, counted from 0.
    pub document: usize,
    /// Where in the document the piece begins.
    pub start: usize,
    /// How many tokens it has.
    pub length: usize,
}

/// The share of positions that hold no token, if `tokens` are in rows of `context` positions.
pub fn padding_share(tokens: usize, rows: usize, context: usize) -> f64 {
    match rows * context {
        0 => 0.0,
        positions => 1.0 - tokens as f64 / positions as f64,
    }
}

/// The positions that batches of these documents take, one document a row, if each batch is padded
/// to its longest document. The last batch may be smaller.
pub fn padded_positions(lengths: &[usize], batch: usize) -> usize {
    let longest = |rows: &[usize]| rows.iter().max().copied().unwrap_or(0);
    lengths.chunks(batch.max(1)).map(|rows| rows.len() * longest(rows)).sum()
}
