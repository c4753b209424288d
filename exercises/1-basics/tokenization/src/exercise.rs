//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/tokenization.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade tokenization`.
//! - Stuck? `cargo study hint tokenization` gives one hint at a time.

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
    todo!("count_pairs")
}

/// The pair to merge next: the most frequent one; among equals the one with the
/// smallest left id, and among those the one with the smallest right id. `None`
/// if there is no pair. Counts are at least 1 and may need all 64 bits.
pub fn best_pair(counts: &HashMap<Pair, u64>) -> Option<Pair> {
    todo!("best_pair")
}

/// Replaces `pair` by the token `id` wherever it stands in `tokens`, from left
/// to right: after a replacement the search goes on behind it. `id` may be any
/// id, also one of the pair's.
pub fn merge_pair(tokens: &[u32], pair: Pair, id: u32) -> Vec<u32> {
    todo!("merge_pair")
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
    todo!("bpe_train")
}

/// Turns text into ids.
///
/// Special tokens first ([`Bpe::split_special`]), each a single id; the text
/// between them word by word ([`pretokenize`]). A word starts as its bytes
/// ([`byte_id`]). Of all pairs in it that have a merge ([`Bpe::merged`]), the
/// one that was learned first is merged, until there is none. `bpe` need not
/// come from training: any merges will do, and any text, of any length.
pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
    todo!("encode")
}

/// The pair in these tokens whose merge was learned first, as `(token it makes,
/// pair)`. `None` if no pair has a merge.
fn first_learned(bpe: &Bpe, tokens: &[u32]) -> Option<(u32, Pair)> {
    todo!("first_learned")
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
    todo!("decode")
}
