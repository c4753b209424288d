//! The book half: programs of their own, so that grading need not wait for them to compile.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::cargo::pass_through;

/// `study-book serve`.
pub fn serve(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    program(root, &["--package", "book", "--bin", "study-book", "--", "serve"], arguments)
}

/// `study-book build`.
pub fn build(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    program(root, &["--package", "book", "--bin", "study-book", "--", "build"], arguments)
}

/// The benchmarks, optimized.
pub fn bench(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    program(root, &["--release", "--package", "bench", "--"], arguments)
}

fn program(root: &Path, start: &[&str], arguments: &[OsString]) -> Result<ExitCode> {
    let mut all: Vec<&OsStr> = vec!["run".as_ref()];
    all.extend(start.iter().map(OsStr::new));
    all.extend(arguments.iter().map(OsString::as_os_str));
    let code = pass_through(root, &all)?;
    Ok(ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(2)))
}
