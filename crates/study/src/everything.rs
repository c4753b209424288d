//! `cargo study test`: everything that must hold before a change is merged.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use owo_colors::OwoColorize;

use crate::cargo::pass_through;
use crate::{machine, stubs};

/// Compiled with optimization to be measured, not tested.
const NOT_TESTED: &str = "bench";

/// Runs every test of the book.
pub fn command(root: &Path, fast: bool) -> Result<ExitCode> {
    heading("What the tests need on this machine");
    machine::wasm_target()?;
    machine::tools(!fast)?;
    heading("Stubs are in sync with their solutions");
    let code = stubs::command(root, &[], true)?;
    if code != ExitCode::SUCCESS {
        return Ok(code);
    }
    for (what, arguments) in steps(root, fast)? {
        heading(what);
        if pass_through(root, &arguments)? != Some(0) {
            anstream::eprintln!(
                "{} {what}\n  cargo {}",
                "failed:".red().bold(),
                arguments.join(" ")
            );
            return Ok(ExitCode::from(1));
        }
    }
    anstream::println!("\n{}", "Everything passes.".green().bold());
    Ok(ExitCode::SUCCESS)
}

/// What to call cargo with, and why. All tests are one selection of packages: cargo compiles a
/// dependency anew for each set of features that a selection asks of it.
fn steps(root: &Path, fast: bool) -> Result<Vec<(&'static str, Vec<String>)>> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let build = words(&["run", "--package", "book", "--bin", "study-book", "--", "build"]);
    // Without its default features a lesson is judged without the learner's file.
    let mut tests = words(&["test", "--no-fail-fast", "--no-default-features"]);
    for name in folders(&root.join("crates"))?.iter().filter(|name| *name != NOT_TESTED) {
        tests.extend(["--package".into(), name.clone()]);
    }
    tests.extend(words(&["--package", "wasm-demos", "--package", "book-tests"]));
    for lesson in lessons::find_all(root)? {
        let mutants = format!("{}/mutants", lesson.name);
        tests.extend(["--package".into(), lesson.name, "--features".into(), mutants]);
    }
    if !fast {
        tests.extend(words(&["--features", "book-tests/browser"]));
    }
    Ok(vec![
        ("The book is built", build),
        ("Crates, lessons, mutants, the site, the browser", tests),
    ])
}

fn folders(folder: &Path) -> Result<Vec<String>> {
    let mut names = entries(folder)?;
    names.retain(|name| folder.join(name).join("Cargo.toml").is_file());
    Ok(names)
}

fn entries(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

fn heading(what: &str) {
    anstream::println!("\n{} {}", "▸".cyan().bold(), what.bold());
}
