//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/t5-and-bart.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade t5-and-bart`.
//! - Stuck? `cargo study hint t5-and-bart` gives one hint at a time.

use candle_core::{Device, Tensor};

use attention::solution::causal_mask;
use multi_head_attention::Mha;
use multi_head_attention::solution::{forward as attend, merge_heads, split_heads};
use normalization_and_activations::solution::{gelu_erf, gelu_tanh, layer_norm, rms_norm};
use softmax_sampling::solution::softmax;
use t5_and_bart::{
    BART_EPS, Bart, BartBlock, BartStack, Encoded, SeqError, Source, T5, T5Block, rows_of,
};

/// The bucket of a key that stands at `relative_position`, its position minus
/// that of the query: 0 for the query's own place, negative for what is before.
///
/// Of `n` buckets the first `e = n / 2`, rounded down, hold one distance each: 0,
/// 1, …, `e − 1`. A distance `d ≥ e` is in bucket
///
/// ```text
/// e + ⌊ln(d / e) / ln(max_distance / e) · (n − e)⌋
/// ```
///
/// but at most in `n − 1`. That is meant exactly: a distance at which a bucket
/// begins is in that bucket, whatever rounding makes of the logarithms.
///
/// If `bidirectional`, `n` is half of `num_buckets`, rounded down; what comes
/// later, at its distance, has the buckets from `n` on. If not, `n` is
/// `num_buckets`, the distance of what comes before counts, and all that comes
/// later is in bucket 0.
///
/// # Errors
/// [`SeqError::Buckets`] unless `e` is at least 1 and `max_distance` above `e`.
///
/// Source: Raffel and others, 2019, section 2.1; `_relative_position_bucket` in
/// transformers.
pub fn t5_bucket(
    relative_position: i64,
    bidirectional: bool,
    num_buckets: usize,
    max_distance: usize,
) -> Result<usize, SeqError> {
    todo!("t5_bucket")
}

/// The bias of each score, `(1, heads, t_q, t_k)`: for query `i` and key `j`, in
/// each head, what `table` has for the bucket of `j − (offset + i)`.
///
/// `table` has the shape `(num_buckets, heads)`, is f32 or f64 and may be a view.
/// The result has its type; gradients flow back to it. `offset` tokens have been
/// read before the first query. `t_q` and `t_k` are at least 1.
///
/// # Errors
/// [`SeqError::Table`] unless the table has two axes and at least one head;
/// [`SeqError::Buckets`] as [`t5_bucket`].
pub fn position_bias(
    table: &Tensor,
    bidirectional: bool,
    max_distance: usize,
    [t_q, t_k]: [usize; 2],
    offset: usize,
) -> Result<Tensor, SeqError> {
    todo!("position_bias")
}

/// Multi-head attention of T5: of each head `softmax(q kᵀ + bias) v`, without a
/// division by √d; the heads side by side, times `w_o`.
///
/// Queries are made of `x`, `(batch, t_q, d_model)`; keys and values of
/// `context`, `(batch, t_k, d_context)`, as wide as `w_k` and `w_v` take it, or of
/// `x` if there is none. Bias and mask, if there are any, broadcast to the scores
/// `(batch, n_heads, t_q, t_k)`. The mask is of type u8, 1 where a query may look
/// at a key; what it may not look at has no weight, and a query that may look at
/// nothing brings 0 from its heads. `mha` has no biases and as many heads of keys
/// and values as of queries; no length is 0.
///
/// All are f32 or all f64, may be views, and get gradients.
///
/// # Errors
/// Those of `Linear::forward` and [`split_heads`], and an error of any kind if
/// the batches differ; [`SeqError::Bias`], then [`SeqError::Mask`], unless they
/// broadcast to the scores.
pub fn t5_attention(
    mha: &Mha,
    x: &Tensor,
    context: Option<&Tensor>,
    bias: Option<&Tensor>,
    mask: Option<&Tensor>,
) -> Result<Tensor, SeqError> {
    todo!("t5_attention")
}

/// A block of T5. Each part has an RMS norm before it, and what comes back is
/// added:
///
/// ```text
/// x ← x + attention(norm(x))           at its own text, with the bias
/// x ← x + cross(norm(x), states)       at the encoded text, without; decoder only
/// x ← x + feed_forward(norm(x))
/// ```
///
/// The feed-forward network is `relu(x wi) wo`, or with a gate
/// `(gelu_tanh(x gate) · (x wi)) wo`.
///
/// `x` has the shape `(batch, seq, d_model)`, as has the result. Bias and mask
/// are for attention at its own text, as [`t5_attention`] takes them.
///
/// # Errors
/// First [`SeqError::Cross`], unless the block has `cross` exactly if there is an
/// encoded text; then those of the parts.
///
/// Source: Raffel and others, 2019, section 2.1; the gate: Shazeer, 2020.
pub fn t5_block(
    x: &Tensor,
    block: &T5Block,
    eps: f64,
    bias: &Tensor,
    mask: Option<&Tensor>,
    encoded: Option<&Encoded>,
) -> Result<Tensor, SeqError> {
    todo!("t5_block")
}

/// The logits of a T5 for the token after each of `decoder_ids`, and what its
/// encoder made of the source, for the next time.
///
/// Encoder: the rows of `shared`, all blocks, the norm. All tokens see each
/// other, padding apart. Decoder: the rows of `shared` for `decoder_ids`, all
/// blocks, the norm; a token sees itself, those before it, and the encoded text.
/// All blocks of a stack share the bias made of its table, which is bidirectional
/// in the encoder and not in the decoder. Logits are the product with `lm_head`;
/// if there is none, with `shared`, and then the last vectors are first
/// multiplied by `d_model^−0.5`.
///
/// `decoder_ids` is of shape `(batch, seq)` and type u32; logits are `(batch,
/// seq, vocab_size)`, of the type of the weights, which all get gradients.
///
/// # Errors
/// First those of [`Source::encoded`] and, for its ids, [`rows_of`]; then those
/// of [`rows_of`] for `decoder_ids`; an error of any kind if the batches differ.
pub fn t5_forward(
    model: &T5,
    source: &Source,
    decoder_ids: &Tensor,
) -> Result<(Tensor, Encoded), SeqError> {
    todo!("t5_forward")
}

/// What a decoder reads so that it learns to write `labels`: each row begins with
/// `start`, and the labels follow, the last one left out. A label of −100, which
/// is left out of the loss, is read as `pad`.
///
/// `labels` is of shape `(batch, seq)` and type i64, the result of the same shape
/// and of type u32.
///
/// # Errors
/// [`SeqError::Ids`] unless there are two axes, none of length 0;
/// [`SeqError::Label`] for the first label that is neither −100 nor fits a u32.
pub fn shift_right(labels: &Tensor, start: u32, pad: u32) -> Result<Tensor, SeqError> {
    todo!("shift_right")
}

/// What goes into the first block of a BART: the row of `shared` for each id,
/// times `scale`, plus the row of `stack.positions` for its place, through the
/// layer norm of the stack. The first two rows of that table belong to no place:
/// place 0 has row 2. Places are counted in each row of `ids`, padding or not.
///
/// `ids` is of shape `(batch, seq)` and type u32; the result is `(batch, seq,
/// d_model)`. The tables get gradients.
///
/// # Errors
/// Those of [`rows_of`]; then [`SeqError::TooLong`] if there are more places than
/// rows for them.
pub fn bart_embed(
    stack: &BartStack,
    shared: &Tensor,
    scale: f64,
    ids: &Tensor,
) -> Result<Tensor, SeqError> {
    todo!("bart_embed")
}

/// A block of BART. What each part brings is added, and a layer norm follows
/// the sum:
///
/// ```text
/// x ← norm(x + attention(x))           at its own text
/// x ← norm(x + cross(x, states))       at the encoded text; decoder only
/// x ← norm(x + gelu_erf(x fc1) fc2)
/// ```
///
/// `x` has the shape `(batch, seq, d_model)`, as has the result. The mask is for
/// attention at its own text; attention is that of the lesson on heads. ε is
/// [`BART_EPS`].
///
/// # Errors
/// First [`SeqError::Cross`], unless the block has `cross` exactly if there is an
/// encoded text; then those of the parts.
///
/// Source: Lewis and others, 2019, section 2.1; Vaswani and others, 2017.
pub fn bart_block(
    x: &Tensor,
    block: &BartBlock,
    mask: Option<&Tensor>,
    encoded: Option<&Encoded>,
) -> Result<Tensor, SeqError> {
    todo!("bart_block")
}

/// The logits of a BART for the token after each of `decoder_ids`, and what its
/// encoder made of the source, for the next time.
///
/// Both stacks are [`bart_embed`], with the config's `embed_scale()`, and all
/// blocks. Who sees whom, shapes, types and gradients are as in [`t5_forward`].
/// Logits are the product with `shared`, plus `final_logits_bias`.
///
/// # Errors
/// First those of [`Source::encoded`] and, for its ids, [`bart_embed`]; then
/// those of [`bart_embed`] for `decoder_ids`; an error of any kind if the batches
/// differ.
pub fn bart_forward(
    model: &Bart,
    source: &Source,
    decoder_ids: &Tensor,
) -> Result<(Tensor, Encoded), SeqError> {
    todo!("bart_forward")
}
