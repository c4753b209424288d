//! The reference: windows, epochs, packed rows, and who may see whom in them.

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
    // BEGIN ANSWER
    let tokens = data.len();
    if batch == 0 {
        return Err(BatchError::EmptyBatch);
    }
    if context == 0 {
        return Err(BatchError::EmptyContext);
    }
    if tokens <= context {
        return Err(BatchError::TooShort { tokens, context });
    }
    let starts: Vec<usize> = (0..batch).map(|_| rng.random_range(0..tokens - context)).collect();
    let cut = |shift: usize| -> Vec<Vec<u32>> {
        starts.iter().map(|start| data[start + shift..][..context].to_vec()).collect()
    };
    Ok(Batch { inputs: cut(0), labels: cut(1) })
    // END ANSWER
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
    // BEGIN ANSWER
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    let mut rng = StdRng::from_seed(key);
    let mut order: Vec<usize> = (0..windows).collect();
    for i in (1..windows).rev() {
        order.swap(i, rng.random_range(0..=i));
    }
    order
    // END ANSWER
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
    // BEGIN ANSWER
    let &Plan { batch, ranks, rank, drop_last } = plan;
    if batch == 0 {
        return Err(BatchError::EmptyBatch);
    }
    if rank >= ranks {
        return Err(BatchError::Rank { rank, ranks });
    }
    let steps = if drop_last { order.len() / batch } else { order.len().div_ceil(batch) };
    if step >= steps {
        return Err(BatchError::Step { step, steps });
    }
    let rest = &order[step * batch..];
    let together = &rest[..batch.min(rest.len())];
    Ok(together.iter().skip(rank).step_by(ranks).copied().collect())
    // END ANSWER
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
    // BEGIN ANSWER
    if context == 0 {
        return Err(BatchError::EmptyContext);
    }
    let mut stream = Vec::new();
    for (document, ids) in documents.iter().enumerate() {
        if let Some(at) = ids.iter().position(|&id| id == end) {
            return Err(BatchError::EndInside { document, at });
        }
        if !ids.is_empty() {
            stream.extend(ids.iter().chain([&end]).map(|&id| (id, document)));
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    for (i, &(id, document)) in stream.iter().enumerate() {
        if i % context == 0 {
            rows.push(Row::default());
        }
        let Some(row) = rows.last_mut() else { break };
        let position = match (row.document_ids.last(), row.position_ids.last()) {
            (Some(before), Some(position)) if *before == Some(document) => position + 1,
            _ => 0,
        };
        row.ids.push(id);
        row.labels.push(stream.get(i + 1).map_or(IGNORE, |next| i64::from(next.0)));
        row.document_ids.push(Some(document));
        row.position_ids.push(position);
    }
    if let Some(row) = rows.last_mut() {
        row.ids.resize(context, end);
        row.labels.resize(context, IGNORE);
        row.document_ids.resize(context, None);
        row.position_ids.resize(context, 0);
    }
    Ok(rows)
    // END ANSWER
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
    // BEGIN ANSWER
    let sees = |i: usize, j: usize| {
        j <= i && document_ids[i].is_some() && document_ids[i] == document_ids[j]
    };
    let seq = document_ids.len();
    (0..seq).map(|i| (0..seq).map(|j| sees(i, j)).collect()).collect()
    // END ANSWER
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
    // BEGIN ANSWER
    if context == 0 {
        return Err(BatchError::EmptyContext);
    }
    let mut pieces = Vec::new();
    for (document, &tokens) in lengths.iter().enumerate() {
        for start in (0..tokens).step_by(context) {
            pieces.push(Piece { document, start, length: context.min(tokens - start) });
        }
    }
    // A stable sort: equals keep their order.
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.length));

    let mut rows: Vec<(usize, Vec<Piece>)> = Vec::new();
    for piece in pieces {
        let with_room = rows.iter_mut().filter(|(room, _)| *room >= piece.length);
        match with_room.min_by_key(|(room, _)| *room) {
            Some((room, row)) => {
                *room -= piece.length;
                row.push(piece);
            }
            None => rows.push((context - piece.length, vec![piece])),
        }
    }
    Ok(rows.into_iter().map(|(_, row)| row).collect())
    // END ANSWER
}
