//! The reference: parameters, operations, what is kept, what training needs, how busy chips are.

use counting::{
    Architecture, Count, CountError, Family, Flops, Kept, Memory, Pairs, Params, Positions, Recipe,
    Run, Sharded, Sizes, Step,
};

/// How many parameters a model has, by part.
///
/// A product from `n` to `m` numbers has `n · m` weights, and `m` biases if the
/// model has biases. Attention has four: from `d_model` to the queries of all
/// heads, to keys, to values, and from the heads back to `d_model`. The
/// feed-forward network has two, to `d_ff` and back, or three with a gate. A norm
/// has a gain of `d_model` numbers, and as many biases if the model has biases.
///
/// A layer has two parts, and in the decoder of an encoder-decoder three:
/// attention, cross-attention of the same shapes, feed-forward. Each part has a
/// norm, or all of a layer share one if the model is parallel. The layers of an
/// encoder, and those of a decoder, have one norm more, at their end or, as in
/// BERT, at their beginning. Encoder and decoder share the table of tokens; each
/// has its own positions: a table, or a number for each bucket and head.
///
/// An encoder alone has no logits. Its table of token types, if any, counts as
/// embeddings; its pooler, if any, a product from `d_model` to `d_model`, counts
/// as head. For others the head is a table `(vocab_size, d_model)` unless the
/// model is tied.
///
/// # Errors
/// [`CountError::Groups`] as [`Architecture::sizes`]; [`CountError::TooLarge`] if
/// a u64 cannot hold a part, or all together. Whatever fits is exact.
pub fn params(architecture: &Architecture) -> Result<Params, CountError> {
    // BEGIN ANSWER
    let a = architecture;
    let Sizes { vocab_size, d_model, n_layers, n_heads, n_kv_heads, d_head, d_ff } = a.sizes()?;
    let with_bias = |outputs: Count| if a.has_biases { outputs } else { Count::default() };
    let product = |inputs: Count, outputs: Count| inputs * outputs + with_bias(outputs);
    let (queries, keys) = (n_heads * d_head, n_kv_heads * d_head);
    let attention =
        product(d_model, queries) + product(d_model, keys) * 2 + product(queries, d_model);
    let inside = product(d_model, d_ff) * if a.is_gated { 2 } else { 1 };
    let feed_forward = inside + product(d_ff, d_model);
    let norm = d_model + with_bias(d_model);
    let positions = match a.positions {
        Positions::Learned(n) => d_model * n,
        Positions::Rotary => Count::default(),
        Positions::Relative { buckets } => n_heads * buckets,
    };

    let mut embeddings = vocab_size * d_model;
    let mut head = if a.is_tied { Count::default() } else { embeddings };
    // Layers, and how often each of them attends.
    let mut stacks = vec![(n_layers, 1)];
    match a.family {
        Family::Decoder => {}
        Family::Encoder { token_types, has_pooler } => {
            embeddings += d_model * token_types;
            head = product(d_model, d_model) * u64::from(has_pooler);
        }
        Family::EncoderDecoder { decoder_layers } => stacks.push((decoder_layers.into(), 2)),
    }
    let mut sums = [Count::default(); 4];
    for (layers, attends) in stacks {
        let norms = layers * if a.is_parallel { 1 } else { attends + 1 } + 1;
        let stack = [positions, layers * attends * attention, layers * feed_forward, norms * norm];
        sums.iter_mut().zip(stack).for_each(|(sum, part)| *sum += part);
    }
    let [positions, attention, feed_forward, norms] = sums.map(Count::exact);
    let params = Params {
        embeddings: embeddings.exact()?,
        positions: positions?,
        attention: attention?,
        feed_forward: feed_forward?,
        norms: norms?,
        head: head.exact()?,
    };
    params.total()?;
    Ok(params)
    // END ANSWER
}

/// How many floating-point operations a model needs to read `step` once.
///
/// A product of a vector with an `n · m` matrix takes `2 n m`. A query and a key
/// take `2 d_head` for their score and as many for the value, in each head of
/// queries, however many heads share the keys. A decoder's `t` tokens meet the
/// `past` tokens before them and each other: all `t · t` pairs, or with
/// [`Pairs::Causal`] the `t (t + 1) / 2` in which the key's token is not after
/// the query's. In an encoder all pairs meet. In cross-attention each token of the
/// decoder meets each of `source`; queries and output are made for the tokens,
/// keys and values for the source.
///
/// Logits are made for all tokens of a decoder; a pooler reads one vector a text
/// and belongs to `weights`. An encoder alone reads `tokens`; an encoder-decoder
/// reads `source` in its encoder, and `tokens` in its decoder.
///
/// # Errors
/// [`CountError::Groups`] as [`Architecture::sizes`]; [`CountError::NoPast`] if
/// there is a past and the model is no decoder alone; [`CountError::TooLarge`] if
/// a u64 cannot hold a part, or all together; in this order.
///
/// Source: Kaplan and others, 2020, section 2.1; Hoffmann and others, 2022,
/// appendix F.
pub fn flops(architecture: &Architecture, step: &Step) -> Result<Flops, CountError> {
    // BEGIN ANSWER
    let a = architecture;
    let Sizes { vocab_size, d_model, n_layers, n_heads, n_kv_heads, d_head, d_ff } = a.sizes()?;
    if step.past > 0 && a.family != Family::Decoder {
        return Err(CountError::NoPast);
    }
    let [texts, source, tokens, past] =
        [step.texts, step.source, step.tokens, step.past].map(Count::from);
    // Weights that a vector meets on its way through queries and output, keys and values, and
    // the feed-forward network.
    let queries = d_model * n_heads * d_head * 2;
    let keys = d_model * n_kv_heads * d_head * 2;
    let feed_forward = d_model * d_ff * if a.is_gated { 3 } else { 2 };
    let layer = queries + keys + feed_forward;
    // Multiplications of a pair: a score and a value in each head.
    let pair = n_heads * d_head * 2;
    let met = past * tokens
        + match step.pairs {
            Pairs::All => tokens * tokens,
            Pairs::Causal => tokens * (tokens + 1) / 2,
        };
    let zero = Count::default();
    let (weights, pairs, logits) = match a.family {
        Family::Decoder => (n_layers * layer * tokens, n_layers * met, tokens),
        Family::Encoder { has_pooler, .. } => {
            let pooler = d_model * d_model * u64::from(has_pooler);
            (n_layers * layer * tokens + pooler, n_layers * tokens * tokens, zero)
        }
        Family::EncoderDecoder { decoder_layers } => {
            let below = Count::from(decoder_layers);
            let encoder = n_layers * layer * source;
            let decoder = below * ((layer + queries) * tokens + keys * source);
            let pairs = n_layers * source * source + below * (met + tokens * source);
            (encoder + decoder, pairs, tokens)
        }
    };
    let flops = Flops {
        weights: (weights * texts * 2).exact()?,
        attention: (pairs * pair * texts * 2).exact()?,
        logits: (logits * d_model * vocab_size * texts * 2).exact()?,
    };
    flops.total()?;
    Ok(flops)
    // END ANSWER
}

/// How many bytes the keys and values of all tokens take, in all layers.
///
/// Each layer of a decoder keeps a key and a value of `d_head` numbers for each
/// of its tokens and each head of keys and values. In an encoder-decoder it keeps
/// as many for each token of `source`, for its cross-attention; the encoder keeps
/// nothing. An encoder alone keeps nothing.
///
/// # Errors
/// [`CountError::Groups`] as [`Architecture::sizes`]; [`CountError::TooLarge`] if
/// a u64 cannot hold the result. Whatever fits is exact.
pub fn kv_bytes(architecture: &Architecture, kept: &Kept) -> Result<u64, CountError> {
    // BEGIN ANSWER
    let Sizes { n_layers, n_kv_heads, d_head, .. } = architecture.sizes()?;
    let tokens = Count::from(kept.tokens);
    let (layers, tokens) = match architecture.family {
        Family::Decoder => (n_layers, tokens),
        Family::Encoder { .. } => return Ok(0),
        Family::EncoderDecoder { decoder_layers } => (decoder_layers.into(), tokens + kept.source),
    };
    (layers * tokens * n_kv_heads * d_head * 2 * kept.texts * kept.bytes).exact()
    // END ANSWER
}

/// How many bytes of weights, gradients and optimizer a device keeps while a
/// model of `params` parameters is trained; activations are not counted.
///
/// The optimizer keeps `moments` numbers of 4 bytes for each weight, and one more
/// if it keeps a copy of the weights. What is shared out is cut by parameters, each
/// with all its bytes, as evenly as can be; the result is for a device that has
/// the most.
///
/// # Errors
/// [`CountError::NoDevices`]; [`CountError::TooLarge`] if a u64 cannot hold a
/// part, or all together; in this order. Whatever fits is exact.
///
/// Source: Rajbhandari and others, 2019, sections 3.1 and 5.
pub fn training_bytes(params: u64, recipe: &Recipe) -> Result<Memory, CountError> {
    // BEGIN ANSWER
    if recipe.devices == 0 {
        return Err(CountError::NoDevices);
    }
    // Those that a device keeps, if they are shared out from this stage on.
    let here = |from: Sharded| match recipe.sharded >= from {
        true => Count::from(params.div_ceil(recipe.devices)),
        false => params.into(),
    };
    let numbers = Count::from(recipe.moments) + u64::from(recipe.has_master);
    let memory = Memory {
        weights: (here(Sharded::Weights) * recipe.weight_bytes).exact()?,
        gradients: (here(Sharded::Gradients) * recipe.gradient_bytes).exact()?,
        optimizer: (here(Sharded::Optimizer) * numbers * 4).exact()?,
    };
    memory.total()?;
    Ok(memory)
    // END ANSWER
}

/// The share of what chips can do that a training makes use of, its model FLOPs
/// utilization: operations for a token, times tokens in a second, over what all
/// chips do in a second at most. For a token training takes
///
/// ```text
/// 6 · params + 12 · n_layers · n_heads · d_head · seq
/// ```
///
/// Numbers may be large: the operations of a token need not fit into a u64, so
/// compute in f64.
///
/// # Errors
/// [`CountError::NotPositive`] with the name of the field, for the first of
/// `tokens_per_second`, `chips` and `peak` that is not a finite number above 0.
///
/// Source: Chowdhery and others, 2022, appendix B.
pub fn mfu(run: &Run) -> Result<f64, CountError> {
    // BEGIN ANSWER
    let chips = run.chips as f64;
    for (name, number) in
        [("tokens_per_second", run.tokens_per_second), ("chips", chips), ("peak", run.peak)]
    {
        if !(number > 0.0 && number.is_finite()) {
            return Err(CountError::NotPositive(name));
        }
    }
    let [params, layers, heads, d_head, seq] =
        [run.params, run.n_layers, run.n_heads, run.d_head, run.seq].map(|n| n as f64);
    let of_a_token = 6.0 * params + 12.0 * layers * heads * d_head * seq;
    Ok(of_a_token * run.tokens_per_second / chips / run.peak)
    // END ANSWER
}
