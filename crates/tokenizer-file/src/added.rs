//! Tokens that stand for themselves wherever a text spells them, as `<|endoftext|>`.

use std::collections::HashMap;

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::TokenizerError;
use crate::error::Short;
use crate::json::At;
use crate::model::Vocab;
use crate::normalizer::Normalizer;
use crate::pre_tokenizer::Piece;

#[derive(Clone, Debug)]
pub struct Added {
    pub id: u32,
    pub content: String,
    /// Only where no letter stands beside it.
    pub single_word: bool,
    /// With the white space before it, or after it.
    pub lstrip: bool,
    pub rstrip: bool,
    /// Whether it is looked for after the text is normalized.
    pub normalized: bool,
    /// Whether a reader need not see it.
    pub special: bool,
    /// What is looked for.
    pub pattern: String,
}

/// All of them, and where each is looked for.
#[derive(Clone, Debug, Default)]
pub struct AddedTokens {
    by_id: HashMap<u32, Added>,
    /// Ids by the first byte of what is looked for, the longest first.
    raw: HashMap<u8, Vec<u32>>,
    normalized: HashMap<u8, Vec<u32>>,
}

/// A stretch of text.
#[derive(Clone, Debug)]
pub enum Part {
    Token(u32),
    Text(Piece),
}

impl Added {
    /// One that is looked for as it stands, and special.
    pub fn special(content: &str, id: u32) -> Self {
        Self {
            id,
            content: content.to_owned(),
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: true,
            pattern: content.to_owned(),
        }
    }

    fn read(at: &At<'_>, normalizer: Option<&Normalizer>) -> Result<Self, TokenizerError> {
        at.only(&["id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"])?;
        let content = at.need("content")?;
        let flag = |name: &str| at.need(name)?.bool();
        let normalized = flag("normalized")?;
        let text = content.text()?.to_owned();
        let pattern = match normalizer {
            Some(normalizer) if normalized => normalizer.apply(text.clone()),
            _ => text.clone(),
        };
        if pattern.is_empty() {
            return content.wrong("it is empty, or is when it is normalized");
        }
        Ok(Self {
            id: at.need("id")?.whole()?,
            content: text,
            single_word: flag("single_word")?,
            lstrip: flag("lstrip")?,
            rstrip: flag("rstrip")?,
            normalized,
            special: flag("special")?,
            pattern,
        })
    }
}

impl AddedTokens {
    pub fn read(
        at: &At<'_>,
        vocab: &Vocab,
        normalizer: Option<&Normalizer>,
    ) -> Result<Self, TokenizerError> {
        let mut all = Self::default();
        let mut contents = HashMap::new();
        for item in at.items()? {
            let its = Added::read(&item, normalizer)?;
            let id = its.id;
            match (vocab.id(&its.content), vocab.token(id)) {
                (Some(other), _) if other != id => {
                    return item.wrong(format!("its id is {id}, and {other} in the vocabulary"));
                }
                (None, Some(other)) => {
                    let (content, other) = (Short(&its.content), Short(other));
                    return item.wrong(format!("the id {id} of “{content}” is that of “{other}”"));
                }
                _ => {}
            }
            if all.by_id.contains_key(&id) || contents.insert(its.content.clone(), id).is_some() {
                return item.wrong("it is there twice");
            }
            all.insert(its);
        }
        Ok(all)
    }

    pub fn insert(&mut self, token: Added) {
        let list = if token.normalized { &mut self.normalized } else { &mut self.raw };
        let list = list.entry(token.pattern.as_bytes()[0]).or_default();
        let longer = |other: &u32| {
            self.by_id.get(other).is_some_and(|other| other.pattern.len() >= token.pattern.len())
        };
        let place = list.partition_point(longer);
        list.insert(place, token.id);
        self.by_id.insert(token.id, token);
    }

    pub fn get(&self, id: u32) -> Option<&Added> {
        self.by_id.get(&id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Added> {
        self.by_id.values()
    }

    /// Cuts a text at tokens that are looked for before it is normalized.
    pub fn split_raw(&self, piece: Piece) -> Vec<Part> {
        self.split(&self.raw, piece)
    }

    /// Cuts a text at those that are looked for after it.
    pub fn split_normalized(&self, piece: Piece) -> Vec<Part> {
        self.split(&self.normalized, piece)
    }

    /// From left to right, the longest first.
    fn split(&self, tokens: &HashMap<u8, Vec<u32>>, piece: Piece) -> Vec<Part> {
        if tokens.is_empty() {
            return vec![Part::Text(piece)];
        }
        let text = piece.text.as_str();
        let mut parts = Vec::new();
        let mut done = 0;
        let mut at = 0;
        let rest = |start: usize, end: usize| {
            let is_first = piece.is_first && start == 0;
            let text = text.get(start..end).filter(|text| !text.is_empty())?;
            Some(Part::Text(Piece { text: text.to_owned(), is_first }))
        };
        while let Some(&byte) = text.as_bytes().get(at) {
            let starts =
                |token: &&Added| text.as_bytes()[at..].starts_with(token.pattern.as_bytes());
            let here = tokens.get(&byte).into_iter().flatten();
            let Some(token) = here.filter_map(|id| self.by_id.get(id)).find(starts) else {
                at += 1;
                continue;
            };
            let (mut start, mut end) = (at, at + token.pattern.len());
            at = end;
            let (before, after) = (&text[..start], &text[end..]);
            let is_beside_a_word = before.chars().next_back().is_some_and(is_word)
                || after.chars().next().is_some_and(is_word);
            if token.single_word && is_beside_a_word {
                continue;
            }
            if token.lstrip {
                start = before.trim_end().len().max(done);
            }
            if token.rstrip {
                end += after.len() - after.trim_start().len();
            }
            parts.extend(rest(done, start));
            parts.push(Part::Token(token.id));
            done = end;
        }
        parts.extend(rest(done, text.len()));
        parts
    }
}

/// `\w`
fn is_word(c: char) -> bool {
    use GeneralCategory::{
        ConnectorPunctuation, DecimalNumber, EnclosingMark, NonspacingMark, SpacingMark,
    };
    let is_part = |c| {
        matches!(
            get_general_category(c),
            ConnectorPunctuation | DecimalNumber | EnclosingMark | NonspacingMark | SpacingMark
        )
    };
    c.is_alphabetic() || matches!(c, '\u{200c}' | '\u{200d}') || is_part(c)
}
