//! A model's run with all that is usually thrown away.

use candle_core::{Device, Tensor};
use demo::DemoError;
use gpt::{Answers, Block, Gpt2};
use normalization_and_activations::solution::layer_norm;

/// What a block does to a text.
pub struct Layer {
    /// `[head][token][number]`.
    pub queries: Vec<Vec<Vec<f32>>>,
    /// `[head][token][number]`.
    pub keys: Vec<Vec<Vec<f32>>>,
    /// Who looks at whom: `[head][token][token]`.
    pub weights: Vec<Vec<Vec<f32>>>,
    /// What goes into the feed-forward network: `[token][number]`.
    pub normed: Vec<Vec<f32>>,
    /// What comes out of `c_fc`: `[token][number]`.
    pub inside: Vec<Vec<f32>>,
}

/// A run.
pub struct Trace {
    /// Rows of `wte`: `[token][number]`.
    pub tokens: Vec<Vec<f32>>,
    /// Rows of `wpe`.
    pub positions: Vec<Vec<f32>>,
    /// The residual stream before the first block, and behind each one: `[layer][token][number]`.
    pub stream: Vec<Vec<Vec<f32>>>,
    /// The blocks.
    pub layers: Vec<Layer>,
    /// What makes the logits: `[token][number]`.
    pub last: Vec<Vec<f32>>,
}

impl Trace {
    /// Runs a model on ids, fewer than it has positions.
    pub fn new(model: &Gpt2, ids: &[u32], answers: Answers) -> Result<Self, DemoError> {
        let seq = ids.len();
        let table = model.wte.to_vec2::<f32>()?;
        let tokens: Vec<Vec<f32>> = ids.iter().map(|&id| table[id as usize].clone()).collect();
        let positions = model.wpe.narrow(0, 0, seq)?.to_vec2::<f32>()?;
        let sums = tokens.iter().flatten().zip(positions.iter().flatten()).map(|(a, b)| a + b);
        let staircase = (0..seq * seq).map(|at| u8::from(at % seq <= at / seq)).collect();
        let mask = Tensor::from_vec(staircase, (seq, seq), &Device::Cpu)?;

        let shape = (1, seq, model.config.n_embd);
        let mut x = Tensor::from_vec(sums.collect(), shape, &Device::Cpu)?;
        let (mut stream, mut layers) = (vec![x.squeeze(0)?.to_vec2()?], Vec::new());
        for block in &model.h {
            layers.push(layer(&x, block, model, &mask, answers)?);
            x = (answers.block)(&x, block, &model.config, None, Some(&mask))?.0;
            stream.push(x.squeeze(0)?.to_vec2()?);
        }
        let last = last_norm(&x, model)?.squeeze(0)?.to_vec2()?;
        Ok(Self { tokens, positions, stream, layers, last })
    }
}

/// The norm behind the last block.
pub fn last_norm(x: &Tensor, model: &Gpt2) -> Result<Tensor, DemoError> {
    let (norm, eps) = (&model.ln_f, model.config.layer_norm_epsilon);
    Ok(layer_norm(x, &norm.weight, &norm.bias, eps)?)
}

fn layer(
    x: &Tensor,
    block: &Block,
    model: &Gpt2,
    mask: &Tensor,
    answers: Answers,
) -> Result<Layer, DemoError> {
    let config = &model.config;
    let eps = config.layer_norm_epsilon;
    let normed = layer_norm(x, &block.ln_1.weight, &block.ln_1.bias, eps)?;
    let c_attn = &block.attn.c_attn;
    let qkv = (answers.conv1d)(&normed, &c_attn.weight, &c_attn.bias)?;
    let [queries, keys, _] = (answers.split_qkv)(&qkv, config.n_head)?;
    let (queries, keys) = (queries.squeeze(0)?, keys.squeeze(0)?);
    let (queries, keys) = (queries.to_vec3()?, keys.to_vec3()?);
    let weights = queries.iter().zip(&keys).map(|(queries, keys)| looks(queries, keys)).collect();

    // Without its feed-forward network, a block stops where that would read the stream.
    let mut half = block.clone();
    half.mlp.c_proj.weight = half.mlp.c_proj.weight.zeros_like()?;
    half.mlp.c_proj.bias = half.mlp.c_proj.bias.zeros_like()?;
    let middle = (answers.block)(x, &half, config, None, Some(mask))?.0;
    let normed = layer_norm(&middle, &block.ln_2.weight, &block.ln_2.bias, eps)?;
    let c_fc = &block.mlp.c_fc;
    let inside = (answers.conv1d)(&normed, &c_fc.weight, &c_fc.bias)?;
    Ok(Layer {
        queries,
        keys,
        weights,
        normed: normed.squeeze(0)?.to_vec2()?,
        inside: inside.squeeze(0)?.to_vec2()?,
    })
}

/// Who looks at whom in a head, each at itself and those before it.
fn looks(queries: &[Vec<f32>], keys: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let row = |(i, query): (usize, &Vec<f32>)| {
        let root = (query.len() as f32).sqrt();
        let mut weights = shares(keys[..=i].iter().map(|key| dot(query, key) / root).collect());
        weights.resize(keys.len(), 0.0);
        weights
    };
    queries.iter().enumerate().map(row).collect()
}

/// What a token would be followed by if its stream ended here: a probability for each token.
pub fn lens(stream: &[f32], model: &Gpt2) -> Result<Vec<f32>, DemoError> {
    let x = Tensor::from_slice(stream, (1, stream.len()), &Device::Cpu)?;
    let last: Vec<f32> = last_norm(&x, model)?.flatten_all()?.to_vec1()?;
    let table = model.wte.to_vec2::<f32>()?;
    Ok(shares(table.iter().map(|row| dot(&last, row)).collect()))
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Softmax.
fn shares(logits: Vec<f32>) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::MIN, f32::max);
    let weights: Vec<f32> = logits.iter().map(|x| (x - highest).exp()).collect();
    let total: f32 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}
