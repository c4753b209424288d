//! Trainings of a small GPT that went wrong, each for a cause, beside one that did not: what
//! `examples/runs` measured, for the page that shows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Kept {
    /// What measured it.
    pub command: String,
    /// The sizes of the model and the text, and how it was trained where a run says nothing else.
    pub settings: BTreeMap<String, f64>,
    /// Each name with its seeds, in the order in which they ran.
    pub runs: Vec<Run>,
    /// Numbers that are no curve.
    pub numbers: BTreeMap<String, f64>,
    /// Texts that models wrote.
    pub samples: BTreeMap<String, String>,
}

/// A training.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Run {
    /// The cause of its failure, or that it has none.
    pub name: String,
    /// Of the weights and of the order of the rows.
    pub seed: u64,
    /// What was measured every few steps.
    pub points: Vec<Point>,
    /// The step whose loss or gradient was no finite number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diverged: Option<usize>,
}

/// A run after so many steps: step, mean training loss of the steps since the point before, loss
/// held out, and the largest norm of a gradient since the point before. Losses are in nats a token.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Point(pub usize, pub f64, pub f64, pub f64);

impl Run {
    /// The training loss of its batches.
    pub fn training(&self) -> Vec<(f64, f64)> {
        self.points.iter().map(|point| (point.0 as f64, point.1)).collect()
    }

    /// The loss held out.
    pub fn held_out(&self) -> Vec<(f64, f64)> {
        self.points.iter().map(|point| (point.0 as f64, point.2)).collect()
    }

    /// The norm of the gradient.
    pub fn norms(&self) -> Vec<(f64, f64)> {
        self.points.iter().map(|point| (point.0 as f64, point.3)).collect()
    }

    /// The last point.
    pub fn last(&self) -> Point {
        self.points.last().copied().unwrap_or(Point(0, f64::NAN, f64::NAN, f64::NAN))
    }
}

impl Kept {
    /// All of it.
    ///
    /// # Errors
    /// If the kept file cannot be read.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/runs.json"))
    }

    /// The runs of this name, one a seed.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.name == name)
    }

    /// The mean over the seeds of a number of the last point.
    pub fn mean(&self, name: &str, of: impl Fn(Point) -> f64) -> f64 {
        let all: Vec<f64> = self.named(name).map(|run| of(run.last())).collect();
        all.iter().sum::<f64>() / all.len() as f64
    }

    /// The smallest and the largest over the seeds.
    pub fn range(&self, name: &str, of: impl Fn(Point) -> f64) -> (f64, f64) {
        let all = self.named(name).map(|run| of(run.last()));
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)))
    }
}
