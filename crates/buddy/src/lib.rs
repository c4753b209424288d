//! Buddy as it was trained: the models in `models/`, and how they are opened and asked.
//!
//! A folder of `models/` has what a published model has, `config.json`, `vocab.txt` or
//! `tokenizer.json`, and `model.safetensors`, and how it came to be: [`Record`] is its `training.json`, `loss.csv` its
//! losses. `cargo study train` makes such a folder.

pub mod decoder;
pub mod encoder;
pub mod encoder_decoder;
mod kept;
mod record;
pub mod tuned;
pub mod vocabulary;

pub use kept::{Kept, MODELS, sha256};
pub use record::{LossAt, Record, Sample, Settings, losses};
pub use vocabulary::Vocabulary;

/// The town that all models learn from.
pub const WORLD: u64 = 1;
/// The stream of texts that models are trained on.
pub const TRAINING: u64 = 0;
/// The stream on which a model is watched while it is trained, and its settings are chosen. The
/// stream between, 1, is for the report card alone.
pub const VALIDATION: u64 = 2;
