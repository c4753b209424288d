//! The reference: a block, a model of blocks, and how it writes.

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
    // BEGIN ANSWER
    let misfit = || {
        let [x, weight, bias] = [x, weight, bias].map(|tensor| tensor.dims().to_vec());
        GptError::Conv1d { x, weight, bias }
    };
    let ([front @ .., n], [n_in, n_out], [n_bias]) = (x.dims(), weight.dims(), bias.dims()) else {
        return Err(misfit());
    };
    if n != n_in || n_out != n_bias || x.elem_count() == 0 || *n_out == 0 {
        return Err(misfit());
    }
    let vectors = x.reshape(((), *n))?;
    let y = vectors.matmul(weight)?.broadcast_add(bias)?;
    Ok(y.reshape([front, &[*n_out]].concat())?)
    // END ANSWER
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
    // BEGIN ANSWER
    let misfit = || GptError::Qkv { shape: x.dims().to_vec(), n_head };
    let &[_, _, n] = x.dims() else { return Err(misfit()) };
    if x.elem_count() == 0 || n_head == 0 || n % 3 != 0 || n / 3 % n_head != 0 {
        return Err(misfit());
    }
    let n_embd = n / 3;
    let part = |i: usize| split_heads(&x.narrow(2, i * n_embd, n_embd)?, n_head);
    Ok([part(0)?, part(1)?, part(2)?])
    // END ANSWER
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
    // BEGIN ANSWER
    let Block { ln_1, attn, ln_2, mlp } = block;
    let eps = config.layer_norm_epsilon;

    let normed = layer_norm(x, &ln_1.weight, &ln_1.bias, eps)?;
    let qkv = conv1d(&normed, &attn.c_attn.weight, &attn.c_attn.bias)?;
    let [q, mut keys, mut values] = split_qkv(&qkv, config.n_head)?;
    if let Some(past) = past {
        keys = Tensor::cat(&[&past.keys, &keys], 2)?;
        values = Tensor::cat(&[&past.values, &values], 2)?;
    }
    let found = merge_heads(&sdpa(&q, &keys, &values, mask)?)?;
    let x = (x + conv1d(&found, &attn.c_proj.weight, &attn.c_proj.bias)?)?;

    let normed = layer_norm(&x, &ln_2.weight, &ln_2.bias, eps)?;
    let inside = gelu_tanh(&conv1d(&normed, &mlp.c_fc.weight, &mlp.c_fc.bias)?)?;
    let x = (&x + conv1d(&inside, &mlp.c_proj.weight, &mlp.c_proj.bias)?)?;
    Ok((x, KeysValues { keys, values }))
    // END ANSWER
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
    // BEGIN ANSWER
    let Gpt2 { config, wte, wpe, h, ln_f } = model;
    let &[batch, seq] = ids.dims() else { return Err(GptError::Ids(ids.dims().to_vec())) };
    if batch * seq == 0 {
        return Err(GptError::Ids(vec![batch, seq]));
    }
    if !past.is_empty() && past.len() != h.len() {
        return Err(GptError::Past { blocks: past.len(), n_layer: h.len() });
    }
    let seen = past.first().map_or(0, KeysValues::tokens);
    let want = [batch, seen + seq];
    let is_token = match is_token {
        Some(is_token) if is_token.dims() != want => {
            return Err(GptError::IsToken { got: is_token.dims().to_vec(), want });
        }
        Some(is_token) => is_token.to_vec2::<u8>()?,
        None => vec![vec![1; seen + seq]; batch],
    };
    let ids = ids.flatten_all()?.to_vec1::<u32>()?;
    if let Some(&id) = ids.iter().find(|&&id| id as usize >= config.vocab_size) {
        return Err(GptError::UnknownId { id, vocab_size: config.vocab_size });
    }

    let mut positions = Vec::with_capacity(batch * seq);
    for row in &is_token {
        let mut tokens = 0;
        for (place, &is_token) in row.iter().enumerate() {
            if place >= seen {
                // Padding behind a text that fills all positions has none of its own.
                positions.push(tokens.min(config.n_positions - 1) as u32);
            }
            tokens += usize::from(is_token);
        }
        if tokens > config.n_positions {
            return Err(GptError::TooLong { tokens, n_positions: config.n_positions });
        }
    }
    let rows = |table: &Tensor, ids: Vec<u32>| {
        let ids = Tensor::from_vec(ids, batch * seq, &Device::Cpu)?;
        table.index_select(&ids, 0)?.reshape((batch, seq, config.n_embd))
    };
    let mut x = (rows(wte, ids)? + rows(wpe, positions)?)?;

    let is_token = Tensor::new(is_token, &Device::Cpu)?.reshape((batch, 1, 1, seen + seq))?;
    let mask = causal_mask(seq, seen + seq)?.broadcast_mul(&is_token)?;
    let mut kept = Vec::with_capacity(h.len());
    for (i, its) in h.iter().enumerate() {
        let (next, keys_values) = block(&x, its, config, past.get(i), Some(&mask))?;
        x = next;
        kept.push(keys_values);
    }

    let x = layer_norm(&x, &ln_f.weight, &ln_f.bias, config.layer_norm_epsilon)?;
    let logits = x.reshape((batch * seq, config.n_embd))?.matmul(&wte.t()?)?;
    Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))
    // END ANSWER
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
    // BEGIN ANSWER
    let n_positions = model.n_positions();
    if prompt.is_empty() {
        return Err(GptError::EmptyPrompt);
    }
    if prompt.len() > n_positions {
        return Err(GptError::TooLong { tokens: prompt.len(), n_positions });
    }
    let most = options.max_new_tokens.min(n_positions - prompt.len());
    let mut new = Vec::new();
    let mut unread = prompt.to_vec();
    let mut past = Vec::new();
    while new.len() < most {
        let seq = unread.len();
        let (logits, kept) =
            model.read(&Tensor::from_vec(unread, (1, seq), &Device::Cpu)?, &past)?;
        past = kept;
        let last = logits.narrow(1, seq - 1, 1)?.flatten_all()?;
        let logits = last.to_dtype(DType::F32)?.to_vec1()?;
        let token = sample(&logits, &options.sampling, rng)? as u32;
        new.push(token);
        on_token(token);
        if options.end == Some(token) {
            break;
        }
        unread = vec![token];
    }
    Ok(new)
    // END ANSWER
}

/// How many parameters a model of these sizes has, by part.
///
/// The table of tokens also makes the logits, and counts once. Sizes may be
/// those of the largest models, so count in u64.
pub fn parameters(config: &Config) -> Parameters {
    // BEGIN ANSWER
    let [n, inner, layers] = [config.n_embd, config.inner(), config.n_layer].map(|n| n as u64);
    // A weight and a bias.
    let conv1d = |n_in: u64, n_out: u64| (n_in + 1) * n_out;
    Parameters {
        token_embeddings: config.vocab_size as u64 * n,
        position_embeddings: config.n_positions as u64 * n,
        attention: layers * (conv1d(n, 3 * n) + conv1d(n, n)),
        mlp: layers * (conv1d(n, inner) + conv1d(inner, n)),
        // A gain and a bias each: two in every block, one at the end.
        norms: (2 * layers + 1) * 2 * n,
    }
    // END ANSWER
}
