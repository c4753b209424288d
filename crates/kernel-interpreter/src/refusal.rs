//! Why a kernel is not run at all.

use std::error::Error;
use std::fmt;

use crate::place::{Lines, Place};

/// Why a kernel cannot be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not valid WGSL: every device refuses it.
    Invalid,
    /// It uses a part of WGSL that the interpreter does not know.
    Unsupported,
    /// The buffers or the grid of the run do not fit the kernel.
    Mismatch,
}

/// A kernel that cannot be run, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of fault it is.
    pub reason: Reason,
    /// Where, if one place is at fault.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
    /// The line that it is about with a mark below it; empty without a place.
    pub excerpt: Vec<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_known() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)?;
        for line in &self.excerpt {
            write!(f, "\n{}", format!("    {line}").trim_end())?;
        }
        Ok(())
    }
}

impl Error for Refusal {}

impl Refusal {
    pub(crate) fn new(
        reason: Reason,
        lines: &Lines,
        span: naga::Span,
        message: impl Into<String>,
    ) -> Self {
        let place = lines.place(span);
        let mut excerpt = Vec::new();
        if place.is_known() {
            excerpt.push(lines.text(place.line).to_owned());
            excerpt.push(format!("{}^", " ".repeat(place.column as usize - 1)));
        }
        Self { reason, place, message: message.into(), excerpt }
    }

    pub(crate) fn mismatch(message: impl Into<String>) -> Self {
        Self {
            reason: Reason::Mismatch,
            place: Place::default(),
            message: message.into(),
            excerpt: Vec::new(),
        }
    }
}
