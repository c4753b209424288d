//! How a model came to be.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// What can be set when a model is trained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Of all that is drawn: first weights, and what is hidden.
    pub seed: u64,
    /// Steps of the optimizer.
    pub steps: usize,
    /// Texts in a step.
    pub batch: usize,
    /// The largest learning rate.
    pub lr: f64,
}

/// What is kept beside the weights: with the command the same weights come again, on a machine of
/// the same kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What trains it again.
    pub command: String,
    /// The settings that the command has.
    pub settings: Settings,
    /// What it was trained on.
    pub data: String,
    /// The SHA-256 of the first 100 texts of that, so that another Tinytown is noticed.
    pub data_sha256: String,
    /// Numbers that were trained.
    pub parameters: usize,
    /// Tokens that it was trained on, padding left out.
    pub tokens: usize,
    /// The mean loss in the last fiftieth of its steps, in nats.
    pub training_loss: f64,
    /// The loss on texts held out, in nats, of the weights as they are kept.
    pub held_out_loss: f64,
    /// The same in bits a byte, for a model whose tokens are pieces of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_out_bits: Option<f64>,
    /// The share of tokens held out whose first guess is right.
    pub held_out_accuracy: f64,
    /// The SHA-256 of `model.safetensors`.
    pub weights_sha256: String,
}

/// What a model wrote while it learned: an entry of `samples.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// After so many steps.
    pub step: usize,
    /// The beginning of a text.
    pub text: String,
}

/// A row of `loss.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossAt {
    /// After so many steps.
    pub step: usize,
    /// The mean loss since the row before, in nats.
    pub loss: f64,
    /// The loss on texts held out, in nats.
    pub held_out: f64,
}

/// Reads `loss.csv`.
///
/// # Errors
/// If a row is not three numbers.
pub fn losses(csv: &str) -> Result<Vec<LossAt>> {
    let row = |(i, line): (usize, &str)| {
        let mut cells = line.split(',');
        let mut cell = || cells.next().and_then(|cell| cell.parse::<f64>().ok());
        let read = (|| Some((cell()?, cell()?, cell()?)))();
        let (step, loss, held_out) =
            read.with_context(|| format!("loss.csv, line {}: give three numbers", i + 2))?;
        Ok(LossAt { step: step as usize, loss, held_out })
    };
    csv.lines().skip(1).enumerate().map(row).collect()
}
