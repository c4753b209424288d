//! The folder of a training: its settings, its last two checkpoints, its losses, and in the end the
//! model. Every file is written beside its place and then put there, so a training that is killed
//! leaves whole files, and loses no more than the steps since the last checkpoint.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use buddy::sha256;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const RUN: &str = "run.json";
const CHECKPOINTS: &str = "checkpoints.json";
const LOSSES: &str = "loss.csv";
/// So many checkpoints are kept.
const KEPT: usize = 2;

/// A checkpoint of a folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    step: usize,
    sha256: String,
}

impl Entry {
    fn file(&self) -> String {
        format!("checkpoint-{}.safetensors", self.step)
    }
}

/// A folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// The command that it belongs to, such as `cargo study train buddy`.
    command: &'static str,
    /// The newest first.
    entries: Vec<Entry>,
}

impl Folder {
    /// Begins a training of a command. `begun` is what it has to know if it goes on.
    ///
    /// # Errors
    /// If the folder cannot be written, or has a training that has not ended.
    pub fn begin(path: &Path, begun: &impl Serialize, command: &'static str) -> Result<Self> {
        let path = std::path::absolute(path)?;
        let cannot = || format!("{} cannot be written: give another --out FOLDER", path.display());
        ensure!(!path.exists() || path.is_dir(), "{}: it is a file", cannot());
        fs::create_dir_all(&path).with_context(cannot)?;
        if path.join(CHECKPOINTS).exists() {
            bail!(
                "{0} has a training that has not ended: go on with `{command} --resume {0}`, or remove the folder",
                path.display()
            );
        }
        let folder = Self { path, command, entries: Vec::new() };
        folder.write(RUN, (serde_json::to_string_pretty(begun)? + "\n").as_bytes())?;
        Ok(folder)
    }

    /// Opens a training that is to go on.
    ///
    /// # Errors
    /// If there is none.
    pub fn open<B: DeserializeOwned>(path: &Path, command: &'static str) -> Result<(Self, B)> {
        let read = |name: &str| -> Result<String> {
            let file = path.join(name);
            fs::read_to_string(&file).with_context(|| {
                format!("{} has no training to go on with: {}", path.display(), file.display())
            })
        };
        let begun = serde_json::from_str(&read(RUN)?)
            .with_context(|| format!("{} is damaged", path.join(RUN).display()))?;
        let entries = serde_json::from_str(&read(CHECKPOINTS)?)
            .with_context(|| format!("{} is damaged", path.join(CHECKPOINTS).display()))?;
        Ok((Self { path: std::path::absolute(path)?, command, entries }, begun))
    }

    /// What one of its files has.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        let file = self.path.join(name);
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))
    }

    /// Whether there is a checkpoint.
    pub fn is_begun(&self) -> bool {
        !self.entries.is_empty()
    }

    /// The step of the newest checkpoint.
    pub fn last_step(&self) -> Option<usize> {
        self.entries.first().map(|entry| entry.step)
    }

    /// The newest checkpoint that is whole, as `restore` reads it from its step and its bytes.
    ///
    /// # Errors
    /// If none is.
    pub fn last<T>(&self, restore: impl Fn(usize, &[u8]) -> Result<T>) -> Result<T> {
        let mut why = String::new();
        for entry in &self.entries {
            match self.read(entry, &restore) {
                Ok(state) => {
                    if !why.is_empty() {
                        eprintln!("{why}going on from step {} instead", entry.step);
                    }
                    return Ok(state);
                }
                Err(error) => why += &format!("{error:#}\n"),
            }
        }
        bail!("{}no checkpoint of {} can be read", why, self.path.display())
    }

    fn read<T>(&self, entry: &Entry, restore: impl Fn(usize, &[u8]) -> Result<T>) -> Result<T> {
        let file = self.path.join(entry.file());
        let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
        ensure!(sha256(&bytes) == entry.sha256, "{} is damaged", file.display());
        restore(entry.step, &bytes).with_context(|| file.display().to_string())
    }

    /// Keeps a checkpoint and the losses so far; of older ones, the one before is kept.
    ///
    /// # Errors
    /// If they cannot be written. Then the last one is as it was.
    pub fn keep(&mut self, step: usize, bytes: &[u8], losses: &str) -> Result<()> {
        let entry = Entry { step, sha256: sha256(bytes) };
        self.write(&entry.file(), bytes)?;
        self.write(LOSSES, losses.as_bytes())?;
        let mut entries = self.entries.clone();
        entries.retain(|old| old.step != entry.step);
        entries.insert(0, entry);
        let dropped = entries.split_off(entries.len().min(KEPT));
        self.write(CHECKPOINTS, (serde_json::to_string_pretty(&entries)? + "\n").as_bytes())?;
        self.entries = entries;
        for old in dropped {
            // If it stays, it is only in the way.
            let _ = fs::remove_file(self.path.join(old.file()));
        }
        Ok(())
    }

    /// The losses that were kept last.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn losses(&self) -> Result<String> {
        let file = self.path.join(LOSSES);
        fs::read_to_string(&file).with_context(|| file.display().to_string())
    }

    /// Writes a file whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written. What was there is as it was.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let part = self.path.join(format!(".{name}.part"));
        let written = (|| {
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, self.path.join(name))
        })();
        if written.is_err() {
            let _ = fs::remove_file(&part);
        }
        written.with_context(|| {
            let kept = self.entries.first();
            let kept = kept.map_or_else(String::new, |entry| {
                format!(
                    "; the checkpoint of step {} is kept: make room, then `{} --resume {}`",
                    entry.step,
                    self.command,
                    self.path.display()
                )
            });
            format!("{} cannot be written{kept}", self.path.join(name).display())
        })
    }

    /// Removes what is of use only to a training that goes on.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn end(self) -> Result<()> {
        let remove = |name: &str| {
            let file = self.path.join(name);
            fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))
        };
        remove(CHECKPOINTS)?;
        self.entries.iter().try_for_each(|entry| remove(&entry.file()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
