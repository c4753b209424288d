//! Encoding that remembers words.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::pack;
use crate::{Bpe, Piece, byte_id, pretokenize};

/// A word longer than this is merged with a heap: scanning it for the next merge, again and again,
/// would take time quadratic in its length.
const LONG: usize = 64;

/// A word longer than this is not remembered: it will hardly come again.
const RARE: usize = 32;

/// So many words are remembered; then the memory starts anew.
const WORDS: usize = 1 << 17;

/// As [`encode`](crate::solution::encode), and the same ids, for one vocabulary.
#[derive(Clone, Debug)]
pub struct Encoder<'b> {
    bpe: &'b Bpe,
    merged: FxHashMap<u64, u32>,
    /// Where the ids of a word are in `ids`.
    words: FxHashMap<Box<str>, (u32, u32)>,
    ids: Vec<u32>,
}

impl<'b> Encoder<'b> {
    /// An encoder that has not seen any word yet.
    pub fn new(bpe: &'b Bpe) -> Self {
        let merges = bpe.merges().iter();
        let merged = merges.filter_map(|&pair| Some((pack(pair), bpe.merged(pair)?))).collect();
        Self { bpe, merged, words: FxHashMap::default(), ids: Vec::new() }
    }

    /// The ids of a text.
    pub fn encode(&mut self, text: &str) -> Vec<u32> {
        let mut ids = Vec::with_capacity(text.len() / 3);
        for piece in self.bpe.split_special(text) {
            match piece {
                Piece::Special(id) => ids.push(id),
                Piece::Text(text) => pretokenize(text).for_each(|word| self.word(word, &mut ids)),
            }
        }
        ids
    }

    fn word(&mut self, word: &str, out: &mut Vec<u32>) {
        if let Some(&(start, end)) = self.words.get(word) {
            out.extend_from_slice(&self.ids[start as usize..end as usize]);
            return;
        }
        let start = out.len();
        out.extend(word.bytes().map(byte_id));
        let tokens = if word.len() > LONG {
            self.merge_long(&out[start..])
        } else {
            self.merge_short(&out[start..])
        };
        out.truncate(start);
        out.extend_from_slice(&tokens);
        if word.len() <= RARE {
            if self.words.len() == WORDS {
                self.words.clear();
                self.ids.clear();
            }
            let first = self.ids.len() as u32;
            self.ids.extend_from_slice(&tokens);
            self.words.insert(word.into(), (first, self.ids.len() as u32));
        }
    }

    /// The token that a pair merges into, or `u32::MAX`.
    fn merged(&self, left: u32, right: u32) -> u32 {
        self.merged.get(&pack((left, right))).copied().unwrap_or(u32::MAX)
    }

    /// One merge at a time, the leftmost of those that were learned first; only the two pairs
    /// beside it are looked up again.
    fn merge_short(&self, bytes: &[u32]) -> Vec<u32> {
        let mut tokens = bytes.to_vec();
        let mut merged: Vec<u32> = tokens.windows(2).map(|w| self.merged(w[0], w[1])).collect();
        while let Some((i, &id)) = merged.iter().enumerate().min_by_key(|&(_, &id)| id)
            && id != u32::MAX
        {
            tokens[i] = id;
            tokens.remove(i + 1);
            merged.remove(i);
            if i > 0 {
                merged[i - 1] = self.merged(tokens[i - 1], id);
            }
            if i < merged.len() {
                merged[i] = self.merged(id, tokens[i + 1]);
            }
        }
        tokens
    }

    /// The same with a heap over a linked list. A heap entry is outdated, and skipped, when its
    /// place no longer holds that pair.
    fn merge_long(&self, bytes: &[u32]) -> Vec<u32> {
        const GONE: u32 = u32::MAX;
        let n = bytes.len();
        let mut tokens = bytes.to_vec();
        let mut next: Vec<usize> = (1..=n).collect();
        let mut previous: Vec<usize> = (0..n).map(|i| i.wrapping_sub(1)).collect();
        let entry = |tokens: &[u32], i: usize, j: usize| {
            let id = self.merged(tokens[i], tokens[j]);
            (id != u32::MAX).then_some(Reverse((id, i)))
        };
        let mut heap: BinaryHeap<_> = (1..n).filter_map(|j| entry(&tokens, j - 1, j)).collect();
        while let Some(Reverse((id, i))) = heap.pop() {
            let j = next[i];
            if tokens[i] == GONE || j >= n || self.merged(tokens[i], tokens[j]) != id {
                continue;
            }
            tokens[i] = id;
            tokens[j] = GONE;
            next[i] = next[j];
            if next[i] < n {
                previous[next[i]] = i;
                heap.extend(entry(&tokens, i, next[i]));
            }
            if previous[i] < n {
                heap.extend(entry(&tokens, previous[i], i));
            }
        }
        tokens.retain(|&token| token != GONE);
        tokens
    }
}
