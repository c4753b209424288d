//! What is right, computed without the lesson's code: by transformers and PyTorch in golden files,
//! or number by number in double precision.

use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use grading::Failure;
use serde::Deserialize;
use tensor_test::{flat, numbers, tensor};

use crate::{Config, Decoder, KeysValues, Llama, LlamaError};

/// What transformers makes of texts, and the formulas of vectors.
#[derive(Deserialize)]
pub struct Golden {
    pub texts: Vec<TextCase>,
    /// With the logits at the last token only.
    pub long: Vec<TextCase>,
    pub parts: Vec<PartCase>,
    pub generations: Vec<GenerationCase>,
}

/// Texts and their logits; at padding 0.
#[derive(Deserialize)]
pub struct TextCase {
    pub model: String,
    pub name: String,
    pub shape: [usize; 2],
    pub ids: Vec<u32>,
    pub is_token: Vec<u8>,
    pub logits: Vec<f64>,
}

/// What a block and its attention make of some vectors.
#[derive(Deserialize)]
pub struct PartCase {
    pub model: String,
    pub layer: usize,
    pub shape: [usize; 3],
    pub positions: Vec<u32>,
    pub sees: Vec<u8>,
    pub x: Vec<f64>,
    pub attention: Vec<f64>,
    pub keys: Vec<f64>,
    pub values: Vec<f64>,
    pub block: Vec<f64>,
}

impl PartCase {
    /// Positions, and the mask.
    pub fn places(&self) -> candle_core::Result<(Tensor, Tensor)> {
        let [batch, seq, _] = self.shape;
        let positions = Tensor::from_slice(&self.positions, (batch, seq), &Device::Cpu)?;
        Ok((positions, Tensor::from_slice(&self.sees, (batch, 1, seq, seq), &Device::Cpu)?))
    }
}

/// What a model writes, always the likeliest token.
#[derive(Deserialize)]
pub struct GenerationCase {
    pub model: String,
    pub prompts: Vec<Vec<u32>>,
    pub max_new_tokens: usize,
    pub end: Vec<u32>,
    pub new: Vec<Vec<u32>>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("llama.json")
}

/// A model of the golden files.
pub fn tiny(name: &str) -> Result<Llama, Failure> {
    let (config, weights): (_, &[u8]) = match name {
        "wide" => {
            (include_str!("../golden/wide.json"), include_bytes!("../golden/wide.safetensors"))
        }
        _ => (include_str!("../golden/tied.json"), include_bytes!("../golden/tied.safetensors")),
    };
    let weights = Checkpoint::read(weights.to_vec())?;
    Ok(Llama::from_checkpoint(Config::from_json(config)?, weights)?)
}

/// A model of drawn numbers up to `spread`, f64 numbers that f32 holds; no gain is 1.
pub fn drawn_model(config: Config, spread: f64, seed: u64) -> Result<Llama, LlamaError> {
    let mut seeds = seed..;
    Llama::from_tensors(config, |name, shape| {
        let mut x = numbers(shape.iter().product(), seeds.next().unwrap_or(seed));
        let is_gain = name.contains("norm");
        x.iter_mut().for_each(|x| *x = f64::from((*x * spread) as f32) + f64::from(is_gain));
        Ok(Tensor::from_vec(x, shape, &Device::Cpu)?)
    })
}

/// A small model for checks that need no golden file: no two sizes alike.
pub fn small(n_layers: usize) -> Config {
    Config {
        n_layers,
        n_heads: 6,
        n_kv_heads: 2,
        d_head: 4,
        d_model: 5,
        d_ff: 9,
        vocab_size: 17,
        eps: 1e-3,
        theta: 100.0,
        is_tied: false,
    }
}

/// Vectors turned by positions, number by number: `x` is `(batch, heads, seq, d_head)`.
pub fn turned(x: &[f64], shape: [usize; 4], positions: &[u32], theta: f64) -> Vec<f64> {
    let [_, heads, seq, d] = shape;
    let half = d / 2;
    let mut y = vec![0.0; x.len()];
    for (at, (x, y)) in x.chunks(d).zip(y.chunks_mut(d)).enumerate() {
        let (text, place) = (at / seq / heads, at % seq);
        for i in 0..half {
            let speed = theta.powf(-(i as f64) / half as f64);
            let (sin, cos) = (f64::from(positions[text * seq + place]) * speed).sin_cos();
            y[i] = x[i] * cos - x[i + half] * sin;
            y[i + half] = x[i] * sin + x[i + half] * cos;
        }
    }
    y
}

/// `(batch, seq)` of whole numbers.
pub fn places(numbers: &[u32], shape: [usize; 2]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(numbers, &shape, &Device::Cpu)
}

/// The positions of texts without padding, from one on.
pub fn from_position(first: usize, [batch, seq]: [usize; 2]) -> candle_core::Result<Tensor> {
    let row: Vec<u32> = (first..first + seq).map(|p| p as u32).collect();
    places(&row.repeat(batch), [batch, seq])
}

/// A model whose logits follow from a text by a rule, and that notes what it is asked. It finds a
/// text by what is a token, so it does not matter where padding stands.
pub struct Ruled {
    pub vocab: usize,
    /// Logits are so many different numbers: where they are few, some are equal.
    pub steps: u64,
    pub dtype: DType,
    /// Ids of a batch, and how many places of each text were read before.
    pub calls: Vec<(Vec<usize>, usize)>,
}

impl Ruled {
    pub fn new(vocab: usize, steps: u64) -> Self {
        Self { vocab, steps, dtype: DType::F32, calls: Vec::new() }
    }

    /// The logits behind a text.
    pub fn logits(&self, text: &[u32]) -> Vec<f64> {
        let mixed = text.iter().fold(7_u64, |all, &id| {
            (all ^ u64::from(id)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
        });
        let step = |id: u64| {
            let x = (mixed ^ id.wrapping_mul(0xd6e8_feb8_6659_fd93)).wrapping_mul(0xff51_afd7_ed55);
            (x >> 33) % self.steps
        };
        // Below 0, so that who starts from 0 is found out; some are −∞, as of tokens that are ruled
        // out; and in f64 they differ by less than an f32 can tell.
        let unit = if self.dtype == DType::F64 { 1e-10 } else { 1.0 };
        let logit = |step: u64| match step {
            0 => f64::NEG_INFINITY,
            step => unit * step as f64 - self.steps as f64,
        };
        (0..self.vocab as u64).map(|id| logit(step(id))).collect()
    }

    /// What is written behind one prompt.
    pub fn written(&self, prompt: &[u32], most: usize, end: &[u32]) -> Vec<u32> {
        let mut text = prompt.to_vec();
        while text.len() < prompt.len().saturating_add(most) {
            let logits = self.logits(&text);
            let best = logits.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
            let token = logits.iter().position(|&x| x == best).unwrap_or(0) as u32;
            text.push(token);
            if end.contains(&token) {
                break;
            }
        }
        text.split_off(prompt.len())
    }
}

impl Decoder for Ruled {
    fn read(
        &mut self,
        ids: &Tensor,
        is_token: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), LlamaError> {
        let &[batch, seq] = ids.dims() else { return Err(LlamaError::Ids(ids.dims().to_vec())) };
        let seen = past.first().map_or(0, KeysValues::tokens);
        let want = [batch, seen + seq];
        if is_token.dims() != want || is_token.dtype() != DType::U8 {
            return Err(LlamaError::IsToken { got: is_token.dims().to_vec(), want });
        }
        self.calls.push((vec![batch, seq], seen));
        // Its past is what was read.
        let new = ids.to_dtype(DType::F64)?.reshape((batch, 1, seq, 1))?;
        let all = match past {
            [] => new,
            [past, ..] => Tensor::cat(&[&past.keys, &new], 2)?,
        };
        let (rows, marks) = (flat(&all)?, is_token.to_vec2::<u8>()?);
        let mut logits = Vec::new();
        for (row, marks) in rows.chunks(seen + seq).zip(&marks) {
            let mut text = Vec::new();
            for (place, (&id, &mark)) in row.iter().zip(marks).enumerate() {
                if id < 0.0 || id >= self.vocab as f64 {
                    return Err(LlamaError::UnknownId { id: id as u32, vocab_size: self.vocab });
                }
                if mark == 1 {
                    text.push(id as u32);
                }
                if place >= seen {
                    // Nobody should look at what stands at padding.
                    let at_padding = (0..self.vocab).map(|id| 1e6 - id as f64);
                    match mark {
                        1 => logits.extend(self.logits(&text)),
                        _ => logits.extend(at_padding),
                    }
                }
            }
        }
        let logits = tensor(&logits, &[batch, seq, self.vocab], self.dtype)?;
        Ok((logits, vec![KeysValues { keys: all.clone(), values: all }]))
    }
}
