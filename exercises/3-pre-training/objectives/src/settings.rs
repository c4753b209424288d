//! How much is hidden, and by what.

use rand::{Rng, RngExt};

use crate::ObjectiveError;

/// How tokens are masked.
#[derive(Clone, Debug, PartialEq)]
pub struct Masking {
    /// The probability that a word is chosen; BERT's is 0.15.
    pub rate: f64,
    /// Of the chosen tokens, the share that `mask_id` replaces; BERT's is 0.8.
    pub mask: f64,
    /// The share that a random id replaces; BERT's is 0.1. The rest stays as it is.
    pub random: f64,
    /// The id of `[MASK]`.
    pub mask_id: u32,
    /// How many ids there are.
    pub vocab_size: u32,
}

impl Masking {
    /// The shares of BERT.
    pub fn bert(mask_id: u32, vocab_size: u32) -> Self {
        Self { rate: 0.15, mask: 0.8, random: 0.1, mask_id, vocab_size }
    }

    /// Whether tokens can be masked so.
    ///
    /// # Errors
    /// [`ObjectiveError::Share`] unless `rate`, `mask`, `random`, in this order, and then
    /// `mask + random` are from 0 to 1; [`ObjectiveError::NoVocabulary`] if `vocab_size` is 0.
    pub fn check(&self) -> Result<(), ObjectiveError> {
        let both = self.mask + self.random;
        check_share("rate", self.rate)?;
        check_share("mask", self.mask)?;
        check_share("random", self.random)?;
        check_share("mask + random", both)?;
        if self.vocab_size == 0 { Err(ObjectiveError::NoVocabulary) } else { Ok(()) }
    }
}

/// How T5 hides spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Spans {
    /// The share of tokens that is hidden; T5's is 0.15.
    pub density: f64,
    /// How long a span is on average, in tokens; T5's is 3.
    pub mean_length: f64,
}

impl Spans {
    /// Those of T5.
    pub const T5: Self = Self { density: 0.15, mean_length: 3.0 };

    /// Whether spans can be drawn so.
    ///
    /// # Errors
    /// [`ObjectiveError::Share`] unless `density` is from 0 to 1; then
    /// [`ObjectiveError::MeanLength`] unless `mean_length` is from 1 to 10⁶.
    pub fn check(&self) -> Result<(), ObjectiveError> {
        check_share("density", self.density)?;
        check_length(self.mean_length, 1.0, 1e6)
    }
}

/// The ids that stand for hidden spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentinels {
    /// In the order of use.
    pub ids: Vec<u32>,
    /// The end of a text.
    pub eos: u32,
}

impl Sentinels {
    /// Those of T5: `<extra_id_0>` is 32,099, `<extra_id_1>` is 32,098, and so on down to 32,000.
    pub fn t5() -> Self {
        Self { ids: (32_000..32_100).rev().collect(), eos: 1 }
    }
}

/// How BART hides spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Infilling {
    /// The share of tokens that is hidden; BART's is 0.3.
    pub rate: f64,
    /// How long a span is on average, in tokens; BART's is 3.
    pub lambda: f64,
    /// The id of `[MASK]`, as the paper calls it; in BART's code it is `<mask>`.
    pub mask_id: u32,
}

impl Infilling {
    /// The shares of BART.
    pub fn bart(mask_id: u32) -> Self {
        Self { rate: 0.3, lambda: 3.0, mask_id }
    }

    /// Whether spans can be drawn so.
    ///
    /// # Errors
    /// [`ObjectiveError::Share`] unless `rate` is from 0 to 1; then [`ObjectiveError::MeanLength`]
    /// unless `lambda` is from 0.1 to 100.
    pub fn check(&self) -> Result<(), ObjectiveError> {
        check_share("rate", self.rate)?;
        check_length(self.lambda, 0.1, 100.0)
    }
}

fn check_share(name: &'static str, value: f64) -> Result<(), ObjectiveError> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    Err(ObjectiveError::Share { name, value })
}

fn check_length(value: f64, least: f64, most: f64) -> Result<(), ObjectiveError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(ObjectiveError::MeanLength { value, least, most })
}

/// A whole number from the Poisson distribution: `k` with the probability `λᵏ·e^(−λ) / k!`, for `λ`
/// up to 100.
///
/// Source: Knuth, The Art of Computer Programming, volume 2, section 3.4.1, algorithm Q.
pub fn poisson(lambda: f64, rng: &mut dyn Rng) -> usize {
    let least = (-lambda).exp();
    let mut product = rng.random::<f64>();
    let mut drawn = 0;
    while product > least {
        product *= rng.random::<f64>();
        drawn += 1;
    }
    drawn
}
