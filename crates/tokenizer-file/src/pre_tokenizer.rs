//! How a text is cut into words, before the model cuts these.

use std::sync::LazyLock;

use tokenization::{BYTE_TOKENS, Class, byte_id, class, pretokenize};
use unicode_general_category::get_general_category;

use crate::TokenizerError;
use crate::json::At;

#[derive(Clone, Debug)]
pub enum PreTokenizer {
    Bert,
    Whitespace,
    ByteLevel { add_prefix_space: bool, gpt2: bool },
    Metaspace(Metaspace),
    Split(Split),
    Sequence(Vec<PreTokenizer>),
}

/// The sign for a space, and where one is put.
#[derive(Clone, Copy, Debug)]
pub struct Metaspace {
    pub replacement: char,
    pub prepend: Prepend,
    pub split: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepend {
    Always,
    First,
    Never,
}

/// A regular expression that cuts words. There is no engine for others here.
#[derive(Clone, Copy, Debug)]
pub enum Split {
    Gpt2,
    /// Of Llama 3 and what came after it; so many digits make a number at most.
    Llama3 {
        digits: usize,
    },
}

/// Part of a text: a word, or what will be cut into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Whether the text begins with it.
    pub is_first: bool,
}

const KNOWN: &str = "BertPreTokenizer, WhitespaceSplit, ByteLevel, Metaspace, Split and Sequence";

const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

impl PreTokenizer {
    pub fn read(at: &At<'_>) -> Result<Self, TokenizerError> {
        let kind = at.kind()?;
        let only = |names: &[&str]| at.only(&[&["type"], names].concat());
        match kind {
            "BertPreTokenizer" => only(&[]).map(|()| Self::Bert),
            "WhitespaceSplit" => only(&[]).map(|()| Self::Whitespace),
            "ByteLevel" => {
                // Offsets of tokens in the text are not computed here.
                only(&["add_prefix_space", "trim_offsets", "use_regex"])?;
                Ok(Self::ByteLevel {
                    add_prefix_space: at.need("add_prefix_space")?.bool()?,
                    gpt2: at.flag("use_regex", true)?,
                })
            }
            "Metaspace" => Ok(Self::Metaspace(Metaspace::read(at)?)),
            "Split" => {
                only(&["pattern", "behavior", "invert"])?;
                let behavior = at.need("behavior")?;
                if behavior.text()? != "Isolated" {
                    return behavior.unsupported(behavior.text()?, "only “Isolated”");
                }
                if at.flag("invert", false)? {
                    return at.need("invert")?.wrong("only false is supported");
                }
                let pattern = at.need("pattern")?;
                pattern.only(&["Regex"])?;
                let regex = pattern.need("Regex")?;
                match regex.text()? {
                    GPT2 => Ok(Self::Split(Split::Gpt2)),
                    LLAMA3 => Ok(Self::Split(Split::Llama3 { digits: 3 })),
                    QWEN2 => Ok(Self::Split(Split::Llama3 { digits: 1 })),
                    other => regex.unsupported(other, "those of GPT-2, Llama 3 and Qwen 2"),
                }
            }
            "Sequence" => {
                only(&["pretokenizers"])?;
                let its = at.need("pretokenizers")?.items()?;
                Ok(Self::Sequence(its.iter().map(Self::read).collect::<Result<_, _>>()?))
            }
            _ => at.unsupported(kind, KNOWN),
        }
    }

    /// Whether the words that come out are written byte by byte, each with its letter.
    pub fn ends_in_bytes(&self) -> bool {
        match self {
            Self::ByteLevel { .. } => true,
            Self::Sequence(all) => all.last().is_some_and(Self::ends_in_bytes),
            _ => false,
        }
    }

    pub fn apply(&self, piece: Piece) -> Vec<Piece> {
        match self {
            Self::Bert => {
                let words = cut(&piece, |text| {
                    Box::new(
                        text.split_whitespace().flat_map(|word| isolated(word, is_punctuation)),
                    )
                });
                words.collect()
            }
            Self::Whitespace => cut(&piece, |text| Box::new(text.split_whitespace())).collect(),
            Self::Split(Split::Gpt2) => cut(&piece, |text| Box::new(pretokenize(text))).collect(),
            &Self::Split(Split::Llama3 { digits }) => {
                cut(&piece, |text| Box::new(llama3(text, digits))).collect()
            }
            Self::ByteLevel { add_prefix_space, gpt2 } => {
                let Piece { mut text, is_first } = piece;
                if *add_prefix_space && !text.starts_with(' ') {
                    text.insert(0, ' ');
                }
                let piece = Piece { text, is_first };
                let words = match gpt2 {
                    true => Self::Split(Split::Gpt2).apply(piece),
                    false => vec![piece],
                };
                let letters = |word: Piece| Piece { text: letters_of(&word.text), ..word };
                words.into_iter().map(letters).collect()
            }
            Self::Metaspace(metaspace) => metaspace.apply(piece),
            Self::Sequence(all) => all.iter().fold(vec![piece], |pieces, its| {
                let pieces = pieces.into_iter().flat_map(|piece| its.apply(piece));
                pieces.filter(|piece| !piece.text.is_empty()).collect()
            }),
        }
    }
}

impl Metaspace {
    pub fn read(at: &At<'_>) -> Result<Self, TokenizerError> {
        at.only(&[
            "type",
            "replacement",
            "prepend_scheme",
            "add_prefix_space",
            "split",
            "str_rep",
        ])?;
        let replacement = at.need("replacement")?.letter()?;
        // Says again what `replacement` says.
        if let Some(again) = at.get("str_rep")?
            && again.letter()? != replacement
        {
            return again.wrong("it differs from the replacement");
        }
        let scheme = at.get("prepend_scheme")?;
        let prepend = match scheme.as_ref().map(At::text).transpose()? {
            None | Some("always") => Prepend::Always,
            Some("first") => Prepend::First,
            Some("never") => Prepend::Never,
            Some(other) => {
                return at.need("prepend_scheme")?.unsupported(other, "always, first and never");
            }
        };
        // What older files have in place of a scheme.
        let prepend = match at.get("add_prefix_space")? {
            Some(add) if !add.bool()? => match scheme {
                Some(_) if prepend != Prepend::Never => {
                    return add.wrong("it contradicts the prepend_scheme");
                }
                _ => Prepend::Never,
            },
            _ => prepend,
        };
        Ok(Self { replacement, prepend, split: at.flag("split", true)? })
    }

    fn apply(&self, piece: Piece) -> Vec<Piece> {
        let mut text = piece.text.replace(' ', self.replacement.encode_utf8(&mut [0; 4]));
        let prepends = match self.prepend {
            Prepend::Always => true,
            Prepend::First => piece.is_first,
            Prepend::Never => false,
        };
        if prepends && !text.starts_with(self.replacement) {
            text.insert(0, self.replacement);
        }
        let piece = Piece { text, is_first: piece.is_first };
        if !self.split {
            return vec![piece];
        }
        cut(&piece, |mut rest| {
            Box::new(std::iter::from_fn(move || {
                let first = rest.chars().next()?;
                let end = rest[first.len_utf8()..].find(self.replacement);
                let (word, after) =
                    rest.split_at(end.map_or(rest.len(), |end| first.len_utf8() + end));
                rest = after;
                Some(word)
            }))
        })
        .collect()
    }
}

/// A way to cut a text: parts of it, in their order.
type Parts<'t> = Box<dyn Iterator<Item = &'t str> + 't>;

fn cut<'t>(
    piece: &'t Piece,
    how: impl FnOnce(&'t str) -> Parts<'t>,
) -> impl Iterator<Item = Piece> {
    let whole = piece.text.as_str();
    how(whole).filter(|part| !part.is_empty()).map(move |part| Piece {
        text: part.to_owned(),
        is_first: piece.is_first && part.as_ptr() == whole.as_ptr(),
    })
}

/// A word at its signs, each of which stands alone.
fn isolated(word: &str, is_sign: fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match is_sign(first) {
            true => first.len_utf8(),
            false => rest.find(is_sign).unwrap_or(rest.len()),
        };
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

fn is_punctuation(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_punctuation(),
        false => get_general_category(c).abbreviation().starts_with('P'),
    }
}

/// Cuts by the pattern of Llama 3, scanned by hand as step 1 does with that of GPT-2:
///
/// ```text
/// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
/// | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
fn llama3(text: &str, digits: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(llama3_len(rest, digits));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn llama3_len(text: &str, digits: usize) -> usize {
    let is_line = |c: char| matches!(c, '\r' | '\n');
    // The bytes that a run from `start` has.
    let run = |start: usize, most: usize, fits: &dyn Fn(char) -> bool| -> usize {
        text[start..].chars().take(most).take_while(|c| fits(*c)).map(char::len_utf8).sum()
    };
    let Some(first) = text.chars().next() else { return 0 };
    if let Some(len) = contraction(text) {
        return len;
    }
    let letters = |c: char| class(c) == Class::Letter;
    let start = match class(first) {
        Class::Letter => 0,
        Class::Number => return run(0, digits, &|c| class(c) == Class::Number),
        _ if is_line(first) => 0,
        _ => first.len_utf8(),
    };
    match run(start, usize::MAX, &letters) {
        0 => {}
        len => return start + len,
    }
    let start = usize::from(first == ' ');
    match run(start, usize::MAX, &|c| class(c) == Class::Other) {
        0 => {}
        len => return start + len + run(start + len, usize::MAX, &is_line),
    }
    // White space: up to its last line break; else all but the last, which is left to the word.
    let end = run(0, usize::MAX, &|c| class(c) == Class::Space);
    if let Some(last) = text[..end].rfind(is_line) {
        return last + 1;
    }
    let last = text[..end].char_indices().next_back().map_or(0, |(i, _)| i);
    if end == text.len() || last == 0 { end } else { last }
}

/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)`. The old long s, ſ, is an s in capitals, too.
fn contraction(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('\'')?;
    if rest.starts_with('ſ') {
        return Some(1 + 'ſ'.len_utf8());
    }
    let letter = |i: usize| rest.as_bytes().get(i).map(u8::to_ascii_lowercase);
    match (letter(0)?, letter(1)) {
        (b's' | b't' | b'm' | b'd', _) => Some(2),
        (b'r' | b'v', Some(b'e')) | (b'l', Some(b'l')) => Some(3),
        _ => None,
    }
}

/// How files write each byte, in the order of their ids in GPT-2: as the character of that number if
/// it can be seen, and the others as those from 256 on.
///
/// Source: `bytes_to_unicode` in <https://github.com/openai/gpt-2/blob/master/src/encoder.py>.
static LETTERS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let seen = (0x21..=0x7E).chain(0xA1..=0xAC).chain(0xAE..=0xFF);
    let hidden = (0..BYTE_TOKENS as u32 - seen.clone().count() as u32).map(|i| 256 + i);
    seen.chain(hidden).filter_map(char::from_u32).collect()
});

/// The letter of a byte.
pub fn letter(byte: u8) -> char {
    LETTERS[byte_id(byte) as usize]
}

/// A text byte by byte, each with its letter.
fn letters_of(text: &str) -> String {
    text.bytes().map(letter).collect()
}

/// The byte of each letter.
pub static BYTES: LazyLock<std::collections::HashMap<char, u8>> =
    LazyLock::new(|| (0..=255).map(|byte| (letter(byte), byte)).collect());
