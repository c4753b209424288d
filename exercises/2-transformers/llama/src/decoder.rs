//! A model as whoever writes with it sees it.

use candle_core::Tensor;

use crate::{Forward, KeysValues, Llama, LlamaError};

// ANCHOR: decoder
/// A model that reads on and says what comes next.
pub trait Decoder {
    /// Reads `ids` `(batch, seq)` after what `past` holds, which is empty at the beginning, and
    /// returns logits `(batch, seq, vocab_size)` and the next past. `is_token` `(batch, past + seq)`
    /// of type u8 is 1 for tokens, those of the past included, and 0 for padding.
    ///
    /// # Errors
    /// Those of the model.
    fn read(
        &mut self,
        ids: &Tensor,
        is_token: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), LlamaError>;
}
// ANCHOR_END: decoder

/// A Llama that writes.
pub struct LlamaDecoder<'a> {
    /// The model.
    pub model: &'a Llama,
    /// How its logits are computed.
    pub forward: Forward,
}

impl Decoder for LlamaDecoder<'_> {
    fn read(
        &mut self,
        ids: &Tensor,
        is_token: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), LlamaError> {
        (self.forward)(self.model, ids, Some(is_token), past)
    }
}
