//! Cleans a reader's own files by the rules of the lessons *Corpora* and *Deduplication*:
//! files → [`documents`] → [`rules`] → [`copies`] → a file of JSON lines and a [`report`].
//!
//! The first pass judges each document and writes what passes to a temporary file; about 500 bytes a
//! document stay in memory. The second copies from there what is no copy of something else.

pub mod arguments;
pub mod copies;
pub mod documents;
mod input;
pub mod report;
pub mod rules;
pub mod run;
mod warc;

pub use report::Report;
pub use run::{Options, Progress, clean};
