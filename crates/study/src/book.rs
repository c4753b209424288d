//! The book half: programs of their own, so that grading need not wait for them to compile.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cargo::{cargo, pass_through};

/// The scores of every model of the book.
const REPORT_CARD: &str = "src/report-card.json";

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

/// Writes the report card that the program `report` prints.
pub fn report(root: &Path) -> Result<ExitCode> {
    let run = ["run", "--package", "wasm-demos", "--bin", "report"];
    let output = cargo(root).args(run).stderr(Stdio::inherit()).output();
    let output = output.context("cargo cannot be started")?;
    if !output.status.success() {
        return Ok(ExitCode::FAILURE);
    }
    std::fs::write(root.join(REPORT_CARD), &output.stdout)
        .with_context(|| format!("{REPORT_CARD} cannot be written"))?;
    anstream::println!("wrote {REPORT_CARD}");
    Ok(ExitCode::SUCCESS)
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
