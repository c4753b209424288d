//! Training in time proportional to the merges that happen in the text.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::pack;
use crate::{BYTE_TOKENS, Bpe, BpeError, Pair, Word, count_words};

/// Marks the border of a word, and a token that was merged into its left neighbor.
const NONE: u32 = u32::MAX;

/// As [`bpe_train`](crate::solution::bpe_train), and the same merges.
///
/// # Errors
/// [`BpeError::VocabTooSmall`] if `vocab_size` has no room for the bytes and the special tokens.
pub fn train(text: &str, vocab_size: usize, special_tokens: &[&str]) -> Result<Bpe, BpeError> {
    let least = BYTE_TOKENS + special_tokens.len();
    if vocab_size < least {
        return Err(BpeError::VocabTooSmall { vocab_size, least });
    }
    let mut trainer = Trainer::new(count_words(text, special_tokens)?);
    while trainer.merges().len() < vocab_size - least && trainer.step().is_some() {}
    Bpe::new(trainer.merges, special_tokens)
}

/// Training, merge by merge.
///
/// All words stand in one array, a border between them. For every pair there is its count and a
/// list of the places where it stood when it came into being; a place is checked before it is
/// used, so nothing is ever removed from a list. A heap holds every pair with a count that may be
/// too high by now; one that comes up with an outdated count goes back with the right one.
pub struct Trainer {
    corpus: Corpus,
    heap: BinaryHeap<(u64, Reverse<Pair>)>,
    merges: Vec<Pair>,
}

impl Trainer {
    /// Training on these words, as [`count_words`] counts them, before the first merge.
    pub fn new(words: impl IntoIterator<Item = Word>) -> Self {
        let corpus = Corpus::new(words);
        let heap = corpus.pairs.iter().map(|(pair, at)| (at.count, Reverse(pair.unpack())));
        let heap = heap.collect();
        Self { corpus, heap, merges: Vec::new() }
    }

    /// Merges the most frequent pair, the one with the smaller ids among equals, and returns it
    /// with its count. `None` if no pair is left.
    pub fn step(&mut self) -> Option<(Pair, u64)> {
        while let Some((count, Reverse(pair))) = self.heap.pop() {
            let now = self.corpus.pairs.get(&Key::new(pair)).map_or(0, |at| at.count);
            if now == 0 {
                continue;
            }
            if now < count {
                self.heap.push((now, Reverse(pair)));
                continue;
            }
            let id = (BYTE_TOKENS + self.merges.len()) as u32;
            for new in self.corpus.merge(pair, id) {
                let count = self.corpus.pairs.get(&new).map_or(0, |at| at.count);
                self.heap.push((count, Reverse(new.unpack())));
            }
            self.merges.push(pair);
            return Some((pair, now));
        }
        None
    }

    /// The merges so far.
    pub fn merges(&self) -> &[Pair] {
        &self.merges
    }

    /// How many tokens the text has now.
    pub fn tokens(&self) -> u64 {
        self.corpus.length
    }

    /// The `n` pairs that are most frequent now, with their counts, in the order in which they
    /// would be chosen.
    pub fn most_frequent(&self, n: usize) -> Vec<(Pair, u64)> {
        let mut best: Vec<(u64, Reverse<Pair>)> = Vec::with_capacity(n + 1);
        for (key, at) in self.corpus.pairs.iter().filter(|(_, at)| at.count > 0) {
            let pair = (at.count, Reverse(key.unpack()));
            let place = best.partition_point(|other| *other > pair);
            if place < n {
                best.insert(place, pair);
                best.truncate(n);
            }
        }
        best.into_iter().map(|(count, Reverse(pair))| (pair, count)).collect()
    }
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
    /// How many tokens the text has.
    length: u64,
}

impl Corpus {
    fn new(words: impl IntoIterator<Item = Word>) -> Self {
        let (mut tokens, mut weights, mut length) = (vec![NONE], vec![0], 0);
        for word in words {
            length += word.tokens.len() as u64 * word.count;
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
        Self { tokens, next, previous, weights, pairs, length }
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
            self.length -= weight;
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
