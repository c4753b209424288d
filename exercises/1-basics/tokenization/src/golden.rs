//! What the Python library `tokenizers` answers; made by `golden/make.py`.

use grading::Failure;
use serde::Deserialize;

use crate::{Bpe, BpeError, Pair};

/// All golden values that checks use.
#[derive(Deserialize)]
pub struct Golden {
    /// Vocabularies, most of them trained.
    pub vocabs: Vec<Vocab>,
    /// Texts and their ids.
    pub encodings: Vec<Encoding>,
    /// Ids and their texts.
    pub decodings: Vec<Encoding>,
}

/// A vocabulary, and what it was trained on.
#[derive(Deserialize)]
pub struct Vocab {
    pub name: String,
    pub special_tokens: Vec<String>,
    /// In the order they were learned.
    pub merges: Vec<Pair>,
    #[serde(default)]
    pub trained_on: String,
    /// The size asked for, special tokens included.
    #[serde(default)]
    pub vocab_size: usize,
}

/// A text and its ids in the vocabulary of that name.
#[derive(Deserialize)]
pub struct Encoding {
    pub vocab: String,
    pub text: String,
    pub ids: Vec<u32>,
}

impl Golden {
    pub fn load() -> Result<Self, Failure> {
        grading::golden!("golden.json")
    }

    /// The vocabularies with these names.
    pub fn vocabs(&self, names: &[&str]) -> impl Iterator<Item = &Vocab> {
        self.vocabs.iter().filter(|vocab| names.contains(&&*vocab.name))
    }

    /// The encodings in the vocabularies with these names, each with its vocabulary.
    pub fn encodings(&self, names: &[&str]) -> impl Iterator<Item = (&Vocab, &Encoding)> {
        self.vocabs(names).flat_map(|vocab| {
            self.encodings.iter().filter(|e| e.vocab == vocab.name).map(move |e| (vocab, e))
        })
    }
}

impl Vocab {
    /// The special tokens as `bpe_train` takes them.
    pub fn special_tokens(&self) -> Vec<&str> {
        self.special_tokens.iter().map(String::as_str).collect()
    }

    /// The vocabulary as the lesson has it.
    pub fn bpe(&self) -> Result<Bpe, BpeError> {
        Bpe::new(self.merges.clone(), &self.special_tokens())
    }
}
