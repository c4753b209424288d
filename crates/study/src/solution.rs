//! `cargo study solution` and `cargo study reset`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use lessons::{FileState, files, write_stubs};
use owo_colors::OwoColorize;
use stubs::{answered_functions, without_markers};

use crate::graded::{Until, grade};
use crate::state::forget_hints;

/// Prints what the learner was to write, as the reference has it.
pub fn show(root: &Path, name: &str, anyway: bool) -> Result<ExitCode> {
    let lesson = lessons::find(root, name)?;
    if !anyway {
        let name = &lesson.name;
        let graded = grade(&lesson, Until::End)?;
        let (points, max) = (graded.sheet.points, graded.sheet.max_points);
        let score = match graded.broken {
            Some(_) => Some("the lesson does not compile yet".to_owned()),
            None => (points < max).then(|| format!("you have {points} of {max} points")),
        };
        if let Some(score) = score {
            anstream::eprintln!(
                "The reference is more fun after your own: {score}.\n  {} cargo study hint {name}\n  {} cargo study solution {name} --anyway",
                "a hint  ".dimmed(),
                "spoil it".dimmed()
            );
            return Ok(ExitCode::from(1));
        }
    }
    let path = lesson.solution();
    let source = files::read_text(&path)?;
    heading(&lesson.shown(&path));
    for function in answered_functions(&source) {
        anstream::println!("{}\n", function.source);
    }
    for kernel in lesson.kernels()? {
        let path = lesson.path.join("kernels/solution").join(kernel);
        let source = files::read_text(&path)?;
        heading(&lesson.shown(&path));
        anstream::println!("{}", without_markers(&source));
    }
    Ok(ExitCode::SUCCESS)
}

fn heading(path: &str) {
    anstream::println!("{}", format!("// {path}").green());
}

/// Restores the stubs, after a copy of what was there, and begins with the first hint again.
pub fn reset(root: &Path, name: &str) -> Result<ExitCode> {
    let lesson = lessons::find(root, name)?;
    let files = write_stubs(&lesson, false)?;
    forget_hints(root, &lesson.name)?;
    if files.iter().all(|file| file.state == FileState::InSync) {
        anstream::println!("{} is as it was at the start: nothing to do.", lesson.name);
    }
    for file in files.iter().filter(|file| file.state != FileState::InSync) {
        anstream::println!("{} {}", "restored".green(), lesson.shown(&file.path));
        if let Some(backup) = &file.backup {
            anstream::println!("  your version is in {}", lesson.shown(backup).cyan());
        }
    }
    Ok(ExitCode::SUCCESS)
}
