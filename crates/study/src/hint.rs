//! `cargo study hint`: one hint more at a time.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use grading::{ListedCheck, Listing};
use lessons::LessonDir;
use owo_colors::OwoColorize;

use crate::board;
use crate::grader::{Outcome, grade};
use crate::next::first_open;
use crate::state::{self, hints_read, remember_hints};

/// Shows the hints of a check read so far and one more.
pub fn command(root: &Path, lesson: &str, check: Option<&str>, all: bool) -> Result<ExitCode> {
    let lesson = lessons::find(root, lesson)?;
    let (listing, open) = checks(&lesson, check.is_none())?;
    let check = match (check, open) {
        (Some(name), _) => find(&listing, name)?,
        (None, Some(open)) => find(&listing, &open)?,
        (None, None) => {
            anstream::println!("Every check of {} passes: no hint needed.", lesson.name);
            return Ok(ExitCode::SUCCESS);
        }
    };
    let mut read = hints_read(root);
    let count = read.entry(format!("{}/{}", lesson.name, check.name)).or_default();
    let before = *count;
    *count = if all { check.hints.len() } else { (before + 1).min(check.hints.len()) };
    show(&lesson, &listing, check, before, *count);
    remember_hints(root, &read)?;
    Ok(ExitCode::SUCCESS)
}

/// The checks, and the first open one if it is wanted. While the code does not compile, the checks
/// are those of its last build.
fn checks(lesson: &LessonDir, want_open: bool) -> Result<(Listing, Option<String>)> {
    let remembered = state::listing(&lesson.root, &lesson.name);
    if let (false, Some(listing)) = (want_open, &remembered) {
        return Ok((listing.clone(), None));
    }
    match grade(lesson)?.outcome {
        Outcome::Scored(scored) => {
            let open = first_open(&scored).map(|check| check.name.clone());
            Ok((scored.listing, open))
        }
        Outcome::Broken(broken) => {
            anstream::eprintln!("{}", broken.rendered.trim_end());
            let advice = broken.advice(lesson);
            match remembered {
                Some(listing) => {
                    let names: Vec<&str> = listing.checks.iter().map(|c| c.name.as_str()).collect();
                    bail!("{advice}, or name the check: {}", names.join(", "))
                }
                None => bail!(advice),
            }
        }
    }
}

fn find<'a>(listing: &'a Listing, name: &str) -> Result<&'a ListedCheck> {
    if let Some(check) = listing.checks.iter().find(|check| check.name == name) {
        return Ok(check);
    }
    // Names of checks are sentences: what they begin with says most.
    let likeness = |check: &&ListedCheck| strsim::jaro_winkler(name, &check.name);
    let nearest = listing.checks.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let nearest = nearest.context("the lesson has no checks")?;
    bail!("{} has no check `{name}`: did you mean `{}`?", listing.name, nearest.name)
}

fn show(lesson: &LessonDir, listing: &Listing, check: &ListedCheck, before: usize, count: usize) {
    anstream::println!("{}: {}", listing.title, check.title.bold());
    for (i, hint) in check.hints.iter().take(count).enumerate() {
        let number = format!("{:>3}.", i + 1);
        match i < before {
            true => anstream::println!("{} {}", number.dimmed(), hint.dimmed()),
            false => anstream::println!("{} {hint}", number.cyan()),
        }
    }
    let left = check.hints.len() - count;
    let again = format!("cargo study hint {} {}", lesson.name, check.name);
    let page = format!("{}#{}", lesson.page(), check.section);
    match left {
        0 => anstream::println!(
            "  {}",
            format!("That was the last hint. Read again: {page}").dimmed()
        ),
        1 => anstream::println!("  {}", format!("One more: {again}").dimmed()),
        _ => anstream::println!("  {}", format!("{left} more, one at a time: {again}").dimmed()),
    }
    if left == 0 && before == check.hints.len() {
        let solution = format!("cargo study solution {} --anyway", lesson.name);
        anstream::println!("  {}", board::alert(&format!("Really stuck? {solution}")));
    }
}
