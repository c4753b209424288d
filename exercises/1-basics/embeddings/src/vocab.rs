//! From text to the ids of words.

use std::collections::HashMap;

use rand::{Rng, RngExt};

/// The words of a text in lower case, and its sentence ends as `.`; other punctuation is left out.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().flat_map(|chunk| {
        let word = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let ends = chunk.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?']);
        let word = (!word.is_empty()).then(|| word.to_lowercase());
        word.into_iter().chain(ends.then(|| ".".to_owned()))
    })
}

/// A text in parts of about so many bytes, each of which ends behind a space: the words of the
/// parts are those of the text.
pub fn parts(text: &str, bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = (bytes..=rest.len()).find(|&i| rest.is_char_boundary(i)).unwrap_or(rest.len());
        let space = rest[start..].find(char::is_whitespace).map_or(rest.len(), |i| start + i);
        let (part, after) = rest.split_at(space);
        // The next part begins with the space: no endless loop, since it is looked for behind it.
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

/// The words that are kept, most frequent first.
#[derive(Clone, Debug, Default)]
pub struct Vocab {
    words: Vec<String>,
    counts: Vec<u64>,
    ids: HashMap<String, u32>,
}

impl Vocab {
    /// At most `size` words, each of which occurs at least `min_count` times. Words of equal count
    /// stand in the order of the alphabet.
    pub fn new(counts: HashMap<String, u64>, size: usize, min_count: u64) -> Self {
        let mut all: Vec<(String, u64)> =
            counts.into_iter().filter(|&(_, count)| count >= min_count).collect();
        all.sort_unstable_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        all.truncate(size);
        let ids = all.iter().zip(0..).map(|((word, _), id)| (word.clone(), id)).collect();
        let (words, counts) = all.into_iter().unzip();
        Self { words, counts, ids }
    }

    /// The vocabulary of a text, and the text as ids; words outside are left out.
    pub fn of(text: &str, size: usize, min_count: u64) -> (Self, Vec<u32>) {
        let mut counts = HashMap::new();
        for word in words(text) {
            *counts.entry(word).or_insert(0) += 1;
        }
        let vocab = Self::new(counts, size, min_count);
        let tokens = words(text).filter_map(|word| vocab.id(&word)).collect();
        (vocab, tokens)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words by id.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// How often each occurs, by id.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The id of a word.
    pub fn id(&self, word: &str) -> Option<u32> {
        self.ids.get(word).copied()
    }

    /// The word of an id; empty if there is none.
    pub fn word(&self, id: u32) -> &str {
        self.words.get(id as usize).map_or("", String::as_str)
    }
}

/// Leaves out most occurrences of words that make up more than `threshold` of the text: a word
/// with the share `f` stays with the probability `√(threshold / f)` (Mikolov and others, 2013,
/// *Distributed Representations*, equation 5).
pub fn subsample(tokens: &[u32], counts: &[u64], threshold: f64, rng: &mut dyn Rng) -> Vec<u32> {
    let total = counts.iter().sum::<u64>() as f64;
    let mut kept = |id: u32| {
        let share = counts.get(id as usize).map_or(0.0, |&n| n as f64 / total);
        share <= threshold || rng.random::<f64>() < (threshold / share).sqrt()
    };
    tokens.iter().copied().filter(|&id| kept(id)).collect()
}
