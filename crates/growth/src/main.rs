//! `cargo study bench growth`: what one more lesson costs.
//!
//! In a scratch clone of the working tree it times a clean `serve` and a clean `test`, adds copies
//! of three lessons under other names, times the same again, and draws the line to seventy lessons
//! beside the budgets. It takes about an hour and a half, on a machine that does nothing else.

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
const COPIED: [&str; 3] = ["first-gpu-kernel", "other-tokenizers", "what-an-llm-is"];

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
    let before = Measured::take(&clone)?;
    say("the same with three lessons more");
    for name in COPIED {
        copies::add(&clone, name)?;
    }
    let after = Measured::take(&clone)?;

    let (count, added) = (before.lessons as f64, COPIED.len() as f64);
    let each = |of: fn(&Measured) -> f64| (of(&after) - of(&before)) / added;
    let at_seventy = |of: fn(&Measured) -> f64| of(&before) + (PLANNED - count) * each(of);
    let test = each(|m| m.test);
    println!("\nWhat one more lesson costs ({count} lessons and {added} copies)\n");
    row("clean `cargo study test`: fixed part, min", (before.test - count * test) / 60.0, 10.0);
    row("… each lesson more, s", test, 35.0);
    row("… at seventy, min", at_seventy(|m| m.test) / 60.0, 50.0);
    row(&format!("save → board, slowest ({}), s", before.save.1), before.save.0, 5.0);
    row("serve: exercise edited → reloaded, s", before.exercise, 12.0);
    row("… with three lessons more, s", after.exercise, 12.0);
    row("serve: page edited → reloaded, s", before.page, 1.0);
    row("… with three lessons more, s", after.page, 1.0);
    row("clean `cargo study serve`: first page readable, min", before.first / 60.0, 3.0);
    row("… with three lessons more, min", after.first / 60.0, 3.0);
    row("… everything there, min", before.whole / 60.0, 15.0);
    row("… everything there at seventy, min", at_seventy(|m| m.whole) / 60.0, 15.0);
    let heaviest = format!("heaviest first run ({}), KB gzipped", before.heaviest.1);
    row(&heaviest, before.heaviest.0 as f64 / 1e3, 250.0);
    row("site at seventy, MB gzipped", at_seventy(|m| m.site as f64) / 1e6, 15.0);
    row("lines a lesson, on average", before.lines, 1500.0);
    Ok(())
}

/// What a book costs, in seconds, bytes and lines.
struct Measured {
    lessons: usize,
    /// A clean `cargo study serve`: until the first page, and until everything is there.
    first: f64,
    whole: f64,
    /// While it is served: from a save to the pages written again.
    page: f64,
    exercise: f64,
    /// From a save to the board, and the lesson where it takes longest.
    save: (f64, String),
    /// A clean `cargo study test`.
    test: f64,
    site: usize,
    heaviest: (usize, String),
    lines: f64,
}

impl Measured {
    fn take(clone: &Path) -> Result<Self> {
        let lessons = lessons::find_all(clone)?;
        say("a clean `cargo study serve`");
        let (first, whole) = clean_serve(clone)?;
        eprintln!("  the first page after {first:.0} s, everything after {whole:.0} s");
        say("edits while the book is served");
        let (page, exercise) = edits(clone, &lessons)?;
        eprintln!("  a page {page:.1} s, an exercise {exercise:.1} s");
        say("a save of every lesson's exercise");
        let mut slowest = (0.0, String::new());
        for lesson in &lessons {
            let seconds = save(clone, lesson)?;
            eprintln!("  {}: {seconds:.1} s", lesson.name);
            if seconds > slowest.0 {
                slowest = (seconds, lesson.name.clone());
            }
        }
        say("a clean `cargo study test`");
        fs::remove_dir_all(clone.join("target"))?;
        let test = study(clone, &["test"], true)?;
        eprintln!("  {test:.0} s");
        let book = clone.join("book");
        let (site, heaviest) = (sizes::site(&book)?, sizes::heaviest(&book)?);
        let lines = sizes::lines(clone, &lessons)?;
        let lessons = lessons.len();
        Ok(Self {
            lessons,
            first,
            whole,
            page,
            exercise,
            save: slowest,
            test,
            site,
            heaviest,
            lines,
        })
    }
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
    type Done = fn(&mut Serving) -> Result<()>;
    let mut timed = |file: PathBuf, done: Done| -> Result<f64> {
        let mut seconds = Vec::new();
        for _ in 0..3 {
            touch(&file)?;
            let start = Instant::now();
            done(&mut serving)?;
            seconds.push(start.elapsed().as_secs_f64());
        }
        seconds.sort_by(f64::total_cmp);
        Ok(seconds[1])
    };
    let page = timed(lesson.page_path(), Serving::rewritten)?;
    let exercise = timed(lesson.exercise(), Serving::rebuilt)?;
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
