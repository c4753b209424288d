//! The book half: programs of their own, so that grading need not wait for them to compile.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::cargo;
use crate::terminal::Spinner;

/// The scores of every model of the book.
const REPORT_CARD: &str = "src/report-card.json";

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Section {
    /// Byte-pair encoding, against tokenizers and tiktoken-rs
    Bpe,
    /// The softmax kernel, against a copy of the same bytes and candle
    Softmax,
    /// Flash attention, against three kernels
    Attention,
    /// Softmax, norms and GELU on the CPU, against candle's
    Cpu,
    /// Buddy with its cache, against reading all again
    Cached,
    /// GPT-2, against transformers and candle-transformers
    Gpt,
    /// Vectors of sentences, against sentence-transformers and candle-transformers
    Minilm,
    /// The interpreter of kernels, natively and in a page, against the book's budgets
    Interpreter,
    /// What a reader downloads and waits for, against the book's budgets
    Page,
    /// What one more lesson costs, and the line to seventy (an hour and a half; not among all)
    Growth,
}

/// `study-book serve`.
pub fn serve(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    run(study_book(root)?.arg("serve").args(arguments))
}

/// `study-book build`.
pub fn build(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    run(study_book(root)?.arg("build").args(arguments))
}

fn study_book(root: &Path) -> Result<Command> {
    program(root, "study-book", &["--package", "book", "--bin", "study-book"], &Spinner::new())
}

/// Writes the report card that the program `report-card` prints.
pub fn report(root: &Path) -> Result<ExitCode> {
    let spinner = Spinner::new();
    let build = ["--package", "report-card"];
    let mut report = program(root, "report-card", &build, &spinner)?;
    spinner.say("training and testing Buddy in every form: this takes some minutes");
    let output =
        report.stderr(Stdio::inherit()).output().context("report-card cannot be started")?;
    drop(spinner);
    if !output.status.success() {
        bail!("Buddy could not be trained and tested ({}): see above", output.status);
    }
    std::fs::write(root.join(REPORT_CARD), &output.stdout)
        .with_context(|| format!("{REPORT_CARD} cannot be written"))?;
    anstream::println!("wrote {REPORT_CARD}");
    Ok(ExitCode::SUCCESS)
}

/// The benchmarks, optimized.
pub fn bench(root: &Path, sections: &[Section], write: bool) -> Result<ExitCode> {
    let (growth, others): (Vec<Section>, Vec<Section>) =
        sections.iter().partition(|section| **section == Section::Growth);
    if !growth.is_empty() {
        let code = run(&mut program(root, "growth", &["--package", "growth"], &Spinner::new())?)?;
        if others.is_empty() || code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    let mut bench = program(root, "bench", &["--release", "--package", "bench"], &Spinner::new())?;
    let names = others.iter().filter_map(|section| section.to_possible_value());
    bench.args(names.map(|name| name.get_name().to_owned()));
    run(bench.args(write.then_some("--write")))
}

/// A program of the book, built and ready to start where the user is.
fn program(root: &Path, name: &str, build: &[&str], spinner: &Spinner) -> Result<Command> {
    Ok(Command::new(cargo::program(root, name, build, spinner)?))
}

/// Whatever ends a program of the book but success, a panic and a signal, too: it was not done.
fn run(command: &mut Command) -> Result<ExitCode> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{name} cannot be started"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
