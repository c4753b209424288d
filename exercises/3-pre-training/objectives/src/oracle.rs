//! Expected values: of independent code, and of closed forms.

use std::collections::BTreeMap;

use grading::Failure;
use serde::Deserialize;

/// What golden/make.py wrote.
#[derive(Debug, Deserialize)]
pub struct Golden {
    pub causal: Vec<CausalCase>,
    /// Length, density, mean length; how many tokens and spans T5's code hides.
    pub spans: Vec<(usize, f64, f64, usize, usize)>,
    pub sentinels: Vec<SentinelCase>,
}

/// A row of a batch of transformers.
#[derive(Debug, Deserialize)]
pub struct CausalCase {
    pub ids: Vec<u32>,
    pub is_token: Vec<bool>,
    pub labels: Vec<i64>,
}

/// A text by T5's code, with a vocabulary of 1,000.
#[derive(Debug, Deserialize)]
pub struct SentinelCase {
    pub ids: Vec<u32>,
    pub is_hidden: Vec<bool>,
    pub input: Vec<u32>,
    pub target: Vec<u32>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("objectives.json")
}

/// The runs of a mask, as `(is_hidden, length)`.
pub fn runs(mask: &[bool]) -> Vec<(bool, usize)> {
    mask.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
}

/// `n` over `k`.
pub fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n as f64 - i as f64) / (i + 1) as f64).product()
}

/// `λᵏ·e^(−λ) / k!`
fn poisson(k: usize, lambda: f64) -> f64 {
    (1..=k).map(|i| lambda / i as f64).product::<f64>() * (-lambda).exp()
}

/// The probability that a drawn length is `length`, if longer ones are cut to `missing`.
fn cut(length: usize, missing: usize, lambda: f64) -> f64 {
    match length == missing {
        true => 1.0 - (0..missing).map(|k| poisson(k, lambda)).sum::<f64>(),
        false => poisson(length, lambda),
    }
}

/// The probabilities of 0, 1, … spans until `hidden` tokens are reached.
pub fn span_counts(hidden: usize, lambda: f64, most: usize) -> Vec<f64> {
    // At [missing], the probability of being there.
    let mut states = vec![0.0; hidden + 1];
    states[hidden] = 1.0;
    let mut counts = Vec::new();
    for _ in 0..=most {
        counts.push(std::mem::take(&mut states[0]));
        let mut after = vec![0.0; hidden + 1];
        for missing in 1..=hidden {
            for length in 0..=missing {
                after[missing - length] += states[missing] * cut(length, missing, lambda);
            }
        }
        states = after;
    }
    counts
}

/// How likely BART reads which text, if `hidden` of the tokens 1 to `n` are hidden behind masks of id 0:
/// all texts of at most `most` masks.
pub fn infilled(n: usize, hidden: usize, lambda: f64, most: usize) -> BTreeMap<Vec<u32>, f64> {
    // How many spans there are of each length; without an order, which is drawn afterwards.
    let mut drawn = BTreeMap::from([((vec![0; hidden + 1], hidden), 1.0)]);
    let mut done: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
    for _ in 0..=most {
        let mut next = BTreeMap::new();
        for ((counts, missing), p) in drawn {
            if missing == 0 {
                *done.entry(counts).or_insert(0.0) += p;
                continue;
            }
            for length in 0..=missing {
                let mut counts = counts.clone();
                counts[length] += 1;
                let p = p * cut(length, missing, lambda);
                *next.entry((counts, missing - length)).or_insert(0.0) += p;
            }
        }
        drawn = next;
    }
    let mut texts = BTreeMap::new();
    for (counts, p) in done {
        arrange(&mut texts, (counts, n - hidden), (Vec::new(), 1), p);
    }
    texts
}

/// Goes on with each piece that is left.
fn arrange(
    texts: &mut BTreeMap<Vec<u32>, f64>,
    (counts, kept): (Vec<usize>, usize),
    (text, next): (Vec<u32>, u32),
    p: f64,
) {
    let left = (counts.iter().sum::<usize>() + kept) as f64;
    if left == 0.0 {
        *texts.entry(text).or_insert(0.0) += p;
        return;
    }
    if kept > 0 {
        let text = [text.as_slice(), &[next]].concat();
        arrange(texts, (counts.clone(), kept - 1), (text, next + 1), p * kept as f64 / left);
    }
    for length in (0..counts.len()).filter(|&length| counts[length] > 0) {
        let p = p * counts[length] as f64 / left;
        let mut counts = counts.clone();
        counts[length] -= 1;
        let text = [text.as_slice(), &[0]].concat();
        arrange(texts, (counts, kept), (text, next + length as u32), p);
    }
}
