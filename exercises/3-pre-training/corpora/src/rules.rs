//! What the rules are set to, and what they make.

use std::ops::Range;

use crate::{LineReason, PageReason};

/// Phrases of notices about cookies and terms, in lower case, as TensorFlow Datasets' `c4_utils.py`
/// has them.
pub const POLICIES: [&str; 6] = [
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
];

/// Words that English prose can hardly do without (Rae and others, 2021, appendix A).
pub const STOP_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];

/// What a line of a list may start with.
pub const BULLETS: [char; 3] = ['•', '-', '*'];

/// The `n` of n-grams, and the percentage of a document's characters that the most frequent n-gram may
/// make up (Rae and others, 2021, table A1).
pub const TOP_NGRAMS: [(usize, usize); 3] = [(2, 20), (3, 18), (4, 16)];

/// What a link needs to be taken (Radford and others, 2019, section 2.1).
pub const MIN_KARMA: i64 = 3;

/// Which of C4's rules apply. The default has all of them, as published, with an empty blocklist.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a rule that is on or off")]
pub struct C4Rules {
    /// Whether citation markers are taken out.
    pub citations: bool,
    /// Whether a line must end as a sentence does.
    pub end_marks: bool,
    /// Words that a line must have.
    pub min_words: usize,
    /// Whether lines with “javascript” are dropped.
    pub javascript: bool,
    /// Whether lines with one of [`POLICIES`] are dropped.
    pub policies: bool,
    /// Whether pages with “lorem ipsum” are dropped.
    pub lorem_ipsum: bool,
    /// Whether pages with `{` are dropped.
    pub curly_brackets: bool,
    /// Words, in lower case, with which a page is dropped.
    pub blocklist: Vec<String>,
    /// Sentences that a page must have.
    pub min_sentences: usize,
}

impl Default for C4Rules {
    fn default() -> Self {
        Self {
            citations: true,
            end_marks: true,
            min_words: 5,
            javascript: true,
            policies: true,
            lorem_ipsum: true,
            curly_brackets: true,
            blocklist: Vec::new(),
            min_sentences: 3,
        }
    }
}

impl C4Rules {
    /// No rule applies.
    pub fn none() -> Self {
        Self {
            citations: false,
            end_marks: false,
            min_words: 0,
            javascript: false,
            policies: false,
            lorem_ipsum: false,
            curly_brackets: false,
            blocklist: Vec::new(),
            min_sentences: 0,
        }
    }
}

/// What C4's rules make of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct C4Page {
    /// Each line: its text if it is kept, else why it is dropped.
    pub lines: Vec<Result<String, LineReason>>,
    /// The page: its kept lines, joined by `\n`, or why all of it is dropped.
    pub text: Result<String, PageReason>,
}

/// A link that somebody posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Where it leads.
    pub url: String,
    /// What readers gave it: likes minus dislikes.
    pub karma: i64,
}

/// A piece of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Which book, counted from 0 among all books given.
    pub book: usize,
    /// Which bytes of it.
    pub range: Range<usize>,
}

/// A source of a mixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Tokens that it has: one epoch.
    pub tokens: u64,
    /// Its share of the mixture, relative to the weights of the others.
    pub weight: u32,
}
