//! `cargo study watch`: grades whenever a file is saved.

use std::collections::VecDeque;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use lessons::LessonDir;
use notify_debouncer_mini::notify::RecursiveMode;
use notify_debouncer_mini::{DebounceEventResult, new_debouncer};
use owo_colors::OwoColorize;

use crate::board::{self, cyan};
use crate::graded::{Graded, Until, grade_unless};
use crate::grader::Stop;
use crate::text::paragraph;
use crate::{links, next};

/// Editors save in several steps; after so long a pause the file is whole.
const PAUSE: Duration = Duration::from_millis(150);

/// What happens while files are watched.
enum Event {
    /// Something in a lesson's folder.
    Files(DebounceEventResult),
    /// A grading has ended.
    Graded,
}

/// A grading at work.
struct Running {
    stop: Stop,
    thread: JoinHandle<Result<()>>,
}

/// Grades the lesson, then again after every save; without a lesson, the one whose file is saved. A
/// save ends a grading that is still at work: what it would say is of no interest any more.
pub fn command(root: &Path, name: Option<String>) -> Result<ExitCode> {
    let names: Vec<String> = name.into_iter().collect();
    let watched = lessons::select(root, &names)?;
    let (sender, events) = mpsc::channel();
    let files = sender.clone();
    let hear = move |events| drop(files.send(Event::Files(events)));
    let mut debouncer = new_debouncer(PAUSE, hear).context("files cannot be watched here")?;
    for folder in watched.iter().flat_map(folders) {
        let watching = debouncer.watcher().watch(&folder, RecursiveMode::Recursive);
        watching.with_context(|| format!("{} cannot be watched", folder.display()))?;
    }
    let mut seen: Vec<Saved> = watched.iter().map(last_saved).collect();
    let mut running = Some(start(&sender, {
        let watched = watched.clone();
        move |stop| show_first(&watched, stop)
    }));
    let mut saved: VecDeque<LessonDir> = VecDeque::new();
    for event in events {
        match event {
            Event::Files(files) => {
                files.context("files cannot be watched any more")?;
                // The compiler reads what is watched, and on some systems that is an event, too.
                for (lesson, seen) in watched.iter().zip(&mut seen) {
                    let now = last_saved(lesson);
                    if *seen != now {
                        *seen = now;
                        saved.retain(|other| other != lesson);
                        saved.push_back(lesson.clone());
                    }
                }
                if let (Some(running), false) = (&running, saved.is_empty()) {
                    running.stop.stop();
                }
            }
            Event::Graded => {
                if let Some(Running { stop, thread }) = running.take() {
                    let graded = thread.join().unwrap_or(Ok(()));
                    if let (Err(error), false) = (graded, stop.is_stopped()) {
                        anstream::eprintln!("{} {error:#}", "error:".red().bold());
                    }
                }
            }
        }
        if running.is_none()
            && let Some(lesson) = saved.pop_front()
        {
            running = Some(start(&sender, move |stop| show_first(&[lesson], stop)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Grades on a thread of its own, so that a save is heard meanwhile.
fn start(
    sender: &mpsc::Sender<Event>,
    work: impl FnOnce(&Stop) -> Result<()> + Send + 'static,
) -> Running {
    let (stop, sender) = (Stop::default(), sender.clone());
    let its = stop.clone();
    let thread = thread::spawn(move || {
        let done = work(&its);
        // Nobody listens any more when the command is at its end.
        let _ = sender.send(Event::Graded);
        done
    });
    Running { stop, thread }
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

/// The lesson that comes after one in the book, whichever are watched.
fn following(root: &Path, lesson: &LessonDir) -> Option<LessonDir> {
    let all = lessons::find_all(root).unwrap_or_default();
    let at = all.iter().position(|other| other == lesson)?;
    all.into_iter().nth(at + 1)
}

/// The first lesson that is not done; where all are, the first.
fn show_first(watched: &[LessonDir], stop: &Stop) -> Result<()> {
    for lesson in watched {
        let graded = grade_unless(lesson, Until::End, stop.clone())?;
        if watched.len() == 1 || next::advice(&graded).is_some() {
            print(&graded, stop);
            return Ok(());
        }
    }
    anstream::println!("{}", "Every lesson has full score. Waiting for changes.".green());
    Ok(())
}

/// What is next stands last: a board may be longer than the terminal, which shows its end.
fn print(graded: &Graded, stop: &Stop) {
    if stop.is_stopped() {
        return;
    }
    if std::io::stdout().is_terminal() {
        // Clears the screen and what scrolled off it, and goes to the top left.
        print!("\u{1b}[2J\u{1b}[3J\u{1b}[H");
    }
    if graded.broken.is_none() {
        anstream::println!("{}", board::board(std::slice::from_ref(graded), true));
    }
    anstream::println!("{}", next::advice(graded).unwrap_or_else(|| done(&graded.lesson)));
    anstream::println!("{}", "Watching: save to grade again, Ctrl-C to stop.".dimmed());
}

/// What there is to do after full score.
fn done(lesson: &LessonDir) -> String {
    let mut out = format!("{}\n", "Full score.".green().bold());
    match following(&lesson.root, lesson) {
        Some(next) => {
            let watch = format!("cargo study watch {}", next.name);
            paragraph(&mut out, 2, "the next lesson", &watch, cyan);
            paragraph(&mut out, 2, "its page", &links::section(&next, ""), cyan);
        }
        None => out.push_str("  It is the last lesson that there is.\n"),
    }
    out
}
