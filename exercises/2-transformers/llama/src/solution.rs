//! The reference: positions of each text's own, attention, the block, the model, and how it writes.

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
    // BEGIN ANSWER
    let misfit =
        || LlamaError::Positions { x: x.dims().to_vec(), positions: positions.dims().to_vec() };
    let &[batch, _, seq, d_head] = x.dims() else { return Err(misfit()) };
    if positions.dims() != [batch, seq] {
        return Err(misfit());
    }
    let omega = frequencies(d_head, theta)?;
    let half = d_head / 2;
    let omega = Tensor::from_vec(omega, (1, 1, 1, half), x.device())?;
    let positions = positions.to_dtype(DType::F64)?.reshape((batch, 1, seq, 1))?;
    let angles = positions.broadcast_mul(&omega)?;
    // Only sine and cosine are rounded to the type of x.
    let (cos, sin) = (angles.cos()?.to_dtype(x.dtype())?, angles.sin()?.to_dtype(x.dtype())?);

    let (a, b) = (x.narrow(3, 0, half)?, x.narrow(3, half, half)?);
    let first = (a.broadcast_mul(&cos)? - b.broadcast_mul(&sin)?)?;
    let second = (a.broadcast_mul(&sin)? + b.broadcast_mul(&cos)?)?;
    Ok(Tensor::cat(&[first, second], 3)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let q = split_heads(&attention.q_proj.forward(x)?, config.n_heads)?;
    let k = split_heads(&attention.k_proj.forward(x)?, config.n_kv_heads)?;
    let mut values = split_heads(&attention.v_proj.forward(x)?, config.n_kv_heads)?;
    let q = rope_at(&q, positions, config.theta)?;
    let mut keys = rope_at(&k, positions, config.theta)?;
    if let Some(past) = past {
        keys = Tensor::cat(&[&past.keys, &keys], 2)?;
        values = Tensor::cat(&[&past.values, &values], 2)?;
    }
    // Repeated for the product, kept once.
    let (k, v) = (repeat_kv(&keys, config.n_heads)?, repeat_kv(&values, config.n_heads)?);
    let found = merge_heads(&sdpa(&q, &k, &v, mask)?)?;
    Ok((attention.o_proj.forward(&found)?, KeysValues { keys, values }))
    // END ANSWER
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
    // BEGIN ANSWER
    let normed = rms_norm(x, &block.input_layernorm, config.eps)?;
    let (found, kept) = llama_attention(&normed, &block.attention, config, positions, past, mask)?;
    let x = (x + found)?;
    let normed = rms_norm(&x, &block.post_attention_layernorm, config.eps)?;
    let y = (&x + swiglu_mlp(&normed, &block.mlp)?)?;
    Ok((y, kept))
    // END ANSWER
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
    // BEGIN ANSWER
    let Llama { config, embeddings, blocks, norm, lm_head } = model;
    let &[batch, seq] = ids.dims() else { return Err(LlamaError::Ids(ids.dims().to_vec())) };
    if batch * seq == 0 {
        return Err(LlamaError::Ids(vec![batch, seq]));
    }
    if !past.is_empty() && past.len() != blocks.len() {
        return Err(LlamaError::Past { blocks: past.len(), n_layers: blocks.len() });
    }
    let seen = past.first().map_or(0, KeysValues::tokens);
    let want = [batch, seen + seq];
    let is_token = match is_token {
        Some(is_token) if is_token.dims() != want => {
            return Err(LlamaError::IsToken { got: is_token.dims().to_vec(), want });
        }
        Some(is_token) => is_token.to_vec2::<u8>()?,
        None => vec![vec![1; seen + seq]; batch],
    };
    let ids = ids.flatten_all()?;
    let read = ids.to_vec1::<u32>()?;
    if let Some(&id) = read.iter().find(|&&id| id as usize >= config.vocab_size) {
        return Err(LlamaError::UnknownId { id, vocab_size: config.vocab_size });
    }

    let mut positions = Vec::with_capacity(batch * seq);
    for row in &is_token {
        let mut tokens = 0;
        for (place, &is_token) in row.iter().enumerate() {
            if place >= seen {
                positions.push(tokens);
            }
            tokens += u32::from(is_token);
        }
    }
    let positions = Tensor::from_vec(positions, (batch, seq), &Device::Cpu)?;
    let is_token = Tensor::new(is_token, &Device::Cpu)?.reshape((batch, 1, 1, seen + seq))?;
    let mask = causal_mask(seq, seen + seq)?.broadcast_mul(&is_token)?;

    let mut x = embeddings.index_select(&ids, 0)?.reshape((batch, seq, config.d_model))?;
    let mut kept = Vec::with_capacity(blocks.len());
    for (i, block) in blocks.iter().enumerate() {
        let (next, keys_values) =
            llama_block(&x, block, config, &positions, past.get(i), Some(&mask))?;
        x = next;
        kept.push(keys_values);
    }
    let x = rms_norm(&x, norm, config.eps)?.reshape((batch * seq, config.d_model))?;
    let head = lm_head.as_ref().map_or(embeddings, |head| &head.weight);
    let logits = x.matmul(&head.t()?)?;
    Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))
    // END ANSWER
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
    // BEGIN ANSWER
    if let Some(text) = prompts.iter().position(Vec::is_empty) {
        return Err(LlamaError::EmptyPrompt { text });
    }
    let longest = prompts.iter().map(Vec::len).max().unwrap_or(0);
    // Padding on the left: every text's last token is at the last place.
    let padded = |prompt: &Vec<u32>| [vec![0; longest - prompt.len()], prompt.clone()].concat();
    let tokens =
        |prompt: &Vec<u32>| [vec![0; longest - prompt.len()], vec![1; prompt.len()]].concat();
    let mut unread: Vec<Vec<u32>> = prompts.iter().map(padded).collect();
    let mut is_token: Vec<Vec<u8>> = prompts.iter().map(tokens).collect();
    let mut new = vec![Vec::new(); prompts.len()];
    let mut goes_on = vec![max_new_tokens > 0; prompts.len()];
    let mut past = Vec::new();
    while goes_on.contains(&true) {
        let ids = Tensor::new(unread.clone(), &Device::Cpu)?;
        let (logits, kept) =
            model.read(&ids, &Tensor::new(is_token.clone(), &Device::Cpu)?, &past)?;
        past = kept;
        let last = logits.narrow(1, ids.dims()[1] - 1, 1)?.squeeze(1)?;
        for (i, logits) in last.to_dtype(DType::F64)?.to_vec2::<f64>()?.iter().enumerate() {
            if goes_on[i] {
                let better = |best, id| if logits[id] > logits[best] { id } else { best };
                let token = (0..logits.len()).fold(0, better) as u32;
                new[i].push(token);
                unread[i] = vec![token];
                goes_on[i] = new[i].len() < max_new_tokens && !end.contains(&token);
            } else {
                unread[i] = vec![0];
            }
            is_token[i].push(u8::from(goes_on[i]));
        }
    }
    Ok(new)
    // END ANSWER
}
