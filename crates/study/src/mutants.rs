//! `cargo study mutants`: are the checks worth anything?

use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use grading::{ListedMutant, Sheet, Status};
use lessons::LessonDir;
use owo_colors::OwoColorize;

use crate::board;
use crate::cargo::{Build, build};
use crate::grader::Grader;
use crate::terminal::Spinner;

/// Runs the reference, which must pass everything, and every mutant, which must fail the check
/// that names its bug.
pub fn command(root: &Path, names: &[String]) -> Result<ExitCode> {
    let mut wrong = 0;
    let mut mutants = 0;
    for lesson in lessons::select(root, names)? {
        let spinner = Spinner::new();
        let program = match build(&lesson, &["mutants"], &spinner)? {
            Build::Ready(program) => program,
            Build::Broken(broken) => {
                drop(spinner);
                anstream::eprintln!(
                    "{}\n{}",
                    broken.rendered,
                    board::alert(&broken.advice(&lesson))
                );
                return Ok(ExitCode::from(2));
            }
        };
        let grader = Grader::new(program, root)?;
        mutants += grader.listing.mutants.len();
        let lines = judge(&grader, &spinner)?;
        drop(spinner);
        wrong += lines.iter().filter(|line| !line.right).count();
        table(&lesson, &lines);
    }
    match wrong {
        0 => anstream::println!("{}", format!("{mutants} mutants, none survives").green()),
        _ => anstream::println!("{}", format!("{wrong} of the lines above are wrong").red().bold()),
    }
    Ok(ExitCode::from(u8::from(wrong > 0)))
}

struct Line {
    right: bool,
    subject: String,
    says: String,
}

fn judge(grader: &Grader, spinner: &Spinner) -> Result<Vec<Line>> {
    let (reference, _) = grader.run("reference", spinner, |_| ControlFlow::Continue(()))?;
    let mut lines = vec![reference_line(&reference)];
    for mutant in &grader.listing.mutants {
        spinner.say(&format!("{}: mutant {}", grader.listing.name, mutant.name));
        let (sheet, _) = grader.run(&mutant.name, spinner, |_| ControlFlow::Continue(()))?;
        lines.push(mutant_line(mutant, &sheet));
    }
    Ok(lines)
}

fn reference_line(sheet: &Sheet) -> Line {
    let failing: Vec<String> = sheet
        .checks
        .iter()
        .filter(|check| check.status != Status::Passed)
        .map(|check| format!("{}: {}", check.name, check.message.as_deref().unwrap_or_default()))
        .collect();
    let says = match failing.is_empty() {
        true => format!("passes all {} checks", sheet.checks.len()),
        false => format!("must pass every check, but\n      {}", failing.join("\n      ")),
    };
    Line { right: failing.is_empty(), subject: "reference".into(), says }
}

fn mutant_line(mutant: &ListedMutant, sheet: &Sheet) -> Line {
    let killer = &mutant.killed_by;
    let result = sheet.checks.first();
    let (right, says) = match result.map(|check| check.status) {
        Some(Status::Failed | Status::Timeout) => (true, format!("killed by {killer}")),
        Some(Status::Passed) => (false, format!("survives {killer}")),
        Some(Status::Unfinished) => (false, format!("{killer} meets a todo!()")),
        Some(Status::Unavailable) => {
            let why = result.and_then(|check| check.message.as_deref()).unwrap_or_default();
            (false, format!("{killer} cannot run here: {why}"))
        }
        None => (false, format!("{killer} gave no result")),
    };
    Line { right, subject: mutant.name.clone(), says }
}

fn table(lesson: &LessonDir, lines: &[Line]) {
    anstream::println!("{}", lesson.name.bold());
    let width = lines.iter().map(|line| line.subject.len()).max().unwrap_or(0);
    for line in lines {
        let mark = board::mark(if line.right { Status::Passed } else { Status::Failed });
        anstream::println!("  {mark} {:width$}  {}", line.subject, line.says);
    }
}
