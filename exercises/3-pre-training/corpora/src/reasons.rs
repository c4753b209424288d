//! Why a line, a page, a document or a link is dropped.

use std::fmt;

use grading::numbers::counted;

/// Why C4 drops a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineReason {
    /// It does not end as a sentence does.
    NoEndMark,
    /// It is too short.
    TooFewWords {
        /// Its words.
        words: usize,
    },
    /// It asks for JavaScript.
    Javascript,
    /// It is about cookies, privacy or terms of use.
    Policy {
        /// The phrase of [`POLICIES`](crate::POLICIES) that it has.
        phrase: &'static str,
    },
}

impl fmt::Display for LineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEndMark => f.write_str("no end mark"),
            Self::TooFewWords { words } => f.write_str(&counted(*words, "word")),
            Self::Javascript => f.write_str("javascript"),
            Self::Policy { phrase } => write!(f, "“{phrase}”"),
        }
    }
}

/// Why C4 drops a whole page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageReason {
    /// Filler text.
    LoremIpsum,
    /// Probably code.
    CurlyBracket,
    /// A word of the blocklist.
    BlockedWord {
        /// The first such word, in lower case.
        word: String,
    },
    /// Too little is left.
    TooFewSentences {
        /// Sentences in the lines that are kept.
        sentences: usize,
    },
}

impl fmt::Display for PageReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoremIpsum => f.write_str("it has “lorem ipsum”"),
            Self::CurlyBracket => f.write_str("it has a curly bracket"),
            Self::BlockedWord { word } => write!(f, "it has the blocked word “{word}”"),
            Self::TooFewSentences { sentences } => {
                write!(f, "{} left", counted(*sentences, "sentence"))
            }
        }
    }
}

/// Why Gopher's rules drop a document: the first that it breaks, with what was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "a field is the count of what its name says")]
pub enum GopherReason {
    /// Too few or too many words.
    Words { words: usize },
    /// Words too short or too long on average.
    WordLength { characters: usize, words: usize },
    /// Too many `#`.
    Hashes { hashes: usize, words: usize },
    /// Too many ellipses.
    Ellipses { ellipses: usize, words: usize },
    /// Too many lines that start with a bullet.
    Bullets { bullets: usize, lines: usize },
    /// Too many lines that end with an ellipsis.
    EllipsisLines { ellipses: usize, lines: usize },
    /// Too few words with a letter.
    Alphabetic { alphabetic: usize, words: usize },
    /// Too few different stop words.
    StopWords { found: usize },
    /// Too many lines that repeat an earlier one.
    DuplicateLines { duplicates: usize, lines: usize },
    /// An n-gram that makes up too much of the document.
    TopNgram { n: usize, covered: usize, characters: usize },
}

impl fmt::Display for GopherReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words { words } => f.write_str(&counted(*words, "word")),
            Self::WordLength { characters, words } => {
                write!(f, "{} in {}", counted(*characters, "character"), counted(*words, "word"))
            }
            Self::Hashes { hashes, words } => {
                write!(f, "{hashes} × # in {}", counted(*words, "word"))
            }
            Self::Ellipses { ellipses, words } => {
                write!(f, "{ellipses} × … in {}", counted(*words, "word"))
            }
            Self::Bullets { bullets, lines } => {
                write!(f, "{bullets} of {} start with a bullet", counted(*lines, "line"))
            }
            Self::EllipsisLines { ellipses, lines } => {
                write!(f, "{ellipses} of {} end with an ellipsis", counted(*lines, "line"))
            }
            Self::Alphabetic { alphabetic, words } => {
                write!(f, "{alphabetic} of {} have a letter", counted(*words, "word"))
            }
            Self::StopWords { found } => f.write_str(&counted(*found, "stop word")),
            Self::DuplicateLines { duplicates, lines } => {
                write!(f, "{duplicates} of {} repeat an earlier one", counted(*lines, "line"))
            }
            Self::TopNgram { n, covered, characters } => write!(
                f,
                "one {n}-gram makes up {covered} of {}",
                counted(*characters, "character")
            ),
        }
    }
}

/// Why OpenWebText does not take a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkReason {
    /// No address of the web.
    NotWeb,
    /// A page of Reddit itself.
    Internal,
    /// Too few readers liked it.
    Karma {
        /// What it got.
        karma: i64,
    },
    /// A page of Wikipedia.
    Wikipedia,
    /// The same page as an earlier link that is kept.
    Duplicate {
        /// Where that link stands, counted from 0.
        of: usize,
    },
}

impl fmt::Display for LinkReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWeb => f.write_str("not an address of the web"),
            Self::Internal => f.write_str("a page of Reddit"),
            Self::Karma { karma } => write!(f, "karma of {karma}"),
            Self::Wikipedia => f.write_str("a page of Wikipedia"),
            Self::Duplicate { of } => write!(f, "the same page as link {of}"),
        }
    }
}
