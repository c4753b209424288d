//! What the rules of C4 and Gopher say of a document.

use clap::ValueEnum;
use corpora::solution::{c4_clean, gopher_rules};
use corpora::{C4Rules, GopherReason, LineReason, PageReason};
use serde::Serialize;

/// What a document goes through, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// C4's rules for lines and pages
    C4,
    /// Gopher's rules for quality and repetition
    Gopher,
    /// Near-copies of earlier documents
    Dedup,
}

/// What became of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Why lines were dropped of a page that passed C4's rules, and how many bytes each had.
    pub lines: Vec<(&'static str, usize)>,
    /// What is left of it, or why it is dropped: the rule, and what was counted.
    pub text: Result<String, (&'static str, String)>,
}

/// Judges a text by C4's rules, then by Gopher's, as far as they are among the steps.
pub fn judge(text: &str, steps: &[Step]) -> Judged {
    let mut judged = Judged { lines: Vec::new(), text: Ok(text.to_owned()) };
    if steps.contains(&Step::C4) {
        let page = c4_clean(text, &C4Rules::default());
        if page.text.is_ok() {
            let dropped = text.lines().zip(&page.lines);
            let reason = |(line, kept): (&str, &Result<_, _>)| {
                kept.as_ref().err().map(|reason| (of_line(reason), line.len()))
            };
            judged.lines = dropped.filter_map(reason).collect();
        }
        judged.text = page.text.map_err(|reason| (of_page(&reason), reason.to_string()));
    }
    if steps.contains(&Step::Gopher)
        && let Ok(text) = &judged.text
        && let Err(reason) = gopher_rules(text)
    {
        judged.text = Err((of_document(&reason), reason.to_string()));
    }
    judged
}

fn of_line(reason: &LineReason) -> &'static str {
    match reason {
        LineReason::NoEndMark => "no end mark",
        LineReason::TooFewWords { .. } => "too few words",
        LineReason::Javascript => "javascript",
        LineReason::Policy { .. } => "cookies, privacy, terms",
    }
}

fn of_page(reason: &PageReason) -> &'static str {
    match reason {
        PageReason::LoremIpsum => "C4: lorem ipsum",
        PageReason::CurlyBracket => "C4: curly bracket",
        PageReason::BlockedWord { .. } => "C4: blocked word",
        PageReason::TooFewSentences { .. } => "C4: too few sentences",
    }
}

fn of_document(reason: &GopherReason) -> &'static str {
    match reason {
        GopherReason::Words { .. } => "Gopher: number of words",
        GopherReason::WordLength { .. } => "Gopher: length of words",
        GopherReason::Hashes { .. } => "Gopher: # signs",
        GopherReason::Ellipses { .. } => "Gopher: ellipses",
        GopherReason::Bullets { .. } => "Gopher: bullets",
        GopherReason::EllipsisLines { .. } => "Gopher: lines with ellipsis",
        GopherReason::Alphabetic { .. } => "Gopher: words without letters",
        GopherReason::StopWords { .. } => "Gopher: stop words",
        GopherReason::DuplicateLines { .. } => "Gopher: repeated lines",
        GopherReason::TopNgram { .. } => "Gopher: repeated n-gram",
    }
}
