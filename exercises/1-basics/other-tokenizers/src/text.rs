//! What is done to a text before it is cut, and to a path after.

use std::ops::RangeInclusive;

use unicode_general_category::get_general_category;

use crate::Edge;

/// The sign that SentencePiece writes for a space, `▁` (U+2581), which is no underscore.
pub const SPACE: &str = "\u{2581}";

/// The words of a text, for WordPiece, as BERT cuts them: what stands between white space, with
/// every punctuation mark and every Chinese character as a word of its own.
///
/// Punctuation is what has one of Unicode's categories P (`…`, `«`, `。`), and in ASCII every sign
/// that is neither letter nor digit (`+`, `$`). BERT also removes control characters first; its
/// uncased models then write everything in lower case and without accents.
///
/// Source: <https://github.com/google-research/bert/blob/master/tokenization.py>.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|chunk| {
        let mut rest = chunk;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let end = match is_word_of_its_own(first) {
                true => first.len_utf8(),
                false => rest.find(is_word_of_its_own).unwrap_or(rest.len()),
            };
            let (word, after) = rest.split_at(end);
            rest = after;
            Some(word)
        })
    })
}

/// Whether BERT makes a word of this character, whatever stands beside it.
fn is_word_of_its_own(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    let is_chinese = || CHINESE.iter().any(|characters| characters.contains(&c));
    get_general_category(c).abbreviation().starts_with('P') || is_chinese()
}

/// The Chinese characters, which Japanese and Korean texts have, too, in the order of BERT's code.
const CHINESE: [RangeInclusive<char>; 8] = [
    '\u{4e00}'..='\u{9fff}',
    '\u{3400}'..='\u{4dbf}',
    '\u{20000}'..='\u{2a6df}',
    '\u{2a700}'..='\u{2b73f}',
    '\u{2b740}'..='\u{2b81f}',
    '\u{2b820}'..='\u{2ceaf}',
    '\u{f900}'..='\u{faff}',
    '\u{2f800}'..='\u{2fa1f}',
];

/// The words of a text, for a unigram model as SentencePiece trains it: what stands between white
/// space, each with [`SPACE`] before it, the first one too.
pub fn metaspace(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(|word| format!("{SPACE}{word}"))
}

/// The tokens of a path through a text. Unknown characters side by side become one token, as in
/// SentencePiece and `tokenizers`. An edge that does not lie in the text is left out.
pub fn tokens(text: &str, path: &[Edge]) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut after_unknown = false;
    for edge in path {
        let Some(piece) = text.get(edge.start..edge.end) else { continue };
        match tokens.last_mut() {
            Some(last) if after_unknown && !edge.known => last.push_str(piece),
            _ => tokens.push(piece.to_owned()),
        }
        after_unknown = !edge.known;
    }
    tokens
}
