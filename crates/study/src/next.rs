//! `cargo study next`: the one thing to do now.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use grading::{CheckResult, Status};
use owo_colors::OwoColorize;

use crate::board;
use crate::graded::{Graded, Until, grade};
use crate::place::place;

/// Shows the first check that does not pass, of a lesson, a step or the whole book.
pub fn command(root: &Path, name: Option<String>) -> Result<ExitCode> {
    let Some(graded) = first_open_lesson(root, name.as_deref())? else {
        let whose = name.map_or("every lesson".into(), |name| format!("`{name}`"));
        anstream::println!(
            "{} every check of {whose} passes.",
            "Nothing left to do:".green().bold()
        );
        return Ok(ExitCode::SUCCESS);
    };
    anstream::print!("{}", advice(&graded).unwrap_or_default());
    Ok(ExitCode::from(if graded.broken.is_some() { 2 } else { 1 }))
}

/// The first lesson with something to do, in the order of the book, graded up to its first failure.
pub fn first_open_lesson(root: &Path, name: Option<&str>) -> Result<Option<Graded>> {
    let names: Vec<String> = name.map(str::to_owned).into_iter().collect();
    for lesson in lessons::select(root, &names)? {
        let graded = grade(&lesson, Until::Failure)?;
        if first_open(&graded).is_some() {
            return Ok(Some(graded));
        }
    }
    Ok(None)
}

/// What to do now in a lesson; `None` if nothing is left.
pub fn advice(graded: &Graded) -> Option<String> {
    let Graded { lesson, listing, .. } = graded;
    if let Some(broken) = &graded.broken {
        let alert = board::alert(&broken.advice(lesson));
        return Some(format!("{}\n\n{alert}\n", broken.rendered.trim()));
    }
    let check = first_open(graded)?;
    let mut out = String::new();
    let title = &listing.title;
    let _ = writeln!(
        out,
        "{} {title}: {} {}",
        "Next".bold(),
        check.title.bold(),
        board::points(check).dimmed()
    );
    let _ = writeln!(out, "  {} {}", "open".dimmed(), place(lesson, listing, check).cyan());
    let _ = writeln!(out, "  {} {}", "read".dimmed(), board::section(lesson, check).cyan());
    match check.status {
        Status::Unfinished => {}
        _ => {
            for line in board::message(check).lines() {
                let _ = writeln!(out, "  {} {line}", board::mark(check.status));
            }
        }
    }
    let listed = listing.checks.iter().find(|listed| listed.name == check.name);
    if let Some(hint) = listed.and_then(|listed| listed.hints.first()) {
        let _ = writeln!(out, "  {} {hint}", "hint".dimmed());
    }
    let more = format!("cargo study hint {} {}", lesson.name, check.name);
    let _ = writeln!(out, "  {} {}", "more".dimmed(), more.cyan());
    Some(out)
}

/// A check that fails comes before one that is not written: it is what the learner is at.
pub fn first_open(graded: &Graded) -> Option<&CheckResult> {
    let open = |status: &[Status]| graded.sheet.checks.iter().find(|c| status.contains(&c.status));
    open(&[Status::Failed, Status::Timeout])
        .or_else(|| open(&[Status::Unfinished]))
        .or_else(|| open(&[Status::Unavailable]))
}
