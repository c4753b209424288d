//! The vocabulary of the demos.

use crate::{BYTE_TOKENS, Bpe, BpeError, Pair};

/// The training text of [`sample_vocab`]: a few pages written for this book.
pub const PROSE: &str = include_str!("../golden/prose.txt");

/// The largest vocabulary of [`sample_vocab`].
pub const SAMPLE_VOCAB_SIZE: usize = 1024;

/// A vocabulary of `vocab_size` tokens, trained on [`PROSE`] by the Python library `tokenizers`
/// (`golden/make.py`). At most [`SAMPLE_VOCAB_SIZE`]; every smaller one holds its first merges.
///
/// # Errors
/// [`BpeError::VocabTooSmall`] below 256 tokens.
pub fn sample_vocab(vocab_size: usize) -> Result<Bpe, BpeError> {
    let too_small = BpeError::VocabTooSmall { vocab_size, least: BYTE_TOKENS };
    let room = vocab_size.checked_sub(BYTE_TOKENS).ok_or(too_small)?;
    Bpe::new(sample_merges().take(room).collect(), &[])
}

fn sample_merges() -> impl Iterator<Item = Pair> {
    let lines = include_str!("../golden/prose-merges.txt").lines();
    lines.filter_map(|line| {
        let (left, right) = line.split_once(' ')?;
        Some((left.parse().ok()?, right.parse().ok()?))
    })
}
