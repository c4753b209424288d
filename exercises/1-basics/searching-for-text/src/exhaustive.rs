//! What a beam search has to find, without searching: every sequence of a small model, listed. The
//! checks compare with it.

use grading::numbers::shares;

use crate::oracle::spread;

/// A model whose logits depend on all tokens so far, with nothing regular about them.
#[derive(Clone, Copy)]
pub struct Model {
    /// How many tokens there are.
    pub vocab: usize,
    /// The model's number.
    pub seed: u64,
}

impl Model {
    /// One logit a token; never the same for two prefixes.
    pub fn logits(self, prefix: &[usize]) -> Vec<f32> {
        let fold = |seed, &token| seed * 31 + token as u64 + 1;
        spread(self.vocab, prefix.iter().fold(self.seed, fold))
    }

    fn log_probs(self, prefix: &[usize]) -> Vec<f64> {
        let weights: Vec<f64> =
            self.logits(prefix).into_iter().map(|x| f64::from(x).exp()).collect();
        shares(&weights).into_iter().map(f64::ln).collect()
    }
}

/// A sequence, with the log-probability of each of its tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    pub tokens: Vec<usize>,
    steps: Vec<f64>,
}

impl Listed {
    pub fn log_prob(&self) -> f64 {
        self.steps.iter().sum()
    }

    pub fn score(&self, length_penalty: f64) -> f64 {
        self.log_prob() / (self.tokens.len() as f64).powf(length_penalty)
    }

    /// Whether the two have the same first tokens, as many as `self` has or `step` if less.
    fn continues(&self, earlier: &Self, step: usize) -> bool {
        self.tokens[..self.tokens.len().min(step)] == earlier.tokens[..]
    }
}

/// Every sequence of `len` tokens, or fewer if it ends, best score first.
pub fn every_sequence(
    model: Model,
    len: usize,
    end: Option<usize>,
    length_penalty: f64,
) -> Vec<Listed> {
    let mut found = Vec::new();
    let mut open = vec![Listed::default()];
    while let Some(prefix) = open.pop() {
        if prefix.tokens.len() == len || end.is_some_and(|e| prefix.tokens.last() == Some(&e)) {
            found.push(prefix);
            continue;
        }
        for (token, log_prob) in model.log_probs(&prefix.tokens).into_iter().enumerate() {
            let mut longer = prefix.clone();
            longer.tokens.push(token);
            longer.steps.push(log_prob);
            open.push(longer);
        }
    }
    found.sort_by(|a, b| b.score(length_penalty).total_cmp(&a.score(length_penalty)));
    found
}

/// What a beam of `width` keeps after `len` steps: of all sequences of that length, those whose
/// beginnings it kept at every earlier length, and of these the best.
pub fn survivors(
    model: Model,
    len: usize,
    width: usize,
    end: Option<usize>,
    length_penalty: f64,
) -> Vec<Listed> {
    let mut kept = vec![Listed::default()];
    for step in 1..=len {
        let mut all = every_sequence(model, step, end, length_penalty);
        all.retain(|sequence| kept.iter().any(|k| sequence.continues(k, step - 1)));
        all.truncate(width);
        kept = all;
    }
    kept
}
