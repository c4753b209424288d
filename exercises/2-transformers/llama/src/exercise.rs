//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/llama.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade llama`.
//! - Stuck? `cargo study hint llama` gives one hint at a time.

use candle_core::{DType, Device, Tensor};

use attention::solution::{causal_mask, sdpa};
use llama::{Attention, Block, Config, Decoder, KeysValues, Llama, LlamaError};
use multi_head_attention::solution::{merge_heads, repeat_kv, split_heads};
use normalization_and_activations::solution::rms_norm;
use palm::solution::swiglu_mlp;
use positions::solution::frequencies;

/// Turns queries or keys by their positions, as `rope` of an earlier lesson does,
/// but each text has positions of its own.
///
/// `x` has the shape `(batch, heads, seq, d_head)`, `positions` `(batch, seq)`
/// and the type u32. Numbers `i` and `i + d_head / 2` of the vector at place `t`
/// of text `b` are a pair, which is turned by the angle
/// `positions[b, t] · ω_i`, with the [`frequencies`] of `d_head` and `theta`.
///
/// The result has the shape and the type of `x`, which may be f32 or f64 and a
/// view, and passes gradients back to `x`. Positions may be as large as a u32
/// can be: the angles are computed in f64.
///
/// # Errors
/// [`LlamaError::Positions`] unless `x` has four axes and `positions` fits to
/// them; then [`LlamaError::Position`] with the error of [`frequencies`].
///
/// Source: Su and others, 2021, section 3.2; the pairs as in transformers.
pub fn rope_at(x: &Tensor, positions: &Tensor, theta: f64) -> Result<Tensor, LlamaError> {
    todo!("rope_at")
}

/// Attention whose heads share keys and values in groups.
///
/// `x` has the shape `(batch, seq, d_model)`, as has the result. Of each vector
/// are made `n_heads` queries, `n_kv_heads` keys and as many values, of `d_head`
/// numbers each. Queries and keys, not values, are turned by [`rope_at`] with
/// `positions` `(batch, seq)` and `config.theta`. With `g = n_heads / n_kv_heads`
/// heads in a group, head `h` looks at keys and values number `j = ⌊h / g⌋`:
///
/// ```text
/// head_h = softmax(q_h k_jᵀ / √d_head) v_j
/// y      = [head_0, head_1, …] W_O
/// ```
///
/// `past` is what an earlier call has returned; its keys and values come before
/// those of `x`. Returned are both together, keys turned, not repeated:
/// `(batch, n_kv_heads, past + seq, d_head)`. The mask says who may look at whom,
/// as in [`sdpa`]: it broadcasts to `(batch, n_heads, seq, past + seq)`. All is
/// f32 or all f64; `x` may be a view, and it and the weights get gradients.
///
/// # Errors
/// [`LlamaError::Part`] with the error of `Linear::forward` if `x` does not fit
/// the weights, or is empty; [`LlamaError::Heads`] if queries cannot be cut, or
/// keys shared; those of [`rope_at`]; [`LlamaError::Attention`] with the error
/// of [`sdpa`] if the mask does not fit. If several are due, any of them.
///
/// Source: Ainslie and others, 2023; Touvron and others, 2023 (Llama 2),
/// section 2.2.
pub fn llama_attention(
    x: &Tensor,
    attention: &Attention,
    config: &Config,
    positions: &Tensor,
    past: Option<&KeysValues>,
    mask: Option<&Tensor>,
) -> Result<(Tensor, KeysValues), LlamaError> {
    todo!("llama_attention")
}

/// A block of Llama: two exits from the residual stream, each with a norm before
/// it, and what comes back is added:
///
/// ```text
/// x ← x + attention(norm(x))   with input_layernorm
/// x ← x + mlp(norm(x))         with post_attention_layernorm
/// ```
///
/// The norms are [`rms_norm`] with `config.eps`, the feed-forward network is
/// PaLM's, [`swiglu_mlp`]. `x`, the result, positions, `past`, mask and what is
/// kept are as in [`llama_attention`].
///
/// # Errors
/// Those of [`rms_norm`], [`llama_attention`] and [`swiglu_mlp`]. If several are
/// due, any of them.
///
/// Source: Touvron and others, 2023, section 2.2.
pub fn llama_block(
    x: &Tensor,
    block: &Block,
    config: &Config,
    positions: &Tensor,
    past: Option<&KeysValues>,
    mask: Option<&Tensor>,
) -> Result<(Tensor, KeysValues), LlamaError> {
    todo!("llama_block")
}

/// The logits of a model: rows of the embeddings, all blocks, the last norm
/// ([`rms_norm`] again), and the product with `lm_head`, or with the embeddings
/// where there is none.
///
/// `ids` has the shape `(batch, seq)` and the type u32; the logits are `(batch,
/// seq, vocab_size)`, of the type of the weights. A token sees itself and those
/// before it. `past` holds what each block kept of the tokens before `ids`, and
/// is empty at the beginning; what is returned includes `ids` and can be the
/// next past. A text may be as long as you like. Every weight gets a gradient.
///
/// In a batch of texts of several lengths, `is_token` `(batch, past + seq)`, of
/// type u8, is 1 for a token and 0 for padding, which may stand anywhere. Nobody
/// looks at padding, and it moves nobody: the position of a token is how many
/// tokens come before it. Logits at padding, and what is kept of it, may be
/// anything. Padding needs an id of the vocabulary, too.
///
/// # Errors
/// In this order: [`LlamaError::Ids`] unless there are two axes, and ids;
/// [`LlamaError::Past`] unless `past` has no blocks or those of the model;
/// [`LlamaError::IsToken`] unless its shape fits; [`LlamaError::UnknownId`] for
/// the first id that is none of the vocabulary.
///
/// Source: Touvron and others, 2023; `modeling_llama.py` in transformers.
pub fn llama_forward(
    model: &Llama,
    ids: &Tensor,
    is_token: Option<&Tensor>,
    past: &[KeysValues],
) -> Result<(Tensor, Vec<KeysValues>), LlamaError> {
    todo!("llama_forward")
}

/// Continues several prompts at once, and returns the new tokens of each.
///
/// Each new token is the one with the largest logit at its text's last token; of
/// equal ones, that with the lowest id. A text ends after `max_new_tokens`, or
/// after a token of `end`, which is its last one then.
///
/// [`Decoder::read`] gets all prompts in one call, as one batch, filled up to the
/// length of the longest with padding of any id, on whichever side you like.
/// After that it gets one new token of each text a call, with what the call
/// before returned as its past, and is not called when all texts have ended. A
/// text that has ended is filled up with padding while others go on, again of any
/// id of the vocabulary. Nothing is read if there are no prompts, or no new tokens
/// to write.
///
/// # Errors
/// [`LlamaError::EmptyPrompt`] for the first prompt without tokens, before
/// anything is read; those of the model.
pub fn continue_texts(
    model: &mut dyn Decoder,
    prompts: &[Vec<u32>],
    max_new_tokens: usize,
    end: &[u32],
) -> Result<Vec<Vec<u32>>, LlamaError> {
    todo!("continue_texts")
}
