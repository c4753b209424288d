//! What can be asked for.

use std::path::PathBuf;

use buddy::{Kept, Settings};
use clap::{Args, Parser, Subcommand};

use crate::decoder::{DecoderOptions, Recipe, Size};

/// Trains Buddy with the code of the lessons, and writes a folder as published models have it.
///
/// Without options the weights of `models/` come again, bit by bit on a machine of the same kind.
/// Ctrl-C ends it: buddy goes on from its last checkpoint with --resume, the others leave nothing
/// behind, since their folder is written at the end; for those the variable RAYON_NUM_THREADS says how
/// many threads compute.
#[derive(Debug, Parser)]
#[command(
    name = "cargo study train",
    bin_name = "cargo study train",
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// The model.
    #[command(subcommand)]
    pub model: Model,
}

/// The models.
#[derive(Clone, Debug, Subcommand)]
pub enum Model {
    /// A BERT that fills gaps in Tinytown's stories
    Encoder(EncoderOptions),
    /// A T5 that translates English into Tinytongue
    EncoderDecoder(EncoderDecoderOptions),
    /// A GPT that writes: pre-trained on Tinytown's stories or on your text
    Buddy(Box<DecoderOptions>),
}

macro_rules! options {
    ($($(#[$docs:meta])* $name:ident: $steps:literal $batch:literal $lr:literal,)*) => {$(
        $(#[$docs])*
        #[derive(Clone, Debug, Args)]
        pub struct $name {
            /// What first weights and hidden words are drawn from
            #[arg(long, default_value_t = 1)]
            pub seed: u64,
            /// Steps of the optimizer
            #[arg(long, default_value_t = $steps, value_parser = at_least_one)]
            pub steps: usize,
            /// Texts in a step
            #[arg(long, default_value_t = $batch, value_parser = at_least_one)]
            pub batch: usize,
            /// The largest learning rate
            #[arg(long, default_value_t = $lr, value_parser = rate)]
            pub lr: f64,
            /// The folder to write; of a model that is there, a copy is kept
            #[arg(long, value_name = "FOLDER")]
            pub out: Option<PathBuf>,
        }

        impl $name {
            fn settings(&self) -> Settings {
                Settings { seed: self.seed, steps: self.steps, batch: self.batch, lr: self.lr }
            }
        }
    )*};
}

options! {
    /// How the encoder is trained.
    EncoderOptions: 7000 16 0.003,
    /// How the encoder-decoder is trained.
    EncoderDecoderOptions: 3600 64 0.002,
}

impl Model {
    /// Which it is.
    pub fn kept(&self) -> Kept {
        match self {
            Self::Encoder(_) => Kept::Encoder,
            Self::EncoderDecoder(_) => Kept::EncoderDecoder,
            Self::Buddy(_) => Kept::Decoder,
        }
    }

    /// How it is trained.
    pub fn settings(&self) -> Settings {
        match self {
            Self::Encoder(options) => options.settings(),
            Self::EncoderDecoder(options) => options.settings(),
            Self::Buddy(options) => {
                let Recipe { seed, steps, batch, lr, .. } = Recipe::of_options(options);
                Settings { seed, steps, batch, lr }
            }
        }
    }

    /// Where to write it, if that is said.
    pub fn out(&self) -> Option<&PathBuf> {
        match self {
            Self::Encoder(options) => options.out.as_ref(),
            Self::EncoderDecoder(options) => options.out.as_ref(),
            Self::Buddy(options) => options.out.as_ref(),
        }
    }
}

/// The command that has these settings.
pub fn command(kept: Kept, settings: &Settings) -> String {
    let &Settings { seed, steps, batch, lr } = settings;
    if kept == Kept::Decoder {
        return Recipe { seed, steps, batch, lr, ..Recipe::of(Size::Buddy) }.command();
    }
    let name = kept.name();
    format!("cargo study train {name} --seed {seed} --steps {steps} --batch {batch} --lr {lr}")
}

/// The settings that a command has, as [`command`] writes it.
///
/// # Errors
/// If there is no such command.
pub fn read(command: &str) -> Result<Model, clap::Error> {
    let words = command.strip_prefix("cargo study ").unwrap_or(command).split_whitespace();
    Arguments::try_parse_from(words).map(|arguments| arguments.model)
}

pub fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("give at least 1".into()),
        Ok(n) => Ok(n),
        Err(_) => Err("give a whole number from 1 on".into()),
    }
}

pub fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(lr) if lr > 0.0 && lr <= 1.0 => Ok(lr),
        _ => Err("give a number above 0 and at most 1, such as 0.001".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_as_it_is_written() {
        let settings = Settings { seed: 7, steps: 30, batch: 2, lr: 0.0015 };
        for kept in Kept::ALL {
            let model = read(&command(kept, &settings)).unwrap();
            assert_eq!((model.kept(), model.settings()), (kept, settings));
        }
    }

    #[test]
    fn bad_numbers_and_models_are_refused_with_a_reason() {
        for (wrong, why) in [
            ("train encoder --steps 0", "at least 1"),
            ("train encoder --batch many", "whole number"),
            ("train encoder --lr -1", "'-1'"),
            ("train encoder --lr nan", "above 0"),
            ("train encoder --seed 1.5", "invalid digit"),
            ("train decoders", "unrecognized subcommand 'decoders'"),
            ("train", "encoder-decoder"),
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains(why), "{wrong}: {error}");
        }
    }
}
