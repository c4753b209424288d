//! Writing, a token at a time: what was read is kept as keys and values.

use rand::Rng;
use small_gpt::{Frozen, Linear, Pass, Portable, Products, Tuning};
use softmax_sampling::Sampling;
use softmax_sampling::solution::sample;

use crate::{PocketBuddy, PocketError};

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Writing {
    /// At most so many new tokens.
    pub max_new_tokens: usize,
    /// How each is chosen; at temperature 0 the likeliest is taken.
    pub sampling: Sampling,
    /// The token after which nothing follows.
    pub end: Option<u32>,
}

impl Writing {
    /// The likeliest token each time.
    pub fn greedy(max_new_tokens: usize, end: u32) -> Self {
        let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
        Self { max_new_tokens, sampling, end: Some(end) }
    }
}

impl PocketBuddy {
    /// Writes on behind a prompt. Returns the new tokens; `end`, if it was chosen, is the last of
    /// them. Ends also when prompt and new tokens fill all positions, and hands each token to
    /// `on_token`, which may say `false` to end.
    ///
    /// # Errors
    /// If the prompt is empty, too long, or has an unknown id; if no token can be chosen.
    pub fn generate(
        &self,
        prompt: &[u32],
        writing: &Writing,
        rng: &mut dyn Rng,
        tuning: Option<&dyn Tuning>,
        on_token: &mut dyn FnMut(u32) -> bool,
    ) -> Result<Vec<u32>, PocketError> {
        let tuning = tuning.unwrap_or(&Frozen);
        self.expect_fits(prompt, tuning)?;
        let most = writing.max_new_tokens.min(self.context(Some(tuning)) - prompt.len());
        let (mut pass, mut products) = (Pass::default(), Portable::default());
        let mut read = Read::new(tuning, self.model.sizes.n_layer);
        let mut unread = prompt.to_vec();
        let mut new = Vec::new();
        while new.len() < most {
            let logits = pass.next_logits(&self.model, &read, &unread, &mut products);
            let token = sample(logits, &writing.sampling, rng)? as u32;
            read.keep(&pass);
            new.push(token);
            if !on_token(token) || writing.end == Some(token) {
                break;
            }
            unread = vec![token];
        }
        Ok(new)
    }
}

/// A tuning, and the keys and values of what was read with it: a prefix of what is read next.
struct Read<'a> {
    tuning: &'a dyn Tuning,
    is_begun: bool,
    /// For each block, keys and values.
    kept: Vec<[Vec<f32>; 2]>,
}

impl<'a> Read<'a> {
    fn new(tuning: &'a dyn Tuning, n_layer: usize) -> Self {
        let kept = (0..n_layer).map(|block| tuning.prefix(block).map(<[f32]>::to_vec)).collect();
        Self { tuning, is_begun: false, kept }
    }

    fn keep(&mut self, pass: &Pass) {
        self.is_begun = true;
        for (block, [keys, values]) in self.kept.iter_mut().enumerate() {
            for [key, value] in pass.keys_and_values(block) {
                keys.extend_from_slice(key);
                values.extend_from_slice(value);
            }
        }
    }
}

impl Tuning for Read<'_> {
    /// Nothing learns here.
    fn len(&self) -> usize {
        0
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        self.tuning.linear(layer, y, products);
    }

    fn prompt(&self) -> &[f32] {
        if self.is_begun { &[] } else { self.tuning.prompt() }
    }

    fn prefix(&self, block: usize) -> [&[f32]; 2] {
        self.kept[block].each_ref().map(Vec::as_slice)
    }
}
