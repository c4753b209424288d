//! The reference: distances in buckets, a block and a model of T5, the same of BART.

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
    // BEGIN ANSWER
    let n = if bidirectional { num_buckets / 2 } else { num_buckets };
    let exact = n / 2;
    if exact == 0 || max_distance <= exact {
        return Err(SeqError::Buckets { bidirectional, num_buckets, max_distance });
    }
    let distance = relative_position.unsigned_abs();
    let (first, distance) = match (relative_position > 0, bidirectional) {
        (true, true) => (n, distance),
        (true, false) => (0, 0),
        (false, _) => (0, distance),
    };
    if distance < exact as u64 {
        return Ok(first + distance as usize);
    }
    if distance >= max_distance as u64 {
        return Ok(first + n - 1);
    }
    let log = |x: f64| (x / exact as f64).ln();
    let step = log(distance as f64) / log(max_distance as f64) * (n - exact) as f64;
    // At a boundary, two roundings may leave a hair less than a whole number.
    Ok(first + (exact + (step + 1e-9) as usize).min(n - 1))
    // END ANSWER
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
    // BEGIN ANSWER
    let misfit = || SeqError::Table(table.dims().to_vec());
    let &[num_buckets, heads] = table.dims() else { return Err(misfit()) };
    if heads == 0 {
        return Err(misfit());
    }
    let mut buckets = Vec::with_capacity(t_q * t_k);
    for i in 0..t_q {
        for j in 0..t_k {
            let relative = j as i64 - (offset + i) as i64;
            buckets.push(t5_bucket(relative, bidirectional, num_buckets, max_distance)? as u32);
        }
    }
    let buckets = Tensor::from_vec(buckets, t_q * t_k, &Device::Cpu)?;
    let rows = table.contiguous()?.index_select(&buckets, 0)?;
    Ok(rows.reshape((1, t_q, t_k, heads))?.permute((0, 3, 1, 2))?)
    // END ANSWER
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
    // BEGIN ANSWER
    let context = context.unwrap_or(x);
    let q = split_heads(&mha.w_q.forward(x)?, mha.n_heads)?;
    let k = split_heads(&mha.w_k.forward(context)?, mha.n_heads)?;
    let v = split_heads(&mha.w_v.forward(context)?, mha.n_heads)?;
    let shape = [q.dims()[0], mha.n_heads, q.dims()[2], k.dims()[2]];

    let mut scores = q.contiguous()?.matmul(&k.t()?.contiguous()?)?;
    if let Some(bias) = bias {
        let misfit = |_| SeqError::Bias { bias: bias.dims().to_vec(), scores: shape };
        scores = (scores + bias.broadcast_as(&shape).map_err(misfit)?)?;
    }
    let weights = match mask {
        None => softmax(&scores, 3)?,
        Some(mask) => {
            let misfit = |_| SeqError::Mask { mask: mask.dims().to_vec(), scores: shape };
            let mask = mask.broadcast_as(&shape).map_err(misfit)?;
            let lowest = Tensor::full(f32::MIN, &shape, &Device::Cpu)?.to_dtype(scores.dtype())?;
            let weights = softmax(&mask.where_cond(&scores, &lowest)?, 3)?;
            mask.where_cond(&weights, &weights.zeros_like()?)?
        }
    };
    let found = weights.matmul(&v.contiguous()?)?;
    Ok(mha.w_o.forward(&merge_heads(&found)?)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let T5Block { attention, cross, feed_forward } = block;
    if cross.is_some() != encoded.is_some() {
        return Err(SeqError::Cross { has_cross: cross.is_some() });
    }
    let normed = rms_norm(x, &attention.norm, eps)?;
    let mut x = (x + t5_attention(&attention.mha, &normed, None, Some(bias), mask)?)?;

    if let (Some(cross), Some(Encoded { states, mask })) = (cross, encoded) {
        let normed = rms_norm(&x, &cross.norm, eps)?;
        x = (&x + t5_attention(&cross.mha, &normed, Some(states), None, Some(mask))?)?;
    }
    let normed = rms_norm(&x, &feed_forward.norm, eps)?;
    let inside = feed_forward.wi.forward(&normed)?;
    let inside = match &feed_forward.gate {
        None => inside.relu()?,
        Some(gate) => (gelu_tanh(&gate.forward(&normed)?)? * inside)?,
    };
    Ok((&x + feed_forward.wo.forward(&inside)?)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let T5 { config, shared, encoder, decoder, lm_head } = model;
    let (eps, farthest) = (config.layer_norm_epsilon, config.relative_attention_max_distance);
    let encoded = source.encoded(|ids, mask| {
        let mut x = rows_of(shared, ids)?;
        let t = x.dims()[1];
        let bias = position_bias(&encoder.position_bias, true, farthest, [t, t], 0)?;
        for block in &encoder.blocks {
            x = t5_block(&x, block, eps, &bias, Some(mask), None)?;
        }
        Ok(rms_norm(&x, &encoder.norm, eps)?)
    })?;

    let mut x = rows_of(shared, decoder_ids)?;
    let (batch, t, d_model) = x.dims3()?;
    let bias = position_bias(&decoder.position_bias, false, farthest, [t, t], 0)?;
    let mask = causal_mask(t, t)?;
    for block in &decoder.blocks {
        x = t5_block(&x, block, eps, &bias, Some(&mask), Some(&encoded))?;
    }
    let mut x = rms_norm(&x, &decoder.norm, eps)?;
    if lm_head.is_none() {
        x = (x * (d_model as f64).powf(-0.5))?;
    }
    let head = lm_head.as_ref().unwrap_or(shared);
    let logits = x.reshape((batch * t, d_model))?.matmul(&head.t()?)?;
    Ok((logits.reshape((batch, t, config.vocab_size))?, encoded))
    // END ANSWER
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
    // BEGIN ANSWER
    let misfit = || SeqError::Ids(labels.dims().to_vec());
    let &[batch, seq] = labels.dims() else { return Err(misfit()) };
    if batch * seq == 0 {
        return Err(misfit());
    }
    let mut ids = Vec::with_capacity(batch * seq);
    for row in labels.to_vec2::<i64>()? {
        ids.push(start);
        for label in row {
            ids.push(match label {
                -100 => pad,
                label => u32::try_from(label).map_err(|_| SeqError::Label(label))?,
            });
        }
        ids.pop();
    }
    Ok(Tensor::from_vec(ids, (batch, seq), &Device::Cpu)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let x = (rows_of(shared, ids)? * scale)?;
    let (tokens, n_positions) = (x.dims()[1], stack.positions.dims()[0] - 2);
    if tokens > n_positions {
        return Err(SeqError::TooLong { tokens, n_positions });
    }
    let x = x.broadcast_add(&stack.positions.narrow(0, 2, tokens)?)?;
    Ok(layer_norm(&x, &stack.norm.weight, &stack.norm.bias, BART_EPS)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let BartBlock { attention, cross, fc1, fc2, norm } = block;
    if cross.is_some() != encoded.is_some() {
        return Err(SeqError::Cross { has_cross: cross.is_some() });
    }
    let sum = (x + attend(&attention.mha, x, None, mask)?)?;
    let mut x = layer_norm(&sum, &attention.norm.weight, &attention.norm.bias, BART_EPS)?;

    if let (Some(cross), Some(Encoded { states, mask })) = (cross, encoded) {
        let sum = (&x + attend(&cross.mha, &x, Some(states), Some(mask))?)?;
        x = layer_norm(&sum, &cross.norm.weight, &cross.norm.bias, BART_EPS)?;
    }
    let sum = (&x + fc2.forward(&gelu_erf(&fc1.forward(&x)?)?)?)?;
    Ok(layer_norm(&sum, &norm.weight, &norm.bias, BART_EPS)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let Bart { config, shared, encoder, decoder, final_logits_bias } = model;
    let scale = config.embed_scale();
    let encoded = source.encoded(|ids, mask| {
        let mut x = bart_embed(encoder, shared, scale, ids)?;
        for block in &encoder.blocks {
            x = bart_block(&x, block, Some(mask), None)?;
        }
        Ok(x)
    })?;

    let mut x = bart_embed(decoder, shared, scale, decoder_ids)?;
    let (batch, t, d_model) = x.dims3()?;
    let mask = causal_mask(t, t)?;
    for block in &decoder.blocks {
        x = bart_block(&x, block, Some(&mask), Some(&encoded))?;
    }
    let logits = x.reshape((batch * t, d_model))?.matmul(&shared.t()?)?;
    let logits = logits.broadcast_add(final_logits_bias)?;
    Ok((logits.reshape((batch, t, config.vocab_size))?, encoded))
    // END ANSWER
}
