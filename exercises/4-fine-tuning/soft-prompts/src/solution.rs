//! The reference: vectors before a text, and keys and values before those of a block.

use small_gpt::Texts;
use soft_prompts::{Head, Input, PromptError, Tables};

// The types are in parts.rs and error.rs, beside this file.

/// Vectors for a soft prompt to begin with: those of a text's tokens, one below the other,
/// `(n, n_embd)`.
///
/// Vector `i` is that of the text's token `i`, without a position. If the text has fewer than `n`
/// tokens it begins again; if it has more, the rest is not used.
///
/// # Errors
/// [`PromptError::NoText`] if the text has no tokens, whatever `n` is; [`PromptError::Token`] for the
/// first of the tokens used that the table does not have, with its place in the text.
///
/// Source: Lester and others, 2021, section 2.1; PEFT's `prompt_tuning_init="TEXT"`.
pub fn prompt_from_text(
    tables: &Tables<'_>,
    ids: &[u32],
    n: usize,
) -> Result<Vec<f32>, PromptError> {
    // BEGIN ANSWER
    if ids.is_empty() {
        return Err(PromptError::NoText);
    }
    let vocab_size = tables.vocab_size();
    let mut prompt = Vec::new();
    for (at, &token) in ids.iter().enumerate().cycle().take(n) {
        let vector = tables.token(token);
        prompt.extend_from_slice(vector.ok_or(PromptError::Token { at, token, vocab_size })?);
    }
    Ok(prompt)
    // END ANSWER
}

/// What goes into a model's first block when `prompt`, of `n` vectors of `n_embd` numbers, stands
/// before each text.
///
/// ```text
/// x_t = prompt_t      + position_t    for t = 0 … n − 1
/// x_t = token_(t − n) + position_t    for t = n … n + seq − 1
/// ```
///
/// Here `token_i` is the vector of the text's token `i`, and `seq` that of `texts`; in the [`Input`]
/// `seq` is `n + seq`. The labels of the prompt's places are −100; the others are those of the texts.
/// With `n = 0` the texts are as they were; of no texts there are no rows.
///
/// # Errors
/// The first of these. [`PromptError::Ragged`]: with `what: "prompt"` and `row: n_embd`, if the prompt
/// is no whole number of rows; with `"ids"` and `row: texts.seq`, if that is 0 or the ids are no whole
/// number of texts; with `"labels"` and the number of ids as `row`, if there is not one label for each
/// id. [`PromptError::NoRoom`] with `n` and `texts.seq` if both together are more than
/// `tables.n_positions()`, also if there are no texts. [`PromptError::Token`] for the first id that
/// the table does not have, with its place in `ids`.
///
/// Source: Lester and others, 2021, section 2; PEFT's `PROMPT_TUNING` with a GPT-2.
pub fn soft_prompt(
    tables: &Tables<'_>,
    prompt: &[f32],
    texts: Texts<'_>,
) -> Result<Input, PromptError> {
    // BEGIN ANSWER
    let (n_embd, n_positions) = (tables.n_embd(), tables.n_positions());
    let Texts { ids, labels, seq } = texts;
    let ragged = |what, found, row| Err(PromptError::Ragged { what, found, row });
    if !prompt.len().is_multiple_of(n_embd) {
        return ragged("prompt", prompt.len(), n_embd);
    }
    if seq == 0 || !ids.len().is_multiple_of(seq) {
        return ragged("ids", ids.len(), seq);
    }
    if labels.len() != ids.len() {
        return ragged("labels", labels.len(), ids.len());
    }
    let n = prompt.len() / n_embd;
    if seq > n_positions || n > n_positions - seq {
        return Err(PromptError::NoRoom { n, seq, n_positions });
    }

    let mut input = Input { x: Vec::new(), labels: Vec::new(), seq: n + seq };
    let vocab_size = tables.vocab_size();
    for (text, (ids, labels)) in ids.chunks_exact(seq).zip(labels.chunks_exact(seq)).enumerate() {
        let mut vectors: Vec<&[f32]> = prompt.chunks_exact(n_embd).collect();
        for (i, &token) in ids.iter().enumerate() {
            let at = text * seq + i;
            let vector = tables.token(token);
            vectors.push(vector.ok_or(PromptError::Token { at, token, vocab_size })?);
        }
        for (t, vector) in vectors.into_iter().enumerate() {
            let position = tables.position(t).unwrap_or_default();
            input.x.extend(vector.iter().zip(position).map(|(a, b)| a + b));
        }
        input.labels.extend(std::iter::repeat_n(-100, n));
        input.labels.extend(labels);
    }
    Ok(input)
    // END ANSWER
}

/// The slope of the loss along each number of a prompt of `n` vectors, `(n, n_embd)`.
///
/// `slopes` are those along the input of the first block, `x` of [`Input`]: `(texts · seq, n_embd)`,
/// where `seq` counts the prompt's places, too. All texts of a batch have read the same prompt, so
/// their slopes add up:
///
/// ```text
/// ∂L/∂prompt_t = Σ over texts b of ∂L/∂x_(b, t)    for t = 0 … n − 1
/// ```
///
/// Without texts all are 0. A slope that is ∞ or NaN makes the sum so.
///
/// # Errors
/// The first of these. [`PromptError::Longer`] if `n` is more than `seq`; [`PromptError::Ragged`] with
/// `what: "slopes"` and `row: seq * n_embd`, if that is 0 or the slopes are no whole number of texts.
pub fn prompt_gradient(
    slopes: &[f32],
    n: usize,
    seq: usize,
    n_embd: usize,
) -> Result<Vec<f32>, PromptError> {
    // BEGIN ANSWER
    if n > seq {
        return Err(PromptError::Longer { n, seq });
    }
    let row = seq * n_embd;
    if row == 0 || !slopes.len().is_multiple_of(row) {
        return Err(PromptError::Ragged { what: "slopes", found: slopes.len(), row });
    }
    let mut gradient = vec![0.0_f64; n * n_embd];
    for text in slopes.chunks_exact(row) {
        for (sum, &slope) in gradient.iter_mut().zip(text) {
            *sum += f64::from(slope);
        }
    }
    Ok(gradient.into_iter().map(|sum| sum as f32).collect())
    // END ANSWER
}

/// Keys and values of a prefix in one block, `(n, n_embd)` each, from the matrix that learns.
///
/// The matrix has a row for each of the `n` places before a text. In a row stand, each with `n_embd`
/// numbers, the key for block 0, the value for block 0, the key for block 1, the value for block 1, and
/// so on: `2 · n_layer · n_embd` numbers. The numbers of all heads stand side by side, as GPT-2 has them.
///
/// # Errors
/// The first of these. [`PromptError::Block`] if `block` is none of the `n_layer` blocks;
/// [`PromptError::Ragged`] with `what: "matrix"` and `row: 2 * n_layer * n_embd`, if that is 0 or the
/// matrix is no whole number of rows.
///
/// Source: Li and Liang, 2021, section 4.2; PEFT's `get_prompt` with `PREFIX_TUNING`.
pub fn prefix_kv(
    matrix: &[f32],
    n_layer: usize,
    n_embd: usize,
    block: usize,
) -> Result<[Vec<f32>; 2], PromptError> {
    // BEGIN ANSWER
    if block >= n_layer {
        return Err(PromptError::Block { block, n_layer });
    }
    let row = 2 * n_layer * n_embd;
    if row == 0 || !matrix.len().is_multiple_of(row) {
        return Err(PromptError::Ragged { what: "matrix", found: matrix.len(), row });
    }
    let part = |part: usize| {
        let rows = matrix.chunks_exact(row);
        rows.flat_map(|row| &row[(2 * block + part) * n_embd..][..n_embd]).copied().collect()
    };
    Ok([part(0), part(1)])
    // END ANSWER
}

/// What one head of causal attention finds for each token, `(seq, d_head)`, when every token also sees
/// the `n` keys and values of a prefix.
///
/// ```text
/// w_t    = softmax of q_t · key_j / √d_head    over all n keys of the prefix, and those of the
///                                              tokens 0 … t
/// found_t = Σ_j w_(t, j) · value_j
/// ```
///
/// Scores, softmax and sums are computed in f64; what is returned is rounded to f32. Scores may be as
/// large as ±10⁶. All numbers are finite.
///
/// Source: Li and Liang, 2021, section 4.2; Vaswani and others, 2017, section 3.2.1.
pub fn attend_with_prefix(head: &Head<'_>) -> Vec<f32> {
    // BEGIN ANSWER
    let mut found = Vec::with_capacity(head.seq() * head.d_head());
    for t in 0..head.seq() {
        let (weights, values) = (weights(head, t), values(head, t));
        let mut sums = vec![0.0; head.d_head()];
        for (weight, value) in weights.iter().zip(values) {
            for (sum, &x) in sums.iter_mut().zip(value) {
                *sum += weight * f64::from(x);
            }
        }
        found.extend(sums.into_iter().map(|sum| sum as f32));
    }
    found
    // END ANSWER
}

/// The slopes of the loss along the prefix's keys and along its values, `(n, d_head)` each, from
/// `dfound`, those along what [`attend_with_prefix`] returns.
///
/// ```text
/// dw_(t, j)    = dfound_t · value_j
/// ds_(t, j)    = w_(t, j) · (dw_(t, j) − Σ_i w_(t, i) · dw_(t, i))    i over all that token t sees
/// ∂L/∂key_j    = Σ_t ds_(t, j) · q_t / √d_head
/// ∂L/∂value_j  = Σ_t w_(t, j) · dfound_t
/// ```
///
/// Computed in f64, rounded to f32 at the end.
///
/// # Errors
/// [`PromptError::Ragged`] with `what: "dfound"` and `row: seq * d_head`, if it does not have so many
/// numbers.
pub fn prefix_gradient(head: &Head<'_>, dfound: &[f32]) -> Result<[Vec<f32>; 2], PromptError> {
    // BEGIN ANSWER
    let (n, d_head) = (head.n(), head.d_head());
    let row = head.seq() * d_head;
    if dfound.len() != row {
        return Err(PromptError::Ragged { what: "dfound", found: dfound.len(), row });
    }
    let scale = 1.0 / (d_head as f64).sqrt();
    let [mut dkeys, mut dvalues] = [vec![0.0; n * d_head], vec![0.0; n * d_head]];
    for (t, dfound) in dfound.chunks_exact(d_head).enumerate() {
        let weights = weights(head, t);
        let dweights: Vec<f64> = values(head, t).map(|value| dot(dfound, value)).collect();
        let mean: f64 = weights.iter().zip(&dweights).map(|(w, dw)| w * dw).sum();
        for j in 0..n {
            let dscore = weights[j] * (dweights[j] - mean) * scale;
            for i in 0..d_head {
                dkeys[j * d_head + i] += dscore * f64::from(head.q(t)[i]);
                dvalues[j * d_head + i] += weights[j] * f64::from(dfound[i]);
            }
        }
    }
    Ok([dkeys, dvalues].map(|sums| sums.into_iter().map(|sum| sum as f32).collect()))
    // END ANSWER
}

// BEGIN ANSWER
fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// The values that token `t` sees.
fn values<'a>(head: &Head<'a>, t: usize) -> impl Iterator<Item = &'a [f32]> {
    let head = *head;
    (0..head.n()).map(move |i| head.prefix_v(i)).chain((0..=t).map(move |i| head.v(i)))
}

/// How token `t` shares its attention out among all that it sees.
fn weights(head: &Head<'_>, t: usize) -> Vec<f64> {
    let keys = (0..head.n()).map(|i| head.prefix_k(i)).chain((0..=t).map(|i| head.k(i)));
    let scale = 1.0 / (head.d_head() as f64).sqrt();
    let scores: Vec<f64> = keys.map(|key| dot(head.q(t), key) * scale).collect();
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|score| (score - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}
// END ANSWER
