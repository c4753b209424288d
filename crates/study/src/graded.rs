//! A lesson with its points: builds it and runs its checks, or says that it does not compile.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::{Context, Result};
use lessons::cargo::target_dir;
use lessons::{FileState, LessonDir, StubFile, files};
use scores::{CheckResult, Listing, Part, Place, Sheet, Status};
use stubs::STUB_COMMENT;

use crate::broken::Broken;
use crate::cargo::{Build, build, build_listing};
use crate::grader::{Grader, Stop};
use crate::pick;
use crate::terminal::Spinner;

/// A lesson, graded.
pub struct Graded {
    /// The lesson.
    pub lesson: LessonDir,
    /// Its checks.
    pub listing: Listing,
    /// The results of those that were asked for; where the code does not compile, all failed.
    pub sheet: Sheet,
    /// What the learner's code printed during each of them.
    pub printed: Vec<Vec<String>>,
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

    /// Whether not all checks of the lesson were asked for.
    pub fn is_part(&self) -> bool {
        self.sheet.checks.len() < self.listing.checks.len()
    }
}

/// What is asked of a grading.
struct Asked<'a> {
    until: Until,
    /// Only this check.
    check: Option<&'a str>,
    stop: Stop,
}

/// Builds a lesson and runs the checks on the learner's code.
pub fn grade(lesson: &LessonDir, until: Until) -> Result<Graded> {
    grade_unless(lesson, until, Stop::default())
}

/// The same, unless it is stopped before its end, which is an error.
pub fn grade_unless(lesson: &LessonDir, until: Until, stop: Stop) -> Result<Graded> {
    one(lesson, &Asked { until, check: None, stop })
}

/// The same for one check, by its name or a part that no other name has.
pub fn grade_check(lesson: &LessonDir, check: &str) -> Result<Graded> {
    one(lesson, &Asked { until: Until::End, check: Some(check), stop: Stop::default() })
}

/// Builds lessons in one call of cargo, and runs the checks of one after the other.
pub fn grade_all(lessons: &[LessonDir], until: Until) -> Result<Vec<Graded>> {
    all(lessons, &Asked { until, check: None, stop: Stop::default() })
}

fn one(lesson: &LessonDir, asked: &Asked) -> Result<Graded> {
    let mut graded = all(std::slice::from_ref(lesson), asked)?;
    graded.pop().context("the lesson was not graded")
}

fn all(lessons: &[LessonDir], asked: &Asked) -> Result<Vec<Graded>> {
    let spinner = Spinner::new();
    let built = build(lessons, &spinner)?;
    let grade = |(lesson, built)| match built {
        Build::Ready(program) => run(lesson, program, asked, &spinner),
        Build::Broken(broken) => not_compiled(lesson, broken, asked, &spinner),
    };
    lessons.iter().zip(built).map(grade).collect()
}

fn run(lesson: &LessonDir, program: PathBuf, asked: &Asked, spinner: &Spinner) -> Result<Graded> {
    let mut grader = Grader::new(program, &lesson.root)?;
    keep(lesson, &grader.listing)?;
    if let Some(check) = asked.check {
        grader = grader.only(check)?;
    }
    let kernels = untouched_kernels(lesson)?;
    let (sheet, printed) = grader.run(spinner, &asked.stop, |result| {
        mark_untouched(lesson, &grader.listing, &kernels, result);
        match (asked.until, result.status) {
            (Until::Failure, Status::Failed | Status::Timeout) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    })?;
    Ok(Graded { lesson: lesson.clone(), listing: grader.listing, sheet, printed, broken: None })
}

fn not_compiled(
    lesson: &LessonDir,
    broken: Broken,
    asked: &Asked,
    spinner: &Spinner,
) -> Result<Graded> {
    let listing = listing(lesson, spinner)?;
    let checks = match asked.check {
        Some(name) => std::slice::from_ref(pick::check(&listing, name)?),
        None => &listing.checks[..],
    };
    let checks = checks
        .iter()
        .map(|check| CheckResult::new(check, Status::Failed, Some(broken.summary.clone())));
    let hash = listing.hash_number().context("the hash of the checks is no number")?;
    let sheet = Sheet::new(&lesson.name, Part::Checks, hash, checks.collect());
    let (lesson, broken) = (lesson.clone(), Some(broken));
    Ok(Graded { lesson, listing, sheet, printed: Vec::new(), broken })
}

/// The checks of a lesson, also while the learner's file does not compile. Where the lesson itself
/// does not, they are those of the last time that it did, if there was one.
pub fn listing(lesson: &LessonDir, spinner: &Spinner) -> Result<Listing> {
    if let Some(program) = build_listing(lesson, spinner)? {
        let listing = Grader::new(program, &lesson.root)?.listing;
        keep(lesson, &listing)?;
        return Ok(listing);
    }
    let kept = fs::read_to_string(kept(lesson)).ok();
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_else(|| Listing {
        name: lesson.name.clone(),
        step: lesson.step.clone(),
        title: lesson.name.clone(),
        hash: "0".into(),
        checks: Vec::new(),
    }))
}

fn kept(lesson: &LessonDir) -> PathBuf {
    target_dir(&lesson.root).join(format!("study/listings/{}.json", lesson.name))
}

fn keep(lesson: &LessonDir, listing: &Listing) -> Result<()> {
    let file = kept(lesson);
    files::make_folder(file.parent().unwrap_or(&lesson.root))?;
    files::write(&file, serde_json::to_string(listing)?)
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
    let Some(listed) = listed.filter(|listed| listed.is_kernel) else { return };
    // `softmax_wgsl` returns `softmax.wgsl`.
    let name = listed.function.trim_end_matches("_wgsl");
    let file = untouched.iter().find(|file| file.path.file_stem().is_some_and(|stem| stem == name));
    if let (Some(file), Status::Failed) = (file, result.status) {
        let line = file.text.lines().position(|line| line.trim().starts_with(STUB_COMMENT));
        let line = line.unwrap_or_default() as u32 + 1;
        result.status = Status::Unfinished;
        result.message = Some(format!("not yet implemented: {}", listed.function));
        result.place = Some(Place { file: lesson.shown(&file.path), line });
    }
}
