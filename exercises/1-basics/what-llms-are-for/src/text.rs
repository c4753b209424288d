//! The words and sentences of a text.

use std::ops::Range;

/// A word where it stands in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// As it is written.
    pub text: &'t str,
    /// The byte of the text at which it starts.
    pub start: usize,
}

impl Word<'_> {
    /// The byte behind its last one.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// In lower case, as most models here count it; in every script that has one.
    pub fn lower(&self) -> String {
        self.text.to_lowercase()
    }

    /// Whether it starts with a capital, of any script.
    pub fn is_capitalized(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// The words of a text in order: runs of letters and digits, with the apostrophes and hyphens
/// inside them. Punctuation is left out.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_letter = chars.peek().is_some_and(|&(_, next)| next.is_alphanumeric());
        let inside = c.is_alphanumeric()
            || start.is_some() && next_is_letter && matches!(c, '\'' | '’' | '-');
        match start {
            None if inside => start = Some(at),
            Some(first) if !inside => {
                words.push(Word { text: &text[first..at], start: first });
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|first| Word { text: &text[first..], start: first }));
    words
}

/// The words of a text in lower case.
pub fn lower_words(text: &str) -> Vec<String> {
    words(text).iter().map(Word::lower).collect()
}

/// Whether no word of the same sentence stands before this one.
pub fn begins_sentence(text: &str, word: &Word) -> bool {
    let before = text[..word.start].trim_end_matches(|c: char| !c.is_alphanumeric());
    let between = &text[before.len()..word.start];
    before.is_empty() || between.contains(['.', '!', '?', '\n', ':', '"', '“'])
}

/// Where the sentences of a text stand, in bytes: each ends with `.`, `!` or `?`, with quotes
/// after it, or with its line. Sentences without a word are left out.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        let closes = matches!(c, '"' | '”' | '’' | ')');
        if ended && c.is_whitespace() || c == '\n' {
            sentences.push(start..at);
            start = at + c.len_utf8();
        }
        ended = matches!(c, '.' | '!' | '?') || ended && closes;
    }
    sentences.push(start..text.len());
    let trimmed = sentences.into_iter().map(|sentence| {
        let indent = text[sentence.clone()].len() - text[sentence.clone()].trim_start().len();
        let start = sentence.start + indent;
        start..start + text[sentence].trim().len()
    });
    trimmed.filter(|s| !words(&text[s.clone()]).is_empty()).collect()
}
