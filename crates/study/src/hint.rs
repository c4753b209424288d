//! `cargo study hint`: one hint more at a time.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lessons::LessonDir;
use owo_colors::OwoColorize;
use scores::{ListedCheck, Listing};

use crate::board;
use crate::graded::listing;
use crate::next::{first_open, first_open_lesson};
use crate::state::{hints_read, remember_hints};
use crate::terminal::Spinner;
use crate::{links, pick};

/// Shows the hints of a check read so far and one more.
pub fn command(
    root: &Path,
    lesson: Option<&str>,
    check: Option<&str>,
    all: bool,
) -> Result<ExitCode> {
    let (lesson, check) = match (lesson, check) {
        (Some(lesson), Some(check)) => (lessons::find(root, lesson)?, check.to_owned()),
        _ => match open_check(root, lesson)? {
            Some(open) => open,
            None => {
                let whose = lesson.unwrap_or("every lesson");
                anstream::println!("Every check of {whose} passes: no hint needed.");
                return Ok(ExitCode::SUCCESS);
            }
        },
    };
    let listing = listing(&lesson, &Spinner::new())?;
    let check = pick::check(&listing, &check)?;
    let mut read = hints_read(root);
    let count = read.entry(format!("{}/{}", lesson.name, check.name)).or_default();
    let before = *count;
    *count = if all { check.hints.len() } else { (before + 1).min(check.hints.len()) };
    show(&lesson, &listing, check, before, *count);
    if let (false, Err(error)) = (all, remember_hints(root, &read)) {
        // The hint itself was given.
        let told = format!(
            "which hints you have read could not be noted, so the next call gives this one again; \
             --all gives every one: {error:#}"
        );
        anstream::eprintln!("{}", board::alert(&told));
    }
    Ok(ExitCode::SUCCESS)
}

/// The check that `cargo study next` shows.
fn open_check(root: &Path, lesson: Option<&str>) -> Result<Option<(LessonDir, String)>> {
    let Some(graded) = first_open_lesson(root, lesson)? else { return Ok(None) };
    if let Some(broken) = &graded.broken {
        anstream::eprintln!("{}\n", broken.rendered.trim());
        let names: Vec<&str> = graded.listing.checks.iter().map(|c| c.name.as_str()).collect();
        bail!(
            "{}, or name a check: cargo study hint {} CHECK, with one of {}",
            broken.advice,
            graded.lesson.name,
            names.join(", ")
        );
    }
    let name = first_open(&graded).map(|check| check.name.clone());
    Ok(name.map(|name| (graded.lesson, name)))
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
    let page = links::section(lesson, &check.section);
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
