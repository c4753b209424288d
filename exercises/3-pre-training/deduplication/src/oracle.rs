//! What is right, computed without the lesson's code: by Python in a golden file, or by comparing
//! everything with everything.

use std::collections::BTreeSet;

use grading::Failure;
use serde::Deserialize;

use crate::{Settings, fingerprint, hash};

#[derive(Deserialize)]
pub struct Golden {
    pub shingles: Vec<ShinglesCase>,
    pub signatures: Vec<SignatureCase>,
    pub probabilities: Vec<ProbabilityCase>,
    pub bands: Vec<BandsCase>,
}

/// A text, its shingles as text, and as sorted numbers.
#[derive(Deserialize)]
pub struct ShinglesCase {
    pub text: String,
    pub n: usize,
    pub runs: Vec<String>,
    pub numbers: Vec<u64>,
}

#[derive(Deserialize)]
pub struct SignatureCase {
    pub shingles: BTreeSet<u64>,
    pub seeds: Vec<u64>,
    pub signature: Vec<u64>,
}

#[derive(Deserialize)]
pub struct ProbabilityCase {
    pub similarity: f64,
    pub bands: usize,
    pub rows: usize,
    pub probability: f64,
}

#[derive(Deserialize)]
pub struct BandsCase {
    pub threshold: f64,
    pub hashes: usize,
    pub recall: f64,
    /// None if the recall is out of reach.
    pub bands: Option<(usize, usize)>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("golden.json")
}

/// All pairs of signatures that share a band, by looking at each.
pub fn sharing(signatures: &[Vec<u64>], rows: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (i, a) in signatures.iter().enumerate() {
        for (j, b) in signatures.iter().enumerate().skip(i + 1) {
            if a.chunks(rows).zip(b.chunks(rows)).any(|(a, b)| a == b) {
                pairs.push((i, j));
            }
        }
    }
    pairs
}

/// The sorted set of a text's shingles.
pub fn set_of(text: &str, n: usize) -> Vec<u64> {
    let mut words = vec![String::new()];
    for c in text.to_lowercase().chars() {
        match words.last_mut() {
            Some(word) if c.is_alphanumeric() => word.push(c),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    let runs = words.len().saturating_sub(n) + 1;
    let mut set: Vec<u64> = match words.len() {
        0 => vec![],
        _ => {
            (0..runs).map(|at| fingerprint(&words[at..][..n.min(words.len())].join(" "))).collect()
        }
    };
    set.sort_unstable();
    set.dedup();
    set
}

/// Shared elements and all elements of two sorted sets.
pub fn overlap(a: &[u64], b: &[u64]) -> [usize; 2] {
    let shared = a.iter().filter(|x| b.binary_search(x).is_ok()).count();
    [shared, a.len() + b.len() - shared]
}

/// Who stands for whom, by comparing all pairs and walking through each cluster.
pub fn clusters(documents: &[String], settings: &Settings) -> Vec<usize> {
    let sets: Vec<Vec<u64>> = documents.iter().map(|text| set_of(text, settings.words)).collect();
    let smallest = |set: &Vec<u64>, seed| set.iter().map(|&x| hash(x, seed)).min();
    let hashes = (settings.bands * settings.rows) as u64;
    let signatures: Vec<Vec<u64>> = sets
        .iter()
        .map(|set| (0..hashes).map(|seed| smallest(set, seed).unwrap_or(u64::MAX)).collect())
        .collect();
    let mut joined = vec![vec![]; documents.len()];
    for (i, j) in sharing(&signatures, settings.rows) {
        let [shared, all] = overlap(&sets[i], &sets[j]);
        if all == 0 || shared as f64 / all as f64 >= settings.threshold {
            joined[i].push(j);
            joined[j].push(i);
        }
    }
    let mut stands = vec![usize::MAX; documents.len()];
    for first in 0..documents.len() {
        let mut ahead = vec![first];
        while let Some(document) = ahead.pop() {
            if stands[document] == usize::MAX {
                stands[document] = first;
                ahead.extend(&joined[document]);
            }
        }
    }
    stands
}
