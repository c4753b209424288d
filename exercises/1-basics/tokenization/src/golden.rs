//! What the Python library `tokenizers` answers; made by `golden/make.py`.

use serde::Deserialize;

use crate::{Bpe, BpeError, Pair};

/// All golden values.
#[derive(Clone, Debug, Deserialize)]
pub struct Golden {
    /// Texts and the pieces of GPT-2's pattern.
    pub pretokens: Vec<Pretokens>,
    /// Vocabularies, most of them trained.
    pub vocabs: Vec<Vocab>,
    /// Texts and their ids.
    pub encodings: Vec<Encoding>,
    /// Ids and their texts.
    pub decodings: Vec<Encoding>,
}

/// A text and its pieces.
#[derive(Clone, Debug, Deserialize)]
pub struct Pretokens {
    /// The text.
    pub text: String,
    /// Its pieces in order.
    pub pieces: Vec<String>,
}

/// A vocabulary, and what it was trained on.
#[derive(Clone, Debug, Deserialize)]
pub struct Vocab {
    /// Unique.
    pub name: String,
    /// Cut out of the text before training.
    pub special_tokens: Vec<String>,
    /// In the order they were learned.
    pub merges: Vec<Pair>,
    /// The training text.
    #[serde(default)]
    pub trained_on: String,
    /// The size asked for, special tokens included.
    #[serde(default)]
    pub vocab_size: usize,
}

/// A text and its ids in a vocabulary.
#[derive(Clone, Debug, Deserialize)]
pub struct Encoding {
    /// The name of the vocabulary.
    pub vocab: String,
    /// The text.
    pub text: String,
    /// Its ids.
    pub ids: Vec<u32>,
}

impl Golden {
    /// Reads the golden values.
    ///
    /// # Errors
    /// If `golden/golden.json` is not what `golden/make.py` writes.
    pub fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/golden.json"))
    }

    /// The vocabularies with these names.
    pub fn vocabs<'g>(&'g self, names: &'g [&str]) -> impl Iterator<Item = &'g Vocab> {
        self.vocabs.iter().filter(|v| names.contains(&v.name.as_str()))
    }

    /// The encodings in the vocabularies with these names, each with its vocabulary.
    pub fn encodings<'g>(
        &'g self,
        names: &'g [&str],
    ) -> impl Iterator<Item = (&'g Vocab, &'g Encoding)> {
        let of = move |v: &'g Vocab| {
            self.encodings.iter().filter(|e| e.vocab == v.name).map(move |e| (v, e))
        };
        self.vocabs(names).flat_map(of)
    }
}

impl Vocab {
    /// The special tokens as `bpe_train` takes them.
    pub fn special_tokens(&self) -> Vec<&str> {
        self.special_tokens.iter().map(String::as_str).collect()
    }

    /// The vocabulary as the lesson has it.
    ///
    /// # Errors
    /// If the merges do not make a vocabulary.
    pub fn bpe(&self) -> Result<Bpe, BpeError> {
        Bpe::new(self.merges.clone(), &self.special_tokens())
    }
}
