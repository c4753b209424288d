//! The one format of scores: `cargo study grade --format json`, and the page's export and import.

use serde::{Deserialize, Serialize};

use crate::{CheckInfo, Failure};

/// The value of [`Progress::format`].
pub const FORMAT: &str = "genai-study-buddy/progress/1";

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
pub struct CheckResult {
    /// The check's name, or the question's id.
    pub name: String,
    /// One sentence.
    pub title: String,
    /// How it ended.
    pub status: Status,
    /// Points to be had.
    pub points: u32,
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

/// A line of a source file.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Place {
    /// From the root of the workspace, as the compiler names it.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
}

impl CheckResult {
    /// The result of a check that ran to its end.
    pub fn new(check: &CheckInfo, outcome: &Result<(), Failure>) -> Self {
        let (status, message) = match outcome {
            Ok(()) => (Status::Passed, None),
            Err(Failure::Wrong(m)) => (Status::Failed, Some(m.clone())),
            Err(Failure::Unavailable(m)) => (Status::Unavailable, Some(m.clone())),
        };
        Self::ended(check, status, message)
    }

    /// The result of a check that ended in some other way.
    pub fn ended(check: &CheckInfo, status: Status, message: Option<String>) -> Self {
        Self {
            name: check.name.into(),
            title: check.title.into(),
            status,
            points: check.points,
            section: check.section.into(),
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
            points: checks.iter().filter(|c| c.status == Status::Passed).map(|c| c.points).sum(),
            max_points: checks.iter().map(|c| c.points).sum(),
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
