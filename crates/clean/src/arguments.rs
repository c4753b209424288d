//! What can be asked for.

use std::path::PathBuf;

use clap::Parser;

use crate::Options;
use crate::rules::Step;

/// Cleans your own files: the rules of C4, then those of Gopher, then no near-copies, as in the
/// lessons on corpora and deduplication.
///
/// Reads .txt and .md (a document a file, or several with <|endoftext|> between them), .jsonl (one
/// a line) and web archives with text, .wet or .warc; each may be compressed (.gz). Archives of
/// HTML need their WET file. Writes one JSON object a line, with `text`, `source`, `offset` and, if
/// known, `url`; `cargo study train buddy --text` reads it. Texts do not stay in memory, only about
/// 500 bytes for each document that passes the rules.
///
/// C4's rules drop lines that do not end as a sentence does: of a book whose lines are wrapped
/// little is left, so take `--only gopher,dedup` there.
#[derive(Debug, Parser)]
#[command(name = "cargo study clean", bin_name = "cargo study clean")]
pub struct Arguments {
    /// Files and folders to read
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "clean.jsonl")]
    pub out: PathBuf,
    /// Also write the report there, as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long)]
    pub force: bool,
    /// The field of JSON lines that has the text
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub field: String,
    /// Only these steps, with commas between them
    #[arg(long, value_name = "STEPS", value_enum, value_delimiter = ',')]
    pub only: Vec<Step>,
    /// The Jaccard similarity from which on two documents count as copies
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub threshold: f64,
    /// Words a shingle
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    pub words: usize,
}

impl Arguments {
    /// The same, with all steps if none is named.
    pub fn options(self) -> Options {
        let Self { paths, out, report, force, field, only, threshold, words } = self;
        let all = vec![Step::C4, Step::Gopher, Step::Dedup];
        let steps = if only.is_empty() { all } else { only };
        Options { paths, out, report, force, field, steps, threshold, words }
    }
}
