//! What writes: a model that reads tokens and keeps what it needs of them.

use candle_core::Tensor;
use softmax_sampling::Sampling;

use crate::{Forward, Gpt2, GptError, KeysValues};

/// A model that predicts the next token from those before it.
pub trait Decoder {
    /// The longest text, in tokens.
    fn n_positions(&self) -> usize;

    /// Reads `ids` `(1, seq)`, of type u32, that go on from a past, which is empty at the
    /// beginning: logits `(1, seq, vocab_size)`, and the past for what comes next.
    ///
    /// # Errors
    /// If it cannot read them.
    fn read(
        &mut self,
        ids: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), GptError>;
}

/// A GPT-2, and the function that runs it: the learner's, or the reference.
#[derive(Clone, Copy, Debug)]
pub struct Gpt2Decoder<'a> {
    /// The weights.
    pub model: &'a Gpt2,
    /// See [`crate::solution::forward`].
    pub forward: Forward,
}

impl Decoder for Gpt2Decoder<'_> {
    fn n_positions(&self) -> usize {
        self.model.config.n_positions
    }

    fn read(
        &mut self,
        ids: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), GptError> {
        (self.forward)(self.model, ids, None, past)
    }
}

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Generation {
    /// At most so many new tokens.
    pub max_new_tokens: usize,
    /// How each is chosen; at temperature 0 the likeliest is taken.
    pub sampling: Sampling,
    /// The token after which nothing follows.
    pub end: Option<u32>,
}
