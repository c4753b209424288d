//! What is right, computed without the lesson's code: by numpy, scipy and Python in golden files, and
//! by trying every split.

use std::collections::BTreeMap;

use grading::Failure;
use serde::Deserialize;

use crate::{Counts, Vectors};

#[derive(Deserialize)]
pub struct RatesCase {
    x: (u64, u64),
    y: (u64, u64),
    pub z: f64,
    /// Value, low and high: of x, of y, of the difference.
    pub intervals: [(f64, f64, f64); 3],
}

impl RatesCase {
    pub fn counts(&self) -> [Counts; 2] {
        [self.x, self.y].map(|(hits, of)| Counts { hits, of })
    }
}

#[derive(Deserialize)]
pub struct TestCase {
    vectors: BTreeMap<String, Vec<f64>>,
    sizes: [usize; 3],
    pub x_scores: Vec<f64>,
    pub y_scores: Vec<f64>,
    pub statistic: f64,
    pub effect_size: f64,
    pub hits: u32,
    pub splits: u32,
}

impl TestCase {
    pub fn vectors(&self) -> Vectors {
        Vectors::new(self.vectors.clone())
    }

    /// The words of X, Y, A and B.
    pub fn lists(&self) -> [Vec<&str>; 4] {
        let [n, a, b] = self.sizes;
        [("x", n), ("y", n), ("a", a), ("b", b)].map(|(list, n)| {
            let name = |i| format!("{list}{i}");
            let key = |i| self.vectors.get_key_value(&name(i)).map(|(key, _)| key.as_str());
            (0..n).filter_map(key).collect()
        })
    }
}

#[derive(Deserialize)]
pub struct TwinCase {
    pub text: String,
    pairs: Vec<(String, String)>,
    pub twin: String,
}

impl TwinCase {
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.pairs.iter().map(|(p, q)| (p.as_str(), q.as_str())).collect()
    }
}

pub fn rates() -> Result<Vec<RatesCase>, Failure> {
    grading::golden!("rates.json")
}

pub fn tests() -> Result<Vec<TestCase>, Failure> {
    grading::golden!("tests.json")
}

pub fn twins() -> Result<Vec<TwinCase>, Failure> {
    grading::golden!("twins.json")
}

/// For each equal split of the pool, the sum of the half that is chosen: by binary numbers.
pub fn sums_of_halves(pool: &[i64]) -> Vec<i64> {
    let halves = (0..1_u32 << pool.len()).filter(|m| 2 * m.count_ones() as usize == pool.len());
    let sum = |m: u32| (0..pool.len()).filter(|i| m >> i & 1 == 1).map(|i| pool[i]).sum();
    halves.map(sum).collect()
}

/// The share of splits whose first half is at least as large as the observed one.
pub fn share_of_hits(x: &[i64], y: &[i64]) -> f64 {
    let sums = sums_of_halves(&[x, y].concat());
    let observed: i64 = x.iter().sum();
    sums.iter().filter(|&&sum| sum >= observed).count() as f64 / sums.len() as f64
}
