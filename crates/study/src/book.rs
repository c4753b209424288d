//! The book half: programs of their own, so that grading need not wait for them to compile.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::machine;
use crate::terminal::Spinner;

/// The scores of every model of the book.
const REPORT_CARD: &str = "src/report-card.json";

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

/// `study-train`, optimized; for several ranks with MPI.
pub fn train(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    let mut build = vec!["--release", "--package", "train", "--bin", "study-train"];
    if arguments.iter().any(|argument| argument.to_string_lossy().starts_with("--ranks")) {
        machine::mpi()?;
        build.extend(["--features", "mpi"]);
    }
    run(program(root, "study-train", &build, &Spinner::new())?.args(arguments))
}

/// `study-tune`, optimized.
pub fn tune(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    let build = ["--release", "--package", "tune", "--bin", "study-tune"];
    run(program(root, "study-tune", &build, &Spinner::new())?.args(arguments))
}

/// `study-clean`, optimized.
pub fn clean(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    let build = ["--release", "--package", "clean", "--bin", "study-clean"];
    run(program(root, "study-clean", &build, &Spinner::new())?.args(arguments))
}

/// The benchmarks, optimized; what one more lesson costs is a program of its own.
pub fn bench(root: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    let (growth, others): (Vec<&OsString>, Vec<&OsString>) =
        arguments.iter().partition(|argument| *argument == "growth");
    if !growth.is_empty() {
        let code = run(&mut program(root, "growth", &["--package", "growth"], &Spinner::new())?)?;
        if others.is_empty() || code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    let mut bench = program(root, "bench", &["--release", "--package", "bench"], &Spinner::new())?;
    run(bench.args(others))
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
