//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/batches.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade batches`.
//! - Stuck? `cargo study hint batches` gives one hint at a time.

use batches::{Batch, BatchError, IGNORE, Piece, Plan, Row};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// Draws `batch` windows from data that is one long line of ids.
///
/// A window starts anywhere from 0 to `tokens − context − 1`, where `tokens` is the length of
/// `data`. Every start is equally likely, drawn from `rng`, and has nothing to do with the other
/// starts: the same window may come twice. The inputs of a window with the start `s` are
/// `data[s]` to `data[s + context − 1]`, its labels `data[s + 1]` to `data[s + context]`. Nothing
/// but the arguments decides: an `rng` in the same state draws the same batch; call it again, and
/// you get another. Ids may be any u32.
///
/// # Errors
/// [`BatchError::EmptyBatch`] if `batch` is 0; then [`BatchError::EmptyContext`] if `context` is 0;
/// then [`BatchError::TooShort`] if there is no start, which is if `tokens ≤ context`.
///
/// Source: `get_batch` of nanoGPT's train.py.
pub fn get_batch(
    data: &[u32],
    batch: usize,
    context: usize,
    rng: &mut dyn Rng,
) -> Result<Batch, BatchError> {
    todo!("get_batch")
}

/// The order in which an epoch visits `windows` windows: each number from 0 to `windows − 1`, once.
///
/// Every order is equally likely, and `seed` and `epoch` alone decide which one it is: the same two
/// give the same order, today and tomorrow. If one of them differs, in any of its 64 bits, or if
/// they are swapped, the orders have nothing to do with each other.
///
/// Source: the shuffle is that of Fisher and Yates, as in Knuth, The Art of Computer Programming,
/// volume 2, algorithm P.
pub fn epoch_order(windows: usize, seed: u64, epoch: u64) -> Vec<usize> {
    todo!("epoch_order")
}

/// What this rank reads at a step of an epoch that visits windows in this `order`.
///
/// Step `k` is for the windows at the places `k · batch` to `(k + 1) · batch − 1` of the order, on
/// all ranks together; they are dealt like cards, so the first goes to rank 0, the next to rank 1,
/// and so on. The result has this rank's windows, in the order of `order`. There are
/// `n / batch` steps for `n` windows, rounded down if `drop_last` is set, else rounded up: then the
/// last step has what is left, and a rank may get nothing. `order` may be any list.
///
/// # Errors
/// [`BatchError::EmptyBatch`] if `batch` is 0; then [`BatchError::Rank`] unless `rank < ranks`; then
/// [`BatchError::Step`] unless `step` is below the number of steps.
pub fn batch_at(order: &[usize], plan: &Plan, step: usize) -> Result<Vec<usize>, BatchError> {
    todo!("batch_at")
}

/// Packs documents into rows of `context` positions: all documents one after the other, each with
/// the id `end` after it, cut every `context` tokens.
///
/// An empty document is left out, its `end` as well; the others keep their numbers. An `end` is of
/// the document that it ends. The label of a token is the token after it in the cut text, wherever
/// that stands: in the next document, or in the next row. The last `end` of all has none, so its
/// label is [`IGNORE`]. Positions count from 0 within a document; where a document goes on in
/// another row, they begin at 0 again. If the last row is not full, it is padded at its end: with
/// the id `end`, the label [`IGNORE`], no document, and position 0. Without tokens there are no
/// rows. Ids may be any u32.
///
/// # Errors
/// [`BatchError::EmptyContext`] if `context` is 0; then [`BatchError::EndInside`] with the first
/// place at which a document has the id `end` itself.
///
/// Source: Brown and others, 2020, appendix B, for documents packed with an end-of-text token.
pub fn pack(documents: &[Vec<u32>], context: usize, end: u32) -> Result<Vec<Row>, BatchError> {
    todo!("pack")
}

/// Who may look at whom in a packed row: row `i`, column `j` of the result says whether position `i`
/// may look at position `j`.
///
/// It may if `j ≤ i` and both are of the same document, whatever stands between them. Padding,
/// which is `None`, looks at nobody, itself included, and nobody looks at it. A row of no positions
/// has a mask without rows.
///
/// Source: Dubey and others, 2024 (Llama 3), section 3.2.
pub fn document_mask(document_ids: &[Option<usize>]) -> Vec<Vec<bool>> {
    todo!("document_mask")
}

/// Packs documents of these lengths into rows of `context` tokens without cutting any that fits.
///
/// First a document longer than `context` is cut: pieces of `context` tokens from its beginning on,
/// and one with the rest, if any. Any other is a piece by itself, but an empty one is left out.
/// Then the pieces are placed, the longest first; among equals the one of the earlier document,
/// and of one document the earlier piece. Each goes into the row that has the least room left among
/// those with room enough; among equals into the one that was begun first. If no row has room, it
/// begins a new one. The result has the rows in the order in which they were begun, and in each row
/// the pieces in the order in which they were placed. A length counts all tokens of a document, its
/// `end` included.
///
/// # Errors
/// [`BatchError::EmptyContext`] if `context` is 0.
///
/// Source: best-fit decreasing, as in Ding and others, 2024, section 3.
pub fn best_fit_pack(lengths: &[usize], context: usize) -> Result<Vec<Vec<Piece>>, BatchError> {
    todo!("best_fit_pack")
}
