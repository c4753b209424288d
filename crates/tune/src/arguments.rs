//! What can be set.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::{Args, Parser, ValueEnum};
use schedules_and_stability::{Decay, Schedule};
use serde::{Deserialize, Serialize};
use small_gpt::Layer;
use train::arguments::{at_least_one, rate};

use crate::Task;

/// The program.
#[derive(Debug, Parser)]
#[command(name = "cargo study tune", version, about = "Fine-tunes a model on your data")]
pub struct Arguments {
    #[command(flatten)]
    pub options: Options,
}

/// What learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// All weights of the model
    Full,
    /// A classifier on a model that stays as it is: for data with labels
    Head,
    /// Two narrow matrices beside each of some layers
    Lora,
    /// The same, beside weights that are kept in 4 bits
    Qlora,
    /// Vectors before the text
    SoftPrompt,
    /// Keys and values before those of each block
    Prefix,
}

impl Method {
    /// As the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Head => "head",
            Self::Lora => "lora",
            Self::Qlora => "qlora",
            Self::SoftPrompt => "soft-prompt",
            Self::Prefix => "prefix",
        }
    }

    /// A learning rate to begin with.
    fn lr(self) -> f64 {
        match self {
            Self::Full => 1e-3,
            Self::Lora | Self::Qlora => 4e-3,
            Self::Head => 1e-2,
            Self::SoftPrompt | Self::Prefix => 0.1,
        }
    }
}

/// The options.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The model to begin with, a folder with config.json, model.safetensors and tokenizer.json
    /// [default: the book's Buddy]
    #[arg(long, value_name = "FOLDER")]
    pub base: Option<PathBuf>,
    /// JSON lines to learn from: {"prompt", "completion"}, {"text", "label"} or {"messages"}
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// JSON lines to judge by, of the same kind [default: a tenth of --data]
    #[arg(long, value_name = "FILE", requires = "data")]
    pub held_out: Option<PathBuf>,
    /// Examples of Tinytown, if there is no --data
    #[arg(long, value_enum, default_value = "sentiment", conflicts_with = "data")]
    pub task: Task,
    /// How many examples of Tinytown
    #[arg(long, default_value_t = 2000, value_parser = at_least_one, conflicts_with = "data")]
    pub examples: usize,
    /// What learns
    #[arg(long, value_enum, default_value = "lora")]
    pub method: Method,
    /// The rank of LoRA's matrices
    #[arg(long, default_value_t = 8, value_parser = at_least_one)]
    pub rank: usize,
    /// LoRA's α: what is added is multiplied by α / rank
    #[arg(long, default_value_t = 16.0)]
    pub alpha: f64,
    /// Layers that get LoRA, with commas between: attn.c_attn, attn.c_proj, mlp.c_fc, mlp.c_proj
    #[arg(
        long,
        default_value = "attn.c_attn,attn.c_proj,mlp.c_fc,mlp.c_proj",
        value_delimiter = ','
    )]
    pub targets: Vec<String>,
    /// Vectors of a soft prompt, or keys of a prefix
    #[arg(long, default_value_t = 8, value_parser = at_least_one)]
    pub tokens: usize,
    /// What first numbers and the order of examples are drawn from
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Steps of the optimizer
    #[arg(long, default_value_t = 600, value_parser = at_least_one)]
    pub steps: usize,
    /// Examples in a step
    #[arg(long, default_value_t = 16, value_parser = at_least_one)]
    pub batch: usize,
    /// The largest learning rate [default: of the method]
    #[arg(long, value_parser = rate)]
    pub lr: Option<f64>,
    /// Steps in which the learning rate rises [default: a tenth of them, at most 20]
    #[arg(long)]
    pub warmup: Option<usize>,
    /// Weight decay of matrices
    #[arg(long, default_value_t = 0.0)]
    pub decay: f64,
    /// The longest that a gradient may be
    #[arg(long, default_value_t = 1.0)]
    pub clip: f64,
    /// Measure and keep a checkpoint every so many steps
    #[arg(long, default_value_t = 100, value_parser = at_least_one)]
    pub every: usize,
    /// Threads [default: one for each core]; they change no bit
    #[arg(long, value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// The folder to write [default: in target/tuned]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Go on with the tuning in this folder, with its settings
    #[arg(long, value_name = "FOLDER", conflicts_with_all = SET)]
    pub resume: Option<PathBuf>,
    /// Ask what was tuned: answer --text or lines of the standard input, or judge all of --data and
    /// show what is wrong
    #[arg(long, value_name = "FOLDER", conflicts_with_all = NOT_ASKED)]
    pub ask: Option<PathBuf>,
    /// A text to be answered; may be given several times
    #[arg(long, requires = "ask", conflicts_with = "data")]
    pub text: Vec<String>,
    /// With --ask: how well it still foretells a text file, paragraph by paragraph [default:
    /// Tinytown's stories]
    #[arg(long, value_name = "FILE", num_args = 0..=1, requires = "ask", conflicts_with_all = ["data", "text"])]
    pub forgotten: Option<Option<PathBuf>>,
}

/// What a tuning that goes on has already.
const SET: [&str; 17] = [
    "base", "data", "held_out", "task", "examples", "method", "rank", "alpha", "targets", "tokens",
    "seed", "steps", "batch", "lr", "warmup", "decay", "clip",
];

/// What says how to tune: it means nothing to what was tuned.
const NOT_ASKED: [&str; 19] = [
    "held_out", "task", "examples", "method", "rank", "alpha", "targets", "tokens", "seed",
    "steps", "batch", "lr", "warmup", "decay", "clip", "every", "threads", "out", "resume",
];

/// All settings of a tuning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    pub base: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub held_out: Option<PathBuf>,
    pub task: Task,
    pub examples: usize,
    pub method: Method,
    pub rank: usize,
    pub alpha: f64,
    pub targets: Vec<String>,
    pub tokens: usize,
    pub seed: u64,
    pub steps: usize,
    pub batch: usize,
    pub lr: f64,
    pub warmup: usize,
    pub decay: f64,
    pub clip: f64,
}

impl Recipe {
    /// What options ask for.
    ///
    /// # Errors
    /// If they do not fit together, with what would.
    pub fn new(options: &Options) -> Result<Self> {
        let options = options.clone();
        let recipe = Self {
            base: options.base,
            data: options.data,
            held_out: options.held_out,
            task: options.task,
            examples: options.examples,
            method: options.method,
            rank: options.rank,
            alpha: options.alpha,
            targets: options.targets,
            tokens: options.tokens,
            seed: options.seed,
            steps: options.steps,
            batch: options.batch,
            lr: options.lr.unwrap_or_else(|| options.method.lr()),
            warmup: options.warmup.unwrap_or((options.steps / 10).min(20)),
            decay: options.decay,
            clip: options.clip,
        };
        let Self { warmup, steps, alpha, decay, clip, .. } = recipe;
        ensure!(warmup < steps, "--warmup {warmup} must be below --steps {steps}");
        ensure!(alpha.is_finite() && alpha != 0.0, "--alpha {alpha}: give a number that is not 0");
        ensure!((0.0..10.0).contains(&decay), "--decay {decay}: give a number from 0 to below 10");
        ensure!(clip > 0.0, "--clip {clip}: give a number above 0");
        recipe.layers()?;
        Ok(recipe)
    }

    /// What is done if no option is given.
    ///
    /// # Errors
    /// None: the usual settings fit together.
    pub fn usual() -> Result<Self> {
        Self::new(&Arguments::parse_from(["tune"]).options)
    }

    /// The layers that `--targets` names.
    ///
    /// # Errors
    /// If a name is none.
    pub fn layers(&self) -> Result<Vec<Layer>> {
        for target in &self.targets {
            if !Layer::ALL.iter().any(|layer| layer.name() == target) {
                let names = Layer::ALL.map(Layer::name).join(", ");
                bail!("--targets {target}: there is no such layer: give some of {names}");
            }
        }
        let is_target = |layer: &Layer| self.targets.iter().any(|name| name == layer.name());
        Ok(Layer::ALL.into_iter().filter(is_target).collect())
    }

    /// What tunes again as this recipe says, on Tinytown's tasks.
    pub fn command(&self) -> Option<String> {
        let task = self.task.to_possible_value().filter(|_| self.data.is_none())?;
        let Self { examples, seed, steps, batch, lr, warmup, decay, clip, .. } = self;
        let mut command = format!(
            "{} --task {} --examples {examples} --method {} --seed {seed} --steps {steps} --batch \
             {batch} --lr {lr} --warmup {warmup} --decay {decay} --clip {clip}",
            crate::COMMAND,
            task.get_name(),
            self.method.name()
        );
        match self.method {
            Method::Full | Method::Head => {}
            Method::Lora | Method::Qlora => {
                let (rank, alpha, targets) = (self.rank, self.alpha, self.targets.join(","));
                command += &format!(" --rank {rank} --alpha {alpha} --targets {targets}");
            }
            Method::SoftPrompt | Method::Prefix => command += &format!(" --tokens {}", self.tokens),
        }
        Some(command)
    }

    /// The learning rate of each step.
    pub fn schedule(&self) -> Schedule {
        let &Self { lr, warmup, steps, .. } = self;
        Schedule { decay: Decay::Cosine, peak: lr, floor: 0.1 * lr, warmup, total: steps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_as_it_is_written() {
        for method in ["full", "head", "lora", "qlora", "soft-prompt", "prefix"] {
            let words = format!("tune --task all --method {method} --steps 30 --lr 0.5 --rank 2");
            let read = |words: &str| {
                let Arguments { options } = Arguments::try_parse_from(words.split(' ')).unwrap();
                Recipe::new(&options).unwrap()
            };
            let recipe = read(&words);
            let command = recipe.command().unwrap();
            let again = read(command.strip_prefix("cargo study ").unwrap());
            assert_eq!(again.command().unwrap(), command);
            assert_eq!((again.steps, again.lr, again.task), (30, 0.5, Task::All));
            assert_eq!(again.method, method_named(method));
        }
    }

    fn method_named(name: &str) -> Method {
        Method::from_str(name, false).unwrap()
    }
}
