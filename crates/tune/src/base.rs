//! The model to begin with.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use buddy::{Kept, sha256};
use pocket_buddy::PocketBuddy;

/// A base.
#[derive(Clone, Debug)]
pub struct Base {
    /// The model with its tokenizer.
    pub buddy: PocketBuddy,
    /// What an adapter calls it.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// Of its weights.
    pub sha256: String,
}

impl Base {
    /// A folder, or a file in it; without one the book's Buddy.
    ///
    /// # Errors
    /// If there is none, or what it holds is no model that can be tuned here.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let [config, weights, tokenizer] = PocketBuddy::FILES;
        let (folder, weights): (PathBuf, OsString) = match path {
            None => (Kept::Decoder.folder(), weights.into()),
            Some(path) if path.is_dir() => (path.to_owned(), weights.into()),
            Some(path) if path.is_file() => {
                let name = path.file_name().context("--base: give a file")?;
                (path.parent().unwrap_or(path).to_owned(), name.to_owned())
            }
            Some(path) => anyhow::bail!(
                "--base {0}: there is no such folder. For a model of the hub, put its config.json, \
                 model.safetensors and tokenizer.json into a folder, and name that (with Hugging \
                 Face's tools: `hf download {0} --local-dir FOLDER`)",
                path.display()
            ),
        };
        let shown = path.unwrap_or(&folder).display().to_string();
        let read = |name: &OsStr| {
            let file = folder.join(name);
            let cannot = || format!("--base {shown}: {} cannot be read", file.display());
            std::fs::read(&file).with_context(cannot)
        };
        let bytes = read(&weights)?;
        let [config, tokenizer] = [config, tokenizer].map(|name| read(name.as_ref()));
        let buddy = PocketBuddy::from_files(&config?, &bytes, &tokenizer?)
            .map_err(|error| anyhow::anyhow!("--base {shown}: {error}"))?;
        ensure!(
            buddy.model.parameters.len() < 400_000_000,
            "--base {shown} is too large: what learns here computes on the processor"
        );
        let name = match path {
            None => format!("{}/{}", buddy::MODELS, Kept::Decoder.folder_name()),
            Some(_) => shown,
        };
        Ok(Self { buddy, name, folder, sha256: sha256(&bytes) })
    }
}
