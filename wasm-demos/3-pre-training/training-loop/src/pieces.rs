//! Buddy's pieces, from the file in which they are kept.

use demo::DemoError;
use tokenization::Bpe;

/// The tokenizer of a `tokenizer.json` that this book wrote: bytes, what the merges make, and the end
/// of a text.
///
/// Only the merges are read. To read all of it, as `pocket_buddy` does, would make the page 6 KB
/// heavier.
///
/// # Errors
/// If there are no merges, or one is of tokens that are not there.
pub fn pieces(json: &[u8]) -> Result<Bpe, DemoError> {
    let list = str::from_utf8(json)?.split_once("\"merges\":").and_then(|(_, list)| strings(list));
    let Some(spelled) = list else {
        return Err(DemoError::Other("Buddy’s tokenizer has no merges.".into()));
    };
    let (mut merges, mut made) = (Vec::new(), Vec::new());
    for [left, right] in spelled.as_chunks().0 {
        merges.push((id(left, &made), id(right, &made)));
        made.push(format!("{left}{right}"));
    }
    Ok(Bpe::new(merges, &["<|endoftext|>"])?)
}

/// The strings in a list of lists, in JSON that escapes nothing but quotes and backslashes.
fn strings(list: &str) -> Option<Vec<String>> {
    let (mut strings, mut depth) = (Vec::new(), 0);
    let mut chars = list.chars();
    loop {
        match chars.next()? {
            '[' => depth += 1,
            ']' if depth == 1 => return Some(strings),
            ']' => depth -= 1,
            '"' => {
                let mut string = String::new();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => string.push(chars.next()?),
                        c => string.push(c),
                    }
                }
                strings.push(string);
            }
            _ => {}
        }
    }
}

/// The id of a token as the file spells it, one that no merge may use if there is none: bytes come
/// first, in the order of the letters that stand for them.
fn id(spelled: &str, made: &[String]) -> u32 {
    let mut letters = spelled.chars().map(u32::from);
    let byte = match (letters.next(), letters.next()) {
        (Some(letter @ 0x21..=0x7e), None) => Some(letter - 0x21),
        (Some(letter @ 0xa1..=0xac), None) => Some(letter - 0xa1 + 94),
        (Some(letter @ 0xae..=0x143), None) => Some(letter - 0xae + 106),
        _ => None,
    };
    let at = || made.iter().position(|made| made == spelled).map(|at| at as u32 + 256);
    byte.or_else(at).unwrap_or(u32::MAX)
}
