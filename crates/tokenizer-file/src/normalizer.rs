//! What is done to a text before it is cut.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::TokenizerError;
use crate::charsmap::Charsmap;
use crate::json::At;

#[derive(Clone, Debug)]
pub enum Normalizer {
    Bert { clean: bool, chinese: bool, strip_accents: bool, lowercase: bool },
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
    Lowercase,
    StripAccents,
    Strip { left: bool, right: bool },
    Prepend(String),
    Replace(Pattern, String),
    Precompiled(Charsmap),
    Sequence(Vec<Normalizer>),
}

/// What [`Normalizer::Replace`] looks for.
#[derive(Clone, Debug)]
pub enum Pattern {
    Text(String),
    /// The only regular expression that files made from SentencePiece have: ` {2,}`.
    Spaces,
}

const KNOWN: &str = "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, \
                     Replace, Precompiled and Sequence";

/// The longest text, in bytes, that a file may put in the place of another one.
pub const LONGEST: usize = 1024;

impl Normalizer {
    pub fn read(at: &At<'_>) -> Result<Self, TokenizerError> {
        let kind = at.kind()?;
        let only = |names: &[&str]| at.only(&[&["type"], names].concat());
        let plain = |normalizer| only(&[]).map(|()| normalizer);
        match kind {
            "NFC" => plain(Self::Nfc),
            "NFD" => plain(Self::Nfd),
            "NFKC" => plain(Self::Nfkc),
            "NFKD" => plain(Self::Nfkd),
            "Lowercase" => plain(Self::Lowercase),
            "StripAccents" => plain(Self::StripAccents),
            "BertNormalizer" => {
                only(&["clean_text", "handle_chinese_chars", "strip_accents", "lowercase"])?;
                let lowercase = at.flag("lowercase", true)?;
                Ok(Self::Bert {
                    clean: at.flag("clean_text", true)?,
                    chinese: at.flag("handle_chinese_chars", true)?,
                    strip_accents: at.flag("strip_accents", lowercase)?,
                    lowercase,
                })
            }
            "Strip" => {
                only(&["strip_left", "strip_right"])?;
                let [left, right] =
                    [at.need("strip_left")?.bool()?, at.need("strip_right")?.bool()?];
                Ok(Self::Strip { left, right })
            }
            "Prepend" => {
                only(&["prepend"])?;
                Ok(Self::Prepend(short(&at.need("prepend")?)?))
            }
            "Replace" => {
                only(&["pattern", "content"])?;
                let pattern = Pattern::read(&at.need("pattern")?)?;
                Ok(Self::Replace(pattern, short(&at.need("content")?)?))
            }
            "Precompiled" => {
                only(&["precompiled_charsmap"])?;
                Ok(Self::Precompiled(Charsmap::read(&at.need("precompiled_charsmap")?)?))
            }
            "Sequence" => {
                only(&["normalizers"])?;
                let its = at.need("normalizers")?.items()?;
                Ok(Self::Sequence(its.iter().map(Self::read).collect::<Result<_, _>>()?))
            }
            _ => at.unsupported(kind, KNOWN),
        }
    }

    /// Whether nothing stays of a character with which a text begins. `tokenizers` sees that only
    /// where characters are left out, not where a table replaces them by nothing.
    pub fn leaves_out(&self, first: String) -> bool {
        match self {
            Self::Precompiled(_) => false,
            Self::Sequence(all) => {
                let mut text = first;
                all.iter().any(|its| {
                    let is_left_out = !text.is_empty() && its.leaves_out(text.clone());
                    text = its.apply(std::mem::take(&mut text));
                    is_left_out
                })
            }
            _ => self.apply(first).is_empty(),
        }
    }

    pub fn apply(&self, text: String) -> String {
        match self {
            Self::Nfc => text.nfc().collect(),
            Self::Nfd => text.nfd().collect(),
            Self::Nfkc => text.nfkc().collect(),
            Self::Nfkd => text.nfkd().collect(),
            // Letter by letter: a Σ at the end of a word is no ς here.
            Self::Lowercase => text.chars().flat_map(char::to_lowercase).collect(),
            Self::StripAccents => text.chars().filter(|c| !is_combining_mark(*c)).collect(),
            &Self::Strip { left, right } => {
                let rest = if left { text.trim_start() } else { &text };
                if right { rest.trim_end() } else { rest }.to_owned()
            }
            Self::Prepend(start) if text.is_empty() => start[..0].to_owned(),
            Self::Prepend(start) => format!("{start}{text}"),
            Self::Replace(Pattern::Text(from), to) => text.replace(from, to),
            Self::Replace(Pattern::Spaces, to) => without_runs(&text, to),
            Self::Precompiled(charsmap) => charsmap.apply(&text),
            Self::Sequence(all) => all.iter().fold(text, |text, its| its.apply(text)),
            &Self::Bert { clean, chinese, strip_accents, lowercase } => {
                let mut text = text;
                if clean {
                    let seen = text.chars().filter(|c| !is_hidden(*c));
                    text = seen.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
                }
                if chinese && text.chars().any(is_chinese) {
                    let around = |c| if is_chinese(c) { format!(" {c} ") } else { c.to_string() };
                    text = text.chars().map(around).collect();
                }
                if strip_accents {
                    let is_accent =
                        |c: &char| get_general_category(*c) == GeneralCategory::NonspacingMark;
                    text = text.nfd().filter(|c| !is_accent(c)).collect();
                }
                if lowercase { Self::Lowercase.apply(text) } else { text }
            }
        }
    }
}

impl Pattern {
    fn read(at: &At<'_>) -> Result<Self, TokenizerError> {
        at.only(&["String", "Regex"])?;
        match (at.get("String")?, at.get("Regex")?) {
            (Some(text), None) if text.text()?.is_empty() => text.wrong("it is empty"),
            (Some(text), None) => Ok(Self::Text(text.text()?.to_owned())),
            (None, Some(regex)) if regex.text()? == " {2,}" => Ok(Self::Spaces),
            (None, Some(regex)) => regex.unsupported(regex.text()?, "“ {2,}” and plain texts"),
            _ => at.wrong("it must have a String or a Regex"),
        }
    }
}

/// A text that is put in the place of others, again and again.
pub fn short(at: &At<'_>) -> Result<String, TokenizerError> {
    let text = at.text()?;
    if text.len() > LONGEST {
        return at.wrong(format!("it has {} bytes; at most {LONGEST} are supported", text.len()));
    }
    Ok(text.to_owned())
}

/// Two spaces or more become `to`.
fn without_runs(text: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("  ") {
        out += &rest[..at];
        out += to;
        rest = rest[at..].trim_start_matches(' ');
    }
    out + rest
}

/// What BERT takes out of a text.
fn is_hidden(c: char) -> bool {
    use GeneralCategory::{Control, Format, PrivateUse};
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{fffd}' => true,
        _ => matches!(get_general_category(c), Control | Format | PrivateUse),
    }
}

/// As in `tokenizers`, whose sixth range begins 256 characters behind that of BERT's own code.
fn is_chinese(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2b73f}' | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}'
        | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}
