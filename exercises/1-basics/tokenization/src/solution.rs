//! Byte-level byte-pair encoding: training, encoding, decoding.
//!
//! Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units"
//! (<https://arxiv.org/abs/1508.07909>), on bytes, as in GPT-2.

use std::collections::HashMap;

use tokenization::{
    BYTE_TOKENS, Bpe, BpeError, Pair, Piece, Word, byte_id, count_words, pretokenize,
};

// The fields of `Word`, the variants of `Piece` and `BpeError`, and the methods of `Bpe` are in
// vocab.rs, beside this file.

/// Counts every pair of neighboring tokens in the text that these words make
/// up.
///
/// `words` are words, each with its `tokens` (any ids) and its `count`, at
/// least 1: one with `count` 3 stands in the text three times. A pair never
/// spans two words. In the tokens `a a a` the pair (a, a) stands twice.
pub fn count_pairs(words: &[Word]) -> HashMap<Pair, u64> {
    // BEGIN ANSWER
    let mut counts = HashMap::new();
    for word in words {
        for pair in word.tokens.windows(2) {
            *counts.entry((pair[0], pair[1])).or_default() += word.count;
        }
    }
    counts
    // END ANSWER
}

/// The pair to merge next: the most frequent one; among equals the one with the
/// smallest left id, and among those the one with the smallest right id. `None`
/// if there is no pair. Counts are at least 1 and may need all 64 bits.
pub fn best_pair(counts: &HashMap<Pair, u64>) -> Option<Pair> {
    // BEGIN ANSWER
    let best = counts.iter().max_by_key(|&(&pair, &count)| (count, std::cmp::Reverse(pair)));
    best.map(|(&pair, _)| pair)
    // END ANSWER
}

/// Replaces `pair` by the token `id` wherever it stands in `tokens`, from left
/// to right: after a replacement the search goes on behind it. `id` may be any
/// id, also one of the pair's.
pub fn merge_pair(tokens: &[u32], pair: Pair, id: u32) -> Vec<u32> {
    // BEGIN ANSWER
    let mut merged = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        if tokens[i..].starts_with(&[pair.0, pair.1]) {
            merged.push(id);
            i += 2;
        } else {
            merged.push(tokens[i]);
            i += 1;
        }
    }
    merged
    // END ANSWER
}

/// Learns a vocabulary of `vocab_size` tokens: the 256 bytes, merges, and the
/// special tokens.
///
/// Starts from the words of the text as bytes ([`count_words`]). As long as
/// there is room, merges the [`best_pair`] in all words: merge `i` makes the
/// token `256 + i`. Ends early, with a smaller vocabulary, when no pair is
/// left. [`Bpe::new`] makes the vocabulary from the merges.
///
/// # Errors
/// [`BpeError::VocabTooSmall`] if `vocab_size` has no room for the bytes and
/// the special tokens; if it has, [`BpeError::BadSpecial`] as [`count_words`]
/// says.
pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
    // BEGIN ANSWER
    let least = BYTE_TOKENS + special_tokens.len();
    if vocab_size < least {
        return Err(BpeError::VocabTooSmall { vocab_size, least });
    }
    let mut words = count_words(text, special_tokens)?;
    let mut merges = Vec::new();
    while merges.len() < vocab_size - least {
        let Some(pair) = best_pair(&count_pairs(&words)) else { break };
        let id = (BYTE_TOKENS + merges.len()) as u32;
        for word in &mut words {
            word.tokens = merge_pair(&word.tokens, pair, id);
        }
        merges.push(pair);
    }
    Bpe::new(merges, special_tokens)
    // END ANSWER
}

/// Turns text into ids.
///
/// Special tokens first ([`Bpe::split_special`]), each a single id; the text
/// between them word by word ([`pretokenize`]). A word starts as its bytes
/// ([`byte_id`]). Of all pairs in it that have a merge ([`Bpe::merged`]), the
/// one that was learned first is merged, until there is none. `bpe` need not
/// come from training: any merges will do, and any text, of any length.
pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
    // BEGIN ANSWER
    let mut ids = Vec::new();
    for piece in bpe.split_special(text) {
        match piece {
            Piece::Special(id) => ids.push(id),
            Piece::Text(text) => {
                for word in pretokenize(text) {
                    let mut tokens: Vec<u32> = word.bytes().map(byte_id).collect();
                    while let Some((id, pair)) = first_learned(bpe, &tokens) {
                        tokens = merge_pair(&tokens, pair, id);
                    }
                    ids.extend(tokens);
                }
            }
        }
    }
    ids
    // END ANSWER
}

/// The pair in these tokens whose merge was learned first, as `(token it makes,
/// pair)`. `None` if no pair has a merge.
fn first_learned(bpe: &Bpe, tokens: &[u32]) -> Option<(u32, Pair)> {
    // BEGIN ANSWER
    let pairs = tokens.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.filter_map(|pair| Some((bpe.merged(pair)?, pair))).min()
    // END ANSWER
}

/// Turns ids back into text: the bytes of all tokens ([`Bpe::bytes`]), joined,
/// read as UTF-8.
///
/// A token may end in the middle of a character, so ids that were cut somewhere
/// need not be valid UTF-8: what is not becomes `U+FFFD` (�), as
/// [`String::from_utf8_lossy`] does it. Nothing else is changed, added or left
/// out.
///
/// # Errors
/// [`BpeError::UnknownId`] at the first id that the vocabulary does not have.
pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
    // BEGIN ANSWER
    let mut bytes = Vec::new();
    for &id in ids {
        let unknown = || BpeError::UnknownId { id, vocab_size: bpe.vocab_size() };
        bytes.extend_from_slice(bpe.bytes(id).ok_or_else(unknown)?);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
    // END ANSWER
}
