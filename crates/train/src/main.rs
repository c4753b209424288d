//! `cargo study train`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use buddy::{Kept, MODELS, Settings};
use clap::Parser;
use train::arguments::{Arguments, Model};
use train::decoder;
use train::encoder::{self, EncoderTask};
use train::encoder_decoder::{self, EncoderDecoderTask};
use train::output::{Output, record};
use train::{Task, run, town};

fn main() -> ExitCode {
    match train(&Arguments::parse().model) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            // As `cargo study` documents it: it could not be done.
            ExitCode::from(2)
        }
    }
}

fn train(model: &Model) -> Result<()> {
    let (kept, settings) = (model.kept(), model.settings());
    let usual = lessons::workspace_root()?.join("target").join(MODELS).join(kept.folder_name());
    let output = || Output::new(model.out().map_or(usual.as_path(), |out| Path::new(out)));
    let Settings { seed, batch, .. } = settings;
    match model {
        Model::Encoder(_) => {
            let vocabulary = buddy::encoder::vocabulary(town(), buddy::TRAINING);
            let config = encoder::config(vocabulary.lines().count());
            let task = EncoderTask::with(config.clone(), &vocabulary, seed, batch)?;
            finish(kept, &settings, task, &output()?, encoder::config_json(&config), vocabulary)
        }
        Model::EncoderDecoder(_) => {
            let vocabulary = buddy::encoder_decoder::vocabulary(town(), buddy::TRAINING);
            let config = encoder_decoder::config_json(vocabulary.size());
            let task = EncoderDecoderTask::new(seed, batch)?;
            finish(kept, &settings, task, &output()?, config, vocabulary.to_text())
        }
        Model::Buddy(options) => decoder::train(options, &usual),
    }
}

/// Trains, writes, and says what came of it.
fn finish<T: Task>(
    kept: Kept,
    settings: &Settings,
    mut task: T,
    output: &Output,
    config: serde_json::Value,
    vocabulary: String,
) -> Result<()> {
    let count = task.weights().count();
    eprintln!("training {} Buddy: {count} parameters, {} steps", kept.name(), settings.steps);
    let log = run::train(&mut task, settings)?;
    let record = record(kept, settings, &task, &log)?;
    let json = |value: &serde_json::Value| serde_json::to_string_pretty(value).map(|t| t + "\n");
    let files = [
        ("config.json", json(&config)?),
        ("vocab.txt", vocabulary),
        ("training.json", json(&serde_json::to_value(&record)?)?),
        ("loss.csv", log.csv()),
    ];
    output.write(&files, task.weights())?;
    println!("wrote {}", output.folder().display());
    println!(
        "held out: loss {:.4}, first guess right {:.1}%",
        record.held_out_loss,
        100.0 * record.held_out_accuracy
    );
    println!("SHA-256 of the weights: {}", record.weights_sha256);
    // A first training has nothing to compare with.
    if let Ok(known) = kept.record()
        && known.command == record.command
    {
        let same = known.weights_sha256 == record.weights_sha256;
        println!(
            "{} as those in {}",
            if same { "the same" } else { "not the same" },
            kept.folder().display()
        );
    }
    Ok(())
}
