//! What a learner's program prints: read to its end, kept in part. A loop that prints for ever must
//! not fill the memory of whoever listens.

use std::io::{BufRead, BufReader, Read, Result};

/// Lines kept, of the first and of the last.
const MOST_LINES: usize = 500;

/// Bytes kept of a line: more than any result has.
const MOST_BYTES: usize = 1 << 20;

/// Lines of a stream, each cut where it is too long.
pub struct Lines<R> {
    stream: BufReader<R>,
}

impl<R: Read> Lines<R> {
    /// Reads from a stream.
    pub fn new(stream: R) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// The next line; `None` at the end.
    pub fn next(&mut self) -> Result<Option<String>> {
        let mut line = Vec::new();
        let mut any = false;
        loop {
            let read = self.stream.fill_buf()?;
            if read.is_empty() {
                return Ok(any.then(|| text(&line)));
            }
            any = true;
            let end = read.iter().position(|byte| *byte == b'\n');
            let part = &read[..end.unwrap_or(read.len())];
            line.extend(&part[..part.len().min(MOST_BYTES - line.len())]);
            let used = end.map_or(read.len(), |end| end + 1);
            self.stream.consume(used);
            if end.is_some() {
                return Ok(Some(text(&line)));
            }
        }
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches('\r').to_owned()
}

/// What was printed, as far as it is kept.
#[derive(Default)]
pub struct Printed {
    kept: Vec<String>,
    left_out: usize,
}

impl Printed {
    /// Bytes kept of a line that is shown.
    const WIDTH: usize = 2000;

    /// Adds a line; empty ones say nothing.
    pub fn add(&mut self, line: &str) {
        if line.is_empty() {
            return;
        }
        if self.kept.len() < MOST_LINES {
            self.kept.push(line.chars().take(Self::WIDTH).collect());
        } else {
            self.left_out += 1;
        }
    }

    /// The lines, and how many more there were.
    pub fn lines(mut self) -> Vec<String> {
        if self.left_out > 0 {
            self.kept.push(format!("… and {} more lines", self.left_out));
        }
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_line_is_cut_and_the_next_one_is_whole() {
        let long = "x".repeat(MOST_BYTES + 5000);
        let mut lines = Lines::new(std::io::Cursor::new(format!("{long}\nnext\r\nlast")));
        assert_eq!(lines.next().unwrap().unwrap().len(), MOST_BYTES);
        assert_eq!(lines.next().unwrap().unwrap(), "next");
        assert_eq!(lines.next().unwrap().unwrap(), "last");
        assert!(lines.next().unwrap().is_none());
    }

    #[test]
    fn what_is_printed_too_often_is_counted() {
        let mut printed = Printed::default();
        (0..MOST_LINES + 3).for_each(|_| printed.add("again"));
        let lines = printed.lines();
        assert_eq!(lines.len(), MOST_LINES + 1);
        assert_eq!(lines[MOST_LINES], "… and 3 more lines");
    }
}
