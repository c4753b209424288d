//! Documents of text files, JSON lines and web archives, one after the other, compressed or not.
//!
//! The files are a stranger's: whatever their bytes are, there are documents and [`Problem`]s, and
//! no document takes more memory than it may.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::input::{Input, Piece, reader};

/// Ends a document in text files that hold several.
pub const END: &str = "<|endoftext|>";
/// Endings of the files that are read in a folder, each also with `.gz`.
pub const ENDINGS: [&str; 5] = ["txt", "md", "jsonl", "warc", "wet"];

/// A text, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Where a document stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The file.
    pub file: Arc<Path>,
    /// Bytes before it, in the file without compression.
    pub offset: u64,
    /// The same as people count.
    pub at: At,
    /// The page's address, where the file tells.
    pub url: Option<String>,
}

/// What is counted in a file, from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    /// In a text file the bytes: see the offset.
    Byte,
    /// In a file of JSON lines.
    Line(u64),
    /// In a web archive.
    Record(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.at {
            At::Byte if self.offset == 0 => Ok(()),
            At::Byte => write!(f, ", byte {}", self.offset),
            At::Line(line) => write!(f, ", line {line}"),
            At::Record(record) => write!(f, ", record {record}"),
        }
    }
}

/// A document that cannot be had.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Why.
    pub why: Why,
    /// Where.
    pub place: Place,
    /// So many bytes are passed over.
    pub bytes: u64,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

/// Why a document cannot be had.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The system or the compression says no; nothing of the file comes after it.
    Unreadable(String),
    /// At which byte of the file.
    NotUtf8(u64),
    /// A line that is no JSON.
    BrokenJson(String),
    /// A line without the field, or with something else than text in it.
    NoField(String),
    /// More bytes than a document may have.
    TooLong(u64),
    /// A record of a web archive that does not keep to the format.
    BrokenRecord(&'static str),
    /// A record with a page as servers send it.
    NotText,
}

impl Why {
    /// Its kind, for a report.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "cannot be read",
            Self::NotUtf8(_) => "not UTF-8",
            Self::BrokenJson(_) => "broken JSON",
            Self::NoField(_) => "no field with text",
            Self::TooLong(_) => "too long",
            Self::BrokenRecord(_) => "broken record",
            Self::NotText => "HTML",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "cannot be read from here on: {error}"),
            Self::NotUtf8(at) => write!(f, "not UTF-8 from byte {at} on: save it as UTF-8"),
            Self::BrokenJson(error) => write!(f, "no JSON: {error}"),
            Self::NoField(name) => {
                write!(f, "no text in a field “{name}”: name the right one with --field")
            }
            Self::TooLong(bytes) => write!(f, "{bytes} bytes in one document: split the file"),
            Self::BrokenRecord(why) => write!(f, "a broken record: {why}"),
            Self::NotText => f.write_str(
                "a page as servers send it, with its HTML: give the archive's WET file, which \
                 has the pages' text",
            ),
        }
    }
}

/// These files, and of these folders all that can be read, also in folders in them, in the order of
/// their names. Links to folders are not followed there.
///
/// # Errors
/// If one of the paths cannot be read.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        let cannot = || format!("{} cannot be read", path.display());
        if fs::metadata(path).with_context(cannot)?.is_dir() {
            in_folder(path, &mut found)?;
        } else {
            File::open(path).with_context(cannot)?;
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn in_folder(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let cannot = || format!("{} cannot be read", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot)?;
    let mut entries: Vec<_> = entries.collect::<io::Result<_>>().with_context(cannot)?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if entry.file_type().with_context(cannot)?.is_dir() {
            in_folder(&path, found)?;
        } else if ending(&path).is_some_and(|e| ENDINGS.contains(&e.as_str())) && !path.is_dir() {
            found.push(path);
        }
    }
    Ok(())
}

/// A file's ending, in lower case, without that of the compression.
fn ending(path: &Path) -> Option<String> {
    let name = path.file_name().and_then(OsStr::to_str)?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.rsplit_once('.').map(|(_, ending)| ending.to_owned())
}

/// The documents of a file. What ends in `.jsonl` has one a line, in a field; `.warc` and `.wet` are
/// web archives; anything else is text, cut at each [`END`]. Documents without text are none.
pub struct Documents {
    pub(crate) input: Input,
    pub(crate) limit: u64,
    pub(crate) count: u64,
    file: Arc<Path>,
    form: Form,
    field: String,
    is_done: bool,
}

enum Form {
    Text,
    Lines,
    Archive(crate::warc::State),
    /// It cannot even be opened.
    Nothing(Option<String>),
}

impl Documents {
    /// Opens a file. A document may have up to `limit` bytes; of JSON, its line.
    pub fn open(path: &Path, field: &str, limit: u64) -> Self {
        let nothing: Box<dyn BufRead> = Box::new(io::empty());
        let (reader, form) = match reader(path) {
            Err(error) => (nothing, Form::Nothing(Some(error.to_string()))),
            Ok(reader) => (
                reader,
                match ending(path).as_deref() {
                    Some("jsonl") => Form::Lines,
                    Some("warc" | "wet") => Form::Archive(crate::warc::State::default()),
                    _ => Form::Text,
                },
            ),
        };
        Self {
            input: Input::new(reader),
            limit,
            count: 0,
            file: path.into(),
            form,
            field: field.to_owned(),
            is_done: false,
        }
    }

    /// What stands between two marks, or of a file that ends with one.
    fn next_text(&mut self) -> io::Result<Option<Result<Document, Problem>>> {
        loop {
            let piece = self.input.until(END.as_bytes(), self.limit)?;
            if piece.length == 0 {
                return Ok(None);
            }
            let place = self.place(piece.start, At::Byte);
            let text = match self.utf8(&piece, &place) {
                Ok(text) => text.strip_suffix(END).unwrap_or(text),
                Err(problem) => return Ok(Some(Err(problem))),
            };
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() {
                return Ok(Some(Ok(Document { text: text.to_owned(), place })));
            }
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Result<Document, Problem>>> {
        loop {
            let piece = self.input.until(b"\n", self.limit)?;
            if piece.length == 0 {
                return Ok(None);
            }
            self.count += 1;
            let mut place = self.place(piece.start, At::Line(self.count));
            let line = match self.utf8(&piece, &place) {
                Ok(line) => line.trim_start_matches('\u{feff}').trim(),
                Err(problem) => return Ok(Some(Err(problem))),
            };
            if line.is_empty() {
                continue;
            }
            let (text, url) = match serde_json::from_str::<Value>(line) {
                Ok(mut value) => {
                    let mut taken = |name: &str| match value.get_mut(name).map(Value::take) {
                        Some(Value::String(text)) => Some(text),
                        _ => None,
                    };
                    (
                        taken(&self.field).ok_or_else(|| Why::NoField(self.field.clone())),
                        taken("url"),
                    )
                }
                Err(error) => (Err(Why::BrokenJson(error.to_string())), None),
            };
            place.url = url;
            match text {
                Err(why) => return Ok(Some(Err(Problem { why, place, bytes: piece.length }))),
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => return Ok(Some(Ok(Document { text, place }))),
            }
        }
    }

    pub(crate) fn place(&self, offset: u64, at: At) -> Place {
        Place { file: self.file.clone(), offset, at, url: None }
    }

    /// A piece as text.
    pub(crate) fn utf8<'a>(&self, piece: &'a Piece, place: &Place) -> Result<&'a str, Problem> {
        let problem = |why| Problem { why, place: place.clone(), bytes: piece.length };
        if piece.length > self.limit {
            return Err(problem(Why::TooLong(piece.length)));
        }
        std::str::from_utf8(&piece.bytes)
            .map_err(|error| problem(Why::NotUtf8(piece.start + error.valid_up_to() as u64)))
    }
}

impl Iterator for Documents {
    type Item = Result<Document, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let start = self.input.offset;
        let next = match &mut self.form {
            Form::Text => self.next_text(),
            Form::Lines => self.next_line(),
            Form::Archive(state) => {
                let mut state = std::mem::take(state);
                let next = self.next_record(&mut state);
                self.form = Form::Archive(state);
                next
            }
            Form::Nothing(error) => error.take().map_or(Ok(None), |e| Err(io::Error::other(e))),
        };
        next.unwrap_or_else(|error| {
            self.is_done = true;
            let at = match self.form {
                Form::Lines => At::Line(self.count + 1),
                Form::Archive(_) => At::Record(self.count.max(1)),
                _ => At::Byte,
            };
            let why = Why::Unreadable(error.to_string());
            let bytes = self.input.offset - start;
            Some(Err(Problem { why, place: self.place(start, at), bytes }))
        })
    }
}
