//! The smallest example: the text of the first lesson, and a table that learns its neighbors.

use what_an_llm_is::words::{TEXT, Words};

use crate::solution::bigram_gradient;
use crate::{Matrix, NetError};

/// How the table learns.
const RATE: f32 = 10.0;
/// So many steps, all pairs of the text in each.
pub const STEPS: usize = 200;

/// The text as pairs of neighbors.
#[derive(Debug)]
pub struct Pairs {
    /// Every token but the last.
    pub tokens: Vec<u32>,
    /// The token after each.
    pub targets: Vec<u32>,
    /// How many tokens there are.
    pub vocab: usize,
}

impl Default for Pairs {
    fn default() -> Self {
        let words = Words::default();
        let ids = words.ids(TEXT);
        let (tokens, targets) = (ids[..ids.len() - 1].to_vec(), ids[1..].to_vec());
        Self { tokens, targets, vocab: words.vocab_size() }
    }
}

impl Pairs {
    /// The share of `target` among what came after `token`; 0 if nothing did.
    pub fn share(&self, token: u32, target: u32) -> f64 {
        let after = || self.tokens.iter().zip(&self.targets).filter(|&(&t, _)| t == token);
        let hits = after().filter(|&(_, &t)| t == target).count();
        hits as f64 / after().count().max(1) as f64
    }

    /// The mean loss of the counted shares on the pairs they were counted from.
    pub fn counted_loss(&self) -> f64 {
        let pairs = self.tokens.iter().zip(&self.targets);
        let sum: f64 = pairs.map(|(&token, &target)| -self.share(token, target).ln()).sum();
        sum / self.tokens.len() as f64
    }

    /// A table that starts at zero and learns for so many steps, and its loss before each step and
    /// behind the last.
    ///
    /// # Errors
    /// Those of [`bigram_gradient`]: none here.
    pub fn learn(&self, steps: usize) -> Result<(Matrix, Vec<f64>), NetError> {
        let mut table = Matrix::zeros(self.vocab, self.vocab);
        let mut losses = Vec::new();
        for _ in 0..steps {
            let (loss, gradient) = bigram_gradient(&table, &self.tokens, &self.targets)?;
            losses.push(loss);
            let slopes = gradient.data();
            table.data_mut().iter_mut().zip(slopes).for_each(|(x, slope)| *x -= RATE * slope);
        }
        losses.push(bigram_gradient(&table, &self.tokens, &self.targets)?.0);
        Ok((table, losses))
    }
}

/// The softmax of a row, in f64.
pub fn shares(logits: &[f32]) -> Vec<f64> {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f64> = logits.iter().map(|&x| f64::from(crate::exp(x - max))).collect();
    grading::numbers::shares(&weights)
}
