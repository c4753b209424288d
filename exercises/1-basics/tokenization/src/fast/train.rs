//! Training in time proportional to the merges that happen in the text.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::pack;
use crate::{BYTE_TOKENS, Bpe, BpeError, Pair, count_words};

/// Marks the border of a word, and a token that was merged into its left neighbor.
const NONE: u32 = u32::MAX;

/// As [`bpe_train`](crate::solution::bpe_train), and the same merges.
///
/// All words stand in one array, a border between them. For every pair there is its count and a
/// list of the places where it stood when it came into being; a place is checked before it is
/// used, so nothing is ever removed from a list. A heap holds every pair with a count that may be
/// too high by now; one that comes up with an outdated count goes back with the right one.
///
/// # Errors
/// [`BpeError::VocabTooSmall`] if `vocab_size` has no room for the bytes and the special tokens.
pub fn train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
    let least = BYTE_TOKENS + special_tokens.len();
    if vocab_size < least {
        return Err(BpeError::VocabTooSmall { vocab_size, least });
    }
    let mut corpus = Corpus::new(text, special_tokens)?;
    let mut heap: BinaryHeap<(u64, Reverse<Pair>)> =
        corpus.pairs.iter().map(|(pair, at)| (at.count, Reverse(pair.unpack()))).collect();
    let mut merges = Vec::new();
    while merges.len() < vocab_size - least {
        let Some((count, Reverse(pair))) = heap.pop() else { break };
        let now = corpus.pairs.get(&Key::new(pair)).map_or(0, |at| at.count);
        if now == 0 {
            continue;
        }
        if now < count {
            heap.push((now, Reverse(pair)));
            continue;
        }
        let id = (BYTE_TOKENS + merges.len()) as u32;
        for new in corpus.merge(pair, id) {
            let count = corpus.pairs.get(&new).map_or(0, |at| at.count);
            heap.push((count, Reverse(new.unpack())));
        }
        merges.push(pair);
    }
    Bpe::new(merges, special_tokens)
}

/// A pair packed into a number, which hashes faster than two.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key(u64);

impl Key {
    fn new(pair: Pair) -> Self {
        Self(pack(pair))
    }

    fn unpack(self) -> Pair {
        ((self.0 >> 32) as u32, self.0 as u32)
    }
}

/// What is known of a pair.
#[derive(Default)]
struct Occurrences {
    /// How often it stands in the text.
    count: u64,
    /// The places of its left token, in rising order; it may have left some of them.
    places: Vec<u32>,
}

/// The distinct words of the training text as one doubly linked list of tokens.
struct Corpus {
    tokens: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// For every place, how often its word stands in the text.
    weights: Vec<u64>,
    pairs: FxHashMap<Key, Occurrences>,
}

impl Corpus {
    fn new(text: &str, special_tokens: &[&str]) -> Result<Self, BpeError> {
        let (mut tokens, mut weights) = (vec![NONE], vec![0]);
        for word in count_words(text, special_tokens)? {
            tokens.extend(&word.tokens);
            tokens.push(NONE);
            weights.resize(tokens.len(), word.count);
        }
        let places = tokens.len() as u32;
        let mut pairs: FxHashMap<Key, Occurrences> = FxHashMap::default();
        for (place, pair) in tokens.windows(2).enumerate() {
            if pair[0] != NONE && pair[1] != NONE {
                let at = pairs.entry(Key::new((pair[0], pair[1]))).or_default();
                at.count += weights[place];
                at.places.push(place as u32);
            }
        }
        let next = (1..=places).collect();
        let previous = (0..places).map(|place| place.wrapping_sub(1)).collect();
        Ok(Self { tokens, next, previous, weights, pairs })
    }

    /// Merges a pair everywhere, from left to right, and returns the pairs this brought about.
    fn merge(&mut self, (left, right): Pair, id: u32) -> FxHashSet<Key> {
        let mut new = FxHashSet::default();
        let Some(Occurrences { places, .. }) = self.pairs.remove(&Key::new((left, right))) else {
            return new;
        };
        for place in places {
            let second = self.next[place as usize];
            if self.tokens[place as usize] != left || self.tokens[second as usize] != right {
                continue;
            }
            let before = self.previous[place as usize];
            let after = self.next[second as usize];
            let weight = self.weights[place as usize];
            let (token_before, token_after) =
                (self.tokens[before as usize], self.tokens[after as usize]);
            if token_before != NONE {
                self.forget((token_before, left), weight);
                new.insert(self.note((token_before, id), before, weight));
            }
            if token_after != NONE {
                self.forget((right, token_after), weight);
                new.insert(self.note((id, token_after), place, weight));
            }
            self.tokens[place as usize] = id;
            self.tokens[second as usize] = NONE;
            self.next[place as usize] = after;
            self.previous[after as usize] = place;
        }
        new
    }

    fn note(&mut self, pair: Pair, place: u32, weight: u64) -> Key {
        let key = Key::new(pair);
        let at = self.pairs.entry(key).or_default();
        at.count += weight;
        at.places.push(place);
        key
    }

    /// The pair being merged is gone from the table already: in `a a a` it meets itself.
    fn forget(&mut self, pair: Pair, weight: u64) {
        if let Some(at) = self.pairs.get_mut(&Key::new(pair)) {
            at.count -= weight;
        }
    }
}
