//! The reference: RoBERTa's positions and its masking, and XLNet's orders, streams and distances.

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
    // BEGIN ANSWER
    let mut position = padding_idx;
    let next = |&id: &u32| {
        if id == padding_idx {
            return padding_idx;
        }
        position += 1;
        position
    };
    ids.iter().map(next).collect()
    // END ANSWER
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
    // BEGIN ANSWER
    let mut places: Vec<usize> = (0..is_ordinary.len()).filter(|&t| is_ordinary[t]).collect();
    let hidden = (RATE * places.len() as f64 + rng.random::<f64>()) as usize;
    for i in 0..hidden {
        let other = rng.random_range(i..places.len());
        places.swap(i, other);
    }
    places.truncate(hidden);
    places.sort_unstable();
    places
    // END ANSWER
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
    // BEGIN ANSWER
    let seq = order.len();
    let mut rank = vec![None; seq];
    for (step, &place) in order.iter().enumerate() {
        match rank.get_mut(place) {
            Some(rank @ None) => *rank = Some(step),
            _ => return Err(XlNetError::Order { step, place, seq }),
        }
    }
    let mask = |sees: fn(Option<usize>, Option<usize>) -> bool| {
        let row = |i: usize| (0..seq).map(|j| sees(rank[i], rank[j])).collect();
        (0..seq).map(row).collect()
    };
    Ok(Masks { content: mask(|i, j| j <= i), query: mask(|i, j| j < i) })
    // END ANSWER
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
    // BEGIN ANSWER
    let misfit = || XlNetError::Shift(scores.dims().to_vec());
    let &[ref front @ .., seq, columns] = scores.dims() else { return Err(misfit()) };
    if columns != 2 * seq || scores.elem_count() == 0 {
        return Err(misfit());
    }
    // The first `seq` numbers go, and each row ends one number earlier: so it begins later.
    let flat = scores.reshape(((), columns * seq))?.narrow(1, seq, columns * seq - seq)?;
    let rows = flat.reshape(((), seq, columns - 1))?.narrow(2, 0, seq)?;
    Ok(rows.reshape([front, &[seq, seq]].concat())?)
    // END ANSWER
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
    // BEGIN ANSWER
    let &Config { d_model, n_head, layer_norm_eps, .. } = config;
    let misfit = || XlNetError::Streams { h: h.dims().to_vec(), g: g.dims().to_vec(), d_model };
    let &[batch, seq, n] = h.dims() else { return Err(misfit()) };
    if g.dims() != h.dims() || n != d_model || h.elem_count() == 0 {
        return Err(misfit());
    }
    for (stream, mask) in [(Stream::Content, &masks.content), (Stream::Query, &masks.query)] {
        let (got, dtype, want) = (mask.dims().to_vec(), mask.dtype(), vec![batch, seq, seq]);
        if got != want || dtype != DType::U8 {
            return Err(XlNetError::Mask { stream, got, dtype, want });
        }
    }

    // From (.., d_model) to (front, n_head, rows, d_head).
    let d_head = d_model / n_head;
    let heads = |x: &Tensor, weight: &Tensor, (front, rows): (usize, usize)| {
        let y = x.reshape(((), d_model))?.matmul(&weight.reshape((d_model, d_model))?)?;
        y.reshape((front, rows, n_head, d_head))?.transpose(1, 2)?.contiguous()
    };
    let k = heads(h, &layer.k, (batch, seq))?.t()?.contiguous()?;
    let v = heads(h, &layer.v, (batch, seq))?;
    let waves = relative_encoding(seq, d_model, h.dtype())?;
    let r = heads(&waves, &layer.r, (1, 2 * seq))?.t()?.contiguous()?;
    let o = layer.o.reshape((d_model, d_model))?.t()?.contiguous()?;

    let attend = |x: &Tensor, mask: &Tensor| -> Result<Tensor, XlNetError> {
        let q = heads(x, &layer.q, (batch, seq))?;
        let by_content = q.broadcast_add(&layer.r_w_bias.unsqueeze(1)?)?.matmul(&k)?;
        let by_distance = q.broadcast_add(&layer.r_r_bias.unsqueeze(1)?)?.broadcast_matmul(&r)?;
        let scores = ((by_content + rel_shift(&by_distance)?)? / (d_head as f64).sqrt())?;

        let mask = mask.unsqueeze(1)?.broadcast_as(scores.shape())?;
        // Low, but finite: in a row that sees nothing, −∞ − (−∞) would be NaN.
        let lowest = Tensor::full(f32::MIN, scores.shape(), &Device::Cpu)?;
        let scores = mask.where_cond(&scores, &lowest.to_dtype(scores.dtype())?)?;
        let weights = softmax(&scores, 3)?;
        let weights = mask.where_cond(&weights, &weights.zeros_like()?)?;

        let found = weights.matmul(&v)?.transpose(1, 2)?.reshape(((), d_model))?;
        let found = found.matmul(&o)?.reshape((batch, seq, d_model))?;
        Ok(layer_norm(&(x + found)?, &layer.norm.weight, &layer.norm.bias, layer_norm_eps)?)
    };
    Ok((attend(h, &masks.content)?, attend(g, &masks.query)?))
    // END ANSWER
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
    // BEGIN ANSWER
    let &Config { vocab_size, d_model, layer_norm_eps, .. } = &model.config;
    let &[batch, seq] = ids.dims() else { return Err(XlNetError::Ids(ids.dims().to_vec())) };
    if batch * seq == 0 {
        return Err(XlNetError::Ids(vec![batch, seq]));
    }
    let ids = ids.flatten_all()?.to_vec1::<u32>()?;
    if let Some(&id) = ids.iter().find(|&&id| id as usize >= vocab_size) {
        return Err(XlNetError::UnknownId { id, vocab_size });
    }
    // Rows of all query streams, one behind the other.
    let targets = match targets.map(|targets| (targets, targets.dims())) {
        None => None,
        Some((targets, &[texts, n_targets])) if texts == batch && n_targets > 0 => {
            let targets = targets.flatten_all()?.to_vec1::<u32>()?;
            if let Some(&target) = targets.iter().find(|&&target| target as usize >= seq) {
                return Err(XlNetError::NoPlace { target, seq });
            }
            let row = |(i, &target): (usize, &u32)| (i / n_targets * seq) as u32 + target;
            Some(targets.iter().enumerate().map(row).collect::<Vec<u32>>())
        }
        Some((_, got)) => return Err(XlNetError::Targets { got: got.to_vec(), batch }),
    };

    let rows = |x: &Tensor, which: Vec<u32>| {
        let count = which.len();
        x.index_select(&Tensor::from_vec(which, count, &Device::Cpu)?, 0)
    };
    let feed_forward = |x: &Tensor, ff: &FeedForward| -> Result<Tensor, XlNetError> {
        let inside = linear(x, &ff.layer_1.weight, &ff.layer_1.bias)?;
        let inside = match model.config.ff_activation {
            Activation::Gelu => gelu_erf(&inside)?,
            Activation::Relu => inside.relu()?,
        };
        let added = linear(&inside, &ff.layer_2.weight, &ff.layer_2.bias)?;
        Ok(layer_norm(&(x + added)?, &ff.norm.weight, &ff.norm.bias, layer_norm_eps)?)
    };

    let shape = (batch, seq, d_model);
    let mut h = rows(&model.word_embedding, ids)?.reshape(shape)?;
    let mut g = model.mask_emb.broadcast_as(shape)?.contiguous()?;
    for layer in &model.layers {
        let (seen_h, seen_g) = two_stream(&h, &g, &layer.rel_attn, &model.config, masks)?;
        (h, g) = (feed_forward(&seen_h, &layer.ff)?, feed_forward(&seen_g, &layer.ff)?);
    }
    let x = match targets {
        Some(targets) => {
            rows(&g.reshape(((), d_model))?, targets)?.reshape((batch, (), d_model))?
        }
        None => h,
    };
    Ok(linear(&x, &model.word_embedding, &model.lm_bias)?)
    // END ANSWER
}
