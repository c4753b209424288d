//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/bert.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade bert`.
//! - Stuck? `cargo study hint bert` gives one hint at a time.

use candle_core::{D, Device, Tensor};

use attention::solution::sdpa;
use bert::{Bert, BertError, Config, Embeddings, Layer};
use multi_head_attention::solution::{merge_heads, split_heads};
use normalization_and_activations::fast::{gelu_erf, layer_norm};

/// `x Wᵀ + b` for each vector of `x`.
///
/// `x` has the shape `(.., in)`, with any number of axes in front. The weight
/// lies as `(out, in)`, as PyTorch's `nn.Linear` stores it; the bias is `(out)`,
/// and the result `(.., out)`. All have one type, f32 or f64, may be views, and
/// get gradients.
///
/// # Errors
/// [`BertError::Linear`] unless the shapes are as above, none with an axis of
/// length 0.
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor, BertError> {
    todo!("linear")
}

/// The vectors that go into the first block: for each id its row of `word`, plus
/// the row of `position` for its place, plus the row of `token_type` for its
/// type, and a layer norm over the sum, with the ε of `config`.
///
/// `ids` has the shape `(batch, seq)` and the type u32, as have the token types;
/// without them, all are of type 0. Both may be views. The result is `(batch, seq,
/// hidden_size)`, of the type of the tables, which get gradients. Places are
/// counted from 0 in each row, whether or not there is padding before a token.
///
/// # Errors
/// In this order: [`BertError::Ids`] unless there are two axes, and ids;
/// [`BertError::TokenTypes`] unless their shape is that of the ids;
/// [`BertError::TooLong`] for more places than positions;
/// [`BertError::UnknownId`] for the first id that is not in the vocabulary;
/// [`BertError::UnknownType`] for the first type that the model does not have.
///
/// Source: Devlin and others, 2018, figure 2.
pub fn embed(
    embeddings: &Embeddings,
    config: &Config,
    ids: &Tensor,
    token_types: Option<&Tensor>,
) -> Result<Tensor, BertError> {
    todo!("embed")
}

/// A block of BERT. The norm stands after each sum, not before each part:
///
/// ```text
/// x ← norm(x + attention(x))
/// x ← norm(x + mlp(x))         mlp: intermediate, GELU by erf, output
/// ```
///
/// `x` has the shape `(batch, seq, hidden_size)`, as has the result. Attention
/// makes queries, keys and values, cuts them into heads, and sends what the heads
/// found, merged, through `attention_output`. The mask, if there is one, says
/// which query may look at which key, as in [`sdpa`]. ε and the number of heads
/// are those of `config`. `x` and all weights get gradients.
///
/// # Errors
/// Those of [`linear`], [`split_heads`], [`sdpa`] and [`layer_norm`].
///
/// Source: Devlin and others, 2018, section 3; Vaswani and others, 2017.
pub fn block(
    x: &Tensor,
    layer: &Layer,
    config: &Config,
    mask: Option<&Tensor>,
) -> Result<Tensor, BertError> {
    todo!("block")
}

/// The hidden states of a text: a vector for each token, made with a view of all
/// others. [`embed`], then all blocks.
///
/// `ids` and token types are those of [`embed`]. In a batch of texts of several
/// lengths, `is_token`, of the shape of the ids and the type u8, is 1 for a token
/// and 0 for padding; without it, all are tokens. Every token sees every token of
/// its row, before it and after it, and nobody sees padding. The result is `(batch,
/// seq, hidden_size)`; what stands in it at padding may be any finite numbers.
///
/// # Errors
/// First those of [`embed`]; then [`BertError::IsToken`] unless its shape is that
/// of the ids.
pub fn forward(
    model: &Bert,
    ids: &Tensor,
    token_types: Option<&Tensor>,
    is_token: Option<&Tensor>,
) -> Result<Tensor, BertError> {
    todo!("forward")
}

/// What stands where a token is hidden? Logits for each place, by the model's
/// head: `dense`, GELU by erf, the layer norm of the head, then the dot product
/// with each row of the embeddings `word`, plus the token's number in `bias`.
///
/// `hidden` are hidden states `(batch, seq, hidden_size)`; the logits are `(batch,
/// seq, vocab_size)`. Hidden states and weights get gradients, the embeddings,
/// too.
///
/// # Errors
/// [`BertError::NoHead`] if the model has none; then those of [`linear`] and
/// [`layer_norm`].
pub fn mlm_logits(model: &Bert, hidden: &Tensor) -> Result<Tensor, BertError> {
    todo!("mlm_logits")
}

/// One vector for each text: the mean of the hidden states at its tokens.
///
/// `hidden` has the shape `(batch, seq, hidden_size)`, f32 or f64, and holds
/// finite numbers, also at padding; `is_token` is `(batch, seq)` of type u8, 1 for
/// a token and 0 for padding, and a text may have any number of tokens. Both may
/// be views. The result is `(batch, hidden_size)`. A text without tokens has the
/// vector 0. Gradients flow back to `hidden`, at padding 0.
///
/// # Errors
/// [`BertError::Pool`] unless the shapes are as above, none with an axis of
/// length 0.
///
/// Source: Reimers and Gurevych, 2019, section 3.
pub fn mean_pool(hidden: &Tensor, is_token: &Tensor) -> Result<Tensor, BertError> {
    todo!("mean_pool")
}
