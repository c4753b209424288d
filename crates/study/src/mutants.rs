//! `cargo study mutants`: are the checks worth anything?

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use owo_colors::OwoColorize;

use crate::cargo::pass_through;

/// Runs the tests `mutants` of lessons: the reference must pass everything, the stub nothing, and
/// every mutant must fail the check that names its bug.
pub fn command(root: &Path, names: &[String]) -> Result<ExitCode> {
    let mut arguments: Vec<String> =
        ["test", "--no-fail-fast", "--test", "mutants"].map(str::to_owned).into();
    for lesson in lessons::select(root, names)? {
        arguments.extend(["--package".into(), lesson.name]);
    }
    let mut build = arguments.clone();
    build.push("--no-run".into());
    if pass_through(root, &build)? != Some(0) {
        return Ok(ExitCode::from(2));
    }
    if pass_through(root, &arguments)? != Some(0) {
        let advice = "A mutant survives, or the reference does not pass: see above.";
        anstream::eprintln!("{}", advice.red().bold());
        return Ok(ExitCode::from(1));
    }
    anstream::println!("{}", "No mutant survives.".green());
    Ok(ExitCode::SUCCESS)
}
