//! The loop: it knows batches and losses, and nothing of models.

use anyhow::{Result, ensure};
use buddy::{LossAt, Settings};
use candle_nn::loss::cross_entropy;

use crate::Task;
use crate::log::Log;
use crate::optimizer::Optimizer;

/// Rows of `loss.csv`.
const ROWS: usize = 50;

/// What a model does on texts held out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldOut {
    /// The mean loss of a token, in nats.
    pub loss: f64,
    /// The share of tokens whose first guess is right.
    pub accuracy: f64,
}

/// Judges a model.
///
/// # Errors
/// If the model fails.
pub fn held_out<T: Task>(task: &T) -> Result<HeldOut> {
    let (mut loss, mut right, mut count) = (0.0, 0.0, 0.0);
    for batch in task.held_out() {
        let (logits, labels) = task.guesses(batch)?;
        let n = labels.elem_count() as f64;
        loss += n * f64::from(cross_entropy(&logits, &labels)?.to_scalar::<f32>()?);
        let is_right = logits.argmax(1)?.eq(&labels)?;
        right +=
            f64::from(is_right.to_dtype(candle_core::DType::F32)?.sum_all()?.to_scalar::<f32>()?);
        count += n;
    }
    ensure!(count > 0.0, "there is nothing to judge by");
    Ok(HeldOut { loss: loss / count, accuracy: right / count })
}

/// Trains, and rounds the weights to f16 at the end, as they are kept.
///
/// # Errors
/// If the model fails, or the loss becomes no number.
pub fn train<T: Task>(task: &mut T, settings: &Settings) -> Result<Log> {
    let Settings { steps, lr, .. } = *settings;
    let mut optimizer = Optimizer::new(task.weights().vars(), lr, steps)?;
    let mut log = Log::new(steps);
    let (mut sum, mut count) = (0.0, 0);
    let mut shown = 1;
    for step in 1..=steps {
        let batch = task.next_batch()?;
        let (logits, labels) = task.guesses(&batch)?;
        let loss = cross_entropy(&logits, &labels)?;
        optimizer.step(&loss)?;
        let loss = f64::from(loss.to_scalar::<f32>()?);
        sum += loss;
        count += 1;
        log.step(step, loss, task.tokens(&batch));
        // Rows at even distances, the last one at the end.
        if step * ROWS >= shown * steps {
            shown = step * ROWS / steps + 1;
            if step == steps {
                task.weights().round()?;
            }
            let held_out = held_out(task)?.loss;
            log.row(LossAt { step, loss: sum / f64::from(count), held_out });
            (sum, count) = (0.0, 0);
        }
    }
    log.end();
    Ok(log)
}
