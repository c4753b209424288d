//! `cargo study test`: everything that must hold before a change is merged.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use owo_colors::OwoColorize;

use crate::cargo::pass_through;
use crate::{machine, stubs};

/// Compiled with optimization to be measured, not tested.
const NOT_TESTED: &str = "bench";

/// Runs every test of the book, from quick to slow, until one fails.
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

/// What to call cargo with, and why.
fn steps(root: &Path, fast: bool) -> Result<Vec<(&'static str, Vec<String>)>> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let mut crates = words(&["test"]);
    for name in folders(&root.join("crates"))?.iter().filter(|name| *name != NOT_TESTED) {
        crates.extend(["--package".into(), name.clone()]);
    }
    crates.extend(words(&["--package", "wasm-demos"]));
    // Without its default features a lesson is judged without the learner's file.
    let mut given = words(&["test", "--lib", "--tests", "--no-default-features"]);
    for lesson in lessons::find_all(root)? {
        let mutants = format!("{}/mutants", lesson.name);
        given.extend(["--package".into(), lesson.name, "--features".into(), mutants]);
    }
    let build = words(&["run", "--package", "book", "--bin", "study-book", "--", "build"]);
    let mut tests = words(&["test", "--package", "book-tests"]);
    if fast {
        tests.push("--lib".into());
        for name in test_targets(&root.join("tests/tests"))? {
            tests.extend(["--test".into(), name]);
        }
    }
    Ok(vec![
        ("The crates", crates),
        ("What the lessons give to the learner", given),
        ("The book is built", build),
        ("References, mutants, the site, the browser", tests),
    ])
}

/// The test programs of the book that need no browser.
fn test_targets(folder: &Path) -> Result<Vec<String>> {
    let names = entries(folder)?.into_iter().filter_map(|name| match name.strip_suffix(".rs") {
        Some(stem) => Some(stem.to_owned()),
        None => folder.join(&name).join("main.rs").is_file().then_some(name),
    });
    Ok(names.filter(|name| !name.starts_with("browser")).collect())
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
