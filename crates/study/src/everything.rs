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
    for (what, arguments) in steps(root, fast)? {
        heading(what);
        let start = Instant::now();
        let code = pass_through(root, &arguments)?;
        anstream::println!("{what}: {:.0} s", start.elapsed().as_secs_f64());
        if code != Some(0) {
            anstream::eprintln!("{} {what}", "failed:".red().bold());
            return Ok(ExitCode::from(1));
        }
    }
    anstream::println!("\n{}", "Everything passes.".green().bold());
    Ok(ExitCode::SUCCESS)
}

/// What to call cargo with, and why. Of a lesson only the mutants and what else lies in its `tests/`
/// is compiled and run: its own tests, the grader, would judge the learner's file, and its library has
/// none.
fn steps(root: &Path, fast: bool) -> Result<Vec<(&'static str, Vec<String>)>> {
    let build = ["run", "--package", "book", "--bin", "study-book", "--", "build"];
    // The lessons are what cargo takes at the root where it is told nothing else.
    let lessons = ["test", "--no-fail-fast", "--test", "*"];
    let mut rest = vec!["test", "--no-fail-fast", "--workspace"];
    // Of a page's demos there is something to run only where `tests/` has it.
    let demos = lessons::demo_pages(root)?;
    let demos = demos.iter().filter(|page| !page.path.join("tests").is_dir());
    let lessons_of_book = lessons::find_all(root)?;
    let names = lessons_of_book.iter().map(|lesson| lesson.name.clone());
    let left_out: Vec<String> = demos.map(|page| page.reference()).chain(names).collect();
    let left_out = left_out.iter().map(String::as_str);
    rest.extend([NOT_TESTED].into_iter().chain(left_out).flat_map(|name| ["--exclude", name]));
    if fast {
        // Driving a browser is a feature of the tests, and on where nothing is said.
        rest.push("--no-default-features");
    }
    if machine::has_mpi() {
        rest.extend(["--features", "train/mpi"]);
    } else {
        anstream::println!("Training on several ranks is not tested, which needs {}", machine::MPI);
    }
    let owned = |arguments: &[&str]| arguments.iter().map(|&argument| argument.into()).collect();
    Ok(vec![
        ("The book is built", owned(&build)),
        ("Lessons and their mutants", owned(&lessons)),
        ("Crates and their examples, the site, the browser", owned(&rest)),
    ])
}

fn heading(what: &str) {
    anstream::println!("\n{} {}", "▸".cyan().bold(), what.bold());
}
