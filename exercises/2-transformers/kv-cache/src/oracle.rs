//! What is right, computed without the lesson's code: number by number in double precision, or by
//! PyTorch and transformers in a golden file. The checks compare with it.

use candle_core::{DType, Tensor};
use grading::random::seeded;
use grading::{Failure, Tolerance};
use rand::RngExt;
use serde::Deserialize;
use tensor_test::{flat, largest, tensor};

use crate::{CacheError, KvCache};

/// A text as Llama reads it in transformers, chunk by chunk.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub shape: [usize; 4],
    pub d_v: usize,
    pub chunks: Vec<usize>,
    pub window: Option<usize>,
    pub q: Vec<f64>,
    pub k: Vec<f64>,
    pub v: Vec<f64>,
    pub out: Vec<f64>,
    pub keys: Vec<f64>,
}

pub fn cases() -> Result<Vec<Case>, Failure> {
    grading::golden!("decoding.json")
}

/// Numbers of both signs up to ±2, the same for the same seed; of f32 they need more digits.
pub fn spread(count: usize, seed: u64) -> Vec<f64> {
    let mut rng = seeded(seed);
    (0..count).map(|_| rng.random_range(-2.0..2.0)).collect()
}

/// A text before it is read: `(batch, heads, t, d)`, and `d_v` in the place of `d` for values.
#[derive(Clone, Debug)]
pub struct Text {
    pub shape: [usize; 4],
    pub d_v: usize,
    pub q: Vec<f64>,
    pub k: Vec<f64>,
    pub v: Vec<f64>,
}

impl Text {
    pub fn drawn(shape: [usize; 4], d_v: usize, seed: u64) -> Self {
        let [batch, heads, t, d] = shape;
        let numbers = |width: usize, of| spread(batch * heads * t * width, 10 * seed + of);
        Self { shape, d_v, q: numbers(d, 0), k: numbers(d, 1), v: numbers(d_v, 2) }
    }

    /// Queries, keys and values of the tokens from a place on.
    pub fn part(
        &self,
        from: usize,
        count: usize,
        dtype: DType,
    ) -> candle_core::Result<[Tensor; 3]> {
        let [batch, heads, t, d] = self.shape;
        let cut =
            |x: &[f64], width| tensor(x, &[batch, heads, t, width], dtype)?.narrow(2, from, count);
        Ok([cut(&self.q, d)?, cut(&self.k, d)?, cut(&self.v, self.d_v)?])
    }

    /// The first tokens, and behind them those of another text.
    pub fn spliced(&self, from: usize, other: &Self) -> Self {
        let [.., t, d] = self.shape;
        let join = |a: &[f64], b: &[f64], width: usize| {
            let places = a.chunks(width).zip(b.chunks(width)).enumerate();
            let chosen = places.map(|(i, (a, b))| if i % t < from { a } else { b });
            chosen.flatten().copied().collect()
        };
        let (q, k) = (join(&self.q, &other.q, d), join(&self.k, &other.k, d));
        Self { q, k, v: join(&self.v, &other.v, self.d_v), ..*self }
    }

    /// Keys turned by their positions, the first of which is `start`.
    pub fn turned_keys(&self, start: usize) -> Vec<f64> {
        turned(&self.k, self.shape, start)
    }

    /// The result for each token, all read at once: itself and all before it, or a window of these.
    pub fn forward(&self, window: Option<usize>) -> Vec<f64> {
        let [batch, heads, t, d] = self.shape;
        let (q, k) = (turned(&self.q, self.shape, 0), turned(&self.k, self.shape, 0));
        let row = |x: &[f64], i: usize, width: usize| x[i * width..(i + 1) * width].to_vec();
        let mut out = Vec::with_capacity(batch * heads * t * self.d_v);
        for at in 0..batch * heads * t {
            let (first, place) = (at - at % t, at % t);
            let seen = place.saturating_sub(window.unwrap_or(t) - 1)..=place;
            let keys: Vec<Vec<f64>> = seen.clone().map(|j| row(&k, first + j, d)).collect();
            let values: Vec<Vec<f64>> = seen.map(|j| row(&self.v, first + j, self.d_v)).collect();
            out.extend(looked_up(&row(&q, at, d), &keys, &values));
        }
        out
    }

    /// What a rounding comes to; see [`allowance`].
    pub fn allowance(&self, dtype: DType) -> Tolerance {
        let step = if dtype == DType::F32 { 1e-6 } else { 1e-14 };
        allowance([&self.q, &self.k, &self.v], self.shape[3], step)
    }
}

/// One query among keys: the values, weighed.
pub fn looked_up(q: &[f64], keys: &[Vec<f64>], values: &[Vec<f64>]) -> Vec<f64> {
    let score = |key: &Vec<f64>| dot(q, key) / (q.len() as f64).sqrt();
    let scores: Vec<f64> = keys.iter().map(score).collect();
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|s| (s - highest).exp()).collect();
    let total: f64 = weights.iter().sum();
    let width = values.first().map_or(0, Vec::len);
    let column = |c: usize| weights.iter().zip(values).map(|(w, v)| w * v[c]).sum::<f64>() / total;
    (0..width).map(column).collect()
}

/// Vectors turned by their positions, in polar form: number `i` goes with number `i + d / 2`.
pub fn turned(x: &[f64], [_, _, t, d]: [usize; 4], start: usize) -> Vec<f64> {
    let half = d / 2;
    let mut y = x.to_vec();
    for (at, vector) in y.chunks_mut(d.max(1)).enumerate() {
        let position = (start + at % t) as f64;
        for i in 0..half {
            let (a, b) = (vector[i], vector[i + half]);
            let turn = position * (-2.0 * i as f64 / d as f64 * 10_000_f64.ln()).exp();
            let angle = b.atan2(a) + turn;
            (vector[i], vector[i + half]) = (a.hypot(b) * angle.cos(), a.hypot(b) * angle.sin());
        }
    }
    y
}

/// A dot product.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A score is rounded where it is large, and a rounded score changes its weight by as much; what
/// comes of it is compared with the largest value. `step` is the rounding of a number of size 1.
pub fn allowance([q, k, v]: [&[f64]; 3], d: usize, step: f64) -> Tolerance {
    let score = largest(q) * largest(k) * (d as f64).sqrt();
    Tolerance { rtol: 10.0 * step, atol: step * largest(v) * (4.0 + 4.0 * score) }
}

/// A cache that holds a text, made without the lesson's functions.
pub fn filled(text: &Text, capacity: usize, dtype: DType) -> Result<KvCache, CacheError> {
    let [batch, heads, t, d] = text.shape;
    let mut cache = KvCache::new([batch, heads, capacity, d], text.d_v, dtype)?;
    let [_, k, v] = text.part(0, t, dtype)?;
    let room = |x: &Tensor| x.pad_with_zeros(2, 0, capacity - t)?.contiguous();
    (cache.k, cache.v, cache.len) = (room(&k)?, room(&v)?, t);
    Ok(cache)
}

/// The keys and values of a cache, as they are.
pub fn held(cache: &KvCache) -> candle_core::Result<[Vec<f64>; 2]> {
    let [k, v] = [&cache.k, &cache.v].map(|x| x.narrow(2, 0, cache.len).and_then(|x| flat(&x)));
    Ok([k?, v?])
}

/// All that must stay after an error.
#[derive(Debug, PartialEq)]
pub struct State {
    len: usize,
    start: usize,
    k: Vec<f64>,
    v: Vec<f64>,
}

pub fn state(cache: &KvCache) -> candle_core::Result<State> {
    let [k, v] = held(cache)?;
    Ok(State { len: cache.len, start: cache.start, k, v })
}
