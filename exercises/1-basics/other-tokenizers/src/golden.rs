//! What the Python library `tokenizers` answers; made by `golden/make.py`.

use serde::Deserialize;

use crate::{Unigram, VocabError, WordPiece};

/// All golden values.
#[derive(Clone, Debug, Deserialize)]
pub struct Golden {
    /// WordPiece vocabularies, with words and their tokens.
    pub wordpiece: Vec<Words>,
    /// Unigram models, with texts and their tokens.
    pub unigram: Vec<Texts>,
}

/// A WordPiece vocabulary, with words and their tokens.
#[derive(Clone, Debug, Deserialize)]
pub struct Words {
    /// What it tests; several may have one name.
    pub name: String,
    /// The vocabulary.
    pub pieces: Vec<String>,
    /// The limit on the characters of a word.
    pub max_chars: usize,
    /// Words and their tokens.
    pub words: Vec<(String, Vec<String>)>,
}

/// A unigram model, with texts and their tokens.
#[derive(Clone, Debug, Deserialize)]
pub struct Texts {
    /// What it tests; several may have one name.
    pub name: String,
    /// Pieces and log-probabilities.
    pub pieces: Vec<(String, f64)>,
    /// Texts and their tokens.
    pub texts: Vec<(String, Vec<String>)>,
}

impl Golden {
    /// Reads the golden values.
    ///
    /// # Errors
    /// If `golden/golden.json` is not what `golden/make.py` writes.
    pub fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/golden.json"))
    }
}

impl Words {
    /// The vocabulary as the lesson has it.
    ///
    /// # Errors
    /// If the pieces do not make a vocabulary.
    pub fn vocab(&self) -> Result<WordPiece, VocabError> {
        Ok(WordPiece::new(&self.pieces)?.with_max_chars(self.max_chars))
    }
}

impl Texts {
    /// The model as the lesson has it.
    ///
    /// # Errors
    /// If the pieces do not make a model.
    pub fn model(&self) -> Result<Unigram, VocabError> {
        Unigram::new(self.pieces.iter().map(|(piece, log_prob)| (piece.as_str(), *log_prob)))
    }
}
