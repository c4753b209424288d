//! A hidden word, guessed by counts: from the word before it, the word after it, or both.
//!
//! No network: pairs of words in Tinytown's stories, as step 1 counted them. What two sides are
//! worth can be seen without one.

use std::collections::HashMap;

use tinytown::World;

/// Pairs of words that were counted.
#[derive(Clone, Debug)]
pub struct Pairs {
    words: Vec<String>,
    ids: HashMap<String, usize>,
    /// How often each word stands anywhere.
    counts: Vec<f64>,
    /// How often each follows each: `(words, words)`, the first word's row.
    pairs: Vec<f64>,
    total: f64,
}

/// So many bytes of stories are counted.
pub const TRAINING: usize = 400_000;
/// A sentence to begin with.
pub const EXAMPLE: &str = "The librarian visits the farm every week.";

/// Where a guess looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// At nothing: which words are frequent.
    Neither,
    /// At the word before the gap.
    Left,
    /// At the word after it.
    Right,
    /// At both.
    Both,
}

/// A pair that was never seen counts so much, shared out by how frequent a word is.
const UNSEEN: f64 = 0.5;

impl Pairs {
    /// Counts a text.
    pub fn count(text: &str) -> Self {
        let (mut words, mut ids) = (Vec::new(), HashMap::new());
        let mut number = |word: String| {
            *ids.entry(word).or_insert_with_key(|word| {
                words.push(word.clone());
                words.len() - 1
            })
        };
        let lines: Vec<Vec<usize>> =
            text.lines().map(|line| split(line).into_iter().map(&mut number).collect()).collect();
        let (mut counts, mut pairs) =
            (vec![0.0; words.len()], vec![0.0; words.len() * words.len()]);
        for line in &lines {
            line.iter().for_each(|&word| counts[word] += 1.0);
            line.windows(2).for_each(|pair| pairs[pair[0] * words.len() + pair[1]] += 1.0);
        }
        let total = counts.iter().sum();
        Self { words, ids, counts, pairs, total }
    }

    /// Counts Tinytown's stories, so many bytes of them.
    pub fn tinytown(bytes: usize) -> Self {
        Self::count(&World::new(1).text(0, bytes))
    }

    /// How many different words there are.
    pub fn size(&self) -> usize {
        self.words.len()
    }

    /// P(b | a): how often `b` follows `a`.
    fn follows(&self, a: usize, b: usize) -> f64 {
        let seen = self.pairs[a * self.words.len() + b];
        let anywhere = self.counts[b] / self.total;
        (seen + UNSEEN * anywhere) / (self.counts[a] + UNSEEN)
    }

    /// The probability of each word in the gap, the likeliest first: P(w | left) from the left,
    /// and ∝ P(w) · P(right | w) from the right; from both, ∝ P(w | left) · P(right | w). A
    /// neighbor that was never counted tells nothing.
    pub fn guess(&self, left: Option<&str>, right: Option<&str>, sides: Sides) -> Vec<(&str, f64)> {
        let known = |word: Option<&str>| word.and_then(|word| self.ids.get(word)).copied();
        let left = known(left).filter(|_| matches!(sides, Sides::Left | Sides::Both));
        let right = known(right).filter(|_| matches!(sides, Sides::Right | Sides::Both));
        let mut all: Vec<(&str, f64)> = (0..self.words.len())
            .map(|w| {
                let before = left.map_or(self.counts[w] / self.total, |left| self.follows(left, w));
                let after = right.map_or(1.0, |right| self.follows(w, right));
                (self.words[w].as_str(), before * after)
            })
            .collect();
        let total: f64 = all.iter().map(|(_, p)| p).sum();
        all.iter_mut().for_each(|(_, p)| *p /= total.max(f64::MIN_POSITIVE));
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        all
    }

    /// In how many gaps of a text the first guess is right, among those that have a word on either
    /// side; every `step`-th word is one.
    pub fn score(&self, text: &str, sides: Sides, step: usize) -> (usize, usize) {
        let (mut right, mut all) = (0, 0);
        for line in text.lines() {
            let words = split(line);
            for three in words.windows(3).step_by(step) {
                let [before, hidden, after] = three else { continue };
                let guess = self.guess(Some(before), Some(after), sides);
                all += 1;
                right += usize::from(guess.first().is_some_and(|(word, _)| word == hidden));
            }
        }
        (right, all)
    }
}

/// The words of a text in lower case; a punctuation mark is one, too.
pub fn split(text: &str) -> Vec<String> {
    other_tokenizers::words(text).map(str::to_lowercase).collect()
}

/// A word as it is shown: a punctuation mark by its name, where it has one.
pub fn spelled(word: &str) -> &str {
    match word {
        "." => "full stop",
        "," => "comma",
        "\"" => "quotation mark",
        "?" => "question mark",
        "!" => "exclamation mark",
        word => word,
    }
}
