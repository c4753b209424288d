//! A model of real text, as small as one can be: which word followed which, and how often.
//! Given: the demo, the quiz and the page take their logits from it.

use std::collections::HashMap;

/// The opening of *Alice's Adventures in Wonderland*; see `data/README.md`.
const TEXT: &str = include_str!("../data/alice.txt");

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
        let words: Vec<String> = words(TEXT).collect();
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

/// The same text as a model for whole sequences: tokens, and a logit for each that may follow.
/// Punctuation is a token too, [`Bigrams::END`]: there a phrase ends.
#[derive(Clone, Debug)]
pub struct Bigrams {
    /// The tokens, in the order of their first occurrence.
    pub tokens: Vec<String>,
    /// `logits[i][j]`: the logarithm of how often token `j` followed token `i`; −∞ for never.
    logits: Vec<Vec<f32>>,
}

impl Bigrams {
    /// The end of a phrase: whatever stands between two words and is no space.
    pub const END: &'static str = "∎";

    /// Counts the opening of *Alice's Adventures in Wonderland*.
    pub fn alice() -> Self {
        let mut tokens: Vec<String> = Vec::new();
        let mut text = Vec::new();
        for piece in TEXT.split_whitespace() {
            let ends = piece.ends_with(|c: char| !is_of_a_word(c));
            for token in words(piece).chain(ends.then(|| Self::END.to_owned())) {
                let known = tokens.iter().position(|t| *t == token);
                text.push(known.unwrap_or(tokens.len()));
                if known.is_none() {
                    tokens.push(token);
                }
            }
        }
        let mut logits = vec![vec![0.0; tokens.len()]; tokens.len()];
        for pair in text.windows(2) {
            logits[pair[0]][pair[1]] += 1.0;
        }
        logits.iter_mut().flatten().for_each(|count: &mut f32| *count = count.ln());
        Self { tokens, logits }
    }

    /// The token that reads like this.
    pub fn id(&self, token: &str) -> Option<usize> {
        self.tokens.iter().position(|t| t == token)
    }

    /// One logit a token, for what follows `token`; none for a token that does not exist.
    pub fn after(&self, token: usize) -> &[f32] {
        self.logits.get(token).map_or(&[], Vec::as_slice)
    }
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphabetic() || c == '\'' || c == '-'
}

/// Words in lower case; apostrophes and hyphens inside a word belong to it.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !is_of_a_word(c))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}
