//! The reference: an encoder, what guesses a hidden token, and a vector for a sentence.

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
    // BEGIN ANSWER
    let misfit = || {
        let [x, weight, bias] = [x, weight, bias].map(|tensor| tensor.dims().to_vec());
        BertError::Linear { x, weight, bias }
    };
    let ([front @ .., n], [n_out, n_in], [n_bias]) = (x.dims(), weight.dims(), bias.dims()) else {
        return Err(misfit());
    };
    if n != n_in || n_out != n_bias || x.elem_count() == 0 || *n_out == 0 {
        return Err(misfit());
    }
    let vectors = x.reshape(((), *n))?;
    let y = vectors.matmul(&weight.t()?)?.broadcast_add(bias)?;
    Ok(y.reshape([front, &[*n_out]].concat())?)
    // END ANSWER
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
    // BEGIN ANSWER
    let want = ids.dims().to_vec();
    let &[batch, seq] = ids.dims() else { return Err(BertError::Ids(want)) };
    if batch * seq == 0 {
        return Err(BertError::Ids(want));
    }
    if let Some(types) = token_types
        && types.dims() != want
    {
        return Err(BertError::TokenTypes { got: types.dims().to_vec(), want });
    }
    let Config { vocab_size, type_vocab_size, max_position_embeddings, .. } = *config;
    if seq > max_position_embeddings {
        return Err(BertError::TooLong { seq, max_position_embeddings });
    }
    let ids = ids.flatten_all()?.to_vec1::<u32>()?;
    if let Some(&id) = ids.iter().find(|&&id| id as usize >= vocab_size) {
        return Err(BertError::UnknownId { id, vocab_size });
    }
    let types = match token_types {
        Some(types) => types.flatten_all()?.to_vec1::<u32>()?,
        None => vec![0; batch * seq],
    };
    if let Some(&token_type) = types.iter().find(|&&kind| kind as usize >= type_vocab_size) {
        return Err(BertError::UnknownType { token_type, type_vocab_size });
    }

    let places = (0..batch).flat_map(|_| 0..seq as u32).collect();
    let rows = |table: &Tensor, which: Vec<u32>| {
        table.index_select(&Tensor::from_vec(which, batch * seq, &Device::Cpu)?, 0)
    };
    let sum = (rows(&embeddings.word, ids)? + rows(&embeddings.position, places)?)?;
    let sum = (sum + rows(&embeddings.token_type, types)?)?;
    let norm = &embeddings.norm;
    let x = layer_norm(&sum, &norm.weight, &norm.bias, config.layer_norm_eps)?;
    Ok(x.reshape((batch, seq, config.hidden_size))?)
    // END ANSWER
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
    // BEGIN ANSWER
    let eps = config.layer_norm_eps;
    let through = |x: &Tensor, by: &bert::Linear| linear(x, &by.weight, &by.bias);
    let heads = |by: &bert::Linear| -> Result<Tensor, BertError> {
        Ok(split_heads(&through(x, by)?, config.num_attention_heads)?)
    };

    let found = sdpa(&heads(&layer.query)?, &heads(&layer.key)?, &heads(&layer.value)?, mask)?;
    let added = through(&merge_heads(&found)?, &layer.attention_output)?;
    let norm = &layer.attention_norm;
    let x = layer_norm(&(x + added)?, &norm.weight, &norm.bias, eps)?;

    let inside = gelu_erf(&through(&x, &layer.intermediate)?)?;
    let added = through(&inside, &layer.output)?;
    let norm = &layer.output_norm;
    Ok(layer_norm(&(x + added)?, &norm.weight, &norm.bias, eps)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let mut x = embed(&model.embeddings, &model.config, ids, token_types)?;
    let mask = match is_token {
        Some(is_token) if is_token.dims() != ids.dims() => {
            let (got, want) = (is_token.dims().to_vec(), ids.dims().to_vec());
            return Err(BertError::IsToken { got, want });
        }
        // For all heads and all queries of a row.
        Some(is_token) => Some(is_token.unsqueeze(1)?.unsqueeze(1)?),
        None => None,
    };
    for layer in &model.layers {
        x = block(&x, layer, &model.config, mask.as_ref())?;
    }
    Ok(x)
    // END ANSWER
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
    // BEGIN ANSWER
    let head = model.mlm.as_ref().ok_or(BertError::NoHead)?;
    let x = gelu_erf(&linear(hidden, &head.dense.weight, &head.dense.bias)?)?;
    let x = layer_norm(&x, &head.norm.weight, &head.norm.bias, model.config.layer_norm_eps)?;
    linear(&x, &model.embeddings.word, &head.bias)
    // END ANSWER
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
    // BEGIN ANSWER
    let [h, t] = [hidden.dims(), is_token.dims()];
    if h.len() != 3 || t != &h[..2] || hidden.elem_count() == 0 {
        return Err(BertError::Pool { hidden: h.to_vec(), is_token: t.to_vec() });
    }
    // Of type u8, a sum would end at 255.
    let is_token = is_token.to_dtype(hidden.dtype())?.unsqueeze(D::Minus1)?;
    let sum = hidden.broadcast_mul(&is_token)?.sum(1)?;
    // Nothing divided by nothing is not a number.
    let tokens = is_token.sum(1)?.maximum(1.0)?;
    Ok(sum.broadcast_div(&tokens)?)
    // END ANSWER
}
