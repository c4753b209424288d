//! Places in a source, for people: lines and columns.

use std::fmt;

/// A place in a WGSL source. Line 0 stands for no place at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
}

impl Place {
    /// Whether the source has this place.
    pub fn is_known(self) -> bool {
        self.line > 0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Finds the places of bytes.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    source: String,
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(source: &str) -> Self {
        let ends = source.match_indices('\n').map(|(i, _)| i + 1);
        Self { source: source.to_owned(), starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Where a span starts; no place where the compiler made it up.
    pub(crate) fn place(&self, span: naga::Span) -> Place {
        match span.to_range() {
            Some(range) => self.at(range.start),
            None => Place::default(),
        }
    }

    fn at(&self, byte: usize) -> Place {
        let line = self.starts.partition_point(|&start| start <= byte);
        let start = self.starts[line - 1];
        let before = self.source.get(start..byte).unwrap_or("");
        Place { line: line as u32, column: before.chars().count() as u32 + 1 }
    }

    /// The text of a line, from 1; empty if there is none.
    pub(crate) fn text(&self, line: u32) -> &str {
        self.source.lines().nth((line as usize).wrapping_sub(1)).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let lines = Lines::new("// Σ\nlet é = x;\n");
        let span = |start: u32| lines.place(naga::Span::new(start, start + 1));
        assert_eq!(span(3), Place { line: 1, column: 4 });
        let x = "// Σ\nlet é = ".len() as u32;
        assert_eq!(span(x), Place { line: 2, column: 9 });
        assert_eq!(lines.text(2), "let é = x;");
        assert!(!lines.place(naga::Span::UNDEFINED).is_known());
    }
}
