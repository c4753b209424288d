//! What a model learns from.

use rand::{Rng, RngExt};

/// Contexts, all of the same length, and the token that came after each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// How many tokens a context has.
    pub context: usize,
    /// One context after the other, the oldest token of each first: shape `(len, context)`.
    pub contexts: Vec<u32>,
    /// The token after each context: shape `(len)`.
    pub targets: Vec<u32>,
}

impl Examples {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The context of an example.
    ///
    /// # Panics
    /// If there is no such example.
    pub fn context_of(&self, i: usize) -> &[u32] {
        &self.contexts[i * self.context..(i + 1) * self.context]
    }

    /// A mini-batch: so many of the examples, each drawn anew from all of them, so one may come
    /// twice. Takes one number from the generator for each, and nothing else; of no examples, none.
    pub fn draw(&self, count: usize, rng: &mut dyn Rng) -> Self {
        let mut drawn = Self { context: self.context, ..Self::default() };
        if self.is_empty() {
            return drawn;
        }
        for _ in 0..count {
            // 64 bits of which only the share counts: the same where a usize has 32.
            let i = (rng.random::<f64>() * self.len() as f64) as usize;
            let i = i.min(self.len() - 1);
            drawn.contexts.extend_from_slice(self.context_of(i));
            drawn.targets.push(self.targets[i]);
        }
        drawn
    }
}
