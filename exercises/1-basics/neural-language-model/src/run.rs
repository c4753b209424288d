//! What training goes on with, from round to round.

use crate::{Model, ln};

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Learning rate of the first step.
    pub start_rate: f32,
    /// Steps of the whole training: how slowly the rate falls.
    pub total: usize,
    /// Steps in a round, at least 1.
    pub steps: usize,
    /// Examples in a mini-batch.
    pub batch: usize,
    /// So many rounds in a row without a new best end the training.
    pub patience: usize,
    /// A loss above this is an explosion.
    pub most: f64,
}

impl Settings {
    /// The learning rate after so many steps: it falls in a straight line over the whole training,
    /// and never below a hundredth of its start.
    pub fn rate(&self, step: usize) -> f32 {
        let left = 1.0 - step as f32 / self.total.max(1) as f32;
        self.start_rate * left.max(0.01)
    }

    /// What a run should put up with: three times the loss of a guess that finds all tokens equally
    /// likely.
    pub fn most_for(vocab: usize) -> f64 {
        3.0 * ln(vocab as f64)
    }
}

/// The losses of a round, in nats a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    /// How many steps had been taken when the round was over.
    pub step: usize,
    /// The mean loss of its mini-batches, each before its step.
    pub training: f64,
    /// The mean loss of the examples held out, after its last step.
    pub held_out: f64,
}

/// A training under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// How it is trained.
    pub settings: Settings,
    /// The parameters as they are now.
    pub model: Model,
    /// Those with the lowest loss on the examples held out so far.
    pub best: Model,
    /// That loss; ∞ before the first round.
    pub best_loss: f64,
    /// Rounds in a row that brought no new best.
    pub waited: usize,
    /// Steps taken so far.
    pub step: usize,
    /// The losses of every round so far.
    pub losses: Vec<Losses>,
}

impl Run {
    /// A training that begins with this model.
    pub fn new(model: Model, settings: Settings) -> Self {
        let best = model.clone();
        let (best_loss, waited, step, losses) = (f64::INFINITY, 0, 0, Vec::new());
        Self { settings, model, best, best_loss, waited, step, losses }
    }
}
