//! `cargo study test`: everything that must hold before a change is merged.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
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
    for (what, arguments) in steps(fast) {
        heading(what);
        let start = Instant::now();
        let code = pass_through(root, &arguments)?;
        anstream::println!("{what}: {:.0} s", start.elapsed().as_secs_f64());
        if code != Some(0) {
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
/// dependency anew for each set of features that a selection asks of it. The graders of lessons are
/// left out: they would judge the learner's files.
fn steps(fast: bool) -> Vec<(&'static str, Vec<&'static str>)> {
    let build = vec!["run", "--package", "book", "--bin", "study-book", "--", "build"];
    let workspace = ["--workspace", "--exclude", NOT_TESTED, "--no-fail-fast"];
    let mut tests = [&["test"], &workspace[..], &["--no-default-features"]].concat();
    if !fast {
        tests.extend(["--features", "book-tests/browser"]);
    }
    tests.extend(["--lib", "--bin", "study", "--bin", "study-book", "--test", "*"]);
    let docs = [&["test", "--doc"], &workspace[..]].concat();
    vec![
        ("The book is built", build),
        ("Crates, lessons, mutants, the site, the browser", tests),
        ("Examples in the documentation", docs),
    ]
}

fn heading(what: &str) {
    anstream::println!("\n{} {}", "▸".cyan().bold(), what.bold());
}
