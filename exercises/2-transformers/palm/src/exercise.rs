//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/palm.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade palm`.
//! - Stuck? `cargo study hint palm` gives one hint at a time.

use candle_core::Tensor;

use attention::solution::{causal_mask, sdpa};
use multi_head_attention::solution::{merge_heads, repeat_kv, split_heads};
use normalization_and_activations::solution::{layer_norm, swiglu};
use palm::{Attention, Block, Config, KeysValues, Mlp, Palm, PalmError, Parameters};
use positions::solution::rope;

/// The feed-forward network, with a gate: `swiglu(x W_gate, x W_up) W_down`.
///
/// `x` has the shape `(.., d_model)`, with any number of axes in front, as has
/// the result. [`swiglu`] is that of an earlier lesson. All is f32 or all f64;
/// `x` may be a view, and it and the weights get gradients.
///
/// # Errors
/// Those of `Linear::forward`: [`PalmError::Linear`] if `x` does not fit the
/// weights, or is empty.
///
/// Source: Chowdhery and others, 2022, section 2; Shazeer, 2020, equation 6.
pub fn swiglu_mlp(x: &Tensor, mlp: &Mlp) -> Result<Tensor, PalmError> {
    todo!("swiglu_mlp")
}

/// Attention whose heads all ask the same keys and take the same values.
///
/// `x` has the shape `(batch, seq, d_model)`, as has the result. Of each vector
/// are made `n_heads` queries, one key and one value, of `d_head` numbers each.
/// Queries and keys, not values, are turned by [`rope`] with `config.theta`;
/// the first token of `x` stands at position 0, or after the tokens of `past`.
///
/// ```text
/// head_h = softmax(q_h kᵀ / √d_head) v
/// y      = [head_0, head_1, …] W_O
/// ```
///
/// `past` is what an earlier call has returned; its keys and values come before
/// those of `x`. Returned are both together, keys turned, one head of each:
/// `(batch, 1, past + seq, d_head)`. The mask says who may look at whom, as in
/// [`sdpa`]: it broadcasts to `(batch, n_heads, seq, past + seq)`. All is f32 or
/// all f64; `x` may be a view, and it and the weights get gradients.
///
/// # Errors
/// [`PalmError::Linear`] if `x` does not fit the weights, or is empty;
/// [`PalmError::Position`] with the error of [`rope`] if `d_head` is odd;
/// [`PalmError::Attention`] with the error of [`sdpa`] if the mask does not fit.
/// If several are due, any of them.
///
/// Source: Shazeer, 2019; Chowdhery and others, 2022, section 2.
pub fn multi_query_attention(
    x: &Tensor,
    attention: &Attention,
    config: &Config,
    past: Option<&KeysValues>,
    mask: Option<&Tensor>,
) -> Result<(Tensor, KeysValues), PalmError> {
    todo!("multi_query_attention")
}

/// A block of PaLM. Both parts read the same normalized vectors, and both
/// results are added to what came in:
///
/// ```text
/// y = x + attention(norm(x)) + mlp(norm(x))
/// ```
///
/// The norm is [`layer_norm`] with `config.eps`, with a gain and a bias of 0.
/// `x`, the result, `past`, mask and what is kept are as in
/// [`multi_query_attention`].
///
/// # Errors
/// Those of [`layer_norm`], [`multi_query_attention`] and [`swiglu_mlp`]. If
/// several are due, any of them.
///
/// Source: Chowdhery and others, 2022, section 2; Wang and Komatsuzaki, 2021.
pub fn palm_block(
    x: &Tensor,
    block: &Block,
    config: &Config,
    past: Option<&KeysValues>,
    mask: Option<&Tensor>,
) -> Result<(Tensor, KeysValues), PalmError> {
    todo!("palm_block")
}

/// The logits of a model: rows of the embeddings, all blocks, the last norm
/// (again without bias), the dot product with each row of the embeddings, and
/// all that divided by `√d_model`.
///
/// `ids` has the shape `(batch, seq)` and the type u32; the logits are `(batch,
/// seq, vocab_size)`, of the type of the weights. A token sees itself and those
/// before it. `past` holds what each block kept of the tokens before `ids`, and
/// is empty at the beginning; what is returned includes `ids` and can be the
/// next past. A text may be as long as you like. Every weight gets a gradient.
///
/// # Errors
/// In this order: [`PalmError::Ids`] unless there are two axes, and ids;
/// [`PalmError::Past`] unless `past` has no blocks or those of the model;
/// [`PalmError::UnknownId`] for the first id that is none of the vocabulary.
///
/// Source: Chowdhery and others, 2022, section 2; the root is in section 5.
pub fn palm_forward(
    model: &Palm,
    ids: &Tensor,
    past: &[KeysValues],
) -> Result<(Tensor, Vec<KeysValues>), PalmError> {
    todo!("palm_forward")
}

/// How many parameters a model of these sizes has, by part.
///
/// The table of tokens also makes the logits, and counts once; positions have no
/// parameters. Sizes may be those of the largest models, so count in u64.
pub fn parameters(config: &Config) -> Parameters {
    todo!("parameters")
}
