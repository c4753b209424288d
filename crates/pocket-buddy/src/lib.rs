//! Buddy without candle, small enough for a page: a [`small_gpt::Model`] with its tokenizer.
//!
//! The three files of its folder are given as bytes, which a page fetches and a program reads. A
//! [`Tuning`] may take part wherever the model runs.

mod error;
mod read;
mod tokens;
mod write;

use small_gpt::{Frozen, Model, Pass, Portable, Sizes, Tuning};
use tokenization::Bpe;
use tokenization::solution::{decode, encode};

pub use error::PocketError;
pub use read::{Config, read_weights};
pub use tokens::read_tokenizer;
pub use write::Writing;

/// A GPT-2 with its tokenizer.
#[derive(Clone, Debug)]
pub struct PocketBuddy {
    /// The weights.
    pub model: Model,
    /// Pieces of words and their ids.
    pub tokenizer: Bpe,
    /// Ends a text, and comes before the first.
    pub end: u32,
}

impl PocketBuddy {
    /// From what its files hold: `config.json`, `model.safetensors` in f32 or f16, `tokenizer.json`.
    ///
    /// # Errors
    /// If one of them is wrong, or they do not fit together.
    pub fn from_files(
        config: &[u8],
        weights: &[u8],
        tokenizer: &[u8],
    ) -> Result<Self, PocketError> {
        let config = Config::from_json(config)?;
        let model = read_weights(config.sizes, weights)?;
        let tokenizer = read_tokenizer(tokenizer)?;
        let Sizes { vocab_size, .. } = model.sizes;
        let tokens = tokenizer.vocab_size();
        if tokens > vocab_size {
            return Err(PocketError::Vocabulary { tokens, vocab_size });
        }
        Ok(Self { model, tokenizer, end: config.end })
    }

    /// A folder that has these files.
    ///
    /// # Errors
    /// As [`Self::from_files`], and if a file cannot be read.
    #[cfg(not(target_family = "wasm"))]
    pub fn open(folder: &std::path::Path) -> Result<Self, PocketError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|error| PocketError::File { path, error })
        };
        let [config, weights, tokenizer] = Self::FILES;
        Self::from_files(&read(config)?, &read(weights)?, &read(tokenizer)?)
    }

    /// The Buddy that is kept with the book.
    ///
    /// # Errors
    /// As [`Self::open`].
    #[cfg(not(target_family = "wasm"))]
    pub fn kept() -> Result<Self, PocketError> {
        let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models");
        Self::open(&std::path::Path::new(models).join(Self::FOLDER))
    }

    /// The folder of `models/` that [`Self::kept`] opens.
    pub const FOLDER: &str = "buddy";

    /// What [`Self::from_files`] wants, by name.
    pub const FILES: [&str; 3] = ["config.json", "model.safetensors", "tokenizer.json"];

    /// The ids of a text; `<|endoftext|>` in it is that token.
    ///
    /// # Errors
    /// If a token is none of the model's, which [`Self::from_files`] has made sure of.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, PocketError> {
        let ids = encode(&self.tokenizer, text);
        let vocab_size = self.model.sizes.vocab_size;
        match ids.iter().find(|id| **id as usize >= vocab_size) {
            Some(&id) => Err(PocketError::UnknownId { id, vocab_size }),
            None => Ok(ids),
        }
    }

    /// The text of ids, without special tokens.
    ///
    /// # Errors
    /// If there is no such id.
    pub fn decode(&self, ids: &[u32]) -> Result<String, PocketError> {
        let vocab_size = self.tokenizer.vocab_size();
        let special = vocab_size - self.tokenizer.special_tokens().len()..vocab_size;
        let plain = ids.iter().copied().filter(|id| !special.contains(&(*id as usize)));
        decode(&self.tokenizer, &plain.collect::<Vec<_>>())
            .map_err(|error| PocketError::Tokenizer { why: error.to_string() })
    }

    /// For each token of a text the logits of the one that follows, row by row.
    ///
    /// # Errors
    /// If there is no token, an unknown one, or more than the model has positions for.
    pub fn logits(
        &self,
        ids: &[u32],
        tuning: Option<&dyn Tuning>,
    ) -> Result<Vec<f32>, PocketError> {
        let tuning = tuning.unwrap_or(&Frozen);
        self.expect_fits(ids, tuning)?;
        let mut pass = Pass::default();
        let products = &mut Portable::default();
        Ok(pass.forward_tuned(&self.model, tuning, ids, ids.len(), products).to_vec())
    }

    /// How likely a text is to go on so: `log p(continuation | prompt)`, in nats, the sum of the
    /// logarithms of its tokens.
    ///
    /// # Errors
    /// As [`Self::logits`], of both together; if one of them is empty.
    pub fn log_likelihood(
        &self,
        prompt: &[u32],
        continuation: &[u32],
        tuning: Option<&dyn Tuning>,
    ) -> Result<f64, PocketError> {
        if prompt.is_empty() || continuation.is_empty() {
            return Err(PocketError::Empty);
        }
        let ids = [prompt, continuation].concat();
        let tuning = tuning.unwrap_or(&Frozen);
        self.expect_fits(&ids, tuning)?;
        let mut labels = vec![-100; ids.len()];
        for (label, &id) in labels[prompt.len() - 1..].iter_mut().zip(continuation) {
            *label = i64::from(id);
        }
        let mut pass = Pass::default();
        pass.forward_tuned(&self.model, tuning, &ids, ids.len(), &mut Portable::default());
        Ok(-pass.loss(&labels).loss)
    }

    /// Positions that are left for tokens.
    pub fn context(&self, tuning: Option<&dyn Tuning>) -> usize {
        let Sizes { n_embd, n_positions, .. } = self.model.sizes;
        let before = tuning.map_or(0, |tuning| tuning.prompt().len() + tuning.prefix(0)[0].len());
        n_positions.saturating_sub(before / n_embd)
    }

    fn expect_fits(&self, ids: &[u32], tuning: &dyn Tuning) -> Result<(), PocketError> {
        let vocab_size = self.model.sizes.vocab_size;
        let (tokens, positions) = (ids.len(), self.context(Some(tuning)));
        if tokens == 0 {
            return Err(PocketError::Empty);
        }
        if tokens > positions {
            return Err(PocketError::TooLong { tokens, positions });
        }
        match ids.iter().find(|id| **id as usize >= vocab_size) {
            Some(&id) => Err(PocketError::UnknownId { id, vocab_size }),
            None => Ok(()),
        }
    }
}
