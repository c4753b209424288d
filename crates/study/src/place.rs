//! Where in the learner's files a check that does not pass sends the learner.

use std::collections::HashSet;
use std::fs;

use grading::{CheckResult, Listing, Status};
use lessons::{Function, LessonDir};

/// File and line, from the root: of the `todo!()`, of the panic, or of the function that the check
/// judges; else the kernel or the learner's file.
pub fn place(lesson: &LessonDir, listing: &Listing, check: &CheckResult) -> String {
    if let Some(place) = todo_place(check).or_else(|| panic_place(lesson, check)) {
        return place.to_owned();
    }
    let listed = listing.checks.iter().find(|listed| listed.name == check.name);
    if let Some(kernel) = listed.and_then(|listed| listed.kernel.as_deref()) {
        return kernel_file(lesson, kernel);
    }
    let file = lesson.shown(&lesson.exercise());
    match judged(lesson, &check.name) {
        Some(function) => format!("{file}:{}", function.line),
        None => file,
    }
}

/// Where the `todo!()` is that a check reached: its panic says so.
pub fn todo_place(check: &CheckResult) -> Option<&str> {
    let message = check.message.as_deref().filter(|_| check.status == Status::Unfinished)?;
    message.split_once(": not ").map(|(place, _)| place)
}

/// `exercises/…/src/exercise.rs:42` of a panic in the learner's file.
fn panic_place<'a>(lesson: &LessonDir, check: &'a CheckResult) -> Option<&'a str> {
    let (place, _) = check.message.as_deref()?.split_once(": ")?;
    let (file, line) = place.rsplit_once(':')?;
    let is_place = file == lesson.shown(&lesson.exercise()) && line.parse::<usize>().is_ok();
    is_place.then_some(place)
}

/// `softmax_wgsl` returns `kernels/exercise/softmax.wgsl`.
fn kernel_file(lesson: &LessonDir, kernel: &str) -> String {
    let folder = lesson.path.join("kernels/exercise");
    let file = folder.join(format!("{}.wgsl", kernel.trim_end_matches("_wgsl")));
    lesson.shown(if file.is_file() { &file } else { &folder })
}

/// The first of the learner's functions that a check calls, itself or in a helper.
fn judged(lesson: &LessonDir, check: &str) -> Option<Function> {
    let checks = lesson.checks().ok()?.concat();
    let exercise = fs::read_to_string(lesson.exercise()).ok()?;
    called(&checks, check, &mut HashSet::new())
        .into_iter()
        .find_map(|name| lessons::function(&exercise, &name))
}

/// What a function of the checks calls of the subject, its own calls before those of its helpers.
fn called(checks: &str, function: &str, seen: &mut HashSet<String>) -> Vec<String> {
    let Some(found) = lessons::function(checks, function) else { return Vec::new() };
    if !seen.insert(function.to_owned()) {
        return Vec::new();
    }
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut names: Vec<String> = Vec::new();
    let mut helpers = Vec::new();
    for path in found.source.split(|c| !is_path(c)) {
        match path.strip_prefix("subject::") {
            Some(name) => names.push(name.to_owned()),
            None if !path.contains(':') => helpers.push(path),
            None => {}
        }
    }
    for helper in helpers {
        names.extend(called(checks, helper, seen));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_of_the_book_leads_to_a_function_or_a_kernel() {
        let root = lessons::workspace_root().unwrap();
        for lesson in lessons::find_all(&root).unwrap() {
            for check in crate::listing::listing(&lesson).unwrap().checks {
                match check.kernel {
                    Some(kernel) => assert!(kernel_file(&lesson, &kernel).ends_with(".wgsl")),
                    None => assert!(judged(&lesson, &check.name).is_some(), "{}", check.name),
                }
            }
        }
    }

    #[test]
    fn a_check_that_calls_through_a_helper_is_followed() {
        let checks = "fn check() -> Outcome {\n    helper(3)\n}\n\nfn helper(n: u32) -> Outcome {\n    \
                      expect(subject::Bpe::encode(n) == helper(n))\n}\n";
        assert_eq!(called(checks, "check", &mut HashSet::new()), ["Bpe::encode"]);
    }
}
