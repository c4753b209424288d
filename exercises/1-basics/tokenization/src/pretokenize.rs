//! Cutting text into words, the way GPT-2 does.

use std::sync::LazyLock;

/// Cuts a text into the pieces of GPT-2's pattern; put together they are the text again.
///
/// ```text
/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// ```
///
/// A piece is the ending of a contraction, or a run of letters, of numerals or of other signs, with
/// at most one space before it, or a run of white space. `"It's 12 o'clock!"` becomes
/// `It`, `'s`, ` 12`, ` o`, `'`, `clock`, `!`. No merge ever crosses the border of a piece.
///
/// The pattern is scanned by hand: a regex engine with Unicode tables would be larger than all
/// other code of this lesson's demos.
///
/// Source: <https://github.com/openai/gpt-2/blob/master/src/encoder.py>.
pub fn pretokenize(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, tail) = rest.split_at(piece_len(rest));
        rest = tail;
        Some(piece)
    })
}

/// A text in parts of at least so many bytes (the last may have fewer) whose pieces are those of the
/// text: a part ends where a piece of [`pretokenize`] does, but not in white space, which is cut by
/// what follows it.
pub fn chunks(text: &str, bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = 0;
        let in_space = |end| rest[..end].ends_with(|c| class(c) == Class::Space);
        while end < rest.len() && (end < bytes.max(1) || in_space(end)) {
            end += piece_len(&rest[end..]);
        }
        let (chunk, tail) = rest.split_at(end);
        rest = tail;
        Some(chunk)
    })
}

/// What the pattern tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// `\p{L}`
    Letter,
    /// `\p{N}`
    Number,
    /// `\s`
    Space,
    /// `[^\s\p{L}\p{N}]`
    Other,
}

/// The length in bytes of the first piece of a text that is not empty.
fn piece_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes[0] == b'\''
        && let Some(len) = contraction_len(bytes)
    {
        return len;
    }
    let start = usize::from(bytes[0] == b' ');
    if let Some((class, len)) = class_at(text, start)
        && class != Class::Space
    {
        return run_end(text, start + len, class);
    }
    let end = run_end(text, 0, Class::Space);
    // `\s+(?!\S)`: the last white space before a word is left to the word.
    let last = text[..end].char_indices().next_back().map_or(0, |(i, _)| i);
    if end == text.len() || last == 0 { end } else { last }
}

/// `'s|'t|'re|'ve|'m|'ll|'d`
fn contraction_len(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [_, b's' | b't' | b'm' | b'd', ..] => Some(2),
        [_, b'r', b'e', ..] | [_, b'v', b'e', ..] | [_, b'l', b'l', ..] => Some(3),
        _ => None,
    }
}

/// Where the run of a class that has reached `end` ends.
fn run_end(text: &str, mut end: usize, class: Class) -> usize {
    while let Some((next, len)) = class_at(text, end)
        && next == class
    {
        end += len;
    }
    end
}

/// The class of the character at byte `i`, and its length; `None` at the end of the text.
fn class_at(text: &str, i: usize) -> Option<(Class, usize)> {
    let &byte = text.as_bytes().get(i)?;
    if byte.is_ascii() {
        return Some((ASCII[byte as usize], 1));
    }
    let c = text[i..].chars().next()?;
    Some((class(c), c.len_utf8()))
}

const ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Number,
            b'\t'..=b'\r' | b' ' => Class::Space,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Where each run of characters of one class starts. The table was made with the regex engine of
/// `tokenizers`, so both call the same characters letters, whatever Unicode version Rust knows: the
/// class of a run (**L**etter, **N**umber, **S**pace, **O**ther) and how many characters it has.
static RUNS: LazyLock<Vec<(u32, Class)>> = LazyLock::new(|| {
    let mut first = 0;
    let run = |run: &str| {
        let start = (
            first,
            match run.as_bytes().first() {
                Some(b'L') => Class::Letter,
                Some(b'N') => Class::Number,
                Some(b'S') => Class::Space,
                _ => Class::Other,
            },
        );
        first += run.get(1..)?.parse::<u32>().ok()?;
        Some(start)
    };
    include_str!("../golden/classes.txt").split_whitespace().map_while(run).collect()
});

/// The class of a character.
pub fn class(c: char) -> Class {
    let after = RUNS.partition_point(|&(first, _)| first <= u32::from(c));
    RUNS[after - 1].1
}
