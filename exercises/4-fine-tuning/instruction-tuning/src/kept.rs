//! Trainings with the loss on different tokens, as `examples/runs` measured them.

use serde::Deserialize;

/// What was measured.
#[derive(Clone, Debug, Deserialize)]
pub struct Kept {
    /// What measured it.
    pub command: String,
    /// Steps of a run.
    pub steps: usize,
    /// Dialogues a step.
    pub batch: usize,
    /// The highest learning rate.
    pub peak: f64,
    /// Steps in which it rises.
    pub warmup: usize,
    /// Dialogues to learn from.
    pub dialogues: usize,
    /// Others, to measure on.
    pub held_out: usize,
    /// So many of them were asked their first question.
    pub asked: usize,
    /// Tokens that an answer might have.
    pub longest: usize,
    /// Tokens of all dialogues to learn from.
    pub tokens: usize,
    /// Of these, the ones that an assistant says.
    pub answer_tokens: usize,
    /// How Buddy goes on after “Where is Otto?” before it learns to answer.
    pub before: String,
    /// One for each seed and choice of tokens.
    pub runs: Vec<Run>,
}

/// A training.
#[derive(Clone, Debug, Deserialize)]
pub struct Run {
    /// Which tokens carried loss.
    pub learned: String,
    /// Of the order of the dialogues.
    pub seed: u64,
    /// After so many steps: the loss of a token of the held-out answers, ends included, in nats.
    pub points: Vec<(usize, f64)>,
    /// Questions whose answer is the one of the data, letter by letter.
    pub exact: usize,
    /// Questions whose answer ended by itself.
    pub ended: usize,
    /// Questions, and what the model said.
    pub samples: Vec<[String; 2]>,
}

impl Kept {
    /// All of it.
    ///
    /// # Errors
    /// If the kept file cannot be read.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/runs.json"))
    }

    /// The runs that learned these tokens, one a seed.
    pub fn named(&self, learned: &str) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.learned == learned)
    }

    /// The mean over the seeds.
    pub fn mean(&self, learned: &str, of: impl Fn(&Run) -> f64) -> f64 {
        let all: Vec<f64> = self.named(learned).map(of).collect();
        all.iter().sum::<f64>() / all.len() as f64
    }
}

impl Run {
    /// The loss at the end.
    pub fn last(&self) -> f64 {
        self.points.last().map_or(f64::NAN, |point| point.1)
    }
}
