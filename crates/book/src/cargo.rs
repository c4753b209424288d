//! Runs cargo as a step of the build.

use std::fmt;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Error, Result, bail};
use lessons::cargo::Built;

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

/// Why a build did not succeed: what the compiler said, as a problem; what cargo said, as an error,
/// since nothing was built then.
pub fn problem(what: &str, built: &Built) -> Result<Error> {
    if built.errors.is_empty() {
        bail!("{what} could not be built: {}", built.why());
    }
    Ok(CompileError { what: what.to_owned(), rendered: built.rendered() }.into())
}

/// Tells one build of a file from another. Being newer is not enough: cargo puts an older file back
/// when a feature is switched off again.
pub fn stamp(file: &Path) -> Result<String> {
    let data = file.metadata().with_context(|| format!("{} cannot be read", file.display()))?;
    let time = data.modified()?.duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(format!("{} {}", data.len(), time.as_nanos()))
}
