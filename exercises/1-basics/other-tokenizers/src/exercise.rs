//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/other-tokenizers.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade other-tokenizers`.
//! - Stuck? `cargo study hint other-tokenizers` gives one hint at a time.

use rand::{Rng, RngExt};

use other_tokenizers::{CONTINUATION, Edge, Lattice, LatticeError, Unigram, WordPiece};

// The methods of `WordPiece` and `Unigram` are in vocab.rs, the fields of `Edge` and the methods of
// `Lattice` in lattice.rs, beside this file.

/// Cuts a word into pieces of the vocabulary: again and again the longest piece
/// that the rest of the word begins with. The first piece is looked up as it
/// stands in the word; every other one is looked up, and returned, with
/// [`CONTINUATION`] before it.
///
/// If at some place no piece fits, or if the word has more than
/// [`WordPiece::max_chars`] characters (`char`), the whole word is the one
/// token [`WordPiece::UNK`]. An empty word has no tokens.
pub fn wordpiece(vocab: &WordPiece, word: &str) -> Vec<String> {
    todo!("wordpiece")
}

/// The lattice of a text: an edge for every piece of the model at every place
/// where it fits.
///
/// Positions are byte offsets; white space is text like any other. An edge has
/// the log-probability of its piece. Where the model does not have the single
/// character that starts at a position, an edge with `known: false` and
/// [`Unigram::unk_log_prob`] covers that character, whether or not a longer
/// piece starts there too.
///
/// # Errors
/// Those of [`Lattice::new`]; there is none if every edge lies in the text.
pub fn unigram_lattice(model: &Unigram, text: &str) -> Result<Lattice, LatticeError> {
    todo!("unigram_lattice")
}

/// The most likely path: the one whose log-probabilities add up to the most
/// (Viterbi's algorithm). Among equals, the one whose last edge comes first in
/// [`Lattice::edges`], so the one that starts first; the same holds for each
/// part of the path from the beginning to one of its positions. The path of an
/// empty text is empty.
///
/// # Errors
/// [`LatticeError::NoPath`] if no path leads to the end.
pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
    todo!("unigram_viterbi")
}

/// For every position, the logarithm of the summed weights of all ways to get
/// there from the beginning. The weight of a way is the product of its edges'
/// probabilities, to the power `alpha`, a finite number from 0 up. Shape `(end
/// + 1)`; 0 at position 0, −∞ where no way leads.
///
/// With `alpha` 1, the last value is the log-probability of the text. All are
/// right to nine digits, however long the text and unlikely its pieces.
pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
    todo!("unigram_forward")
}

/// `ln(exp(a) + exp(b))`, finite for all finite `a` and `b`; −∞ stands for the
/// logarithm of zero.
fn log_add(a: f64, b: f64) -> f64 {
    todo!("log_add")
}

/// Draws a path with a probability proportional to (product of its edges'
/// probabilities) to the power `alpha`. With 1 this is the model's own
/// distribution, with 0 all paths are equally likely, and the larger `alpha`,
/// the surer the best path.
///
/// Works from the end: of all edges into the position, draws one by the share
/// that the ways over it have in [`unigram_forward`] of the position, then goes
/// on at the edge's start. For each edge of the path it draws one number with
/// `rng.random::<f64>()`, in [0, 1), where the edges have parts as long as
/// their shares, in the order of [`Lattice::edges`]. What rounding leaves at
/// the end belongs to the last edge with a share above 0.
///
/// # Errors
/// First [`LatticeError::BadAlpha`] if `alpha` is not finite or below 0 (−0 is
/// not); [`LatticeError::NoPath`] if no path leads to the end.
pub fn unigram_sample(
    lattice: &Lattice,
    alpha: f64,
    rng: &mut dyn Rng,
) -> Result<Vec<Edge>, LatticeError> {
    todo!("unigram_sample")
}
