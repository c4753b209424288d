//! The vocabularies of the demos, trained by the Python library `tokenizers` on the English
//! paragraphs of the prose that the lesson `tokenization` trains on (`golden/make.py`).

use crate::{Unigram, VocabError, WordPiece};

/// WordPiece; 500 pieces, `[UNK]` not among them.
///
/// # Errors
/// If `golden/wordpiece.txt` is not what `golden/make.py` writes.
pub fn sample_wordpiece() -> Result<WordPiece, VocabError> {
    WordPiece::new(include_str!("../golden/wordpiece.txt").lines())
}

/// A unigram model; 422 pieces, which is where its training ended.
///
/// # Errors
/// If `golden/unigram.txt` is not what `golden/make.py` writes.
pub fn sample_unigram() -> Result<Unigram, VocabError> {
    let lines = include_str!("../golden/unigram.txt").lines();
    Unigram::new(lines.filter_map(|line| {
        let (piece, log_prob) = line.rsplit_once(' ')?;
        Some((piece, log_prob.parse().ok()?))
    }))
}
