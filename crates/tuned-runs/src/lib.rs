//! Buddy tuned for three tasks by each method: what `examples/runs` measured, for the page that
//! compares them.

use serde::{Deserialize, Serialize};

/// What was measured.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Kept {
    /// What measured it.
    pub command: String,
    /// The same for all.
    pub settings: Settings,
    /// Task by task, method by method.
    pub runs: Vec<Run>,
}

/// Learning rates that were tried with another seed, fewer examples and fewer steps.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Rates {
    /// What tried them.
    pub command: String,
    /// That other seed.
    pub seed: u64,
    /// Those fewer examples.
    pub examples: usize,
    /// Those fewer steps.
    pub steps: usize,
    /// Task by task, method by method, rate by rate.
    pub tried: Vec<Tried>,
}

/// A learning rate, tried.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Tried {
    /// The task as `cargo study tune` calls it.
    pub task: String,
    /// The method as `cargo study tune` calls it.
    pub method: String,
    /// The largest learning rate.
    pub lr: f64,
    /// The loss of answers held out, as [`Run::loss`].
    pub loss: f64,
}

/// How all were tuned and judged.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Settings {
    /// Numbers of the base.
    pub parameters: usize,
    /// Examples to learn from.
    pub examples: usize,
    /// Examples in a step.
    pub batch: usize,
    /// Steps.
    pub steps: usize,
    /// Vectors of a soft prompt, and keys of a prefix.
    pub tokens: usize,
    /// Examples to judge by.
    pub judged: usize,
    /// Stories to judge by what was forgotten.
    pub stories: usize,
    /// What is drawn, is drawn from it.
    pub seed: u64,
}

/// A tuning.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Run {
    /// The task as `cargo study tune` calls it.
    pub task: String,
    /// The method as `cargo study tune` calls it, or `none`.
    pub method: String,
    /// Of LoRA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// The largest learning rate.
    pub lr: f64,
    /// Numbers that learned.
    pub learned: usize,
    /// Seconds that one processor computed for all steps, without judging.
    pub seconds: f64,
    /// The most bytes that were allocated at a time in training: weights, slopes, moments, and what the
    /// layers keep for the way back.
    pub peak: usize,
    /// Accuracy, exact match or BLEU, from 0 to 1.
    pub score: f64,
    /// The loss of answers held out, in nats a token (of a head, a text).
    pub loss: f64,
    /// The loss of stories held out, in nats a token, with what was learned in place.
    pub stories: f64,
}

impl Run {
    /// What a table calls the method.
    pub fn name(&self) -> String {
        match (self.method.as_str(), self.rank) {
            ("none", _) => "not tuned".into(),
            ("head", _) => "head".into(),
            ("soft-prompt", _) => "soft prompt".into(),
            ("prefix", _) => "prefix".into(),
            ("lora", Some(rank)) => format!("LoRA, rank {rank}"),
            ("qlora", Some(rank)) => format!("QLoRA, rank {rank}"),
            _ => "full".into(),
        }
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

    /// The names of the tasks, in order.
    pub fn tasks(&self) -> Vec<&str> {
        let mut tasks: Vec<&str> = self.runs.iter().map(|run| run.task.as_str()).collect();
        tasks.dedup();
        tasks
    }

    /// The runs of a task.
    pub fn of(&self, task: &str) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.task == task)
    }

    /// One run by the name that a table has.
    pub fn find(&self, task: &str, name: &str) -> Option<&Run> {
        self.of(task).find(|run| run.name() == name)
    }
}

impl Rates {
    /// All of them.
    ///
    /// # Errors
    /// If the kept file cannot be read.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/rates.json"))
    }

    /// The one whose loss was the smallest.
    pub fn best(&self, task: &str, method: &str) -> Option<f64> {
        let tried = self.tried.iter().filter(|one| one.task == task && one.method == method);
        tried.min_by(|a, b| a.loss.total_cmp(&b.loss)).map(|one| one.lr)
    }
}
