//! What can be wrong with a file of a tokenizer.

use std::fmt;
use std::path::PathBuf;

/// Why there is no tokenizer, or no text.
#[derive(Debug)]
pub enum TokenizerError {
    /// A file cannot be opened or read.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is larger than any tokenizer's.
    TooLarge {
        /// So many bytes it may have.
        most: usize,
    },
    /// The file is no JSON.
    Json {
        /// Which.
        file: &'static str,
        /// Why, with line and column.
        why: String,
    },
    /// A field is missing, is not what it must be, or asks for what is not supported.
    Field {
        /// Of which file.
        file: &'static str,
        /// Which, from the file's beginning: `model.merges[3]`.
        field: String,
        /// What is wrong with it.
        why: String,
    },
    /// A line of merges.txt or vocab.txt is wrong.
    Line {
        /// Of which file.
        file: &'static str,
        /// Which, counted from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// An id that no token has.
    UnknownId {
        /// The id.
        id: u32,
    },
    /// A text that the model cannot cut.
    Text(String),
}

impl fmt::Display for TokenizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::TooLarge { most } => {
                write!(
                    f,
                    "the file of a tokenizer has at most {} MiB; this one has more",
                    most >> 20
                )
            }
            Self::Json { file, why } => write!(f, "{file} is no JSON: {why}"),
            Self::Field { file, field, why } => write!(f, "{file}, {}: {why}", Short(field)),
            Self::Line { file, line, why } => write!(f, "{file}, line {line}: {why}"),
            Self::UnknownId { id } => write!(
                f,
                "no token has the id {id}: these ids are from another tokenizer than this one"
            ),
            Self::Text(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for TokenizerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// What a file says, which may be as long as that, for a message.
pub(crate) struct Short<'a>(pub &'a str);

/// Longer texts are cut in messages.
const LONGEST: usize = 120;

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = self.0.chars();
        for letter in letters.by_ref().take(LONGEST) {
            match letter {
                // Quotes around it are “ and ”.
                '"' | '\'' => write!(f, "{letter}")?,
                _ => write!(f, "{}", letter.escape_debug())?,
            }
        }
        if letters.next().is_some() { f.write_str("…") } else { Ok(()) }
    }
}
