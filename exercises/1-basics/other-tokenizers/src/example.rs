//! The word that the page cuts by hand, and the model that it cuts it with.

use crate::{Unigram, VocabError};

/// The word.
pub const WORD: &str = "nowhere";

/// The probability of each of its letters.
pub const LETTER: f64 = 0.05;

/// Longer pieces and their probabilities. Those of all other pieces of the vocabulary make up the
/// rest.
pub const PIECES: [(&str, f64); 4] = [("no", 0.08), ("now", 0.04), ("where", 0.03), ("here", 0.05)];

/// All pieces that the word needs, with their probabilities.
pub fn pieces() -> impl Iterator<Item = (&'static str, f64)> + Clone {
    ["n", "o", "w", "h", "e", "r"].map(|letter| (letter, LETTER)).into_iter().chain(PIECES)
}

/// The model of these pieces.
///
/// # Errors
/// None: no piece is empty or listed twice.
pub fn model() -> Result<Unigram, VocabError> {
    Unigram::new(pieces().map(|(piece, p)| (piece, p.ln())))
}
