//! What is right, computed without the lesson's code: by transformers in golden files, or number by
//! number in double precision.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use grading::Failure;
use grading::random::seeded;
use multi_head_attention::{Linear, Mha};
use rand::RngExt;
use serde::Deserialize;
use tensor_test::numbers;

use crate::{Bart, BartConfig, SeqError, T5, T5Config};

/// What transformers makes of each model.
#[derive(Deserialize)]
pub struct Golden {
    pub t5: ModelCases,
    pub t5_gated: ModelCases,
    pub bart: ModelCases,
    pub shifts: Vec<ShiftCase>,
}

#[derive(Deserialize)]
pub struct ModelCases {
    pub texts: Vec<TextCase>,
    pub blocks: Vec<BlockCase>,
    pub generations: Vec<GenerationCase>,
    pub biases: Vec<BiasCase>,
}

/// Texts, padded or not, and the logits behind what the decoder reads.
#[derive(Deserialize)]
pub struct TextCase {
    pub name: String,
    pub ids: Vec<Vec<u32>>,
    pub is_token: Option<Vec<Vec<u8>>>,
    pub decoder_ids: Vec<Vec<u32>>,
    pub logits: Vec<f64>,
}

/// What goes into the last block of a stack, and what comes out.
#[derive(Deserialize)]
pub struct BlockCase {
    pub part: String,
    pub is_token: Vec<Vec<u8>>,
    pub shape: [usize; 3],
    pub x: Vec<f64>,
    pub states: Vec<f64>,
    pub states_shape: [usize; 3],
    pub bias: Vec<f64>,
    pub y: Vec<f64>,
}

/// What is written for a text by the likeliest token.
#[derive(Deserialize)]
pub struct GenerationCase {
    pub start: u32,
    pub ids: Vec<u32>,
    pub new: Vec<u32>,
}

#[derive(Deserialize)]
pub struct BiasCase {
    pub part: String,
    pub t_q: usize,
    pub t_k: usize,
    pub offset: usize,
    pub bias: Vec<f64>,
}

#[derive(Deserialize)]
pub struct ShiftCase {
    pub labels: Vec<Vec<i64>>,
    pub start: u32,
    pub pad: u32,
    pub ids: Vec<Vec<u32>>,
}

#[derive(Deserialize)]
pub struct BucketCase {
    pub bidirectional: bool,
    pub num_buckets: usize,
    pub max_distance: usize,
    pub relative_positions: Vec<i64>,
    pub buckets: Vec<usize>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("seq2seq.json")
}

pub fn buckets() -> Result<Vec<BucketCase>, Failure> {
    grading::golden!("buckets.json")
}

/// A T5 of the golden files.
pub fn tiny_t5(is_gated: bool, dtype: DType) -> Result<T5, Failure> {
    let (config, weights) = match is_gated {
        false => {
            (include_str!("../golden/t5.json"), &include_bytes!("../golden/t5.safetensors")[..])
        }
        true => (
            include_str!("../golden/t5_gated.json"),
            &include_bytes!("../golden/t5_gated.safetensors")[..],
        ),
    };
    let mut file = Checkpoint::read(weights.to_vec())?;
    let take = |name: &str, shape: &[usize]| Ok(file.take(name, shape)?.to_dtype(dtype)?);
    Ok(T5::from_tensors(T5Config::from_json(config)?, take)?)
}

/// The BART of the golden files.
pub fn tiny_bart(dtype: DType) -> Result<Bart, Failure> {
    let weights = include_bytes!("../golden/bart.safetensors").to_vec();
    let mut file = Checkpoint::read(weights)?.without_prefix("model.")?;
    let take = |name: &str, shape: &[usize]| Ok(file.take(name, shape)?.to_dtype(dtype)?);
    Ok(Bart::from_tensors(BartConfig::from_json(include_str!("../golden/bart.json"))?, take)?)
}

/// Tensors by name.
pub type Weights = HashMap<String, Tensor>;

/// Draws numbers up to `spread`, f64 that f32 holds; no gain is 1 and no bias 0.
pub fn drawing(
    spread: f64,
    seed: u64,
    weights: &mut Weights,
) -> impl FnMut(&str, &[usize]) -> Result<Tensor, SeqError> {
    let mut seeds = seed..;
    move |name, shape| {
        let mut x = numbers(shape.iter().product(), seeds.next().unwrap_or(seed));
        let is_gain = name.contains("norm") && name.ends_with("weight");
        x.iter_mut().for_each(|x| *x = f64::from((*x * spread) as f32) + f64::from(is_gain));
        let tensor = Tensor::from_vec(x, shape, &Device::Cpu)?;
        weights.insert(name.to_owned(), tensor.clone());
        Ok(tensor)
    }
}

/// Hands over tensors by name.
pub fn of(weights: &Weights) -> impl FnMut(&str, &[usize]) -> Result<Tensor, SeqError> {
    |name, _| Ok(weights[name].clone())
}

/// Ids below `vocab_size`, as a tensor.
pub fn ids(shape: [usize; 2], vocab_size: usize, seed: u64) -> candle_core::Result<Tensor> {
    let mut rng = seeded(seed);
    let ids = (0..shape[0] * shape[1]).map(|_| rng.random_range(0..vocab_size as u32)).collect();
    Tensor::from_vec(ids, &shape, &Device::Cpu)
}

/// Rows as a tensor.
pub fn rows<T: candle_core::WithDType>(rows: &[Vec<T>]) -> candle_core::Result<Tensor> {
    Tensor::from_vec(rows.concat(), (rows.len(), rows[0].len()), &Device::Cpu)
}

/// Weights of attention without biases, from `d_model` and `d_context` to `n_heads · d` numbers.
pub fn heads(
    [d_model, d_context, n_heads, d]: [usize; 4],
    seed: u64,
    dtype: DType,
) -> candle_core::Result<Mha> {
    let linear = |d_in: usize, d_out: usize, seed: u64| {
        let w = tensor_test::tensor(&numbers(d_in * d_out, seed), &[d_in, d_out], dtype)?;
        Ok::<_, candle_core::Error>(Linear { w, b: None })
    };
    let inner = n_heads * d;
    Ok(Mha {
        n_heads,
        n_kv_heads: n_heads,
        w_q: linear(d_model, inner, seed)?,
        w_k: linear(d_context, inner, seed + 1)?,
        w_v: linear(d_context, inner, seed + 2)?,
        w_o: linear(inner, d_model, seed + 3)?,
    })
}

/// What T5's attention brings, number by number: texts are rows of vectors, `bias(h, i, j)` is added
/// to a score, and `sees(b, i, j)` says who sees whom.
pub fn attended(
    mha: &Mha,
    [x, context]: [&Tensor; 2],
    bias: &dyn Fn(usize, usize, usize) -> f64,
    sees: &dyn Fn(usize, usize, usize) -> bool,
) -> candle_core::Result<Vec<f64>> {
    let f64s = |x: &Tensor| x.to_dtype(DType::F64)?.to_vec2::<f64>();
    let [w_q, w_k, w_v, w_o] = [&mha.w_q, &mha.w_k, &mha.w_v, &mha.w_o].map(|l| f64s(&l.w));
    let (w_q, w_k, w_v, w_o) = (w_q?, w_k?, w_v?, w_o?);
    let times = |x: &[f64], w: &[Vec<f64>]| -> Vec<f64> {
        let column = |c: usize| x.iter().zip(w).map(|(x, row)| x * row[c]).sum();
        (0..w[0].len()).map(column).collect()
    };
    let d = w_q[0].len() / mha.n_heads;
    let mut y = Vec::new();
    for b in 0..x.dims()[0] {
        let [x, context] = [x, context].map(|x| f64s(&x.get(b)?));
        let (x, context) = (x?, context?);
        for (i, query) in x.iter().enumerate() {
            let q = times(query, &w_q);
            let mut found = Vec::new();
            for h in 0..mha.n_heads {
                let part = h * d..(h + 1) * d;
                let seen: Vec<usize> = (0..context.len()).filter(|&j| sees(b, i, j)).collect();
                let score = |&j: &usize| {
                    let k = times(&context[j], &w_k);
                    q[part.clone()].iter().zip(&k[part.clone()]).map(|(q, k)| q * k).sum::<f64>()
                        + bias(h, i, j)
                };
                let scores: Vec<f64> = seen.iter().map(score).collect();
                let most = scores.iter().copied().fold(f64::MIN, f64::max);
                let total: f64 = scores.iter().map(|s| (s - most).exp()).sum();
                let mut head = vec![0.0; d];
                for (&j, s) in seen.iter().zip(&scores) {
                    let v = times(&context[j], &w_v);
                    let weight = (s - most).exp() / total;
                    head.iter_mut().zip(&v[part.clone()]).for_each(|(sum, v)| *sum += weight * v);
                }
                found.extend(head);
            }
            y.extend(times(&found, &w_o));
        }
    }
    Ok(y)
}

/// A whole number of any size, in digits of 32 bits, the lowest first.
fn power(factors: &[(u32, usize)]) -> Vec<u32> {
    let mut digits = vec![1_u32];
    for &(factor, times) in factors {
        for _ in 0..times {
            let mut carry = 0_u64;
            for digit in &mut digits {
                carry += u64::from(*digit) * u64::from(factor);
                *digit = carry as u32;
                carry >>= 32;
            }
            if carry > 0 {
                digits.push(carry as u32);
            }
        }
    }
    digits
}

/// In which of `n` buckets, the first `e` of which hold one distance each, a distance is. In whole
/// numbers: `d ≥ e · (m / e)^(k / s)` if `d^s ≥ e^(s − k) · m^k`.
pub fn exact_bucket(d: u32, n: usize, e: usize, m: u32) -> usize {
    if (d as usize) < e {
        return d as usize;
    }
    let steps = n - e;
    let reaches = |k: usize| {
        let (a, b) = (power(&[(d, steps)]), power(&[(e as u32, steps - k), (m, k)]));
        (a.len(), a.iter().rev().collect::<Vec<_>>())
            >= (b.len(), b.iter().rev().collect::<Vec<_>>())
    };
    e + (1..steps).take_while(|&k| reaches(k)).count()
}
