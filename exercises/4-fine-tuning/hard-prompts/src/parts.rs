//! What a search works with.

use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// A loss of the tokens of a prompt.
pub trait Loss {
    /// The loss.
    fn loss(&mut self, ids: &[u32]) -> f64;

    /// Its slopes along the embeddings of the prompt's tokens: for each place as many numbers as a row
    /// of the table has.
    fn slopes(&mut self, ids: &[u32]) -> Vec<f32>;
}

/// A table of embeddings: row `id` is what token `id` puts into the model.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// Row by row.
    pub numbers: &'a [f32],
    /// Numbers of a row, at least 1.
    pub width: usize,
}

impl<'a> Table<'a> {
    /// How many tokens there are.
    pub fn vocab_size(&self) -> usize {
        self.numbers.len() / self.width
    }

    /// The row of a token below [`Self::vocab_size`].
    pub fn row(&self, id: u32) -> &'a [f32] {
        &self.numbers[id as usize * self.width..][..self.width]
    }
}

/// Another token at a place of the prompt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swap {
    /// Which place, counted from 0.
    pub place: usize,
    /// The new token.
    pub id: u32,
    /// By how much the loss should change.
    pub score: f64,
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings<'a> {
    /// How many swaps are tried in a step.
    pub candidates: usize,
    /// At most so many calls of [`Loss::loss`] and [`Loss::slopes`] together.
    pub budget: usize,
    /// Tokens that must not come into the prompt.
    pub forbidden: &'a [u32],
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The prompt.
    pub ids: Vec<u32>,
    /// Its loss.
    pub loss: f64,
    /// Calls of the loss and its slopes.
    pub evaluations: usize,
    /// After so many calls the loss was so low: the start, and each swap that was kept.
    pub history: Vec<(usize, f64)>,
}

/// What a search is compared with: a random token at a random place, kept if the loss falls, until the
/// budget is used up.
pub fn random_search(
    loss: &mut dyn Loss,
    vocab_size: usize,
    start: &[u32],
    settings: &Settings<'_>,
    seed: u64,
) -> Found {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut ids = start.to_vec();
    let mut least = loss.loss(&ids);
    let mut history = vec![(1, least)];
    for evaluations in 2..=settings.budget {
        let mut tried = ids.clone();
        let place = rng.random_range(0..tried.len());
        tried[place] = loop {
            let id = rng.random_range(0..vocab_size as u32);
            if !settings.forbidden.contains(&id) {
                break id;
            }
        };
        let found = loss.loss(&tried);
        if found < least {
            (ids, least) = (tried, found);
            history.push((evaluations, least));
        }
    }
    Found { ids, loss: least, evaluations: settings.budget, history }
}
