//! What can be wrong with data.

use std::fmt;

use grading::numbers::counted;

use crate::{Kind, SPECIAL};

/// Where a text of a data set stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The content of a message, counted from 0.
    Message(usize),
    /// A field of a line: `prompt`, `completion`, `text` or `label`.
    Field(&'static str),
}

/// Why data is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataError {
    /// A dialogue without messages, or with nothing but a system message.
    Empty,
    /// A role that there is not.
    Role {
        /// Whose, counted from 0.
        message: usize,
        /// What it says.
        role: String,
    },
    /// A role that there is, at a place where another must stand.
    Order {
        /// Whose, counted from 0.
        message: usize,
        /// What it says.
        role: String,
    },
    /// A text of white space only.
    Blank {
        /// Which.
        place: Place,
    },
    /// A text that spells a special token.
    Special {
        /// Which.
        place: Place,
        /// The token.
        token: &'static str,
    },
    /// A dialogue in which it is the user's turn, and the assistant shall speak.
    NotAsked,
    /// A dialogue to learn from in which the user has the last word.
    NotAnswered,
    /// A number that may not be 0.
    Zero {
        /// Which.
        name: &'static str,
    },
    /// Lists that must be of one length, and are not.
    Ragged {
        /// Of which example, counted from 0; 0 if there is only one.
        example: usize,
        /// How many ids there are.
        ids: usize,
        /// How many of the others.
        others: usize,
    },
    /// An example that fits into no row.
    TooLong {
        /// Which, counted from 0.
        example: usize,
        /// Its tokens.
        tokens: usize,
        /// Tokens of a row.
        context: usize,
    },
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// No JSON.
    NotJson,
    /// JSON, but no object.
    NotObject,
    /// Fields of no kind of example, or of more than one.
    Fields,
    /// A field that is no text; `messages` that is no list of objects with the texts `role` and
    /// `content`.
    Type {
        /// Which.
        field: &'static str,
    },
    /// An example of another kind than the first one.
    Mixed {
        /// The kind of the first.
        first: Kind,
        /// The kind of this one.
        here: Kind,
    },
    /// A line of a file that is wrong.
    Line {
        /// Which, counted from 1.
        line: usize,
        /// What is wrong with it.
        why: Box<DataError>,
    },
    /// A file without examples.
    NoExamples,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) => write!(f, "message {message}"),
            Self::Field(field) => write!(f, "the field “{field}”"),
        }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "the dialogue has no turn: give at least one message of the user, behind the \
                 system message if there is one",
            ),
            Self::Role { message, role } => write!(
                f,
                "message {message} has the role “{}”: write system, user or assistant, in lower \
                 case",
                role.escape_debug()
            ),
            Self::Order { message, role } => write!(
                f,
                "message {message} is of the {role}: a system message may only come first, then \
                 user and assistant take turns, and the user begins"
            ),
            Self::Blank { place } => {
                write!(f, "{place} is blank: write something, or leave the example out")
            }
            Self::Special { place, token } => write!(
                f,
                "{place} spells the special token {token}: whoever wrote it could begin or end \
                 messages; take it out"
            ),
            Self::NotAsked => f.write_str(
                "an answer is asked for, but the last message is no user's: add one, or set \
                 add_generation_prompt to false",
            ),
            Self::NotAnswered => f.write_str(
                "the user has the last word, so there is no answer to learn: add the assistant's",
            ),
            Self::Zero { name } => write!(f, "{name} is 0: it must be at least 1"),
            Self::Ragged { example, ids, others } => write!(
                f,
                "example {example} has {}, but {others} of what belongs to them: give one for each",
                counted(*ids, "id")
            ),
            Self::TooLong { example, tokens, context } => write!(
                f,
                "example {example} has {} and a row only {context}: leave it out, or take longer \
                 rows; an answer that is cut off teaches not to end",
                counted(*tokens, "token")
            ),
            Self::NotUtf8 => f.write_str("these bytes are no UTF-8: save the file as UTF-8"),
            Self::NotJson => f.write_str("this is no JSON: write one object a line"),
            Self::NotObject => f.write_str("this is JSON, but no object: write { … }"),
            Self::Fields => {
                let kinds = Kind::ALL.map(|kind| kind.fields().join(" and "));
                write!(f, "write the fields of exactly one kind: {}", kinds.join("; or "))
            }
            Self::Type { field: "messages" } => f.write_str(
                "“messages” must be a list of objects with the texts “role” and “content”",
            ),
            Self::Type { field } => write!(f, "the field “{field}” must be a text, in quotes"),
            Self::Mixed { first, here } => write!(
                f,
                "this example has {}, the first one {}: put the two kinds into two files",
                here.fields().join(" and "),
                first.fields().join(" and ")
            ),
            Self::Line { line, why } => write!(f, "line {line}: {why}"),
            Self::NoExamples => f.write_str("there is no example in it: write one a line"),
        }
    }
}

impl std::error::Error for DataError {}

/// The special token that a text spells first.
pub fn special_in(text: &str) -> Option<&'static str> {
    let at = |token: &&'static str| text.find(*token).map(|at| (at, *token));
    SPECIAL.iter().filter_map(at).min().map(|(_, token)| token)
}
