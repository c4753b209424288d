//! Buddy as a model of counts: the n-grams of the first lesson over the tokens of Tinytown.

use rand::Rng;
use tinytown::World;
use tokenization::Bpe;
use tokenization::fast::{Encoder, train};
use what_an_llm_is::Ngram;
use what_an_llm_is::solution::{fit, generate, perplexity, prob};

use crate::TaskError;
use crate::town::TRAINING;

/// Tokens in Buddy's vocabulary.
pub const VOCAB_SIZE: usize = 1024;

/// The `n` of its n-grams.
pub const ORDER: usize = 5;

/// Words become tokens, and tokens have counts.
#[derive(Clone, Debug)]
pub struct Buddy {
    bpe: Bpe,
    model: Ngram,
}

impl Buddy {
    /// Learns tokens and counts from so many bytes of stories.
    ///
    /// # Errors
    /// [`TaskError::Generation`] if there is nothing to learn from.
    pub fn fit(world: &World, bytes: usize) -> Result<Self, TaskError> {
        let text = world.text(TRAINING, bytes);
        let bpe = train(&text, VOCAB_SIZE, &[]).map_err(failed)?;
        let tokens = Encoder::new(&bpe).encode(&text);
        let model = fit(&tokens, ORDER, VOCAB_SIZE).map_err(failed)?;
        Ok(Self { bpe, model })
    }

    /// Writes on after a text: so many tokens, without the text.
    ///
    /// # Errors
    /// [`TaskError::Generation`] if a token has no text.
    pub fn continued(
        &self,
        text: &str,
        len: usize,
        rng: &mut dyn Rng,
    ) -> Result<String, TaskError> {
        let ids = generate(&self.model, &Encoder::new(&self.bpe).encode(text), len, rng);
        tokenization::solution::decode(&self.bpe, &ids).map_err(failed)
    }

    /// The tokens of a text.
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        Encoder::new(&self.bpe).encode(text)
    }

    /// How probable the tokens from `from` on are after those before them: the logarithm.
    pub fn ln_prob(&self, tokens: &[u32], from: usize) -> f64 {
        let each = |i: usize| prob(&self.model, &tokens[..i], tokens[i]).ln();
        (from..tokens.len()).map(each).sum()
    }

    /// Perplexity of a token, bits a byte, and how many tokens the text has.
    ///
    /// # Errors
    /// [`TaskError::Generation`] if the text is empty.
    pub fn surprise(&self, text: &str) -> Result<(f64, f64, usize), TaskError> {
        let tokens = Encoder::new(&self.bpe).encode(text);
        let perplexity = perplexity(&self.model, &tokens).map_err(failed)?;
        let bits = perplexity.log2() * tokens.len() as f64 / text.len() as f64;
        Ok((perplexity, bits, tokens.len()))
    }
}

fn failed(error: impl std::error::Error) -> TaskError {
    TaskError::Generation(error.to_string())
}
