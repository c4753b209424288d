//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/roberta-and-xlnet.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade roberta-and-xlnet`.
//! - Stuck? `cargo study hint roberta-and-xlnet` gives one hint at a time.

use bert::solution::linear;
use candle_core::{DType, Device, Tensor};
use normalization_and_activations::solution::{gelu_erf, layer_norm};
use rand::{Rng, RngExt};
use roberta_and_xlnet::{
    Activation, Config, FeedForward, Masks, RATE, RelativeAttention, Stream, StreamMasks, XlNet,
    XlNetError, relative_encoding,
};
use softmax_sampling::solution::softmax;

/// Which row of RoBERTa's table of positions each id of a row gets.
///
/// Tokens are counted: the first gets `padding_idx + 1`, the next `padding_idx + 2`, and so on.
/// Padding, which is every id equal to `padding_idx`, is not counted, wherever it stands, and gets
/// `padding_idx`. All results fit into a u32.
///
/// Source: Liu and others, 2019, by its code in fairseq.
pub fn roberta_positions(ids: &[u32], padding_idx: u32) -> Vec<u32> {
    todo!("roberta_positions")
}

/// Draws which tokens of a text are hidden this time: their places, in ascending order.
///
/// Of `n` ordinary tokens, `⌊0.15 · n + u⌋` are hidden, with `u` drawn from `rng`, equally likely
/// anywhere in [0, 1). So it is 15% on average ([`RATE`]), in a short text, too. Which ones is drawn
/// from `rng` as well, and every set of this size is equally likely. What is no ordinary token, such
/// as `[CLS]` and padding, is never hidden. Nothing but the arguments decides: the same `rng` draws
/// the same places, and what it draws next are others.
///
/// Source: Liu and others, 2019, section 4.1; the rounding as in fairseq.
pub fn dynamic_mask(is_ordinary: &[bool], rng: &mut dyn Rng) -> Vec<usize> {
    todo!("dynamic_mask")
}

/// Who may look at whom if the tokens of a text are predicted in this order: `order[0]` is the place
/// that is predicted first, `order[1]` the next one.
///
/// Row `i`, column `j` of `query` says whether `j` is predicted before `i`; in `content` a token may
/// look at itself as well. An empty order has masks without rows.
///
/// # Errors
/// [`XlNetError::Order`] unless every place from 0 to `seq − 1` stands there once, where `seq` is
/// the length of `order`; it names the first step at which a place is none of them, or stands there
/// for the second time.
///
/// Source: Yang and others, 2019, sections 2.2 and 2.3.
pub fn permutation_masks(order: &[usize]) -> Result<Masks, XlNetError> {
    todo!("permutation_masks")
}

/// From scores for distances to scores for keys.
///
/// `scores` has the shape `(.., seq, 2·seq)`: in row `i`, column `p` is what query `i` thinks of the
/// distance `seq − p`, as in [`relative_encoding`]. The result is `(.., seq, seq)`: in row `i`,
/// column `j` is the score for the distance `i − j`, which stood in column `seq − i + j`. It has the
/// type of `scores`, which may be a view, of any numbers, and gets gradients.
///
/// # Errors
/// [`XlNetError::Shift`] unless the shape is as above, with no axis of length 0.
///
/// Source: Dai and others, 2019, appendix B.
pub fn rel_shift(scores: &Tensor) -> Result<Tensor, XlNetError> {
    todo!("rel_shift")
}

/// The attention of a layer, for both streams: a new `h` and a new `g`.
///
/// The content stream `h` and the query stream `g` have the shape `(batch, seq, d_model)`, as have
/// the results. Keys and values are made of `h` for both; the queries of the content stream are made
/// of `h`, those of the query stream of `g`, by the same weights. In each head, with
/// `u = r_w_bias`, `v = r_r_bias`, and `R` the row of [`relative_encoding`] for the distance `i − j`,
///
/// ```text
/// score(i, j) = ((q_i + u) · k_j  +  (q_i + v) · (R r)) / √d_head
/// x_i ← norm(x_i + heads merged · oᵀ)
/// ```
///
/// where `x` is `h` or `g`. Each stream has its mask, and the softmax is over the keys that it lets
/// a query see. A query that sees nothing takes 0 from attention, and passes no gradient to it. The
/// tensors are f32 or f64, may be views, and get gradients. `layer` fits `config`.
///
/// # Errors
/// [`XlNetError::Streams`] unless both shapes are as above, with no axis of length 0; then
/// [`XlNetError::Mask`] unless a mask is `(batch, seq, seq)` of type u8, that of the content stream
/// first.
///
/// Source: Yang and others, 2019, sections 2.3 and 2.4; Dai and others, 2019, section 3.3.
pub fn two_stream(
    h: &Tensor,
    g: &Tensor,
    layer: &RelativeAttention,
    config: &Config,
    masks: &StreamMasks,
) -> Result<(Tensor, Tensor), XlNetError> {
    todo!("two_stream")
}

/// Logits of an XLNet, `(batch, n_targets, vocab_size)`: what stands at the targets?
///
/// The content stream starts from the rows of `word_embedding` for the ids, the query stream at every
/// place from `mask_emb`. In each layer [`two_stream`] is followed by a feed-forward network, the
/// same for both streams: `x ← norm(x + layer_2(activation(layer_1(x))))`. The logits are the dot
/// products of the query stream at the targets with all rows of `word_embedding`, plus `lm_bias`.
/// Without targets, they are those of the content stream at every place, `(batch, seq, vocab_size)`.
///
/// `ids` are `(batch, seq)`, targets `(batch, n_targets)` places of their rows, in any order, also
/// more than once; both are of type u32, and may be views. All weights get gradients.
///
/// # Errors
/// In this order: [`XlNetError::Ids`] unless there are two axes, and ids; [`XlNetError::UnknownId`]
/// for the first that is none of the vocabulary; [`XlNetError::Targets`] unless there are two axes,
/// the first as long as that of the ids, and the other not 0; [`XlNetError::NoPlace`] for the first
/// target that is no place of a row; then those of [`two_stream`].
pub fn forward(
    model: &XlNet,
    ids: &Tensor,
    masks: &StreamMasks,
    targets: Option<&Tensor>,
) -> Result<Tensor, XlNetError> {
    todo!("forward")
}
