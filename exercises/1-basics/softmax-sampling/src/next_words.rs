//! A model of real text, as small as one can be: which word followed which, and how often.
//! Given: the demo, the quiz and the page take their logits from it.

use std::collections::HashMap;

/// The opening of *Alice's Adventures in Wonderland*; see `data/README.md`.
pub const ALICE: &str = include_str!("../data/alice.txt");

/// The words that followed one word in the text, with a logit each: the logarithm of the count, so
/// that softmax at temperature 1 gives back the frequencies.
#[derive(Clone, Debug, PartialEq)]
pub struct NextWords {
    /// Most frequent first; equally frequent ones in the order of their first occurrence.
    pub words: Vec<String>,
    /// One a word.
    pub logits: Vec<f32>,
}

impl NextWords {
    /// What followed `word` (in lower case) in the text; nothing if it does not occur.
    pub fn after(word: &str) -> Self {
        let words: Vec<String> = words(ALICE).collect();
        let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
        for (at, pair) in words.windows(2).enumerate().filter(|(_, pair)| pair[0] == word) {
            counts.entry(&pair[1]).or_insert((0, at)).0 += 1;
        }
        let mut followers: Vec<(&str, (usize, usize))> = counts.into_iter().collect();
        followers.sort_by_key(|&(_, (count, first))| (usize::MAX - count, first));
        Self {
            words: followers.iter().map(|&(next, _)| next.to_owned()).collect(),
            logits: followers.iter().map(|&(_, (count, _))| (count as f32).ln()).collect(),
        }
    }
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphabetic() || c == '\'' || c == '-'
}

/// Words in lower case; apostrophes and hyphens inside a word belong to it.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !is_of_a_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
