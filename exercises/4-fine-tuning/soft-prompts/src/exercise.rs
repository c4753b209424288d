//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/4-fine-tuning/soft-prompts.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade soft-prompts`.
//! - Stuck? `cargo study hint soft-prompts` gives one hint at a time.

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
    todo!("prompt_from_text")
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
    todo!("soft_prompt")
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
    todo!("prompt_gradient")
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
    todo!("prefix_kv")
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
    todo!("attend_with_prefix")
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
    todo!("prefix_gradient")
}
