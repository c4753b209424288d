//! What can be set when Buddy is pre-trained.

use std::path::PathBuf;

use clap::ValueEnum;
use schedules_and_stability::{Decay, Schedule};
use serde::{Deserialize, Serialize};
use small_gpt::Sizes;
use training_loop::Settings;

use super::options::DecoderOptions;

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

/// All settings of a training: with the same the same weights come again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    pub size: Size,
    pub text: Option<PathBuf>,
    /// The checkpoint that it goes on from, whose sizes it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PathBuf>,
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
    pub(super) const VOCAB: usize = 512;
    pub(super) const CONTEXT: usize = 128;
    pub(super) const WARMUP: usize = 100;
    pub(super) const FLOOR: f64 = 0.1;
    pub(super) const BETA2: f64 = 0.95;
    pub(super) const DECAY: f64 = 0.1;
    pub(super) const CLIP: f64 = 1.0;

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
            from: None,
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
            from: options.from.clone(),
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

    /// Whether its vocabulary is that of Tinytown's stories.
    pub(super) fn has_buddys_pieces(&self) -> bool {
        self.vocab == Self::VOCAB && (self.text.is_none() || self.from.is_some())
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
        let mut command = String::from("cargo study train buddy");
        let mut say = |option: &str, value: String| command += &format!(" --{option} {value}");
        match &self.from {
            Some(file) => say("from", file.display().to_string()),
            None => say("size", name),
        }
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
            let is_of_file = self.from.is_some() && option != "warmup";
            if value != usual && !is_of_file {
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
