//! Wrong solutions, each with one classic bug, that the checks must reject.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::solution::{count_pairs, merge_pair};
use crate::{BYTE_TOKENS, Bpe, BpeError, Pair, Piece, Word, byte_id, count_words, pretokenize};

/// Counts what `pairs_of` yields for a word, `weight` times.
fn count(
    words: &[Word],
    pairs_of: impl Fn(&[u32]) -> Vec<Pair>,
    weight: impl Fn(&Word) -> u64,
) -> HashMap<Pair, u64> {
    let mut counts = HashMap::new();
    for word in words {
        for pair in pairs_of(&word.tokens) {
            *counts.entry(pair).or_default() += weight(word);
        }
    }
    counts
}

fn neighbors(tokens: &[u32]) -> Vec<Pair> {
    tokens.windows(2).map(|w| (w[0], w[1])).collect()
}

/// Trains like the reference on these words, with a choice of pair.
fn train(
    mut words: Vec<Word>,
    merges: usize,
    special_tokens: &[&str],
    best: impl Fn(&HashMap<Pair, u64>) -> Option<Pair>,
) -> Result<Bpe, BpeError> {
    let mut learned = Vec::new();
    while learned.len() < merges {
        let Some(pair) = best(&count_pairs(&words)) else { break };
        let id = (BYTE_TOKENS + learned.len()) as u32;
        for word in &mut words {
            word.tokens = merge_pair(&word.tokens, pair, id);
        }
        learned.push(pair);
    }
    Bpe::new(learned, special_tokens)
}

/// The room for merges, checked like the reference does.
fn room(vocab_size: usize, special_tokens: &[&str]) -> Result<usize, BpeError> {
    let least = BYTE_TOKENS + special_tokens.len();
    vocab_size.checked_sub(least).ok_or(BpeError::VocabTooSmall { vocab_size, least })
}

/// Encodes with this encoding of a word.
fn encode_words(bpe: &Bpe, text: &str, word: impl Fn(&str) -> Vec<u32>) -> Vec<u32> {
    let pieces = bpe.split_special(text).into_iter();
    pieces
        .flat_map(|piece| match piece {
            Piece::Special(id) => vec![id],
            Piece::Text(text) => pretokenize(text).flat_map(&word).collect(),
        })
        .collect()
}

fn bytes(word: &str) -> Vec<u32> {
    word.bytes().map(byte_id).collect()
}

fn merge_all(bpe: &Bpe, mut tokens: Vec<u32>) -> Vec<u32> {
    let first = |tokens: &[u32]| {
        neighbors(tokens).into_iter().filter_map(|pair| Some((bpe.merged(pair)?, pair))).min()
    };
    while let Some((id, pair)) = first(&tokens) {
        tokens = merge_pair(&tokens, pair, id);
    }
    tokens
}

/// The bytes of all tokens.
fn joined(bpe: &Bpe, ids: &[u32]) -> Result<Vec<u8>, BpeError> {
    let unknown = |id| BpeError::UnknownId { id, vocab_size: bpe.vocab_size() };
    let tokens: Result<Vec<&[u8]>, _> =
        ids.iter().map(|&id| bpe.bytes(id).ok_or(unknown(id))).collect();
    Ok(tokens?.concat())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

grading::mutants! {
    /// A distinct word counts once, however often it stands in the text.
    counts_each_word_once {
        pub fn count_pairs(words: &[Word]) -> HashMap<Pair, u64> {
            count(words, neighbors, |_| 1)
        }
    }
    /// In `a a a`, (a, a) is counted once.
    counts_overlaps_once {
        pub fn count_pairs(words: &[Word]) -> HashMap<Pair, u64> {
            let apart = |tokens: &[u32]| {
                let mut pairs: Vec<Pair> = Vec::new();
                let mut i = 1;
                while i < tokens.len() {
                    let pair = (tokens[i - 1], tokens[i]);
                    let repeats = pairs.last() == Some(&pair) && pair.0 == pair.1;
                    i += if repeats { 2 } else { 1 };
                    pairs.push(pair);
                }
                pairs
            };
            count(words, apart, |word| word.count)
        }
    }
    /// The end of one word and the start of the next are a pair.
    counts_across_words {
        pub fn count_pairs(words: &[Word]) -> HashMap<Pair, u64> {
            let mut counts = count(words, neighbors, |word| word.count);
            for two in words.windows(2) {
                if let (Some(&left), Some(&right)) = (two[0].tokens.last(), two[1].tokens.first()) {
                    *counts.entry((left, right)).or_default() += two[0].count.min(two[1].count);
                }
            }
            counts
        }
    }
    /// (a, b) and (b, a) are one pair.
    counts_without_order {
        pub fn count_pairs(words: &[Word]) -> HashMap<Pair, u64> {
            let sorted = |tokens: &[u32]| {
                neighbors(tokens).into_iter().map(|(l, r)| (l.min(r), l.max(r))).collect()
            };
            count(words, sorted, |word| word.count)
        }
    }
    /// Ties go to the largest pair.
    best_takes_last_of_ties {
        pub fn best_pair(counts: &HashMap<Pair, u64>) -> Option<Pair> {
            counts.iter().map(|(&pair, &count)| (count, pair)).max().map(|(_, pair)| pair)
        }
    }
    /// Ties go to the smallest right id.
    best_compares_right_first {
        pub fn best_pair(counts: &HashMap<Pair, u64>) -> Option<Pair> {
            let best = counts.iter().max_by_key(|&(&(l, r), &count)| (count, Reverse((r, l))));
            best.map(|(&pair, _)| pair)
        }
    }
    /// The rarest pair wins.
    best_takes_rarest {
        pub fn best_pair(counts: &HashMap<Pair, u64>) -> Option<Pair> {
            counts.iter().map(|(&pair, &count)| (count, pair)).min().map(|(_, pair)| pair)
        }
    }
    /// A pair that stands in the text once is none.
    best_wants_two {
        pub fn best_pair(counts: &HashMap<Pair, u64>) -> Option<Pair> {
            crate::solution::best_pair(counts).filter(|pair| counts[pair] > 1)
        }
    }
    /// Only the first place is merged.
    merges_only_once {
        pub fn merge_pair(tokens: &[u32], pair: Pair, id: u32) -> Vec<u32> {
            let mut merged = tokens.to_vec();
            if let Some(i) = tokens.windows(2).position(|w| (w[0], w[1]) == pair) {
                merged.splice(i..i + 2, [id]);
            }
            merged
        }
    }
    /// `a a a` becomes a, id.
    merges_from_the_right {
        pub fn merge_pair(tokens: &[u32], pair: Pair, id: u32) -> Vec<u32> {
            let reversed: Vec<u32> = tokens.iter().rev().copied().collect();
            let mut merged = crate::solution::merge_pair(&reversed, (pair.1, pair.0), id);
            merged.reverse();
            merged
        }
    }
    /// `a a a` becomes id, id: the middle token is used twice.
    merges_overlaps {
        pub fn merge_pair(tokens: &[u32], pair: Pair, id: u32) -> Vec<u32> {
            let is_pair = |i: usize| tokens.get(i..i + 2) == Some(&[pair.0, pair.1]);
            let places = 0..tokens.len();
            places
                .filter_map(|i| match (is_pair(i), i > 0 && is_pair(i - 1)) {
                    (true, _) => Some(id),
                    (false, true) => None,
                    (false, false) => Some(tokens[i]),
                })
                .collect()
        }
    }
    /// (b, a) is merged along with (a, b).
    merges_either_order {
        pub fn merge_pair(tokens: &[u32], pair: Pair, id: u32) -> Vec<u32> {
            let merged = crate::solution::merge_pair(tokens, pair, id);
            crate::solution::merge_pair(&merged, (pair.1, pair.0), id)
        }
    }
    /// The text is one long word.
    trains_across_words {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            let words = vec![Word { tokens: bytes(text), count: 1 }];
            train(words, room(vocab_size, special_tokens)?, special_tokens, best_pair)
        }
    }
    /// Ties go to the largest pair.
    trains_with_last_of_ties {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            let words = count_words(text, special_tokens)?;
            let best = super::best_takes_last_of_ties::best_pair;
            train(words, room(vocab_size, special_tokens)?, special_tokens, best)
        }
    }
    /// Bytes are numbered by value, which breaks ties in another way.
    trains_on_raw_bytes {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            let words = count_words(text, special_tokens)?;
            let value = |id: u32| (0..=255).find(|&b| byte_id(b) == id).map_or(id, u32::from);
            let best = |counts: &HashMap<Pair, u64>| {
                let raw = |&(l, r): &Pair| (value(l), value(r));
                counts.iter().max_by_key(|&(pair, &n)| (n, Reverse(raw(pair)))).map(|(&p, _)| p)
            };
            train(words, room(vocab_size, special_tokens)?, special_tokens, best)
        }
    }
    /// A character beyond ASCII is one token: the low byte of its code point.
    trains_on_characters {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            let mut words = Vec::new();
            for word in pretokenize(text) {
                let tokens = word.chars().map(|c| byte_id(c as u32 as u8)).collect();
                words.push(Word { tokens, count: 1 });
            }
            train(words, room(vocab_size, special_tokens)?, special_tokens, best_pair)
        }
    }
    /// The letters of a special token are text like any other.
    trains_on_special_tokens {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            let words = count_words(text, &[])?;
            train(words, room(vocab_size, special_tokens)?, special_tokens, best_pair)
        }
    }
    /// The special tokens come on top of the size asked for.
    trains_beyond_its_size {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            room(vocab_size, special_tokens)?;
            let words = count_words(text, special_tokens)?;
            train(words, vocab_size - BYTE_TOKENS, special_tokens, best_pair)
        }
    }
    /// Ends when the best pair stands in the text once.
    trains_only_on_repeats {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            let words = count_words(text, special_tokens)?;
            let best = super::best_wants_two::best_pair;
            train(words, room(vocab_size, special_tokens)?, special_tokens, best)
        }
    }
    /// A vocabulary too small for the bytes is quietly made larger.
    trains_without_a_floor {
        pub fn bpe_train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
            let words = count_words(text, special_tokens)?;
            let merges = vocab_size.saturating_sub(BYTE_TOKENS + special_tokens.len());
            train(words, merges, special_tokens, best_pair)
        }
    }
    /// No merge is ever applied.
    encodes_bytes_only {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            encode_words(bpe, text, bytes)
        }
    }
    /// The text is one long word.
    encodes_across_words {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            let pieces = bpe.split_special(text).into_iter();
            pieces
                .flat_map(|piece| match piece {
                    Piece::Special(id) => vec![id],
                    Piece::Text(text) => merge_all(bpe, bytes(text)),
                })
                .collect()
        }
    }
    /// A word is walked through once, merging what can be merged.
    encodes_in_one_pass {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            encode_words(bpe, text, |word| {
                let mut tokens: Vec<u32> = Vec::new();
                for id in bytes(word) {
                    match tokens.last().and_then(|&left| bpe.merged((left, id))) {
                        Some(merged) => *tokens.last_mut().expect("there is a left token") = merged,
                        None => tokens.push(id),
                    }
                }
                tokens
            })
        }
    }
    /// The leftmost pair that has a merge is merged first.
    encodes_from_the_left {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            encode_words(bpe, text, |word| {
                let mut tokens = bytes(word);
                let first = |tokens: &[u32]| {
                    neighbors(tokens).into_iter().find_map(|pair| Some((bpe.merged(pair)?, pair)))
                };
                while let Some((id, pair)) = first(&tokens) {
                    tokens = super::merges_only_once::merge_pair(&tokens, pair, id);
                }
                tokens
            })
        }
    }
    /// The longest token that the rest of the word starts with, again and again.
    encodes_longest_match {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            let merges = BYTE_TOKENS as u32 + bpe.merges().len() as u32;
            encode_words(bpe, text, |word| {
                let (mut rest, mut tokens) = (word.as_bytes(), Vec::new());
                while !rest.is_empty() {
                    let fits = |&id: &u32| bpe.bytes(id).is_some_and(|t| rest.starts_with(t));
                    let longest = (0..merges).filter(fits).max_by_key(|&id| bpe.bytes(id).map(<[u8]>::len));
                    let id = longest.expect("every byte is a token");
                    tokens.push(id);
                    rest = &rest[bpe.bytes(id).map_or(1, <[u8]>::len)..];
                }
                tokens
            })
        }
    }
    /// After the first merge a word is done.
    encodes_one_merge_a_word {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            encode_words(bpe, text, |word| {
                let tokens = bytes(word);
                let learned = neighbors(&tokens).into_iter().filter_map(|pair| Some((bpe.merged(pair)?, pair)));
                match learned.min() {
                    Some((id, pair)) => merge_pair(&tokens, pair, id),
                    None => tokens,
                }
            })
        }
    }
    /// A special token is cut into words like any text.
    encodes_special_as_text {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            pretokenize(text).flat_map(|word| merge_all(bpe, bytes(word))).collect()
        }
    }
    /// A character beyond ASCII is one token: the low byte of its code point.
    encodes_characters {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            encode_words(bpe, text, |word| {
                merge_all(bpe, word.chars().map(|c| byte_id(c as u32 as u8)).collect())
            })
        }
    }
    /// Control characters are taken for dirt.
    encodes_without_controls {
        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            let clean: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
            crate::solution::encode(bpe, &clean)
        }
    }
    /// Every token is read as UTF-8 by itself.
    decodes_token_by_token {
        pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
            ids.iter().map(|&id| Ok(lossy(&joined(bpe, &[id])?))).collect()
        }
    }
    /// Every byte is taken for a character.
    decodes_bytes_as_characters {
        pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
            Ok(joined(bpe, ids)?.into_iter().map(char::from).collect())
        }
    }
    /// What is not valid UTF-8 is dropped.
    decodes_only_valid_text {
        pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
            Ok(String::from_utf8(joined(bpe, ids)?).unwrap_or_default())
        }
    }
    /// Tokens are words, so there are spaces between them.
    decodes_with_spaces {
        pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
            let tokens: Result<Vec<Vec<u8>>, _> = ids.iter().map(|&id| joined(bpe, &[id])).collect();
            Ok(lossy(&tokens?.join(&b' ')))
        }
    }
    /// Special tokens have no text.
    decodes_without_specials {
        pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
            let special = (bpe.vocab_size() - bpe.special_tokens().len()) as u32;
            let is_text = |id: &u32| *id < special || *id >= bpe.vocab_size() as u32;
            let ids: Vec<u32> = ids.iter().copied().filter(is_text).collect();
            Ok(lossy(&joined(bpe, &ids)?))
        }
    }
    /// An unknown id has no text.
    decodes_unknown_as_nothing {
        pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
            let tokens: Vec<&[u8]> = ids.iter().filter_map(|&id| bpe.bytes(id)).collect();
            Ok(lossy(&tokens.concat()))
        }
    }
    /// The first id that does not exist is taken for the last that does.
    decodes_off_by_one {
        pub fn decode(bpe: &Bpe, ids: &[u32]) -> Result<String, BpeError> {
            let last = bpe.vocab_size() as u32 - 1;
            let ids: Vec<u32> = ids.iter().map(|&id| if id == last + 1 { last } else { id }).collect();
            Ok(lossy(&joined(bpe, &ids)?))
        }
    }
}
