//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/neural-language-model.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade neural-language-model`.
//! - Stuck? `cargo study hint neural-language-model` gives one hint at a time.

use rand::Rng;

use neural_language_model::{
    Activations, Examples, Losses, Matrix, Model, NetError, Run, exp, ln, tanh,
};

// The types are in examples.rs, matrix.rs, model.rs, run.rs and error.rs, beside this file.

/// The examples in a text, one for each of its tokens, in order: the target is
/// the token, and its context are the `context` tokens right before it, the
/// oldest first. Places before the text begins hold `pad`.
pub fn shift(tokens: &[u32], context: usize, pad: u32) -> Examples {
    todo!("shift")
}

/// The mean cross-entropy of rows of logits, in nats, and its gradient for each
/// logit.
///
/// ```text
/// L = −(1/batch) Σ_i ln p_i[target_i]        p_i = softmax(logits_i)
/// ∂L/∂logits_i[j] = (p_i[j] − 1 if j = target_i, else p_i[j]) / batch
/// ```
///
/// `logits` and the gradient have the shape `(batch, vocab)`, the targets
/// `(batch)`. The loss is added up in f64, and finite for all finite logits
/// whose differences are: a target with a logit 1000 below the best has a loss
/// of 1000. A logit of −∞ has probability 0. NaN or +∞ in a row, or nothing but
/// −∞, makes the loss, and this row of the gradient, NaN.
///
/// # Errors
/// [`NetError::Targets`] unless there is one target for each row;
/// [`NetError::NoExamples`] if there are none; [`NetError::UnknownToken`] at
/// the first target that is no column.
pub fn softmax_loss(logits: &Matrix, targets: &[u32]) -> Result<(f64, Matrix), NetError> {
    todo!("softmax_loss")
}

/// The mean loss of a trained bigram, and its gradient for each number of its
/// table.
///
/// Row `i` of the table, of shape `(vocab, vocab)`, holds the logits of what
/// comes after token `i`. `tokens` and `targets` are pairs of neighbors, both
/// of the shape `(batch)`. A token that occurs twice collects from both; a row
/// of a token that does not occur has gradient 0.
///
/// # Errors
/// [`NetError::UnknownToken`] at the first token without a row; then those of
/// [`softmax_loss`].
pub fn bigram_gradient(
    table: &Matrix,
    tokens: &[u32],
    targets: &[u32],
) -> Result<(f64, Matrix), NetError> {
    todo!("bigram_gradient")
}

/// What comes out of each layer: `x`, the vectors of each context's tokens side
/// by side (rows of `c`, the oldest token first), `hidden = tanh(x H + b1)`,
/// and `logits = hidden U + b2` (Bengio and others, 2003, equation 1, without
/// its direct connections `W`).
///
/// `contexts` holds one context after the other, as [`Examples`] does. No
/// contexts give matrices without rows.
///
/// # Errors
/// [`NetError::UnknownToken`] at the first token without a row in `c`; then
/// [`NetError::Rows`] if the last context is not full, with how many numbers
/// there are and how many a row of `x` has.
pub fn forward(model: &Model, contexts: &[u32]) -> Result<Activations, NetError> {
    todo!("forward")
}

/// The mean loss of a batch, and its gradient for every parameter, each in the
/// place of its parameter. A token that stands in several contexts, or twice in
/// one, collects from all places.
///
/// # Errors
/// Those of [`forward`], then those of [`softmax_loss`].
pub fn backward(model: &Model, batch: &Examples) -> Result<(f64, Model), NetError> {
    todo!("backward")
}

/// One round of training. First `settings.steps` steps of gradient descent on
/// `run.model`: each draws a mini-batch, `training.draw(settings.batch, rng)`,
/// and takes the learning rate `settings.rate(run.step)`, where `run.step`
/// counts the steps before it, in this round and the earlier ones. Then the
/// mean loss of all examples held out is judged, and `run.losses` gets the
/// losses of the round.
///
/// If that loss is lower than `run.best_loss`, it becomes the best, `run.best`
/// a copy of the model, and `run.waited` 0; if not, `run.waited` grows by 1.
/// Returns whether to go on: while `run.waited < settings.patience`.
///
/// # Errors
/// [`NetError::Diverged`], with the steps taken so far, at the first mini-batch
/// whose loss is above `settings.most` or is NaN, before its step is taken; and
/// if the loss of the examples held out is, without an entry in `run.losses` or
/// a new best. Those of [`backward`].
pub fn train_round(
    run: &mut Run,
    training: &Examples,
    held_out: &Examples,
    rng: &mut dyn Rng,
) -> Result<bool, NetError> {
    todo!("train_round")
}
