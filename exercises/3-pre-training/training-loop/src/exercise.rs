//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/training-loop.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade training-loop`.
//! - Stuck? `cargo study hint training-loop` gives one hint at a time.

use batches::Plan;
use batches::solution::{batch_at, epoch_order};
use optimizers::solution::{adamw_step, decay_groups};
use optimizers::{AdamW, Parameter};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use schedules_and_stability::solution::{clip_grad_norm, lr_at};
use small_gpt::{Engine, Model, Summed};
use training_loop::{Header, LoopError, OnStep, Report, Rows, Settings, State};

// The types are in parts.rs, header.rs and error.rs, beside this file.

/// Which rows a step reads. Steps are counted from 0 over the whole run.
///
/// A run visits the `rows` rows epoch after epoch, in the order of
/// `batches::solution::epoch_order(rows, seed, epoch)`, cut into steps of `batch` rows by
/// `batches::solution::batch_at`, for one rank. What is left at the end of an epoch and fills no step
/// is not read in that epoch. So an epoch has `rows / batch` steps, rounded down: dividing the step by
/// that gives the epoch, and the remainder is the step within it.
///
/// # Errors
/// [`LoopError::Zero`] with the name `batch` if `batch` is 0; then [`LoopError::TooFewRows`] if
/// `batch` is larger than `rows`.
pub fn rows_at(rows: usize, batch: usize, seed: u64, step: usize) -> Result<Vec<usize>, LoopError> {
    todo!("rows_at")
}

/// A step of training, on the rows that [`rows_at`] gives for `state.step`.
///
/// ```text
/// L    = 1/N · Σ loss of a token        over the N labels of the step's rows that ask something
/// g    = ∂L/∂w                          for each number w of the model
/// norm, g ← clip_grad_norm(g, max_norm) all of g as one tensor
/// lr   = lr_at(schedule, state.step)
/// w    ← adamw_step(w, g)               with lr, beta1, beta2, eps; the weight decay goes to the
///                                       decay_groups of the model's tensors, in their order
/// state.step ← state.step + 1
/// ```
///
/// At most `micro_batch` rows go through the model at a time. Their gradients add up: L is the mean
/// over all tokens of the step, however the rows are portioned. The report has L and the norm as they
/// were before the step, and its number is that of `state.step` before. `state.moments.step` is
/// `state.step`, before and after.
///
/// # Errors
/// The first of these. After any of them the state is as it was, bit by bit.
/// [`LoopError::Zero`] with the name `micro_batch` if that is 0; those of [`rows_at`]; those of
/// [`Rows::pick`]; [`LoopError::NoLabels`] if N is 0; [`LoopError::Diverged`] if L is not finite;
/// [`LoopError::Stability`] if the gradient cannot be clipped; [`LoopError::Optimizer`] if AdamW
/// takes no step.
pub fn train_step(
    state: &mut State,
    rows: &Rows,
    settings: &Settings,
    engine: &mut Engine,
) -> Result<Report, LoopError> {
    todo!("train_step")
}

/// The mean loss of a model over all tokens of all rows, in nats: the sum over the labels that ask
/// something, divided by how many there are.
///
/// At most `at_once` rows go through the model at a time; the last portion may have fewer, and counts
/// by its tokens like the others. A loss that is ∞ or NaN makes the mean so.
///
/// # Errors
/// The first of these. [`LoopError::Zero`] with the name `at_once` if that is 0; those of
/// [`Rows::pick`], of all rows in their order; [`LoopError::NoLabels`] if no label asks anything.
pub fn evaluate(
    model: &Model,
    rows: &Rows,
    at_once: usize,
    engine: &mut Engine,
) -> Result<f64, LoopError> {
    todo!("evaluate")
}

/// Takes steps until `state.step` is `until`, or `on_step` says that it is enough.
///
/// After each step `on_step` is called with the state after it and its report. If it returns `false`,
/// no further step is taken, which is no error. If `state.step` is `until` or beyond, nothing
/// happens.
///
/// # Errors
/// That of the first step that fails; `on_step` is not called for it.
pub fn train(
    state: &mut State,
    rows: &Rows,
    settings: &Settings,
    engine: &mut Engine,
    until: usize,
    on_step: &mut OnStep<'_>,
) -> Result<(), LoopError> {
    todo!("train")
}

/// A run as a file, in the format safetensors: all that [`restore`] needs, with every bit of it.
///
/// The tensors are those of the model under their names, and for each of them, of the same shape, the
/// means of gradients and of squared gradients that AdamW keeps: `adamw.m.` and `adamw.v.` before
/// the name. All are in f32. The metadata are those of [`Header`].
///
/// # Errors
/// Those of `safetensors`, which a model in memory does not meet.
///
/// Source: <https://github.com/huggingface/safetensors#format>.
pub fn checkpoint(state: &State) -> Result<Vec<u8>, LoopError> {
    todo!("checkpoint")
}

/// The run that a file of [`checkpoint`] holds, bit by bit. `moments.step` is `step`.
///
/// A file may come from anywhere: nothing in it is believed, whatever its bytes are.
///
/// # Errors
/// The first of these. [`LoopError::File`] if this is no file of safetensors; those of
/// [`Header::read`]; then for each tensor of the model, first of the weights, then of `adamw.m.`,
/// then of `adamw.v.`: [`LoopError::Missing`], [`LoopError::Dtype`] if it is not of f32,
/// [`LoopError::Shape`]; last [`LoopError::Extra`] with the name of a tensor that does not belong to
/// a run, the first by the alphabet.
pub fn restore(file: &[u8]) -> Result<State, LoopError> {
    todo!("restore")
}
