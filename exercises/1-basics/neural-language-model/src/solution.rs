//! The reference: a neural language model and its training.

use rand::Rng;

use neural_language_model::{
    Activations, Examples, Losses, Matrix, Model, NetError, Run, exp, ln, tanh,
};

// The types are in examples.rs, matrix.rs, model.rs, run.rs and error.rs, beside this file.

/// The examples in a text, one for each of its tokens, in order: the target is
/// the token, and its context are the `context` tokens right before it, the
/// oldest first. Places before the text begins hold `pad`.
pub fn shift(tokens: &[u32], context: usize, pad: u32) -> Examples {
    // BEGIN ANSWER
    let padded = [vec![pad; context], tokens.to_vec()].concat();
    let mut contexts = Vec::with_capacity(tokens.len() * context);
    for i in 0..tokens.len() {
        // Token i stands at i + context in here, so this ends right before it.
        contexts.extend_from_slice(&padded[i..i + context]);
    }
    Examples { context, contexts, targets: tokens.to_vec() }
    // END ANSWER
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
    // BEGIN ANSWER
    let (batch, vocab) = logits.shape();
    if targets.len() != batch {
        return Err(NetError::Targets { rows: batch, targets: targets.len() });
    }
    if batch == 0 {
        return Err(NetError::NoExamples);
    }
    if let Some(&token) = targets.iter().find(|&&token| token as usize >= vocab) {
        return Err(NetError::UnknownToken { token, len: vocab });
    }
    let mut gradient = logits.clone();
    let mut loss = 0.0;
    for (i, &target) in targets.iter().enumerate() {
        let (row, target) = (gradient.row_mut(i), target as usize);
        let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let below = f64::from(row[target]) - f64::from(max);
        let mut sum = 0.0;
        for x in row.iter_mut() {
            *x = exp(*x - max);
            sum += f64::from(*x);
        }
        loss += ln(sum) - below;
        let scale = (1.0 / (sum * batch as f64)) as f32;
        row.iter_mut().for_each(|x| *x *= scale);
        row[target] -= 1.0 / batch as f32;
    }
    Ok((loss / batch as f64, gradient))
    // END ANSWER
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
    // BEGIN ANSWER
    let (loss, d_logits) = softmax_loss(&table.select(tokens)?, targets)?;
    let mut gradient = Matrix::zeros(table.shape().0, table.shape().1);
    add_rows(&mut gradient, tokens, &d_logits);
    Ok((loss, gradient))
    // END ANSWER
}

// BEGIN ANSWER
/// The way back of `select`: adds row `i` to the row of token `i`.
fn add_rows(sums: &mut Matrix, tokens: &[u32], rows: &Matrix) {
    for (&token, row) in tokens.iter().zip(rows.rows()) {
        for (sum, x) in sums.row_mut(token as usize).iter_mut().zip(row) {
            *sum += x;
        }
    }
}
// END ANSWER

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
    // BEGIN ANSWER
    let x = model.c.select(contexts)?.reshape(model.h.shape().0)?;
    let mut hidden = x.matmul(&model.h)?;
    hidden.add_to_rows(&model.b1);
    hidden.data_mut().iter_mut().for_each(|sum| *sum = tanh(*sum));
    let mut logits = hidden.matmul(&model.u)?;
    logits.add_to_rows(&model.b2);
    Ok(Activations { x, hidden, logits })
    // END ANSWER
}

/// The mean loss of a batch, and its gradient for every parameter, each in the
/// place of its parameter. A token that stands in several contexts, or twice in
/// one, collects from all places.
///
/// # Errors
/// Those of [`forward`], then those of [`softmax_loss`].
pub fn backward(model: &Model, batch: &Examples) -> Result<(f64, Model), NetError> {
    // BEGIN ANSWER
    let Activations { x, hidden, logits } = forward(model, &batch.contexts)?;
    let (loss, d_logits) = softmax_loss(&logits, &batch.targets)?;
    let u = hidden.transpose().matmul(&d_logits)?;
    let b2 = sum_of_rows(&d_logits);
    // Back through tanh, whose slope is 1 − tanh².
    let mut d_sums = d_logits.matmul(&model.u.transpose())?;
    for (d, t) in d_sums.data_mut().iter_mut().zip(hidden.data()) {
        *d *= 1.0 - t * t;
    }
    let h = x.transpose().matmul(&d_sums)?;
    let b1 = sum_of_rows(&d_sums);
    let d_x = d_sums.matmul(&model.h.transpose())?;
    let mut c = Matrix::zeros(model.c.shape().0, model.c.shape().1);
    add_rows(&mut c, &batch.contexts, &d_x.reshape(model.c.shape().1)?);
    Ok((loss, Model { c, h, b1, u, b2 }))
    // END ANSWER
}

// BEGIN ANSWER
/// The gradient of a bias.
fn sum_of_rows(rows: &Matrix) -> Vec<f32> {
    let mut sums = vec![0.0; rows.shape().1];
    for row in rows.rows() {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    sums
}
// END ANSWER

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
    // BEGIN ANSWER
    let settings = run.settings;
    let seen = |step: usize, loss: f64| match loss <= settings.most {
        true => Ok(loss),
        false => Err(NetError::Diverged { step, loss }),
    };
    let mut sum = 0.0;
    for _ in 0..settings.steps {
        let batch = training.draw(settings.batch, rng);
        let (loss, gradients) = backward(&run.model, &batch)?;
        sum += seen(run.step, loss)?;
        run.model.step(&gradients, settings.rate(run.step));
        run.step += 1;
    }
    let logits = forward(&run.model, &held_out.contexts)?.logits;
    let loss = seen(run.step, softmax_loss(&logits, &held_out.targets)?.0)?;
    let mean = sum / settings.steps as f64;
    run.losses.push(Losses { step: run.step, training: mean, held_out: loss });
    if loss < run.best_loss {
        (run.best, run.best_loss, run.waited) = (run.model.clone(), loss, 0);
    } else {
        run.waited += 1;
    }
    Ok(run.waited < settings.patience)
    // END ANSWER
}
