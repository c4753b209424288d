//! What the two tokenizers know: pieces, and for the unigram model their log-probabilities.

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
            Self::NotFinite(piece, log_prob) => write!(
                f,
                "the log-probability of the piece “{piece}” is {log_prob}: it must be a finite number"
            ),
        }
    }
}

impl std::error::Error for VocabError {}

/// The vocabulary of a WordPiece tokenizer, as in BERT.
#[derive(Clone, Debug)]
pub struct WordPiece {
    ids: HashMap<String, u32>,
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
        let mut ids = HashMap::new();
        for (id, piece) in (1..).zip(pieces) {
            let piece = piece.into();
            if piece.is_empty() {
                return Err(VocabError::EmptyPiece);
            }
            if ids.contains_key(&piece) {
                return Err(VocabError::Twice(piece));
            }
            ids.insert(piece, id);
        }
        if ids.is_empty() {
            return Err(VocabError::NoPieces);
        }
        Ok(Self { ids, max_chars: 100 })
    }

    /// The same vocabulary with another limit.
    pub fn with_max_chars(self, max_chars: usize) -> Self {
        Self { max_chars, ..self }
    }

    /// Whether the vocabulary has this piece, the prefix [`CONTINUATION`] included.
    pub fn contains(&self, piece: &str) -> bool {
        self.ids.contains_key(piece)
    }

    /// The id of a piece: from 1 in the order in which [`WordPiece::new`] got them; 0 for
    /// [`WordPiece::UNK`] and all that the vocabulary does not have.
    pub fn id(&self, piece: &str) -> u32 {
        self.ids.get(piece).copied().unwrap_or(0)
    }

    /// How many ids there are.
    pub fn size(&self) -> usize {
        self.ids.len() + 1
    }

    /// Words of more characters than this are not cut.
    pub fn max_chars(&self) -> usize {
        self.max_chars
    }
}

/// A unigram language model: pieces and their log-probabilities (natural logarithm).
#[derive(Clone, Debug)]
pub struct Unigram {
    pieces: HashMap<String, (u32, f64)>,
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
        let mut model = Self { pieces: HashMap::new(), longest: 0, lowest: f64::INFINITY };
        for (id, (piece, log_prob)) in (1..).zip(pieces) {
            let piece = piece.into();
            if piece.is_empty() {
                return Err(VocabError::EmptyPiece);
            }
            if !log_prob.is_finite() {
                return Err(VocabError::NotFinite(piece, log_prob));
            }
            model.longest = model.longest.max(piece.len());
            model.lowest = model.lowest.min(log_prob);
            if model.pieces.contains_key(&piece) {
                return Err(VocabError::Twice(piece));
            }
            model.pieces.insert(piece, (id, log_prob));
        }
        if model.pieces.is_empty() { Err(VocabError::NoPieces) } else { Ok(model) }
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
