//! What a lesson's checks are called and how they ended: what graders, the command line, the book and
//! its pages pass on to each other. It is apart from `grading`, so that a program which only reads it
//! compiles no grader.
//!
//! [`Progress`] is the one format of scores: `cargo study grade --format json`, and the page's export
//! and import.

mod hash;
mod limits;
mod listing;

pub use hash::content_hash;
pub use limits::{MEMORY_LIMIT, TIME_LIMIT, TIME_LIMIT_AFTER_TIMEOUT};
pub use listing::{ListedCheck, Listing};

use serde::{Deserialize, Serialize};

/// The value of [`Progress::format`]. In files of the format before, `…/progress/1`, a check had
/// the points to be had as its `points` and no `max_points`; they can still be read.
pub const FORMAT: &str = "genai-study-buddy/progress/2";

/// A learner's scores.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Progress {
    /// [`FORMAT`].
    pub format: String,
    /// One sheet a lesson and part.
    pub sheets: Vec<Sheet>,
}

/// The part of a lesson that a sheet scores.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The graded checks, in the terminal or in a kernel lab.
    Checks,
    /// The quiz of the page.
    Quiz,
}

/// The scores of one lesson's part.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Sheet {
    /// The lesson's crate.
    pub lesson: String,
    /// What is scored.
    pub part: Part,
    /// Hash of the checks or of the quiz, 16 hexadecimal digits: a score of other content does
    /// not count.
    pub hash: String,
    /// Points reached.
    pub points: u32,
    /// Points to be had.
    pub max_points: u32,
    /// Check by check.
    pub checks: Vec<CheckResult>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Full points.
    Passed,
    /// A wrong answer, an error or a panic.
    Failed,
    /// It reached a `todo!()`.
    Unfinished,
    /// It did not end in time.
    Timeout,
    /// This machine cannot run it.
    Unavailable,
}

/// The result of one check.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(from = "Written")]
pub struct CheckResult {
    /// The check's name, or the question's id.
    pub name: String,
    /// One sentence.
    pub title: String,
    /// How it ended.
    pub status: Status,
    /// Points reached: all of them or none.
    pub points: u32,
    /// Points to be had.
    pub max_points: u32,
    /// The anchor on the lesson's page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// What was expected, what came, where, and by how much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Where the code panicked, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A result in a file, of this format or the one before.
#[derive(Deserialize)]
struct Written {
    name: String,
    title: String,
    status: Status,
    points: u32,
    max_points: Option<u32>,
    #[serde(default)]
    section: String,
    message: Option<String>,
    place: Option<Place>,
}

impl From<Written> for CheckResult {
    fn from(written: Written) -> Self {
        let Written { name, title, status, points, max_points, section, message, place } = written;
        let max_points = max_points.unwrap_or(points);
        let points = reached(status, max_points);
        Self { name, title, status, points, max_points, section, message, place }
    }
}

fn reached(status: Status, max_points: u32) -> u32 {
    if status == Status::Passed { max_points } else { 0 }
}

/// A line of a source file.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Place {
    /// From the root of the workspace, as the compiler names it.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}

impl CheckResult {
    /// The result of a check: full points where it passed, else none.
    pub fn new(check: &ListedCheck, status: Status, message: Option<String>) -> Self {
        Self {
            name: check.name.clone(),
            title: check.title.clone(),
            status,
            points: reached(status, check.points),
            max_points: check.points,
            section: check.section.clone(),
            message,
            place: None,
        }
    }
}

impl Sheet {
    /// Adds up the results.
    pub fn new(lesson: &str, part: Part, hash: u64, checks: Vec<CheckResult>) -> Self {
        Self {
            lesson: lesson.into(),
            part,
            hash: format!("{hash:016x}"),
            points: checks.iter().map(|check| check.points).sum(),
            max_points: checks.iter().map(|check| check.max_points).sum(),
            checks,
        }
    }
}

impl Progress {
    /// Scores in the current format.
    pub fn new(sheets: Vec<Sheet>) -> Self {
        Self { format: FORMAT.into(), sheets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_reached_and_to_be_had_are_two_fields_and_old_files_are_read() {
        let old =
            |status: &str| format!(r#"{{"name":"a","title":"A","status":"{status}","points":3}}"#);
        for (status, points) in [("passed", 3), ("failed", 0), ("unfinished", 0)] {
            let check: CheckResult = serde_json::from_str(&old(status)).unwrap();
            assert_eq!((check.points, check.max_points), (points, 3), "{status}");
            let new = serde_json::to_value(&check).unwrap();
            assert_eq!((&new["points"], &new["max_points"]), (&points.into(), &3.into()));
            assert_eq!(serde_json::from_value::<CheckResult>(new).unwrap(), check);
        }
    }
}
