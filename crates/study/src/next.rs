//! `cargo study next`: the one thing to do now.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use grading::{CheckResult, Status};
use owo_colors::OwoColorize;

use crate::board;
use crate::grader::{Graded, Outcome, Scored, grade};

/// Shows the first check that does not pass, in the order of the book.
pub fn command(root: &Path) -> Result<ExitCode> {
    for lesson in lessons::select(root, &[])? {
        let graded = grade(&lesson)?;
        if let Some(text) = advice(&graded) {
            anstream::print!("{text}");
            let broken = matches!(graded.outcome, Outcome::Broken(_));
            return Ok(ExitCode::from(if broken { 2 } else { 1 }));
        }
    }
    anstream::println!(
        "{} every check of every lesson passes.",
        "Nothing left to do:".green().bold()
    );
    Ok(ExitCode::SUCCESS)
}

/// What to do now in a lesson; `None` if nothing is left.
pub fn advice(graded: &Graded) -> Option<String> {
    let lesson = &graded.lesson;
    let mut out = String::new();
    let scored = match &graded.outcome {
        Outcome::Broken(broken) => {
            let alert = board::alert(&broken.advice(lesson));
            return Some(format!("{}\n{alert}\n", broken.rendered.trim_end()));
        }
        Outcome::Scored(scored) => scored,
    };
    let check = first_open(scored)?;
    let title = &scored.listing.title;
    let _ = writeln!(
        out,
        "{} {title}: {} {}",
        "Next".bold(),
        check.title.bold(),
        board::points(check).dimmed()
    );
    let _ = writeln!(out, "  {} {}", "open".dimmed(), place(graded, check).cyan());
    let _ = writeln!(out, "  {} {}", "read".dimmed(), board::section(lesson, check).cyan());
    match check.status {
        Status::Unfinished => {}
        _ => {
            for line in check.message.iter().flat_map(|message| message.lines()) {
                let _ = writeln!(out, "  {} {line}", board::mark(check.status));
            }
        }
    }
    let listed = scored.listing.checks.iter().find(|listed| listed.name == check.name);
    if let Some(hint) = listed.and_then(|listed| listed.hints.first()) {
        let _ = writeln!(out, "  {} {hint}", "hint".dimmed());
    }
    let more = format!("cargo study hint {} {}", lesson.name, check.name);
    let _ = writeln!(out, "  {} {}", "more".dimmed(), more.cyan());
    Some(out)
}

/// A check that fails comes before one that is not written: it is what the learner is at.
pub fn first_open(scored: &Scored) -> Option<&CheckResult> {
    let open = |status: &[Status]| scored.sheet.checks.iter().find(|c| status.contains(&c.status));
    open(&[Status::Failed, Status::Timeout])
        .or_else(|| open(&[Status::Unfinished]))
        .or_else(|| open(&[Status::Unavailable]))
}

/// The line of the `todo!()`, the kernel, or the learner's file.
fn place(graded: &Graded, check: &CheckResult) -> String {
    let lesson = &graded.lesson;
    if let Some(place) = board::todo_place(check) {
        return place.to_owned();
    }
    let listed =
        graded.scored().and_then(|s| s.listing.checks.iter().find(|l| l.name == check.name));
    let is_kernel = listed.is_some_and(|listed| listed.kernel.is_some());
    match lesson.kernels().ok().filter(|_| is_kernel).as_deref() {
        Some([kernel]) => lesson.shown(&lesson.path.join("kernels/exercise").join(kernel)),
        Some([_, ..]) => lesson.shown(&lesson.path.join("kernels/exercise")),
        _ => lesson.shown(&lesson.exercise()),
    }
}
