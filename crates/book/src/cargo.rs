//! Runs cargo as a step of the build.

use std::fmt;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Result, bail};
use lessons::cargo::Built;

use crate::progress::Step;

/// A program that does not compile.
#[derive(Debug)]
pub struct CompileError {
    /// What was compiled.
    pub what: String,
    /// The compiler's messages, with colors for a terminal.
    pub rendered: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not compile", self.what)
    }
}

impl std::error::Error for CompileError {}

/// Runs `cargo build` with these arguments, a step of the build, and returns what it made.
pub fn build(root: &Path, what: &str, args: &[&str], step: &Step) -> Result<Built> {
    let built = lessons::cargo::build(root, args, |text| step.say(text))?;
    if built.success {
        return Ok(built);
    }
    if built.errors.is_empty() {
        bail!("{what} could not be built: {}", built.why());
    }
    Err(CompileError { what: what.to_owned(), rendered: built.rendered() }.into())
}

/// Tells one build of a file from another. Being newer is not enough: cargo puts an older file back
/// when a feature is switched off again.
pub fn stamp(file: &Path) -> Result<String> {
    let data = file.metadata()?;
    let time = data.modified()?.duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(format!("{} {}", data.len(), time.as_nanos()))
}
