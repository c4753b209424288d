//! What can be set when Buddy is pre-trained.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use schedules_and_stability::{Decay, Schedule};
use serde::{Deserialize, Serialize};
use small_gpt::Sizes;
use training_loop::Settings;

use crate::arguments::{at_least_one, rate};

/// How large the model is; sets width, depth, batch and learning rate together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    /// 2 layers, 64 numbers a token
    Tiny,
    /// 3 layers, 96 numbers a token
    Small,
    /// 4 layers, 128 numbers a token
    Buddy,
    /// 6 layers, 192 numbers a token
    Large,
}

/// The options of `cargo study train buddy`.
#[derive(Clone, Debug, Args)]
pub struct DecoderOptions {
    /// Sets width, depth, batch and learning rate together
    #[arg(long, value_enum, default_value = "buddy")]
    pub size: Size,
    /// A file to learn from, or a folder of .txt, .md and .jsonl files; without it Tinytown's stories
    #[arg(long, value_name = "PATH")]
    pub text: Option<PathBuf>,
    /// What first weights and the order of texts are drawn from
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Steps of the optimizer [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub steps: Option<usize>,
    /// Rows of tokens in a step [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub batch: Option<usize>,
    /// The largest learning rate [default: of the size]
    #[arg(long, value_parser = rate)]
    pub lr: Option<f64>,
    /// Tokens of the vocabulary: bytes, merges, and one that ends a text
    #[arg(long, default_value_t = Recipe::VOCAB)]
    pub vocab: usize,
    /// Tokens of a row
    #[arg(long, default_value_t = Recipe::CONTEXT, value_parser = at_least_one)]
    pub context: usize,
    /// Blocks of the model [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub layers: Option<usize>,
    /// Heads of a block [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub heads: Option<usize>,
    /// Numbers of a token's vector [default: of the size]
    #[arg(long, value_parser = at_least_one)]
    pub width: Option<usize>,
    /// Steps in which the learning rate rises
    #[arg(long, default_value_t = Recipe::WARMUP)]
    pub warmup: usize,
    /// What the learning rate falls to, as a share of the largest
    #[arg(long, default_value_t = Recipe::FLOOR)]
    pub floor: f64,
    /// How much of the last squares of gradients is kept
    #[arg(long, default_value_t = Recipe::BETA2)]
    pub beta2: f64,
    /// Weight decay of matrices
    #[arg(long, default_value_t = Recipe::DECAY)]
    pub decay: f64,
    /// The longest that a gradient may be
    #[arg(long, default_value_t = Recipe::CLIP)]
    pub clip: f64,
    /// Threads [default: one for each core]; they change no bit
    #[arg(long, value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// Keep a checkpoint every so many steps
    #[arg(long, default_value_t = 250, value_parser = at_least_one)]
    pub every: usize,
    /// The folder to write [default: target/models/buddy]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Go on with the training in this folder, with its settings
    #[arg(long, value_name = "FOLDER", conflicts_with_all = SET)]
    pub resume: Option<PathBuf>,
}

/// What a training that goes on has already.
const SET: [&str; 17] = [
    "size", "text", "seed", "steps", "batch", "lr", "vocab", "context", "layers", "heads", "width",
    "warmup", "floor", "beta2", "decay", "clip", "out",
];

/// All settings of a training: with the same the same weights come again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    pub size: Size,
    pub text: Option<PathBuf>,
    pub seed: u64,
    pub steps: usize,
    pub batch: usize,
    pub lr: f64,
    pub vocab: usize,
    pub context: usize,
    pub layers: usize,
    pub heads: usize,
    pub width: usize,
    pub warmup: usize,
    pub floor: f64,
    pub beta2: f64,
    pub decay: f64,
    pub clip: f64,
}

impl Recipe {
    const VOCAB: usize = 512;
    const CONTEXT: usize = 128;
    const WARMUP: usize = 100;
    const FLOOR: f64 = 0.1;
    const BETA2: f64 = 0.95;
    const DECAY: f64 = 0.1;
    const CLIP: f64 = 1.0;

    /// What a size stands for.
    pub fn of(size: Size) -> Self {
        let (layers, heads, width, batch, steps, lr) = match size {
            Size::Tiny => (2, 4, 64, 16, 2000, 0.004),
            Size::Small => (3, 6, 96, 16, 4000, 0.003),
            Size::Buddy => (4, 8, 128, 16, 8000, 0.002),
            Size::Large => (6, 8, 192, 32, 8000, 0.001),
        };
        Self {
            size,
            text: None,
            seed: 1,
            steps,
            batch,
            lr,
            vocab: Self::VOCAB,
            context: Self::CONTEXT,
            layers,
            heads,
            width,
            warmup: Self::WARMUP,
            floor: Self::FLOOR,
            beta2: Self::BETA2,
            decay: Self::DECAY,
            clip: Self::CLIP,
        }
    }

    /// What options ask for.
    ///
    /// # Errors
    /// If they do not fit together.
    pub fn new(options: &DecoderOptions) -> Result<Self, String> {
        let recipe = Self::of_options(options);
        recipe.expect_fits()?;
        Ok(recipe)
    }

    /// The same before it is looked at.
    pub(crate) fn of_options(options: &DecoderOptions) -> Self {
        let of_size = Self::of(options.size);
        Self {
            text: options.text.clone(),
            seed: options.seed,
            steps: options.steps.unwrap_or(of_size.steps),
            batch: options.batch.unwrap_or(of_size.batch),
            lr: options.lr.unwrap_or(of_size.lr),
            vocab: options.vocab,
            context: options.context,
            layers: options.layers.unwrap_or(of_size.layers),
            heads: options.heads.unwrap_or(of_size.heads),
            width: options.width.unwrap_or(of_size.width),
            warmup: options.warmup,
            floor: options.floor,
            beta2: options.beta2,
            decay: options.decay,
            clip: options.clip,
            ..of_size
        }
    }

    /// # Errors
    /// What does not fit, and what would.
    pub fn expect_fits(&self) -> Result<(), String> {
        let Self { width, heads, vocab, warmup, steps, .. } = *self;
        let share = |name: &str, value: f64, most: f64| match (0.0..most).contains(&value) {
            true => Ok(()),
            false => Err(format!("--{name} {value}: give a number from 0 to below {most}")),
        };
        if !width.is_multiple_of(heads) {
            return Err(format!("--heads {heads} must divide --width {width}"));
        }
        if vocab <= 256 {
            return Err(format!(
                "--vocab {vocab}: give at least 257, for 256 bytes and the end of a text"
            ));
        }
        if vocab > 65_536 {
            return Err(format!("--vocab {vocab}: give at most 65536"));
        }
        if warmup >= steps {
            return Err(format!("--warmup {warmup} must be below --steps {steps}"));
        }
        if self.clip.is_nan() || self.clip <= 0.0 {
            return Err(format!("--clip {}: give a number above 0", self.clip));
        }
        share("floor", self.floor, 1.000_001)?;
        share("beta2", self.beta2, 1.0)?;
        share("decay", self.decay, 10.0)
    }

    /// The sizes of the model.
    pub fn sizes(&self) -> Sizes {
        Sizes {
            n_layer: self.layers,
            n_head: self.heads,
            n_embd: self.width,
            n_positions: self.context,
            vocab_size: self.vocab,
        }
    }

    /// What the lesson's loop is told.
    pub fn settings(&self) -> Settings {
        let &Self { lr, warmup, steps, floor, beta2, decay, clip, batch, seed, .. } = self;
        Settings {
            schedule: Schedule {
                decay: Decay::Cosine,
                peak: lr,
                floor: floor * lr,
                warmup,
                total: steps,
            },
            beta1: 0.9,
            beta2,
            eps: 1e-8,
            weight_decay: decay,
            max_norm: clip,
            batch,
            micro_batch: batch,
            seed,
        }
    }

    /// The command that has these settings: what the size does not say is said.
    pub fn command(&self) -> String {
        let of_size = Self::of(self.size);
        let name = self.size.to_possible_value().map_or_else(String::new, |v| v.get_name().into());
        let mut command = format!("cargo study train buddy --size {name}");
        let mut say = |option: &str, value: String| command += &format!(" --{option} {value}");
        if let Some(text) = &self.text {
            say("text", text.display().to_string());
        }
        for (option, value) in [
            ("seed", self.seed.to_string()),
            ("steps", self.steps.to_string()),
            ("batch", self.batch.to_string()),
            ("lr", self.lr.to_string()),
        ] {
            say(option, value);
        }
        for (option, value, usual) in [
            ("vocab", self.vocab, of_size.vocab),
            ("context", self.context, of_size.context),
            ("layers", self.layers, of_size.layers),
            ("heads", self.heads, of_size.heads),
            ("width", self.width, of_size.width),
            ("warmup", self.warmup, of_size.warmup),
        ] {
            if value != usual {
                say(option, value.to_string());
            }
        }
        for (option, value, usual) in [
            ("floor", self.floor, of_size.floor),
            ("beta2", self.beta2, of_size.beta2),
            ("decay", self.decay, of_size.decay),
            ("clip", self.clip, of_size.clip),
        ] {
            if value != usual {
                say(option, value.to_string());
            }
        }
        command
    }
}
