//! What checks compare with: probabilities computed without the lessons' models.

use rustc_hash::FxHashMap;
use tokenization::solution::{bpe_train, encode};
use tokenization::{Bpe, byte_id};
use what_an_llm_is::solution::fit;

use crate::{Buddy, BuddyError};

/// A Buddy made of the clear code of the other lessons, which their own checks have judged.
pub fn buddy(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
    let bpe = bpe_train(text, vocab_size, &[])?;
    let ngram = fit(&encode(&bpe, text), order, bpe.vocab_size())?;
    Ok(Buddy { bpe, ngram })
}

/// A Buddy without merges, that has read a line many times.
pub fn byte_buddy(line: &str, order: usize) -> Result<Buddy, BuddyError> {
    let tokens: Vec<u32> = line.repeat(50).bytes().map(byte_id).collect();
    Ok(Buddy { bpe: Bpe::new(vec![], &[])?, ngram: fit(&tokens, order, 256)? })
}

/// What followed each context, found by looking at each window of a training text.
pub struct Windows<'t> {
    /// By context, by token.
    pub after: FxHashMap<&'t [u32], FxHashMap<u32, f64>>,
    order: usize,
    vocab_size: usize,
}

impl<'t> Windows<'t> {
    /// All windows of 1 to `order` tokens.
    pub fn new(tokens: &'t [u32], order: usize, vocab_size: usize) -> Self {
        let mut after: FxHashMap<_, FxHashMap<_, f64>> = FxHashMap::default();
        for window in (1..=order).flat_map(|n| tokens.windows(n)) {
            if let Some((&token, context)) = window.split_last() {
                *after.entry(context).or_default().entry(token).or_default() += 1.0;
            }
        }
        Self { after, order, vocab_size }
    }

    /// `P(token | context)` as Witten and Bell smooth it, by the formula that uses itself.
    pub fn prob(&self, context: &[u32], token: u32) -> f64 {
        let h = &context[context.len().saturating_sub(self.order - 1)..];
        let shorter = match h {
            [] => 1.0 / self.vocab_size as f64,
            [_, rest @ ..] => self.prob(rest, token),
        };
        let Some(seen) = self.after.get(h) else { return shorter };
        let (total, distinct) = (seen.values().sum::<f64>(), seen.len() as f64);
        (seen.get(&token).copied().unwrap_or(0.0) + distinct * shorter) / (total + distinct)
    }

    /// The logarithms of all of them after one context.
    pub fn log_probs(&self, context: &[u32]) -> Vec<f64> {
        (0..self.vocab_size as u32).map(|token| self.prob(context, token).ln()).collect()
    }

    /// Surprise at these tokens, in bits.
    pub fn bits(&self, tokens: &[u32]) -> f64 {
        let nats = |i: usize| -self.prob(&tokens[..i], tokens[i]).ln();
        (0..tokens.len()).map(nats).sum::<f64>() / std::f64::consts::LN_2
    }
}
