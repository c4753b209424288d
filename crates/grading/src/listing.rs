//! What a lesson's grader says about its checks before it runs them.

use serde::{Deserialize, Serialize};

use crate::{CheckInfo, Lesson};

/// A lesson without its code: what `--list` prints as one line of JSON.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Listing {
    /// The lesson's crate.
    pub name: String,
    /// The folder of its step.
    pub step: String,
    /// As in the table of contents.
    pub title: String,
    /// As in [`crate::Sheet`].
    pub hash: String,
    /// In the order of the page.
    pub checks: Vec<ListedCheck>,
}

/// A check without its code.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct ListedCheck {
    /// The name of its `#[test]`.
    pub name: String,
    /// One sentence.
    pub title: String,
    /// The function it judges; of a kernel the one that returns its source.
    pub function: String,
    /// Whether it judges a kernel.
    pub is_kernel: bool,
    /// What it is worth.
    pub points: u32,
    /// The anchor on the lesson's page.
    pub section: String,
    /// From a nudge to almost the answer.
    pub hints: Vec<String>,
}

impl From<&CheckInfo> for ListedCheck {
    fn from(check: &CheckInfo) -> Self {
        Self {
            name: check.name.into(),
            title: check.title.into(),
            function: check.function.into(),
            is_kernel: check.is_kernel,
            points: check.points,
            section: check.section.into(),
            hints: check.hints.iter().map(|&hint| hint.into()).collect(),
        }
    }
}

impl<A> From<&Lesson<A>> for Listing {
    fn from(lesson: &Lesson<A>) -> Self {
        Self {
            name: lesson.name.into(),
            step: lesson.step.into(),
            title: lesson.title.into(),
            hash: format!("{:016x}", lesson.hash),
            checks: lesson.checks.iter().map(|check| ListedCheck::from(&check.info)).collect(),
        }
    }
}

impl Listing {
    /// The hash as [`Lesson::hash`] has it.
    pub fn hash_number(&self) -> Result<u64, std::num::ParseIntError> {
        u64::from_str_radix(&self.hash, 16)
    }
}
