//! The book half: programs of their own, so that grading need not wait for them to compile.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use crate::cargo::pass_through;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Section {
    /// Byte-pair encoding, against tokenizers and tiktoken-rs
    Bpe,
    /// The softmax kernel, against a copy of the same bytes and candle
    Softmax,
    /// What a reader downloads and waits for, against the book's budgets
    Page,
}

/// `study-book serve`.
pub fn serve(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    program(root, &["--package", "book", "--bin", "study-book", "--", "serve"], arguments)
}

/// `study-book build`.
pub fn build(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    program(root, &["--package", "book", "--bin", "study-book", "--", "build"], arguments)
}

/// The benchmarks, optimized.
pub fn bench(root: &Path, sections: &[Section], write: bool) -> Result<ExitCode> {
    let names = sections.iter().filter_map(|section| section.to_possible_value());
    let mut arguments: Vec<OsString> = names.map(|name| name.get_name().into()).collect();
    arguments.extend(write.then(|| "--write".into()));
    program(root, &["--release", "--package", "bench", "--"], &arguments)
}

fn program(root: &Path, start: &[&str], arguments: &[OsString]) -> Result<ExitCode> {
    let mut all: Vec<&OsStr> = vec!["run".as_ref()];
    all.extend(start.iter().map(OsStr::new));
    all.extend(arguments.iter().map(OsString::as_os_str));
    let code = pass_through(root, &all)?;
    Ok(ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(2)))
}
