//! What the two tokenizers know: pieces, and for the unigram model their log-probabilities.
//!
//! The vocabularies of the demos were trained by the Python library `tokenizers` on the English
//! paragraphs of the prose that the lesson `tokenization` trains on (`golden/make.py`).

use std::collections::HashMap;
use std::fmt;

/// Stands before a WordPiece that continues a word: `##ing`.
pub const CONTINUATION: &str = "##";

/// How much less likely than the least likely piece an unknown character is, as a difference of
/// natural logarithms. SentencePiece and `tokenizers` use the same value.
pub const UNK_PENALTY: f64 = 10.0;

/// A vocabulary cannot be made of these pieces.
#[derive(Clone, Debug, PartialEq)]
pub enum VocabError {
    /// There is not one piece.
    NoPieces,
    /// A piece has no characters.
    EmptyPiece,
    /// A piece is listed twice.
    Twice(String),
    /// A log-probability is not a finite number.
    NotFinite(String, f64),
}

impl fmt::Display for VocabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPieces => f.write_str("a vocabulary needs at least one piece"),
            Self::EmptyPiece => f.write_str("a piece of a vocabulary needs at least one character"),
            Self::Twice(piece) => write!(f, "the piece “{piece}” is in the vocabulary twice"),
            Self::NotFinite(piece, log_prob) => {
                write!(f, "the log-probability of “{piece}” is {log_prob}: it must be finite")
            }
        }
    }
}

impl std::error::Error for VocabError {}

/// Pieces by their text, each with its id, from 1 on in this order, and its log-probability.
type Pieces = HashMap<String, (u32, f64)>;

fn numbered(pieces: impl Iterator<Item = (String, f64)>) -> Result<Pieces, VocabError> {
    let mut numbered = Pieces::new();
    for (id, (piece, log_prob)) in (1..).zip(pieces) {
        if piece.is_empty() {
            return Err(VocabError::EmptyPiece);
        }
        if !log_prob.is_finite() {
            return Err(VocabError::NotFinite(piece, log_prob));
        }
        if numbered.insert(piece.clone(), (id, log_prob)).is_some() {
            return Err(VocabError::Twice(piece));
        }
    }
    if numbered.is_empty() { Err(VocabError::NoPieces) } else { Ok(numbered) }
}

/// The vocabulary of a WordPiece tokenizer, as in BERT.
#[derive(Clone, Debug)]
pub struct WordPiece {
    pieces: Pieces,
    max_chars: usize,
}

impl WordPiece {
    /// The token of a word that cannot be cut.
    pub const UNK: &str = "[UNK]";

    /// A vocabulary of these pieces. Words have at most 100 characters.
    ///
    /// # Errors
    /// If there is no piece, an empty one, or one that occurs twice.
    pub fn new(pieces: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, VocabError> {
        let pieces = pieces.into_iter().map(|piece| (piece.into(), 0.0));
        Ok(Self { pieces: numbered(pieces)?, max_chars: 100 })
    }

    /// The same vocabulary with another limit.
    pub fn with_max_chars(self, max_chars: usize) -> Self {
        Self { max_chars, ..self }
    }

    /// Whether the vocabulary has this piece, the prefix [`CONTINUATION`] included.
    pub fn contains(&self, piece: &str) -> bool {
        self.pieces.contains_key(piece)
    }

    /// The id of a piece: from 1 in the order in which [`WordPiece::new`] got them; 0 for
    /// [`WordPiece::UNK`] and all that the vocabulary does not have.
    pub fn id(&self, piece: &str) -> u32 {
        self.pieces.get(piece).map_or(0, |&(id, _)| id)
    }

    /// How many ids there are.
    pub fn size(&self) -> usize {
        self.pieces.len() + 1
    }

    /// Words of more characters than this are not cut.
    pub fn max_chars(&self) -> usize {
        self.max_chars
    }
}

/// A unigram language model: pieces and their log-probabilities (natural logarithm).
#[derive(Clone, Debug)]
pub struct Unigram {
    pieces: Pieces,
    longest: usize,
    lowest: f64,
}

impl Unigram {
    /// A model of these pieces. The probabilities need not add up to one.
    ///
    /// # Errors
    /// If there is no piece, an empty one, one that occurs twice, or a log-probability that is no
    /// finite number.
    pub fn new(
        pieces: impl IntoIterator<Item = (impl Into<String>, f64)>,
    ) -> Result<Self, VocabError> {
        let pieces = numbered(pieces.into_iter().map(|(piece, p)| (piece.into(), p)))?;
        let longest = pieces.keys().map(String::len).max().unwrap_or(0);
        let lowest = pieces.values().map(|&(_, log_prob)| log_prob).fold(f64::INFINITY, f64::min);
        Ok(Self { pieces, longest, lowest })
    }

    /// The log-probability of a piece; `None` if the model does not have it.
    pub fn log_prob(&self, piece: &str) -> Option<f64> {
        self.pieces.get(piece).map(|&(_, log_prob)| log_prob)
    }

    /// The id of a piece: from 1 in the order in which [`Unigram::new`] got them; 0 for all that
    /// the model does not have.
    pub fn id(&self, piece: &str) -> u32 {
        self.pieces.get(piece).map_or(0, |&(id, _)| id)
    }

    /// How many ids there are.
    pub fn size(&self) -> usize {
        self.pieces.len() + 1
    }

    /// The length of the longest piece in bytes.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The log-probability of an unknown character: that of the least likely piece, minus
    /// [`UNK_PENALTY`].
    pub fn unk_log_prob(&self) -> f64 {
        self.lowest - UNK_PENALTY
    }
}

/// The WordPiece vocabulary of the demos; 500 pieces, `[UNK]` not among them.
///
/// # Errors
/// If `golden/wordpiece.txt` is not what `golden/make.py` writes.
pub fn sample_wordpiece() -> Result<WordPiece, VocabError> {
    WordPiece::new(include_str!("../golden/wordpiece.txt").lines())
}

/// The unigram model of the demos; 422 pieces, which is where its training ended.
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
