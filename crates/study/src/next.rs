//! `cargo study next`: the one thing to do now.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use owo_colors::OwoColorize;
use scores::{CheckResult, Status};

use crate::board::{self, cyan};
use crate::graded::{Graded, Until, grade};
use crate::links;
use crate::place::place;
use crate::text::paragraph;

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
        // The first error is the one to fix, and many would push it off the screen.
        let more = match broken.errors {
            0 | 1 => String::new(),
            2 => "\n\n… and one more error".into(),
            errors => format!("\n\n… and {} more errors", errors - 1),
        };
        let alert = board::alert(&broken.advice);
        return Some(format!("{}{}\n\n{alert}\n", broken.first.trim(), more.dimmed()));
    }
    let check = first_open(graded)?;
    let mut out = String::new();
    let title = &listing.title;
    let head = format!("Next {title}: {} {}", check.title, board::points(check));
    paragraph(&mut out, 0, "", &head, |line| line.bold().to_string());
    paragraph(&mut out, 2, "open", &place(lesson, listing, check), cyan);
    paragraph(&mut out, 2, "read", &links::section(lesson, &check.section), cyan);
    if check.status != Status::Unfinished {
        let _ = write!(out, "  {} ", board::mark(check.status));
        let mut message = String::new();
        board::message(check).lines().for_each(|line| {
            paragraph(&mut message, 4, "", line, str::to_owned);
        });
        out.push_str(message.trim_start());
        if message.is_empty() {
            out.push('\n');
        }
    }
    let listed = listing.checks.iter().find(|listed| listed.name == check.name);
    if let Some(hint) = listed.and_then(|listed| listed.hints.first()) {
        paragraph(&mut out, 2, "hint", hint, str::to_owned);
    }
    let more = format!("cargo study hint {} {}", lesson.name, check.name);
    paragraph(&mut out, 2, "more", &more, cyan);
    Some(out)
}

/// A check that fails comes before one that is not written: it is what the learner is at.
pub fn first_open(graded: &Graded) -> Option<&CheckResult> {
    let open = |status: &[Status]| graded.sheet.checks.iter().find(|c| status.contains(&c.status));
    open(&[Status::Failed, Status::Timeout])
        .or_else(|| open(&[Status::Unfinished]))
        .or_else(|| open(&[Status::Unavailable]))
}
