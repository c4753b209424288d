//! A lesson with its points: builds it and runs its checks, or says that it does not compile.

use std::ops::ControlFlow;

use anyhow::{Context, Result};
use grading::{CheckResult, Listing, Part, Sheet, Status};
use lessons::{FileState, LessonDir, STUB_COMMENT, StubFile};

use crate::cargo::{Broken, Build, build};
use crate::grader::Grader;
use crate::listing::listing;
use crate::terminal::Spinner;

/// A lesson, graded.
pub struct Graded {
    /// The lesson.
    pub lesson: LessonDir,
    /// Its checks.
    pub listing: Listing,
    /// Their results; where the code does not compile, all of them failed.
    pub sheet: Sheet,
    /// What the learner's code printed.
    pub printed: Vec<String>,
    /// Why the learner's code does not compile, if it does not.
    pub broken: Option<Broken>,
}

/// How much of a lesson is graded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Every check runs.
    End,
    /// Up to the first check that fails: what is behind it is not asked for.
    Failure,
}

impl Graded {
    /// Whether every check passes.
    pub fn is_full(&self) -> bool {
        self.sheet.points == self.sheet.max_points
    }
}

/// Builds a lesson and runs the checks on the learner's code.
pub fn grade(lesson: &LessonDir, until: Until) -> Result<Graded> {
    let spinner = Spinner::new();
    let program = match build(lesson, &[], &spinner)? {
        Build::Ready(program) => program,
        Build::Broken(broken) => return not_compiled(lesson, broken),
    };
    let grader = Grader::new(program, &lesson.root)?;
    let kernels = untouched_kernels(lesson)?;
    let (sheet, printed) = grader.run("exercise", &spinner, |result| {
        mark_untouched(lesson, &grader.listing, &kernels, result);
        match (until, result.status) {
            (Until::Failure, Status::Failed | Status::Timeout) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    })?;
    Ok(Graded { lesson: lesson.clone(), listing: grader.listing, sheet, printed, broken: None })
}

fn not_compiled(lesson: &LessonDir, broken: Broken) -> Result<Graded> {
    let listing = listing(lesson)?;
    let checks = listing.checks.iter().map(|check| CheckResult {
        name: check.name.clone(),
        title: check.title.clone(),
        status: Status::Failed,
        points: check.points,
        section: check.section.clone(),
        message: Some(broken.summary(lesson)),
    });
    let hash = listing.hash_number().context("the hash of the checks is no number")?;
    let sheet = Sheet::new(&lesson.name, Part::Checks, hash, checks.collect());
    let (lesson, broken) = (lesson.clone(), Some(broken));
    Ok(Graded { lesson, listing, sheet, printed: Vec::new(), broken })
}

/// The kernels that are still the stub.
fn untouched_kernels(lesson: &LessonDir) -> Result<Vec<StubFile>> {
    let mut files = lessons::stub_files(lesson)?;
    files.retain(|file| {
        file.state == FileState::InSync && file.path.extension().is_some_and(|e| e == "wgsl")
    });
    Ok(files)
}

/// A kernel has no `todo!()`: that it is not written yet shows in its being the stub still.
fn mark_untouched(
    lesson: &LessonDir,
    listing: &Listing,
    untouched: &[StubFile],
    result: &mut CheckResult,
) {
    let listed = listing.checks.iter().find(|listed| listed.name == result.name);
    let Some(kernel) = listed.and_then(|listed| listed.kernel.as_deref()) else { return };
    // `softmax_wgsl` returns `softmax.wgsl`.
    let name = kernel.trim_end_matches("_wgsl");
    let file = untouched.iter().find(|file| file.path.file_stem().is_some_and(|stem| stem == name));
    if let (Some(file), Status::Failed) = (file, result.status) {
        let line = file.text.lines().position(|line| line.trim().starts_with(STUB_COMMENT));
        let place = format!("{}:{}", lesson.shown(&file.path), line.unwrap_or_default() + 1);
        result.status = Status::Unfinished;
        result.message = Some(format!("{place}: not yet implemented: {kernel}"));
    }
}
