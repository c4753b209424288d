//! The reference: the loop, and a run that can be put down and taken up again.

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
    // BEGIN ANSWER
    if batch == 0 {
        return Err(LoopError::Zero { name: "batch" });
    }
    if batch > rows {
        return Err(LoopError::TooFewRows { rows, batch });
    }
    let steps = rows / batch;
    let order = epoch_order(rows, seed, (step / steps) as u64);
    let plan = Plan { batch, ranks: 1, rank: 0, drop_last: true };
    Ok(batch_at(&order, &plan, step % steps)?)
    // END ANSWER
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
    // BEGIN ANSWER
    let &Settings { beta1, beta2, eps, weight_decay, max_norm, .. } = settings;
    let State { model, moments, step } = state;
    if settings.micro_batch == 0 {
        return Err(LoopError::Zero { name: "micro_batch" });
    }
    let which = rows_at(rows.count(), settings.batch, settings.seed, *step)?;
    let batch = rows.pick(&which, model.sizes)?;
    let tokens = batch.tokens();
    if tokens == 0 {
        return Err(LoopError::NoLabels);
    }

    let mut gradient = vec![0.0; model.parameters.len()];
    let scale = (1.0 / tokens as f64) as f32;
    let mut summed = Summed::default();
    for texts in batch.portions(settings.micro_batch) {
        summed = summed + engine.gradient(model, texts, scale, &mut gradient);
    }
    let loss = summed.mean();
    if !loss.is_finite() {
        return Err(LoopError::Diverged { step: *step });
    }

    let norm = clip_grad_norm(&mut [&mut gradient], max_norm)?;
    let lr = lr_at(&settings.schedule, *step);
    let named = model.tensors().iter();
    let named = named.map(|t| Parameter { name: t.name.clone(), shape: t.shape.clone() });
    let groups = decay_groups(&named.collect::<Vec<_>>(), weight_decay);
    let adamw = AdamW { lr, beta1, beta2, eps };
    adamw_step(&mut model.parameters, &gradient, &groups, moments, &adamw)?;
    let report = Report { step: *step, loss, lr, norm, tokens };
    *step += 1;
    Ok(report)
    // END ANSWER
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
    // BEGIN ANSWER
    if at_once == 0 {
        return Err(LoopError::Zero { name: "at_once" });
    }
    let all: Vec<usize> = (0..rows.count()).collect();
    let rows = rows.pick(&all, model.sizes)?;
    if rows.tokens() == 0 {
        return Err(LoopError::NoLabels);
    }
    let losses = rows.portions(at_once).map(|texts| engine.loss(model, texts));
    Ok(losses.fold(Summed::default(), |a, b| a + b).mean())
    // END ANSWER
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
    // BEGIN ANSWER
    while state.step < until {
        let report = train_step(state, rows, settings, engine)?;
        if !on_step(state, &report) {
            break;
        }
    }
    Ok(())
    // END ANSWER
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
    // BEGIN ANSWER
    let State { model, moments, .. } = state;
    let mut tensors = Vec::new();
    for (prefix, numbers) in
        [("", &model.parameters), ("adamw.m.", &moments.m), ("adamw.v.", &moments.v)]
    {
        for tensor in model.tensors() {
            let name = format!("{prefix}{}", tensor.name);
            let numbers = numbers[tensor.range.clone()].iter();
            let bytes: Vec<u8> = numbers.flat_map(|number| number.to_le_bytes()).collect();
            tensors.push((name, &tensor.shape, bytes));
        }
    }
    let mut views = Vec::new();
    for (name, shape, bytes) in &tensors {
        views.push((name, TensorView::new(Dtype::F32, shape.to_vec(), bytes)?));
    }
    Ok(safetensors::serialize(views, Some(Header::of(state).to_metadata()))?)
    // END ANSWER
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
    // BEGIN ANSWER
    let tensors = SafeTensors::deserialize(file)?;
    let header = Header::read(file)?;
    let mut state = State::new(Model::zeros(header.sizes));
    state.step = header.step;
    state.moments.step = header.step as u64;
    let mut left = tensors.names();
    let named = state.model.tensors().to_vec();
    for (prefix, numbers) in [
        ("", &mut state.model.parameters),
        ("adamw.m.", &mut state.moments.m),
        ("adamw.v.", &mut state.moments.v),
    ] {
        for tensor in &named {
            let name = format!("{prefix}{}", tensor.name);
            let Ok(view) = tensors.tensor(&name) else {
                return Err(LoopError::Missing { name });
            };
            if view.dtype() != Dtype::F32 {
                return Err(LoopError::Dtype { name });
            }
            if view.shape() != tensor.shape {
                let (found, expected) = (view.shape().to_vec(), tensor.shape.clone());
                return Err(LoopError::Shape { name, found, expected });
            }
            let bytes = view.data().as_chunks::<4>().0;
            for (number, &bytes) in numbers[tensor.range.clone()].iter_mut().zip(bytes) {
                *number = f32::from_le_bytes(bytes);
            }
            left.retain(|other| *other != name);
        }
    }
    match left.into_iter().min() {
        Some(name) => Err(LoopError::Extra { name: name.into() }),
        None => Ok(state),
    }
    // END ANSWER
}
