//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/gpt.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade gpt`.
//! - Stuck? `cargo study hint gpt` gives one hint at a time.

use candle_core::{DType, Device, Tensor};
use rand::Rng;

use attention::solution::{causal_mask, sdpa};
use gpt::{Block, Config, Decoder, Generation, Gpt2, GptError, KeysValues, Parameters};
use multi_head_attention::solution::{merge_heads, split_heads};
use normalization_and_activations::fast::{gelu_tanh, layer_norm};
use softmax_sampling::solution::sample;

/// `x W + b` for each vector of `x`.
///
/// `x` has the shape `(.., in)`, with any number of axes in front. GPT-2's
/// weights lie as `(in, out)`, the other way around than those of most models;
/// the bias is `(out)`, and the result `(.., out)`. All have one type, f32 or
/// f64, may be views, and get gradients.
///
/// # Errors
/// [`GptError::Conv1d`] unless the shapes are as above, none with an axis of
/// length 0.
///
/// Source: `conv1d` in `src/model.py` of GPT-2; `Conv1D` in transformers.
pub fn conv1d(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor, GptError> {
    todo!("conv1d")
}

/// Queries, keys and values from what `c_attn` makes: for each token 3 ·
/// `n_embd` numbers, first the query, then the key, then the value, each of
/// `n_head` heads, one after the other.
///
/// `x` has the shape `(batch, seq, 3 · n_embd)` and may be a view. Each result is
/// `(batch, n_head, seq, d_head)`, where `d_head` is `n_embd / n_head`.
/// Gradients flow back.
///
/// # Errors
/// [`GptError::Qkv`] unless the shapes are as above, with no axis of length 0.
pub fn split_qkv(x: &Tensor, n_head: usize) -> Result<[Tensor; 3], GptError> {
    todo!("split_qkv")
}

/// A block of GPT-2: two exits from the residual stream, each with a norm before
/// it, and what comes back is added:
///
/// ```text
/// x ← x + attention(norm(x))
/// x ← x + mlp(norm(x))       mlp: c_fc, GELU by tanh, c_proj
/// ```
///
/// `x` has the shape `(batch, seq, n_embd)`, as has the result. Keys and values
/// of `past`, if there are any, come before those of `x`; the two together are
/// returned. The mask, if there is one, says which query may look at which key,
/// as in [`sdpa`]. ε and the number of heads are those of `config`.
///
/// # Errors
/// Those of [`layer_norm`], [`conv1d`], [`split_qkv`] and [`sdpa`].
///
/// Source: Radford and others, 2019, section 2.3.
pub fn block(
    x: &Tensor,
    block: &Block,
    config: &Config,
    past: Option<&KeysValues>,
    mask: Option<&Tensor>,
) -> Result<(Tensor, KeysValues), GptError> {
    todo!("block")
}

/// The logits of a model: embeddings of tokens and positions, all blocks, the
/// last norm, and the dot product with each row of `wte`.
///
/// `ids` has the shape `(batch, seq)` and the type u32; the logits are `(batch,
/// seq, vocab_size)`, of the type of the weights: those at `t` are for the token
/// that follows token `t`. A token sees itself and those before it. `past` holds
/// what each block kept of the tokens before `ids`, and is empty at the
/// beginning; what is returned includes `ids` and can be the next past.
///
/// In a batch of texts of several lengths, `is_token` `(batch, past + seq)`, of
/// type u8, is 1 for a token and 0 for padding, which may stand on either side.
/// Nobody looks at padding, and it moves nobody: the position of a token is how
/// many tokens come before it. Logits at padding may be anything. Padding needs
/// an id of the vocabulary, too.
///
/// # Errors
/// In this order: [`GptError::Ids`] unless there are two axes, and ids;
/// [`GptError::Past`] unless `past` has no blocks or those of the model;
/// [`GptError::IsToken`] unless its shape fits; [`GptError::UnknownId`] for the
/// first id that is none of the vocabulary; [`GptError::TooLong`] for the first
/// text of more tokens than positions, the past included.
pub fn forward(
    model: &Gpt2,
    ids: &Tensor,
    is_token: Option<&Tensor>,
    past: &[KeysValues],
) -> Result<(Tensor, Vec<KeysValues>), GptError> {
    todo!("forward")
}

/// Writes: reads the prompt, chooses a token from the last logits, reads that,
/// and so on. Returns the new tokens, and hands each to `on_token` as soon as it
/// is chosen.
///
/// [`Decoder::read`] gets each token once, the last new one not at all: what the
/// model kept of those before is its past. The token is chosen by [`sample`].
/// Writing ends after `max_new_tokens`; after the token `end`, which is the last
/// one then; or when prompt and new tokens together fill `n_positions`.
///
/// # Errors
/// [`GptError::EmptyPrompt`]; [`GptError::TooLong`] if the prompt has more
/// tokens than `n_positions`; those of the model and of [`sample`].
pub fn generate(
    model: &mut dyn Decoder,
    prompt: &[u32],
    options: &Generation,
    rng: &mut dyn Rng,
    on_token: &mut dyn FnMut(u32),
) -> Result<Vec<u32>, GptError> {
    todo!("generate")
}

/// How many parameters a model of these sizes has, by part.
///
/// The table of tokens also makes the logits, and counts once. Sizes may be
/// those of the largest models, so count in u64.
pub fn parameters(config: &Config) -> Parameters {
    todo!("parameters")
}
