//! What is right, computed without the lesson's code: by NLTK (`golden/make.py`), or by scanning
//! the text again for every number. The checks compare with it.

use grading::Failure;
use serde::Deserialize;

use crate::{Ngram, NgramError};

/// A training text, and what NLTK's model of it says.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub order: usize,
    pub vocab_size: usize,
    /// The training text.
    pub tokens: Vec<u32>,
    pub contexts: Vec<Vec<u32>>,
    /// For each context, the probability of every token.
    pub probs: Vec<Vec<f64>>,
    /// Another text.
    pub held_out: Vec<u32>,
    pub perplexity: f64,
    pub perplexity_of_training: f64,
}

pub fn cases() -> Result<Vec<Case>, Failure> {
    Ok(serde_json::from_str(include_str!("../golden/golden.json"))?)
}

impl Case {
    /// The model with the counts of the training text.
    pub fn model(&self) -> Result<Ngram, NgramError> {
        counted(&self.tokens, self.order, self.vocab_size)
    }
}

/// A model with the counts of a text, made window by window.
pub fn counted(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
    let mut model = Ngram::new(order, vocab_size)?;
    for gram in (1..=order).flat_map(|n| tokens.windows(n)) {
        if let Some((&token, context)) = gram.split_last() {
            model.after_mut(context).add(token);
        }
    }
    Ok(model)
}

/// How often `token` stands after `context` in the text, by looking at every place.
pub fn count(tokens: &[u32], context: &[u32], token: u32) -> u64 {
    let ends = (0..tokens.len()).filter(|&i| tokens[i] == token);
    ends.filter(|&i| tokens[..i].ends_with(context)).count() as u64
}

/// Witten–Bell as Chen and Goodman write it, by scanning the text:
/// `P(w|h) = λ c(h,w)/c(h) + (1 − λ) P(w|h′)` with `1 − λ = T(h) / (T(h) + c(h))`. The parts come
/// one a context length: first what the uniform distribution gives, then the empty context, and
/// so on; their sum is the probability.
pub fn parts(tokens: &[u32], context: &[u32], vocab_size: usize, token: u32) -> Vec<f64> {
    let counts: Vec<u64> =
        (0..vocab_size as u32).map(|token| count(tokens, context, token)).collect();
    let total = counts.iter().sum::<u64>() as f64;
    let distinct = counts.iter().filter(|&&count| count > 0).count() as f64;
    let back_off = if total > 0.0 { distinct / (distinct + total) } else { 1.0 };
    let mut parts = match context.split_first() {
        Some((_, shorter)) => self::parts(tokens, shorter, vocab_size, token),
        None => vec![1.0 / vocab_size as f64],
    };
    parts.iter_mut().for_each(|part| *part *= back_off);
    let seen = counts.get(token as usize).map_or(0.0, |&count| count as f64);
    parts.push(if total > 0.0 { (1.0 - back_off) * seen / total } else { 0.0 });
    parts
}

/// Seeded random numbers: xorshift64*.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n
    }

    /// `len` tokens below `vocab_size`, small ones more often than large ones.
    pub fn tokens(&mut self, len: usize, vocab_size: usize) -> Vec<u32> {
        (0..len).map(|_| self.below(vocab_size).min(self.below(vocab_size)) as u32).collect()
    }
}
