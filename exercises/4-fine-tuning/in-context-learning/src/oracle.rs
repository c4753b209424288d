//! Models that are small enough to be looked through.

use std::cell::RefCell;

use grading::Failure;
use serde::Deserialize;

use crate::LanguageModel;

/// What its tokens say. The first stands for every character that no other begins with.
pub const PIECES: [&str; 22] = [
    "?", "a", "b", "c", "d", "é", " ", "\n", " a", " b", "ab", "abc", " ab", " cd", "cd", ":",
    "é ", "\n\n", "bad", " bad", "good", " good",
];

/// A tokenizer that takes the longest piece, and logits that depend on all tokens so far.
#[derive(Clone, Debug)]
pub struct Toy {
    /// Of what is drawn.
    pub seed: u64,
    /// Whether a token stands before every text.
    pub begins: bool,
    /// How far logits are from 0.
    pub size: f32,
    /// The longest text.
    pub n_positions: usize,
    /// What it had to read.
    pub read: RefCell<Vec<Vec<u32>>>,
}

impl Toy {
    pub fn new(seed: u64) -> Self {
        Self { seed, begins: false, size: 3.0, n_positions: 64, read: RefCell::default() }
    }

    /// The text of tokens.
    pub fn decode(ids: &[u32]) -> String {
        ids.iter().filter_map(|&id| PIECES.get(id as usize).copied()).collect()
    }

    /// The logits behind a text.
    pub fn row(&self, ids: &[u32]) -> Vec<f32> {
        let mut state = ids.iter().fold(self.seed ^ 0x9e37, |state, &id| {
            mixed(state.wrapping_mul(31).wrapping_add(u64::from(id) + 1))
        });
        (0..self.vocab_size())
            .map(|_| {
                state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
                let unit = (state >> 40) as f32 / (1_u32 << 24) as f32;
                // Some tokens never follow.
                if state.is_multiple_of(61) {
                    f32::NEG_INFINITY
                } else {
                    self.size * (2.0 * unit - 1.0)
                }
            })
            .collect()
    }

    /// The log-probability of a token behind a text, by definition.
    pub fn log_prob(&self, before: &[u32], id: u32) -> f64 {
        let row: Vec<f64> = self.row(before).into_iter().map(f64::from).collect();
        let own = row[id as usize];
        if own == f64::NEG_INFINITY {
            return own;
        }
        // exp of a difference: 1 / Σ exp(logit − own).
        -row.iter().map(|logit| logit - own).fold(f64::NEG_INFINITY, |sum, x| {
            let (high, low) = if sum > x { (sum, x) } else { (x, sum) };
            if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
        })
    }
}

fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl LanguageModel for Toy {
    fn encode(&self, text: &str) -> Vec<u32> {
        let mut ids: Vec<u32> =
            if self.begins { vec![self.vocab_size() as u32 - 1] } else { vec![] };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let pieces = PIECES.iter().enumerate().skip(1);
            let longest =
                pieces.filter(|(_, piece)| rest.starts_with(**piece)).max_by_key(|(_, p)| p.len());
            let (id, len) = longest.map_or((0, first.len_utf8()), |(id, piece)| (id, piece.len()));
            ids.push(id as u32);
            rest = &rest[len..];
        }
        ids
    }

    fn logits(&mut self, ids: &[u32]) -> Vec<f32> {
        self.read.borrow_mut().push(ids.to_vec());
        assert!(
            (1..=self.n_positions).contains(&ids.len()),
            "the model reads 1 to {} tokens, not {}",
            self.n_positions,
            ids.len()
        );
        (1..=ids.len()).flat_map(|end| self.row(&ids[..end])).collect()
    }

    fn vocab_size(&self) -> usize {
        PIECES.len() + 1
    }

    fn n_positions(&self) -> usize {
        self.n_positions
    }
}

/// What transformers' GPT-2 made of a prompt and an answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Recorded {
    pub prompt: Vec<u32>,
    pub answer: Vec<u32>,
    pub logits: Vec<f32>,
    pub log_probs: Vec<f64>,
}

pub fn likelihoods() -> Result<Vec<Recorded>, Failure> {
    grading::golden!("likelihoods.json")
}

impl LanguageModel for Recorded {
    fn encode(&self, _: &str) -> Vec<u32> {
        Vec::new()
    }

    fn logits(&mut self, ids: &[u32]) -> Vec<f32> {
        let all = [&self.prompt[..], &self.answer].concat();
        assert!(
            !ids.is_empty() && ids.len() < all.len() && all.starts_with(ids),
            "the text is {all:?}; the model was asked to read {ids:?}"
        );
        self.logits[..ids.len() * self.vocab_size()].to_vec()
    }

    fn vocab_size(&self) -> usize {
        self.logits.len() / (self.prompt.len() + self.answer.len() - 1)
    }

    fn n_positions(&self) -> usize {
        16
    }
}

/// What NumPy made of scores.
#[derive(Debug, Deserialize)]
pub struct Calibrated {
    pub scores: Vec<f64>,
    pub content_free: Vec<Vec<f64>>,
    pub q: Vec<f64>,
}

pub fn calibrated() -> Result<Vec<Calibrated>, Failure> {
    grading::golden!("calibrated.json")
}
