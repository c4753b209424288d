//! What a lesson's grader says about its checks before it runs them.

use serde::{Deserialize, Serialize};

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

impl Listing {
    /// The hash as a number.
    pub fn hash_number(&self) -> Result<u64, std::num::ParseIntError> {
        u64::from_str_radix(&self.hash, 16)
    }
}
