//! WordPiece and the unigram language model.
//!
//! WordPiece as the code of BERT cuts words with it, by "a greedy longest-match-first algorithm"
//! (<https://github.com/google-research/bert/blob/master/tokenization.py>). The unigram model: Kudo,
//! "Subword Regularization" (<https://arxiv.org/abs/1804.10959>).

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
    // BEGIN ANSWER
    let unknown = vec![WordPiece::UNK.to_owned()];
    if word.chars().count() > vocab.max_chars() {
        return unknown;
    }
    let mut tokens = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let prefix = if tokens.is_empty() { "" } else { CONTINUATION };
        let ends = rest.char_indices().map(|(i, c)| i + c.len_utf8()).rev();
        let mut pieces = ends.map(|end| (end, format!("{prefix}{}", &rest[..end])));
        let Some((end, piece)) = pieces.find(|(_, piece)| vocab.contains(piece)) else {
            return unknown;
        };
        tokens.push(piece);
        rest = &rest[end..];
    }
    tokens
    // END ANSWER
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
    // BEGIN ANSWER
    let mut edges = Vec::new();
    for (start, first) in text.char_indices() {
        let next = start + first.len_utf8();
        if model.log_prob(&text[start..next]).is_none() {
            edges.push(Edge { start, end: next, log_prob: model.unk_log_prob(), known: false });
        }
        let ends = text[start..].char_indices().map(|(i, c)| start + i + c.len_utf8());
        for end in ends.take_while(|end| end - start <= model.longest()) {
            if let Some(log_prob) = model.log_prob(&text[start..end]) {
                edges.push(Edge { start, end, log_prob, known: true });
            }
        }
    }
    Lattice::new(text.len(), edges)
    // END ANSWER
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
    // BEGIN ANSWER
    let mut best = vec![f64::NEG_INFINITY; lattice.end() + 1];
    let mut last = vec![None; lattice.end() + 1];
    best[0] = 0.0;
    for edge in lattice.edges() {
        let log_prob = best[edge.start] + edge.log_prob;
        if log_prob > best[edge.end] {
            best[edge.end] = log_prob;
            last[edge.end] = Some(*edge);
        }
    }
    let mut path = Vec::new();
    let mut position = lattice.end();
    while position > 0 {
        let edge: Edge = last[position].ok_or(LatticeError::NoPath)?;
        path.push(edge);
        position = edge.start;
    }
    path.reverse();
    Ok(path)
    // END ANSWER
}

/// For every position, the logarithm of the summed weights of all ways to get
/// there from the beginning. The weight of a way is the product of its edges'
/// probabilities, to the power `alpha`, a finite number from 0 up. Shape `(end
/// + 1)`; 0 at position 0, −∞ where no way leads.
///
/// With `alpha` 1, the last value is the log-probability of the text. All are
/// right to nine digits, however long the text and unlikely its pieces.
pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
    // BEGIN ANSWER
    let mut forward = vec![f64::NEG_INFINITY; lattice.end() + 1];
    forward[0] = 0.0;
    for edge in lattice.edges() {
        let through = forward[edge.start] + alpha * edge.log_prob;
        forward[edge.end] = log_add(forward[edge.end], through);
    }
    forward
    // END ANSWER
}

/// `ln(exp(a) + exp(b))`, finite for all finite `a` and `b`; −∞ stands for the
/// logarithm of zero.
fn log_add(a: f64, b: f64) -> f64 {
    // BEGIN ANSWER
    let (larger, smaller) = (a.max(b), a.min(b));
    if smaller == f64::NEG_INFINITY { larger } else { larger + (smaller - larger).exp().ln_1p() }
    // END ANSWER
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
    // BEGIN ANSWER
    if !alpha.is_finite() || alpha < 0.0 {
        return Err(LatticeError::BadAlpha(alpha));
    }
    let forward = unigram_forward(lattice, alpha);
    let mut path = Vec::new();
    let mut position = lattice.end();
    while position > 0 {
        let mut left: f64 = rng.random();
        let mut chosen = None;
        for edge in lattice.edges().iter().filter(|edge| edge.end == position) {
            let share = (forward[edge.start] + alpha * edge.log_prob - forward[position]).exp();
            // Where no way leads to, it is NaN.
            if share > 0.0 {
                chosen = Some(*edge);
                left -= share;
            }
            if left < 0.0 {
                break;
            }
        }
        let edge = chosen.ok_or(LatticeError::NoPath)?;
        path.push(edge);
        position = edge.start;
    }
    path.reverse();
    Ok(path)
    // END ANSWER
}
