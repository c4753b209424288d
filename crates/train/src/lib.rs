//! Trains Buddy: data → batches → model → optimizer → log → folder, one module each.
//!
//! A [`Task`] says what is learned: it draws batches and has a loss. [`run`] knows nothing else of
//! it, so another model is another [`Task`]. Those learn by candle's autograd; [`decoder`] has the
//! training loop of its lesson, with checkpoints.

pub mod arguments;
pub mod batches;
pub mod decoder;
pub mod encoder;
pub mod encoder_decoder;
pub mod log;
pub mod optimizer;
pub mod output;
pub mod run;
pub mod weights;

use std::sync::OnceLock;

use anyhow::Result;
use candle_core::Tensor;
use tinytown::World;

use weights::Weights;

/// What is learned.
pub trait Task {
    /// Some texts, as the model takes them.
    type Batch;

    /// What is trained.
    fn weights(&self) -> &Weights;
    /// The next texts to learn from.
    ///
    /// # Errors
    /// If candle fails.
    fn next_batch(&mut self) -> Result<Self::Batch>;
    /// Texts that are never learned from.
    fn held_out(&self) -> &[Self::Batch];
    /// Tokens of a batch, padding left out.
    fn tokens(&self, batch: &Self::Batch) -> usize;
    /// The logits for the tokens to be guessed, `(tokens, vocab_size)`, and their ids.
    ///
    /// # Errors
    /// If the model fails.
    fn guesses(&self, batch: &Self::Batch) -> Result<(Tensor, Tensor)>;
}

/// The town that all models learn from.
pub fn town() -> &'static World {
    static TOWN: OnceLock<World> = OnceLock::new();
    TOWN.get_or_init(|| World::new(buddy::WORLD))
}

fn failed(error: impl std::error::Error) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}
