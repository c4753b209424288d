//! What a lesson's grader says about its checks before it runs them.

use serde::{Deserialize, Serialize};

use crate::{Check, Lesson, Run};

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
    /// Empty in a build without the `mutants` feature.
    pub mutants: Vec<ListedMutant>,
}

/// A check without its code.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct ListedCheck {
    /// The name of its `#[test]`.
    pub name: String,
    /// One sentence.
    pub title: String,
    /// What it is worth.
    pub points: u32,
    /// The anchor on the lesson's page.
    pub section: String,
    /// From a nudge to almost the answer.
    pub hints: Vec<String>,
    /// The subject's function that returns the kernel, if it judges one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
}

/// A mutant without its code.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct ListedMutant {
    /// Its module.
    pub name: String,
    /// The check that must fail.
    pub killed_by: String,
}

impl From<&Check> for ListedCheck {
    fn from(check: &Check) -> Self {
        Self {
            name: check.name.into(),
            title: check.title.into(),
            points: check.points,
            section: check.section.into(),
            hints: check.hints.iter().map(|&hint| hint.into()).collect(),
            kernel: match check.run {
                Run::Cpu(_) => None,
                Run::Kernel { kernel, .. } => Some(kernel.into()),
            },
        }
    }
}

impl From<&Lesson> for Listing {
    fn from(lesson: &Lesson) -> Self {
        let mutants = lesson.mutants.iter();
        Self {
            name: lesson.name.into(),
            step: lesson.step.into(),
            title: lesson.title.into(),
            hash: format!("{:016x}", lesson.hash),
            checks: lesson.reference.iter().map(ListedCheck::from).collect(),
            mutants: mutants
                .map(|m| ListedMutant { name: m.name.into(), killed_by: m.killed_by.name.into() })
                .collect(),
        }
    }
}

impl Listing {
    /// The hash as [`Lesson::hash`] has it.
    pub fn hash_number(&self) -> Result<u64, std::num::ParseIntError> {
        u64::from_str_radix(&self.hash, 16)
    }
}
