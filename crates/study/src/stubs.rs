//! `cargo study stubs`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use lessons::{FileState, LessonDir, StubFile, write_given, write_stubs};
use owo_colors::OwoColorize;

/// Writes the stubs, or says which differ.
pub fn command(root: &Path, names: &[String], check: bool) -> Result<ExitCode> {
    let mut differ = 0;
    let selected = lessons::select(root, names)?;
    for lesson in &selected {
        for path in write_given(lesson, check)? {
            let shown = lesson.shown(&path);
            differ += 1;
            match check {
                true => anstream::eprintln!(
                    "{} does not have what an earlier lesson gives as it is there: run `cargo \
                     study stubs {}` and commit the result.",
                    shown.bold(),
                    lesson.name
                ),
                false => anstream::println!("{} {shown}", "wrote".green()),
            }
        }
        for file in write_stubs(lesson, check)? {
            if file.state == FileState::InSync {
                continue;
            }
            differ += 1;
            match check {
                true => anstream::eprintln!("{}", complaint(lesson, &file)),
                false => written(lesson, &file),
            }
        }
    }
    if differ == 0 {
        anstream::println!(
            "The stubs of {} lessons are in sync with their solutions.",
            selected.len()
        );
    }
    Ok(ExitCode::from(u8::from(check && differ > 0)))
}

fn written(lesson: &LessonDir, file: &StubFile) {
    anstream::println!("{} {}", "wrote".green(), lesson.shown(&file.path));
    if let Some(backup) = &file.backup {
        let held = if file.state == FileState::Answered { "it held an answer: a" } else { "a" };
        anstream::println!("  {held} copy of it is in {}", lesson.shown(backup).cyan());
    }
}

/// What is wrong, and what to do about it. An answer is a learner's work: it is met kindly.
fn complaint(lesson: &LessonDir, file: &StubFile) -> String {
    let shown = lesson.shown(&file.path);
    let name = &lesson.name;
    match file.state {
        FileState::Answered => format!(
            "{} holds an answer. Well done, and thank you: it belongs on a branch of your own, \
             since everybody else still wants to find it. `cargo study reset {name}` restores the \
             stub here and keeps a copy of yours.",
            shown.bold()
        ),
        FileState::Stale => format!(
            "{} is not what the solution makes of it: run `cargo study stubs {name}` and commit \
             the result. (To change what learners see, edit the solution.)",
            shown.bold()
        ),
        FileState::Missing => {
            format!("{} is missing: run `cargo study stubs {name}`.", shown.bold())
        }
        FileState::InSync => String::new(),
    }
}
