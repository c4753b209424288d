//! Text that is typed: prose, and kernels.

use crate::DemoError;
use crate::control::{Control, Kind, Typed};

/// Text of the reader's own, typed or from a file: the demo sees no difference. One that takes
/// megabytes works through them in chunks, with [`Context::progress`](crate::Context::progress)
/// in between.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// The text before the reader touches it.
    pub default: &'static str,
    /// Longer text is refused, typed or from a file; `5 << 20` at most, for prose.
    pub max_bytes: usize,
}

impl Text {
    /// Text of at most so many bytes.
    ///
    /// ```
    /// use demo::control::{Text, Typed};
    ///
    /// const WORD: Text = Text::new("word", "A word", "hello", 8);
    /// assert_eq!(WORD.parse("crab"), Ok("crab".into()));
    /// assert!(WORD.parse("crab 🦀").is_err(), "these are 9 bytes");
    /// ```
    pub const fn new(
        name: &'static str,
        label: &'static str,
        default: &'static str,
        max_bytes: usize,
    ) -> Self {
        Self { name, label, default, max_bytes }
    }
}

impl Typed for Text {
    type Value = String;

    fn control(&self) -> Control {
        let kind = Kind::Text { max_bytes: self.max_bytes };
        Control { name: self.name, label: self.label, default: self.default.into(), kind }
    }

    fn parse(&self, text: &str) -> Result<String, DemoError> {
        within(self.name, text, self.max_bytes)
    }
}

/// WGSL source to edit.
#[derive(Clone, Copy, Debug)]
pub struct Wgsl {
    /// Unique in the demo.
    pub name: &'static str,
    /// What the reader sees.
    pub label: &'static str,
    /// The source before the reader touches it: the stub.
    pub default: &'static str,
}

impl Wgsl {
    /// A kernel of a lesson has a few kilobytes; a browser's compiler chokes on megabytes.
    pub const MAX_BYTES: usize = 64 << 10;
}

impl Typed for Wgsl {
    type Value = String;

    fn control(&self) -> Control {
        let kind = Kind::Wgsl { max_bytes: Self::MAX_BYTES };
        Control { name: self.name, label: self.label, default: self.default.into(), kind }
    }

    fn parse(&self, text: &str) -> Result<String, DemoError> {
        within(self.name, text, Self::MAX_BYTES)
    }
}

fn within(name: &str, text: &str, max_bytes: usize) -> Result<String, DemoError> {
    if text.len() > max_bytes {
        let message = format!(
            "{} is too long here: {} at most. Nothing is lost: shorten it and it runs.",
            crate::format::bytes(text.len()),
            crate::format::bytes(max_bytes)
        );
        return Err(DemoError::input(name, message));
    }
    Ok(text.to_owned())
}
