//! `cargo study grade`.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;
use scores::Progress;

use crate::board;
use crate::graded::{Graded, Until, grade_all, grade_check};
use crate::junit::junit;

/// Who reads the scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A score board for you
    #[default]
    Text,
    /// For the progress page's import
    Json,
    /// For classrooms and CI
    Junit,
}

/// Grades the named lessons, or all; or one check, if a lesson and a check are named.
pub fn command(
    root: &Path,
    names: &[String],
    format: Format,
    output: Option<PathBuf>,
) -> Result<ExitCode> {
    let (selected, check) = match names {
        [lesson, check] if is_lesson(root, lesson) && !is_lesson(root, check) => {
            (vec![lessons::find(root, lesson)?], Some(check))
        }
        names => (lessons::select(root, names)?, None),
    };
    if let Some(file) = &output {
        must_be_writable(file)?;
    }
    let graded = match (check, &selected[..]) {
        (Some(check), [lesson]) => vec![grade_check(lesson, check)?],
        _ => grade_all(&selected, Until::End)?,
    };
    let text = match format {
        Format::Text => board::board(&graded, !names.is_empty()),
        Format::Json => {
            let sheets = graded.iter().map(|graded| graded.sheet.clone()).collect();
            serde_json::to_string_pretty(&Progress::new(sheets))? + "\n"
        }
        Format::Junit => junit(&graded)?,
    };
    match output {
        Some(file) => {
            let plain = anstream::adapter::strip_str(&text).to_string();
            fs::write(&file, plain).with_context(|| unwritable(&file))?;
        }
        None => anstream::print!("{text}"),
    }
    explain_broken(&graded);
    Ok(exit_code(&graded))
}

/// Whether it is the name of a lesson or of a step.
fn is_lesson(root: &Path, name: &str) -> bool {
    lessons::select(root, &[name.to_owned()]).is_ok()
}

/// Tells before the grading, which takes its time, that its result could not be kept. Leaves things
/// as they are: no empty file of scores, and the old one whole until there is a new one.
fn must_be_writable(file: &Path) -> Result<()> {
    let is_new = !file.exists();
    let opened = OpenOptions::new().append(true).create(true).open(file);
    opened.with_context(|| unwritable(file))?;
    if is_new {
        fs::remove_file(file).with_context(|| unwritable(file))?;
    }
    Ok(())
}

fn unwritable(file: &Path) -> String {
    format!("{} cannot be written", file.display())
}

/// What the compiler says, on standard error: the scores may go to a program.
fn explain_broken(graded: &[Graded]) {
    for broken in graded.iter().filter_map(|graded| graded.broken.as_ref()) {
        let advice = board::alert(&broken.advice);
        anstream::eprintln!("\n{}\n\n{advice}", broken.rendered.trim());
    }
}

/// 0 for full score, 1 for missing points, 2 if something could not be graded.
pub fn exit_code(graded: &[Graded]) -> ExitCode {
    if graded.iter().any(|graded| graded.broken.is_some()) {
        return ExitCode::from(2);
    }
    ExitCode::from(u8::from(!graded.iter().all(Graded::is_full)))
}
