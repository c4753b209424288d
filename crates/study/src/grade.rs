//! `cargo study grade`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;
use grading::{CheckResult, Part, Progress, Sheet, Status};

use crate::board;
use crate::grader::{Graded, Outcome, grade};
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

/// Grades the named lessons, or all.
pub fn command(
    root: &Path,
    names: &[String],
    format: Format,
    output: Option<PathBuf>,
) -> Result<ExitCode> {
    let mut graded = Vec::new();
    for lesson in lessons::select(root, names)? {
        graded.push(grade(&lesson)?);
    }
    let text = match format {
        Format::Text => board::board(&graded, !names.is_empty()),
        Format::Json => {
            serde_json::to_string_pretty(&Progress::new(graded.iter().map(sheet).collect()))? + "\n"
        }
        Format::Junit => junit(&graded)?,
    };
    match output {
        Some(file) => {
            let plain = anstream::adapter::strip_str(&text).to_string();
            std::fs::write(&file, plain)
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        None => anstream::print!("{text}"),
    }
    explain_broken(&graded);
    Ok(exit_code(&graded))
}

/// What the compiler says, on standard error: the scores may go to a program.
fn explain_broken(graded: &[Graded]) {
    for Graded { lesson, outcome } in graded {
        if let Outcome::Broken(broken) = outcome {
            anstream::eprintln!(
                "\n{}\n{}",
                broken.rendered.trim_end(),
                board::alert(&broken.advice(lesson))
            );
        }
    }
}

/// 0 for full score, 1 for missing points, 2 if something could not be graded.
pub fn exit_code(graded: &[Graded]) -> ExitCode {
    let scored = || graded.iter().map(Graded::scored);
    if scored().any(|scored| scored.is_none()) {
        return ExitCode::from(2);
    }
    let full = scored().flatten().all(|scored| scored.sheet.points == scored.sheet.max_points);
    ExitCode::from(u8::from(!full))
}

/// A lesson that does not compile has a sheet too, so that a classroom sees it; without a hash it
/// counts nowhere.
pub fn sheet(graded: &Graded) -> Sheet {
    match &graded.outcome {
        Outcome::Scored(scored) => scored.sheet.clone(),
        Outcome::Broken(broken) => Sheet {
            lesson: graded.lesson.name.clone(),
            part: Part::Checks,
            hash: String::new(),
            points: 0,
            max_points: 0,
            checks: vec![CheckResult {
                name: "compiles".into(),
                title: "The lesson compiles".into(),
                status: Status::Failed,
                points: 0,
                section: String::new(),
                message: Some(anstream::adapter::strip_str(&broken.rendered).to_string()),
            }],
        },
    }
}
