//! Where in the learner's files a check that does not pass sends the learner.

use std::fs;

use lessons::LessonDir;
use scores::{CheckResult, Listing, Place, Status};

/// File and line, from the root: of the `todo!()`, of the panic, or of the function that the check
/// judges; else the kernel or the learner's file.
pub fn place(lesson: &LessonDir, listing: &Listing, check: &CheckResult) -> String {
    let file = lesson.shown(&lesson.exercise());
    let is_learners = |place: &&Place| check.status == Status::Unfinished || place.file == file;
    if let Some(place) = check.place.as_ref().filter(is_learners) {
        return shown(place);
    }
    let Some(listed) = listing.checks.iter().find(|listed| listed.name == check.name) else {
        return file;
    };
    if listed.is_kernel {
        return kernel_file(lesson, &listed.function);
    }
    let exercise = fs::read_to_string(lesson.exercise()).unwrap_or_default();
    match stubs::function(&exercise, &listed.function) {
        Some(function) => format!("{file}:{}", function.line),
        None => file,
    }
}

/// `exercises/…/src/exercise.rs:42`.
pub fn shown(Place { file, line }: &Place) -> String {
    format!("{file}:{line}")
}

/// `softmax_wgsl` returns `kernels/exercise/softmax.wgsl`.
fn kernel_file(lesson: &LessonDir, kernel: &str) -> String {
    let folder = lesson.path.join("kernels/exercise");
    let file = folder.join(format!("{}.wgsl", kernel.trim_end_matches("_wgsl")));
    lesson.shown(if file.is_file() { &file } else { &folder })
}
