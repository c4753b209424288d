//! The error of this lesson.

use std::fmt;

/// There is no number to take the mean of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty;

impl fmt::Display for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the mean of no numbers is not defined: give at least one")
    }
}

impl std::error::Error for Empty {}
