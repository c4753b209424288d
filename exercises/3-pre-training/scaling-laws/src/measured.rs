//! Trainings that were run: Bengio's network of step 1 on Tinytown, by `examples/runs.rs`.

use grading::Failure;
use serde::Deserialize;

use crate::solution::fit_chinchilla;
use crate::{Fit, Noise, Run, few_starts};

/// What was measured.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// Networks of several sizes on texts of several lengths, smallest network first; a parameter
    /// is a number that multiplies or is added, so the table of word vectors is left out.
    pub runs: Vec<Run>,
    /// How noisy the gradients of one network were, as it learned.
    pub noise: Vec<Noisy>,
}

/// A network on its way.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Noisy {
    /// Tokens read so far.
    pub tokens: u64,
    /// The loss held out, in nats a word.
    pub loss: f64,
    /// The estimate of `|G|²`.
    pub squared_gradient: f64,
    /// The estimate of the trace.
    pub trace: f64,
}

impl Noisy {
    /// Both estimates.
    pub fn noise(&self) -> Noise {
        Noise { squared_gradient: self.squared_gradient, trace: self.trace }
    }
}

/// From so many tokens on a run counts for the fit: before that, training has hardly begun.
const BEGUN: f64 = 5e4;

/// The runs that the law is fitted to, all but the largest network's, and those of that network.
pub fn seen_and_unseen(measured: &Measured) -> (Vec<Run>, Vec<Run>) {
    let runs = measured.runs.iter().filter(|run| run.tokens > BEGUN);
    let largest = measured.runs.iter().map(|run| run.parameters).fold(0.0, f64::max);
    runs.copied().partition(|run| run.parameters < largest)
}

/// The law of the smaller networks.
///
/// # Errors
/// If there are too few runs.
pub fn fitted(measured: &Measured) -> Result<Fit, Failure> {
    Ok(fit_chinchilla(&seen_and_unseen(measured).0, &few_starts())?)
}

/// All of it.
///
/// # Errors
/// If the golden file cannot be read.
pub fn measured() -> Result<Measured, Failure> {
    grading::golden!("runs.json")
}
