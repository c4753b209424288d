//! What training makes and encoding uses: merges, and the tokens they make.

use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bytes::id_byte;
use crate::pretokenize;

/// Two neighboring tokens, left and right, by id.
pub type Pair = (u32, u32);

/// Ids below this are bytes.
pub const BYTE_TOKENS: usize = 256;

/// A distinct word of the training text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its tokens so far; at first its bytes.
    pub tokens: Vec<u32>,
    /// How often the text has it.
    pub count: u64,
}

/// A byte-level BPE vocabulary. Ids, in the order of GPT-2's vocabulary:
///
/// ```text
/// 0 … 255                  bytes, see `byte_id`
/// 256 … 256 + merges − 1   merge `i` makes token 256 + i
/// then                     special tokens, as given
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bpe {
    merges: Vec<Pair>,
    special_tokens: Vec<String>,
    tokens: Vec<Vec<u8>>,
    merged: FxHashMap<Pair, u32>,
}

/// A stretch of text to be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Ordinary text.
    Text(&'t str),
    /// A special token, by id.
    Special(u32),
}

impl Bpe {
    /// A vocabulary with these merges, in the order they were learned, and these special tokens.
    ///
    /// # Errors
    /// [`BpeError::BadMerge`] if a merge repeats an earlier one or uses a token that does not
    /// exist yet; [`BpeError::BadSpecial`] if a special token is empty or given twice.
    pub fn new(merges: Vec<Pair>, special_tokens: &[&str]) -> Result<Self, BpeError> {
        check_special(special_tokens)?;
        let mut tokens: Vec<Vec<u8>> = (0..=255).map(|id| vec![id_byte(id)]).collect();
        let mut merged = FxHashMap::default();
        for (index, &(left, right)) in merges.iter().enumerate() {
            let id = tokens.len() as u32;
            if left >= id || right >= id || merged.insert((left, right), id).is_some() {
                return Err(BpeError::BadMerge { index });
            }
            tokens.push([&*tokens[left as usize], &*tokens[right as usize]].concat());
        }
        tokens.extend(special_tokens.iter().map(|t| t.as_bytes().to_vec()));
        let special_tokens = special_tokens.iter().map(|&t| t.to_owned()).collect();
        Ok(Self { merges, special_tokens, tokens, merged })
    }

    /// How many tokens there are: bytes, merges and special tokens.
    pub fn vocab_size(&self) -> usize {
        self.tokens.len()
    }

    /// The merges in the order they were learned.
    pub fn merges(&self) -> &[Pair] {
        &self.merges
    }

    /// The special tokens in the order of their ids.
    pub fn special_tokens(&self) -> &[String] {
        &self.special_tokens
    }

    /// The token that a pair merges into, if training learned that merge. The lower the id, the
    /// earlier the merge was learned.
    pub fn merged(&self, pair: Pair) -> Option<u32> {
        self.merged.get(&pair).copied()
    }

    /// The bytes of a token, or `None` if the vocabulary has no such id.
    pub fn bytes(&self, id: u32) -> Option<&[u8]> {
        self.tokens.get(id as usize).map(Vec::as_slice)
    }

    /// A token as a person can read it: its text, with bytes that are no whole character as
    /// `‹E2›‹80›`. Empty if the vocabulary has no such id.
    pub fn spelled(&self, id: u32) -> String {
        let mut spelled = String::new();
        for chunk in self.bytes(id).unwrap_or_default().utf8_chunks() {
            spelled.push_str(chunk.valid());
            spelled.extend(chunk.invalid().iter().map(|byte| format!("‹{byte:02X}›")));
        }
        spelled
    }

    /// Cuts a text at its special tokens: the leftmost first and, where several start at the same
    /// place, the longest.
    pub fn split_special<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let first_id = (self.tokens.len() - self.special_tokens.len()) as u32;
        let specials: Vec<&str> = self.special_tokens.iter().map(String::as_str).collect();
        split(text, &specials, |index| Piece::Special(first_id + index as u32))
    }
}

/// The distinct words of a training text, as byte tokens, with their counts, in the order they
/// first appear. Special tokens belong to no word.
///
/// # Errors
/// [`BpeError::BadSpecial`] if a special token is empty or given twice.
pub fn count_words(text: &str, special_tokens: &[&str]) -> Result<Vec<Word>, BpeError> {
    check_special(special_tokens)?;
    let mut words: Vec<Word> = Vec::new();
    let mut index_of: FxHashMap<&str, usize> = FxHashMap::default();
    for piece in split(text, special_tokens, |_| Piece::Special(0)) {
        let Piece::Text(text) = piece else { continue };
        for word in pretokenize(text) {
            let index = *index_of.entry(word).or_insert_with(|| {
                let tokens = word.bytes().map(crate::byte_id).collect();
                words.push(Word { tokens, count: 0 });
                words.len() - 1
            });
            words[index].count += 1;
        }
    }
    Ok(words)
}

pub(crate) fn check_special(special_tokens: &[&str]) -> Result<(), BpeError> {
    let mut seen = FxHashSet::default();
    match special_tokens.iter().find(|&&t| t.is_empty() || !seen.insert(t)) {
        Some(&token) => Err(BpeError::BadSpecial(token.to_owned())),
        None => Ok(()),
    }
}

pub(crate) fn split<'t>(
    text: &'t str,
    special_tokens: &[&str],
    piece: impl Fn(usize) -> Piece<'t>,
) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut text_start = 0;
    // Where each special token occurs next: searched again only once that place is passed, so
    // the text is scanned once a special token however many there are in it.
    let mut next: Vec<Option<usize>> = special_tokens.iter().map(|t| text.find(t)).collect();
    loop {
        for (next, token) in next.iter_mut().zip(special_tokens) {
            if next.is_some_and(|at| at < text_start) {
                *next = text[text_start..].find(token).map(|at| text_start + at);
            }
        }
        let found = next.iter().enumerate().filter_map(|(i, &at)| Some((at?, i)));
        let first = found.min_by_key(|&(at, i)| (at, usize::MAX - special_tokens[i].len()));
        let text_end = first.map_or(text.len(), |(at, _)| at);
        if text_start < text_end {
            pieces.push(Piece::Text(&text[text_start..text_end]));
        }
        let Some((at, index)) = first else { return pieces };
        pieces.push(piece(index));
        text_start = at + special_tokens[index].len();
    }
}

/// What can be wrong with the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BpeError {
    /// The vocabulary has no room for the 256 bytes and the special tokens.
    VocabTooSmall {
        /// The size asked for.
        vocab_size: usize,
        /// The smallest that works.
        least: usize,
    },
    /// The vocabulary has no token with this id.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// A merge repeats an earlier one or uses a token that does not exist yet.
    BadMerge {
        /// Which merge, counted from 0.
        index: usize,
    },
    /// A special token is empty or given twice.
    BadSpecial(String),
}

impl std::error::Error for BpeError {}

impl fmt::Display for BpeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VocabTooSmall { vocab_size, least } => write!(
                f,
                "a vocabulary of {vocab_size} tokens has no room for the bytes and the \
                 special tokens: ask for at least {least}"
            ),
            Self::UnknownId { id, vocab_size } => {
                write!(f, "there is no token {id}: ids go from 0 to {}", vocab_size - 1)
            }
            Self::BadMerge { index } => write!(
                f,
                "merge {index} repeats an earlier one or uses a token that does not exist yet"
            ),
            Self::BadSpecial(token) => {
                write!(f, "the special token {token:?} is empty or given twice")
            }
        }
    }
}
