//! What `examples/measure` measured: accuracies by how many texts have labels, and where answers
//! stand.

use std::collections::BTreeSet;

use serde::Deserialize;

/// Sentiments.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// Texts that were judged.
    pub held_out: usize,
    /// Numbers of the model.
    pub parameters: usize,
    /// Each with its number of examples and its seed.
    pub runs: Vec<Run>,
}

/// Who judged, and how well.
#[derive(Clone, Debug, Deserialize)]
pub struct Run {
    /// `majority`, `words`, `head`, `all` or `scratch`.
    pub name: String,
    /// Labeled texts.
    pub examples: usize,
    /// The share that was right.
    pub accuracy: f64,
    /// The same of texts that say their mood plainly, negated, and with a contrast.
    pub ways: [f64; 3],
}

/// Answers.
#[derive(Clone, Debug, Deserialize)]
pub struct Answered {
    /// Questions to learn from.
    pub examples: usize,
    /// Steps of training.
    pub steps: usize,
    /// Questions that were judged.
    pub held_out: usize,
    /// The longest answer that was looked for.
    pub max_len: usize,
    /// So many answers of the best pair were right.
    pub right: usize,
    /// So many with each end chosen on its own.
    pub alone: usize,
    /// So many of these ended before they began.
    pub crossed: usize,
    /// So many were too long.
    pub long: usize,
}

impl Measured {
    /// All of it.
    ///
    /// # Errors
    /// If the kept file cannot be read.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/sentiment.json"))
    }

    /// The numbers of labeled texts, from few to many.
    pub fn examples(&self) -> Vec<usize> {
        let all: BTreeSet<usize> = self.runs.iter().map(|run| run.examples).collect();
        all.into_iter().collect()
    }

    /// The mean over the seeds of a number.
    pub fn mean(&self, name: &str, examples: usize, of: impl Fn(&Run) -> f64) -> f64 {
        let is_one = |run: &&Run| run.name == name && run.examples == examples;
        let all: Vec<f64> = self.runs.iter().filter(is_one).map(of).collect();
        all.iter().sum::<f64>() / all.len() as f64
    }

    /// The mean over the seeds of the share that was right.
    pub fn accuracy(&self, name: &str, examples: usize) -> f64 {
        self.mean(name, examples, |run| run.accuracy)
    }
}

impl Answered {
    /// All of it.
    ///
    /// # Errors
    /// If the kept file cannot be read.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/answers.json"))
    }
}
