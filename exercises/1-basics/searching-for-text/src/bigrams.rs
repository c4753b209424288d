//! A model of real text for whole sequences: which token followed which, and how often. Given: the
//! demo, the figure and the page search with it.

use softmax_sampling::ALICE;

/// Counts of pairs as a model: tokens, and a logit for each that may follow.
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
        for piece in ALICE.split_whitespace() {
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
    text.split(|c: char| !is_of_a_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
