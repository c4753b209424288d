//! What is done to a text before it is cut, and to a path after.

use crate::Edge;

/// The sign that SentencePiece writes for a space, `▁` (U+2581), which is no underscore.
pub const SPACE: &str = "\u{2581}";

/// The words of a text, for WordPiece: what stands between white space, with every ASCII
/// punctuation character as a word of its own.
///
/// BERT does this for all of Unicode's punctuation; its uncased models also write everything in
/// lower case and without accents.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|chunk| {
        let mut rest = chunk;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let end = match first.is_ascii_punctuation() {
                true => first.len_utf8(),
                false => rest.find(|c: char| c.is_ascii_punctuation()).unwrap_or(rest.len()),
            };
            let (word, after) = rest.split_at(end);
            rest = after;
            Some(word)
        })
    })
}

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
