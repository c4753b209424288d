//! The distribution that negatives come from.

use rand::{Rng, RngExt};

use crate::EmbeddingError;

/// Words to be drawn, each with its probability: `sample` of the lesson on softmax, for many draws.
#[derive(Clone, Debug)]
pub struct Noise {
    /// `cumulative[i]` is the probability of a word up to `i`.
    cumulative: Vec<f64>,
}

impl Noise {
    /// `probabilities[i]` is that of word `i`; they need not sum to one.
    ///
    /// # Errors
    /// If one is negative or not finite, or none is above zero.
    pub fn new(probabilities: &[f64]) -> Result<Self, EmbeddingError> {
        let mut sum = 0.0;
        let mut cumulative = Vec::with_capacity(probabilities.len());
        for &p in probabilities {
            if !(p >= 0.0 && p.is_finite()) {
                return Err(EmbeddingError::Probability(p));
            }
            sum += p;
            cumulative.push(sum);
        }
        if sum > 0.0 { Ok(Self { cumulative }) } else { Err(EmbeddingError::NothingToDraw) }
    }

    /// One word. Never one of probability zero.
    pub fn draw(&self, rng: &mut dyn Rng) -> u32 {
        let total = self.cumulative.last().copied().unwrap_or(0.0);
        let at = rng.random::<f64>() * total;
        let id = self.cumulative.partition_point(|&sum| sum <= at);
        // The product may round up to the total itself, behind the last word.
        let last = self.cumulative.partition_point(|&sum| sum < total);
        id.min(last) as u32
    }

    /// Whether any word but this one can be drawn.
    pub fn has_other_than(&self, id: u32) -> bool {
        let total = self.cumulative.last().copied().unwrap_or(0.0);
        let id = id as usize;
        let before = id.checked_sub(1).and_then(|i| self.cumulative.get(i)).copied();
        let after = self.cumulative.get(id).copied().unwrap_or(0.0);
        before.unwrap_or(0.0) > 0.0 || after < total
    }
}
