//! Tinytown as words, for a model to learn, and what counting makes of them.

use embeddings::{Vocab, words};
use tinytown::World;
use what_an_llm_is::solution::{fit, perplexity};
use what_an_llm_is::{Ngram, NgramError};

use crate::{Settings, Sizes};

/// The words that are kept; all others are one token.
const WORDS: usize = 400;
/// Bytes of stories to learn from, and of others held out.
const BYTES: [usize; 2] = [120_000, 20_000];
const SEED: u64 = 1;
/// The highest order of the counts that are tried.
const ORDERS: usize = 5;

/// Stories of Tinytown in words.
#[derive(Clone, Debug)]
pub struct Town {
    vocab: Vocab,
    /// The tokens to learn from.
    pub training: Vec<u32>,
    /// Tokens of other stories.
    pub held_out: Vec<u32>,
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}

impl Town {
    /// The town that the check, the page and the demo learn from.
    pub fn new() -> Self {
        let world = World::new(SEED);
        let texts = [0, 1].map(|stream| world.text(stream as u64, BYTES[stream]));
        let (vocab, _) = Vocab::of(&texts[0], WORDS, 1);
        let unknown = vocab.len() as u32;
        let [training, held_out] =
            texts.map(|text| words(&text).map(|word| vocab.id(&word).unwrap_or(unknown)).collect());
        Self { vocab, training, held_out }
    }

    /// How many tokens there are: the words, and one for all other words.
    pub fn vocab_size(&self) -> usize {
        self.vocab.len() + 1
    }

    /// The token of a word.
    pub fn id(&self, word: &str) -> u32 {
        self.vocab.id(word).unwrap_or(self.vocab.len() as u32)
    }

    /// Tokens as text; an unknown word is `…`.
    pub fn text(&self, tokens: &[u32]) -> String {
        let mut text = String::new();
        for &token in tokens {
            let word = match self.vocab.word(token) {
                "" => "…",
                word => word,
            };
            if !text.is_empty() && word != "." {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// The mean loss of the n-gram models of the first lesson on the tokens held out, in nats, from
    /// order 1 on.
    ///
    /// # Errors
    /// None on these texts.
    pub fn counted(&self) -> Result<Vec<f64>, NgramError> {
        let mut model: Ngram = fit(&self.training, ORDERS, self.vocab_size())?;
        let judge = |order| -> Result<f64, NgramError> {
            model.set_order(order)?;
            Ok(perplexity(&model, &self.held_out)?.ln())
        };
        (1..=ORDERS).map(judge).collect()
    }

    /// The network that the page trains.
    pub fn sizes(&self) -> Sizes {
        Sizes { vocab: self.vocab_size(), context: 4, dim: 16, hidden: 48 }
    }

    /// How the page trains it.
    pub fn settings(&self) -> Settings {
        Settings {
            start_rate: 1.0,
            total: 8000,
            steps: 400,
            batch: 16,
            patience: 3,
            most: Settings::most_for(self.vocab_size()),
        }
    }
}
