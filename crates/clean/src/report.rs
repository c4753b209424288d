//! What was kept, and what was dropped and why.

use std::collections::BTreeMap;
use std::fmt;

use grading::numbers::{count, counted, percent};
use serde::Serialize;

use crate::rules::Step;

/// Documents and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// How many.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Tally {
    /// One more.
    pub fn add(&mut self, bytes: u64) {
        self.documents += 1;
        self.bytes += bytes;
    }
}

/// What was dropped for one reason.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Dropped {
    /// How much.
    #[serde(flatten)]
    pub tally: Tally,
    /// The first: where it stands, and why.
    pub example: String,
}

/// Lines dropped for one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Lines {
    /// How many.
    pub lines: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// A document and one that was dropped as its copy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Their Jaccard similarity.
    pub similarity: f64,
    /// The earlier one: where it stands, and how it begins.
    pub first: [String; 2],
    /// The later one.
    pub copy: [String; 2],
}

/// How copies were looked for, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Found {
    /// From which similarity on.
    pub threshold: f64,
    /// Words a shingle.
    pub words: usize,
    /// Bands of a signature.
    pub bands: usize,
    /// Rows a band.
    pub rows: usize,
    /// Documents of which there are copies.
    pub clusters: u64,
    /// Documents with so many candidates that not all were compared.
    pub cut: u64,
    /// The first few pairs.
    pub examples: Vec<Example>,
}

/// All of it. What was read is what was kept and dropped, in documents; in bytes it is that and
/// `taken_out`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// What the documents went through.
    pub steps: Vec<Step>,
    /// How many files.
    pub files: usize,
    /// What was read.
    pub read: Tally,
    /// What is in the output; the bytes are those of the texts.
    pub kept: Tally,
    /// Bytes taken out of documents that are kept.
    pub taken_out: u64,
    /// For each reason.
    pub dropped: BTreeMap<&'static str, Dropped>,
    /// Lines dropped from pages that pass C4's rules.
    pub lines: BTreeMap<&'static str, Lines>,
    /// Copies.
    pub copies: Option<Found>,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// Counts a dropped document.
    pub fn drop(&mut self, reason: &'static str, bytes: u64, example: impl FnOnce() -> String) {
        let dropped = self.dropped.entry(reason).or_default();
        if dropped.tally.documents == 0 {
            dropped.example = example();
        }
        dropped.tally.add(bytes);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<34}{:>13}{:>18}", "", "documents", "bytes")?;
        let mut row = |name: &str, documents: Option<u64>, bytes: u64, more: &str| {
            let (documents, bytes) = (documents.map_or(String::new(), count), count(bytes));
            let line = format!("{name:<34}{documents:>13}{bytes:>18}  {more}");
            writeln!(f, "{}", line.trim_end())
        };
        let share = |part: u64| percent(part as f64 / self.read.documents.max(1) as f64, 1);
        let mut reasons: Vec<_> = self.dropped.iter().collect();
        reasons.sort_by_key(|(_, dropped)| std::cmp::Reverse(dropped.tally.documents));
        row("  read", Some(self.read.documents), self.read.bytes, "")?;
        for (reason, dropped) in reasons {
            let Tally { documents, bytes } = dropped.tally;
            row(&format!("− {reason}"), Some(documents), bytes, &share(documents))?;
        }
        let Tally { documents, bytes } = self.kept;
        row("− taken out of what is kept", None, self.taken_out, "")?;
        row("= kept", Some(documents), bytes, &share(documents))?;
        if !self.lines.is_empty() {
            let title = "of pages that pass C4's rules";
            writeln!(f, "\n{title:<34}{:>13}{:>18}", "lines", "bytes")?;
        }
        for (reason, Lines { lines, bytes }) in &self.lines {
            let (lines, bytes) = (count(*lines), count(*bytes));
            writeln!(f, "{:<34}{lines:>13}{bytes:>18}", format!("− {reason}"))?;
        }
        if !self.dropped.is_empty() {
            writeln!(f, "\nthe first for each reason")?;
        }
        for (reason, dropped) in &self.dropped {
            writeln!(f, "  {reason}: {}", dropped.example)?;
        }
        if let Some(Found { threshold, words, bands, rows, clusters, cut, examples }) = &self.copies
        {
            writeln!(
                f,
                "\ncopies of {}: similarity of at least {threshold}, {}-word shingles, {bands} bands \
                 × {rows} rows",
                counted(*clusters as usize, "document"),
                words
            )?;
            if *cut > 0 {
                writeln!(f, "  {} had so many candidates that not all were compared", count(*cut))?;
            }
            for Example { similarity, first, copy } in examples {
                writeln!(f, "  similarity {similarity:.2}")?;
                writeln!(f, "    {}: {}", first[0], first[1])?;
                writeln!(f, "    {}: {}", copy[0], copy[1])?;
            }
        }
        let speed = self.read.bytes as f64 / 1e6 / self.seconds.max(1e-9);
        writeln!(f, "\n{} in {:.1} s, {speed:.1} MB/s", counted(self.files, "file"), self.seconds)
    }
}
