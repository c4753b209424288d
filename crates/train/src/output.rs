//! The folder of a model: written whole at the end, or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use buddy::{Kept, Record, Settings, sha256};
use checkpoint::WEIGHTS;

use crate::arguments::command;
use crate::log::Log;
use crate::run::held_out;
use crate::weights::Weights;
use crate::{Task, town};

/// Where a model goes in the end, and where it is put together.
pub struct Output {
    folder: PathBuf,
    part: PathBuf,
}

impl Output {
    /// Tries whether the folder can be written, before minutes are spent on what it is to hold.
    ///
    /// # Errors
    /// If it cannot.
    pub fn new(folder: &Path) -> Result<Self> {
        let cannot =
            || format!("{} cannot be written: give another --out FOLDER", folder.display());
        ensure!(!folder.exists() || folder.is_dir(), "{}: it is a file", cannot());
        let folder = std::path::absolute(folder).with_context(cannot)?;
        let name = folder.file_name().with_context(cannot)?.to_string_lossy().into_owned();
        let parent = folder.parent().with_context(cannot)?.to_owned();
        fs::create_dir_all(&parent).with_context(cannot)?;
        let part = parent.join(format!(".{name}.part"));
        // What is there was left by a run that was ended while it wrote.
        if part.exists() {
            fs::remove_dir_all(&part).with_context(cannot)?;
        }
        fs::create_dir(&part).and_then(|()| fs::remove_dir(&part)).with_context(cannot)?;
        Ok(Self { folder, part })
    }

    /// Writes files and weights beside the folder, and puts them in its place. What was there is
    /// kept as `FOLDER.old`, in place of an older copy.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, files: &[(&str, String)], weights: &Weights) -> Result<()> {
        let Self { folder, part } = self;
        let cannot = || format!("{} cannot be written", folder.display());
        fs::create_dir_all(part).with_context(cannot)?;
        for (name, text) in files {
            fs::write(part.join(name), text).with_context(cannot)?;
        }
        fs::write(part.join(WEIGHTS), weights.to_bytes()?).with_context(cannot)?;
        if folder.exists() {
            let mut old = folder.clone().into_os_string();
            old.push(".old");
            let old = PathBuf::from(old);
            if old.exists() {
                fs::remove_dir_all(&old).with_context(cannot)?;
            }
            fs::rename(folder, &old).with_context(cannot)?;
        }
        fs::rename(part, folder).with_context(cannot)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// What is said of a model beside its weights.
///
/// # Errors
/// If the model fails.
pub fn record<T: Task>(kept: Kept, settings: &Settings, task: &T, log: &Log) -> Result<Record> {
    let held_out = held_out(task)?;
    let rounded = |x: f64| (x * 1e4).round() / 1e4;
    Ok(Record {
        command: command(kept, settings),
        settings: *settings,
        data: data(kept).to_owned(),
        data_sha256: data_sha256(kept),
        parameters: task.weights().count(),
        tokens: log.tokens(),
        training_loss: rounded(log.last().map_or(0.0, |row| row.loss)),
        held_out_loss: rounded(held_out.loss),
        held_out_bits: None,
        held_out_accuracy: rounded(held_out.accuracy),
        weights_sha256: sha256(&task.weights().to_bytes()?),
    })
}

fn data(kept: Kept) -> &'static str {
    match kept {
        Kept::Encoder | Kept::Decoder => "Tinytown 1: stories, stream 0; held out, stream 2",
        Kept::EncoderDecoder => "Tinytown 1: translations, stream 0; held out, stream 2",
    }
}

/// A hash of the first texts that a model learns from.
pub fn data_sha256(kept: Kept) -> String {
    const TEXTS: usize = 100;
    let town = town();
    let texts: Vec<String> = match kept {
        Kept::Encoder | Kept::Decoder => {
            town.stories(buddy::TRAINING).take(TEXTS).map(|s| s.text).collect()
        }
        Kept::EncoderDecoder => town
            .translations(buddy::TRAINING)
            .take(TEXTS)
            .map(|pair| format!("{}\t{}", pair.english, pair.tinytongue))
            .collect(),
    };
    sha256(texts.join("\n").as_bytes())
}
