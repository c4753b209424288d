//! A step number by number, in double precision, on the CPU: what both ways on the GPU are held to,
//! and what the page shows where there is no GPU.

use gpt::Config;

use crate::{Model, Precision, cache_len};

/// A model that reads token by token.
#[derive(Clone, Debug)]
pub struct Reader {
    config: Config,
    tensors: Vec<Vec<f64>>,
    /// `(n_layer, 2, n_positions, n_embd)`, row-major: the keys of a block, then its values.
    pub cache: Vec<f64>,
}

/// A weight and its bias.
type Pair<'a> = (&'a [f64], &'a [f64]);

impl Reader {
    /// With an empty cache; each weight is what is left of it in this precision.
    pub fn new(model: &Model, precision: Precision) -> Self {
        let stored = |x: &f32| match precision {
            Precision::F32 => f64::from(*x),
            Precision::F16 => rounded_f16(f64::from(*x)),
        };
        let tensors = model.tensors.iter().map(|x| x.iter().map(stored).collect()).collect();
        let cache = vec![0.0; cache_len(&model.config)];
        Self { config: model.config.clone(), tensors, cache }
    }

    fn pair(&self, index: usize) -> Pair<'_> {
        (&self.tensors[index], &self.tensors[index + 1])
    }

    /// Reads a token at a position; the logits for the one that follows it.
    pub fn step(&mut self, token: usize, position: usize) -> Vec<f64> {
        let Config { n_layer, n_embd: n, n_positions, layer_norm_epsilon: eps, .. } = self.config;
        let [wte, wpe] = [&self.tensors[0], &self.tensors[1]];
        let mut x: Vec<f64> = (0..n).map(|c| wte[token * n + c] + wpe[position * n + c]).collect();
        for layer in 0..n_layer {
            // Each block has six pairs, behind the two tables.
            let part = |i: usize| 2 + 12 * layer + 2 * i;
            let qkv = product(&normed(&x, self.pair(part(0)), eps), self.pair(part(1)));
            for (half, row) in qkv.chunks(n).skip(1).enumerate() {
                let start = ((2 * layer + half) * n_positions + position) * n;
                self.cache[start..start + n].copy_from_slice(row);
            }
            let found = self.attend(&qkv[..n], layer, position);
            add(&mut x, &product(&found, self.pair(part(2))));
            let mut inside = product(&normed(&x, self.pair(part(3)), eps), self.pair(part(4)));
            inside.iter_mut().for_each(|v| *v = gelu(*v));
            add(&mut x, &product(&inside, self.pair(part(5))));
        }
        let x = normed(&x, self.pair(2 + 12 * n_layer), eps);
        self.tensors[0].chunks(n).map(|row| dot(row, &x)).collect()
    }

    fn attend(&self, query: &[f64], layer: usize, position: usize) -> Vec<f64> {
        let Config { n_embd: n, n_head, n_positions, .. } = self.config;
        let d = n / n_head;
        let room = |half: usize| &self.cache[(2 * layer + half) * n_positions * n..];
        let (keys, values) = (room(0), room(1));
        let mut found = Vec::with_capacity(n);
        for head in 0..n_head {
            let of = |x: &[f64], j: usize| x[j * n + head * d..j * n + (head + 1) * d].to_vec();
            let score = |j| dot(&of(query, 0), &of(keys, j)) / (d as f64).sqrt();
            let scores: Vec<f64> = (0..=position).map(score).collect();
            let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weights: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
            let total: f64 = weights.iter().sum();
            let column = |c: usize| {
                let sum = |(j, weight): (usize, &f64)| weight * values[j * n + head * d + c];
                weights.iter().enumerate().map(sum).sum::<f64>() / total
            };
            found.extend((0..d).map(column));
        }
        found
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(x: &mut [f64], y: &[f64]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

fn normed(x: &[f64], (gain, bias): Pair<'_>, eps: f64) -> Vec<f64> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
    let number = |((x, gain), bias)| (x - mean) / (variance + eps).sqrt() * gain + bias;
    x.iter().zip(gain).zip(bias).map(number).collect()
}

fn product(x: &[f64], (weight, bias): Pair<'_>) -> Vec<f64> {
    let mut sum = bias.to_vec();
    for (x, row) in x.iter().zip(weight.chunks(bias.len())) {
        sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += x * weight);
    }
    sum
}

fn gelu(x: f64) -> f64 {
    let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
    0.5 * x * (1.0 + inner.tanh())
}

/// The number of 16 bits that is nearest, of two as near the even one: whole steps of 2⁻²⁴ near 0,
/// and above 2⁻¹⁴ of 2⁻¹⁰ times the power of two below it.
pub fn rounded_f16(x: f64) -> f64 {
    if x.is_nan() || x.abs() >= 65_520.0 {
        return x * f64::INFINITY;
    }
    let mut step = (-24_f64).exp2();
    while x.abs() >= 2048.0 * step {
        step *= 2.0;
    }
    (x / step).round_ties_even() * step
}

/// The number that 16 bits stand for.
pub fn of_f16(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * (-24_f64).exp2(),
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        _ => (1024.0 + fraction) * f64::from(exponent - 25).exp2(),
    };
    if bits >> 15 == 0 { size } else { -size }
}
