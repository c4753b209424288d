//! `cargo study watch`: grades whenever a file is saved.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use lessons::LessonDir;
use notify_debouncer_mini::new_debouncer;
use notify_debouncer_mini::notify::RecursiveMode;
use owo_colors::OwoColorize;

use crate::board;
use crate::graded::{Graded, Until, grade};
use crate::next;

/// Editors save in several steps; after so long a pause the file is whole.
const PAUSE: Duration = Duration::from_millis(150);

/// Grades the lesson, then again after every save; without a lesson, the one whose file is saved.
pub fn command(root: &Path, name: Option<String>) -> Result<ExitCode> {
    let names: Vec<String> = name.into_iter().collect();
    let watched = lessons::select(root, &names)?;
    let (sender, saved) = mpsc::channel();
    let mut debouncer = new_debouncer(PAUSE, sender).context("files cannot be watched here")?;
    for folder in watched.iter().flat_map(folders) {
        let watching = debouncer.watcher().watch(&folder, RecursiveMode::Recursive);
        watching.with_context(|| format!("{} cannot be watched", folder.display()))?;
    }
    let mut seen: Vec<Saved> = watched.iter().map(last_saved).collect();
    show_first(&watched)?;
    for events in saved {
        events.context("files cannot be watched any more")?;
        // The compiler reads what is watched, and on some systems that is an event, too.
        for (lesson, seen) in watched.iter().zip(&mut seen) {
            let now = last_saved(lesson);
            if *seen != now {
                *seen = now;
                show(lesson);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The source files of a lesson, each with when it was saved.
type Saved = Vec<(PathBuf, Option<SystemTime>)>;

fn last_saved(lesson: &LessonDir) -> Saved {
    let mut files = Vec::new();
    let mut folders = folders(lesson);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_source = path.extension().is_some_and(|e| e == "rs" || e == "wgsl");
            if path.is_dir() {
                folders.push(path);
            } else if is_source {
                let saved = entry.metadata().and_then(|metadata| metadata.modified());
                files.push((path, saved.ok()));
            }
        }
    }
    files.sort();
    files
}

fn folders(lesson: &LessonDir) -> Vec<PathBuf> {
    let folders = ["src", "kernels"].map(|name| lesson.path.join(name));
    folders.into_iter().filter(|folder| folder.is_dir()).collect()
}

/// The first lesson that is not done; where all are, the first.
fn show_first(watched: &[LessonDir]) -> Result<()> {
    for lesson in watched {
        let graded = grade(lesson, Until::End)?;
        if watched.len() == 1 || next::advice(&graded).is_some() {
            print(&graded);
            return Ok(());
        }
    }
    anstream::println!("{}", "Every lesson has full score. Waiting for changes.".green());
    Ok(())
}

fn show(lesson: &LessonDir) {
    match grade(lesson, Until::End) {
        Ok(graded) => print(&graded),
        Err(error) => anstream::eprintln!("{} {error:#}", "error:".red().bold()),
    }
}

fn print(graded: &Graded) {
    if std::io::stdout().is_terminal() {
        // Clears the screen and what scrolled off it, and goes to the top left.
        print!("\u{1b}[2J\u{1b}[3J\u{1b}[H");
    }
    let done = || format!("{}\n", "Full score.".green().bold());
    anstream::println!("{}", next::advice(graded).unwrap_or_else(done));
    if graded.broken.is_none() {
        anstream::print!("{}", board::board(std::slice::from_ref(graded), true));
    }
    anstream::println!("{}", "Watching: save to grade again, Ctrl-C to stop.".dimmed());
}
