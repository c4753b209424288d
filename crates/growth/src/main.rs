//! `cargo study bench growth`: what one more lesson costs.
//!
//! In a scratch clone of the working tree it times a clean `serve` and a clean `test`, adds copies
//! of three lessons under other names, times the same again, and draws the line to seventy lessons
//! beside the budgets. It takes about an hour.

mod copies;
mod serving;
mod sizes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use lessons::LessonDir;

use serving::Serving;

/// Lessons that are copied: one has a kernel, and no word of their names is used otherwise.
const COPIED: [&str; 3] = ["softmax-sampling", "other-tokenizers", "what-an-llm-is"];

/// The book that is planned.
const PLANNED: f64 = 70.0;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<()> {
    let root = lessons::workspace_root()?;
    let clone = copies::scratch(&root)?;
    let before = lessons::find_all(&clone)?;
    let count = before.len() as f64;

    say("a clean `cargo study serve`");
    let (first, whole) = clean_serve(&clone)?;
    say("a clean `cargo study test`");
    fs::remove_dir_all(clone.join("target"))?;
    let clean = study(&clone, &["test"], true)?;
    say("the same tests again, nothing changed");
    let again = study(&clone, &["test"], true)?;

    say("a save of every lesson's exercise");
    let mut slowest = (0.0, String::new());
    for lesson in &before {
        let seconds = save(&clone, lesson)?;
        if seconds > slowest.0 {
            slowest = (seconds, lesson.name.clone());
        }
    }
    say("edits while the book is served");
    let (page, exercise) = edits(&clone, &before)?;

    let site = sizes::site(&clone.join("book"))?;
    let heaviest = sizes::heaviest(&clone.join("book"))?;
    let lines = sizes::lines(&clone, &before)?;

    say("the tests with three lessons more");
    for name in COPIED {
        copies::add(&clone, name)?;
    }
    let more = study(&clone, &["test"], true)?;
    let more_again = study(&clone, &["test"], true)?;
    let after = lessons::find_all(&clone)?;
    let (page_after, exercise_after) = edits(&clone, &after)?;
    let site_after = sizes::site(&clone.join("book"))?;

    let added = COPIED.len() as f64;
    // What is compiled anew, and what runs each time.
    let each = ((more - more_again).max(0.0) + (more_again - again).max(0.0)) / added;
    let fixed = clean - count * each;
    let each_serve = (more - more_again).max(0.0) / added;
    println!("\nWhat one more lesson costs ({count} lessons and {added} copies)\n");
    row("clean `cargo study test`: fixed part, min", fixed / 60.0, 10.0);
    row("… each lesson more, s", each, 35.0);
    row("… at seventy, min", (fixed + PLANNED * each) / 60.0, 50.0);
    row(&format!("save → board, slowest ({}), s", slowest.1), slowest.0, 5.0);
    row("serve: exercise edited → reloaded, s", exercise, 12.0);
    row("… with three lessons more, s", exercise_after, 12.0);
    row("serve: page edited → reloaded, s", page, 1.0);
    row("… with three lessons more, s", page_after, 1.0);
    row("clean `cargo study serve`: first page readable, min", first / 60.0, 3.0);
    row("… everything there, min", whole / 60.0, 15.0);
    row(
        "… everything there at seventy, min",
        (whole + (PLANNED - count) * each_serve) / 60.0,
        15.0,
    );
    row(
        &format!("heaviest first run ({}), KB gzipped", heaviest.1),
        heaviest.0 as f64 / 1e3,
        250.0,
    );
    let each_site = (site_after - site) as f64 / added;
    row("site at seventy, MB gzipped", (site as f64 + (PLANNED - count) * each_site) / 1e6, 15.0);
    row("lines a lesson, on average", lines, 1500.0);
    Ok(())
}

fn say(what: &str) {
    eprintln!("measuring {what} …");
}

fn row(what: &str, value: f64, budget: f64) {
    let mark = if value <= budget { "✓" } else { "✗" };
    println!("  {mark} {what:58} {value:8.2}   (budget {budget})");
}

/// Runs `cargo study` in the clone and returns the seconds it took.
fn study(clone: &Path, arguments: &[&str], must: bool) -> Result<f64> {
    let start = Instant::now();
    let log = clone.join("../log.txt");
    let output = fs::File::create(&log)?;
    let mut command = cargo(clone);
    command.arg("study").args(arguments);
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let status = command.status().context("cargo cannot be started")?;
    if must && !status.success() {
        bail!("`cargo study {}` failed: see {}", arguments.join(" "), log.display());
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Cargo, which compiles into the clone.
fn cargo(clone: &Path) -> Command {
    let mut command = lessons::cargo::cargo(clone);
    command.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_BUILD_DIR");
    command
}

/// Seconds until the first page can be read, and until all is there.
fn clean_serve(clone: &Path) -> Result<(f64, f64)> {
    let _ = fs::remove_dir_all(clone.join("target"));
    let start = Instant::now();
    let mut serving = Serving::start(clone)?;
    let first = start.elapsed().as_secs_f64();
    serving.settled()?;
    Ok((first, start.elapsed().as_secs_f64()))
}

/// Seconds from a save of a lesson's exercise to its board.
fn save(clone: &Path, lesson: &LessonDir) -> Result<f64> {
    study(clone, &["grade", &lesson.name], false)?;
    touch(&lesson.exercise())?;
    study(clone, &["grade", &lesson.name], false)
}

/// Seconds from a save to a new book, of a page and of an exercise.
fn edits(clone: &Path, lessons: &[LessonDir]) -> Result<(f64, f64)> {
    let mut serving = Serving::start(clone)?;
    serving.settled()?;
    let lesson = lessons.first().context("there is a lesson")?;
    let timed = |serving: &mut Serving, file: PathBuf| -> Result<f64> {
        let mut seconds = Vec::new();
        for _ in 0..3 {
            touch(&file)?;
            let start = Instant::now();
            serving.rebuilt()?;
            seconds.push(start.elapsed().as_secs_f64());
        }
        seconds.sort_by(f64::total_cmp);
        Ok(seconds[1])
    };
    let page = timed(&mut serving, lesson.page_path())?;
    let exercise = timed(&mut serving, lesson.exercise())?;
    Ok((page, exercise))
}

/// Changes a file by a line that means nothing.
fn touch(file: &Path) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let is_rust = file.extension().is_some_and(|extension| extension == "rs");
    let line = if is_rust { "// Saved again.\n" } else { "\n" };
    ensure!(!text.is_empty(), "{} is empty", file.display());
    fs::write(file, text + line).with_context(|| format!("{} cannot be saved", file.display()))
}
