//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/4-fine-tuning/task-heads.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade task-heads`.
//! - Stuck? `cargo study hint task-heads` gives one hint at a time.

use std::ops::Range;

use task_heads::{AnswerSpan, Bio, Following, Head, HeadError, IGNORE, Name, Slopes};

// The types are in parts.rs and error.rs, beside this file.

/// For each text of a batch the place of its last token that is no padding, counted from the
/// beginning of its row.
///
/// `mask` is `(batch, seq)`, row by row: `true` where a token stands, `false` where padding does.
/// Padding may stand on either side, and between tokens.
///
/// # Errors
/// [`HeadError::Ragged`] if `seq` is 0 or the mask is no whole number of rows;
/// [`HeadError::NoTokens`] with the first text that is padding alone.
///
/// Source: `GPT2ForSequenceClassification` of transformers.
pub fn last_token(mask: &[bool], seq: usize) -> Result<Vec<usize>, HeadError> {
    todo!("last_token")
}

/// The logits of texts, `(batch, n_classes)`: those of the last token of each text,
/// `z = h Wᵀ + b`.
///
/// `hidden` is `(batch, seq, n_embd)`, what the model says behind its last norm; `mask` is that of
/// [`last_token`]. Whatever the other hidden states hold, NaN included, changes nothing.
///
/// # Errors
/// The first of these: those of [`Head::check`]; those of [`last_token`]; [`HeadError::Hidden`] if
/// there are not `batch · seq · n_embd` hidden numbers.
///
/// Source: Radford and others, 2018, section 3.2.
pub fn cls_head(
    hidden: &[f32],
    mask: &[bool],
    seq: usize,
    head: &Head,
) -> Result<Vec<f32>, HeadError> {
    todo!("cls_head")
}

/// The mean loss of tokens with a label, and its slopes.
///
/// `hidden` is `(tokens, n_embd)`, and `labels` has a class for each token, or a number below 0 where
/// nothing is asked. With `N` tokens that are asked:
///
/// ```text
/// z = h Wᵀ + b            p = softmax(z)
/// L = 1/N · Σ −ln p[label]
/// δ = (p − y) / N         y is 1 at the label, 0 elsewhere
/// ∂L/∂W = Σ δᵀ h          ∂L/∂b = Σ δ          ∂L/∂h = δ W
/// ```
///
/// The slope along the hidden state of a token that is not asked is 0, and whatever this state holds,
/// NaN included, changes nothing. Logits may be large: `exp` of them is ∞.
///
/// # Errors
/// The first of these: those of [`Head::check`]; [`HeadError::Hidden`] if there are not `n_embd`
/// numbers for each label; [`HeadError::Label`] with the first label that is no class of the head;
/// [`HeadError::NoLabels`] if `N` is 0.
pub fn head_backward(hidden: &[f32], labels: &[i64], head: &Head) -> Result<Slopes, HeadError> {
    todo!("head_backward")
}

/// The labels of the pieces of a text whose words have tags.
///
/// `word_ids` has for each piece the word that it belongs to, and `None` for a special token.
///
/// - A special token gets [`IGNORE`].
/// - A piece whose word is not that of the piece directly before it is a first one, and gets the
///   [class](Bio::class) of its word's tag.
/// - Any other piece gets what [`Following`] says.
///
/// # Errors
/// [`HeadError::Word`] with the first piece of a word that has no tag.
///
/// Source: `examples/pytorch/token-classification/run_ner.py` of transformers, where
/// [`Following::Inside`] is called `label_all_tokens`.
pub fn align_labels(
    tags: &[Bio],
    word_ids: &[Option<usize>],
    following: Following,
) -> Result<Vec<i64>, HeadError> {
    todo!("align_labels")
}

/// The names that the tags of words say, from left to right.
///
/// A name begins at each `B`, and at each `I` that goes on nothing: the word before it is `O`, has
/// another kind, or is not there. It goes on as long as an `I` of its kind follows.
///
/// Source: the script `conlleval` of the CoNLL shared tasks; seqeval without its strict mode.
pub fn spans_from_bio(tags: &[Bio]) -> Vec<Name> {
    todo!("spans_from_bio")
}

/// Where the answer stands: of all spans of the context the one with the largest
/// `start_logits[start] + end_logits[end]`, added in f64.
///
/// A span has its first token at `start` and its last at `end`, both in `context`, with
/// `start ≤ end` and at most `max_len` tokens. Of equal sums the one with the first `start` counts,
/// then the one with the first `end`. Logits outside of the context are not looked at.
///
/// # Errors
/// The first of these: [`HeadError::Lengths`] if there are not as many start logits as end logits;
/// [`HeadError::Context`] if the context has no tokens, or ends behind the text;
/// [`HeadError::MaxLen`] if `max_len` is 0; [`HeadError::NotFinite`] with the first start logit of
/// the context that is ∞ or NaN, or else the first such end logit.
///
/// Source: Devlin and others, 2019, section 4.2.
pub fn best_span(
    start_logits: &[f32],
    end_logits: &[f32],
    context: Range<usize>,
    max_len: usize,
) -> Result<AnswerSpan, HeadError> {
    todo!("best_span")
}
