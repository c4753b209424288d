//! What a training run reads, is, and tells. Given.

use batches::{IGNORE, Row};
use optimizers::Moments;
use schedules_and_stability::Schedule;
use small_gpt::{Model, Sizes, Texts};

use crate::LoopError;

// ANCHOR: settings
/// How a model is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The learning rate of each step.
    pub schedule: Schedule,
    /// How much of its mean of gradients AdamW keeps.
    pub beta1: f64,
    /// How much of its mean of squared gradients.
    pub beta2: f64,
    /// What keeps AdamW's division finite.
    pub eps: f64,
    /// The weight decay of matrices.
    pub weight_decay: f64,
    /// The norm that a gradient is clipped to.
    pub max_norm: f64,
    /// Rows a step.
    pub batch: usize,
    /// Rows that go through the model at a time.
    pub micro_batch: usize,
    /// Decides the order of the rows.
    pub seed: u64,
}
// ANCHOR_END: settings

// ANCHOR: state
/// All that a run is: from it and the rows follows what comes next.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The model as it is now.
    pub model: Model,
    /// What AdamW remembers; its own count of steps is the same as `step`.
    pub moments: Moments,
    /// How many steps were taken; the next one has this number.
    pub step: usize,
}
// ANCHOR_END: state

impl State {
    /// That of a run that has not begun.
    pub fn new(model: Model) -> Self {
        Self { moments: Moments::new(model.parameters.len()), model, step: 0 }
    }
}

/// What a step tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// Which step it was, counted from 0.
    pub step: usize,
    /// The mean loss of its tokens before the step, in nats.
    pub loss: f64,
    /// Its learning rate.
    pub lr: f64,
    /// The norm of the gradient before it was clipped.
    pub norm: f64,
    /// How many labels were asked.
    pub tokens: usize,
}

/// Rows of `context` tokens each, one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// What the model reads.
    pub ids: Vec<u32>,
    /// For each of them the token that follows; below 0 where nothing is asked.
    pub labels: Vec<i64>,
    /// Tokens of a row, at least 1.
    pub context: usize,
}

impl From<&[Row]> for Rows {
    /// Packed rows, as `batches::solution::pack` makes them: all as long as the first.
    fn from(rows: &[Row]) -> Self {
        Self {
            ids: rows.iter().flat_map(|row| row.ids.iter().copied()).collect(),
            labels: rows.iter().flat_map(|row| row.labels.iter().copied()).collect(),
            context: rows.first().map_or(1, |row| row.ids.len().max(1)),
        }
    }
}

impl Rows {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.ids.len() / self.context.max(1)
    }

    /// How many labels ask something.
    pub fn tokens(&self) -> usize {
        self.labels.iter().filter(|label| **label >= 0).count()
    }

    /// Some of them, in this order, for a model of these sizes.
    ///
    /// # Errors
    /// The first that is wrong: [`LoopError::Ragged`] if the lists are no whole number of rows,
    /// [`LoopError::Context`] if the model has no positions for them, [`LoopError::NoRow`] if there
    /// is no such row, [`LoopError::Token`] if a token or a label is none of the vocabulary.
    pub fn pick(&self, which: &[usize], sizes: Sizes) -> Result<Self, LoopError> {
        let Self { ids, labels, context } = self;
        let context = *context;
        if context == 0 || ids.len() != labels.len() || !ids.len().is_multiple_of(context) {
            return Err(LoopError::Ragged { ids: ids.len(), labels: labels.len(), context });
        }
        let Sizes { n_positions, vocab_size, .. } = sizes;
        if context > n_positions {
            return Err(LoopError::Context { context, n_positions });
        }
        let mut picked = Self { context, ..Self::default() };
        for &row in which {
            let rows = self.count();
            if row >= rows {
                return Err(LoopError::NoRow { row, rows });
            }
            let range = row * context..(row + 1) * context;
            for (at, (&id, &label)) in
                ids[range.clone()].iter().zip(&labels[range.clone()]).enumerate()
            {
                let token = i64::from(id).max(label);
                if token >= vocab_size as i64 {
                    return Err(LoopError::Token { row, at, token, vocab_size });
                }
                picked.ids.push(id);
                picked.labels.push(if label < 0 { IGNORE } else { label });
            }
        }
        Ok(picked)
    }

    /// Them all, in portions of so many rows, at least 1; the last portion may have fewer.
    pub fn portions(&self, rows: usize) -> impl Iterator<Item = Texts<'_>> {
        let len = rows.max(1).saturating_mul(self.context.max(1));
        let seq = self.context;
        let portions = self.ids.chunks(len).zip(self.labels.chunks(len));
        portions.map(move |(ids, labels)| Texts { ids, labels, seq })
    }
}
