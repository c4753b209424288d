//! What is right, computed without the lesson's code: by transformers in golden files; and models of
//! drawn numbers.

use bert::Config as BertConfig;
use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use grading::Failure;
use serde::Deserialize;
use tensor_test::numbers;

use crate::{Activation, Config, Masks, Roberta, StreamMasks, XlNet, XlNetError};

/// What transformers makes of texts for RoBERTa.
#[derive(Deserialize)]
pub struct RobertaGolden {
    pub texts: Vec<RobertaCase>,
}

#[derive(Deserialize)]
pub struct RobertaCase {
    pub name: String,
    pub shape: [usize; 2],
    pub ids: Vec<u32>,
    pub positions: Vec<u32>,
    pub logits: Vec<f64>,
}

/// What transformers makes of texts for XLNet.
#[derive(Deserialize)]
pub struct XlNetGolden {
    pub shifts: Vec<ShiftCase>,
    pub layers: Vec<LayerCase>,
    pub texts: Vec<TextCase>,
}

#[derive(Deserialize)]
pub struct ShiftCase {
    pub shape: Vec<usize>,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
}

/// Both streams before and after the attention of a layer.
#[derive(Deserialize)]
pub struct LayerCase {
    pub name: String,
    pub layer: usize,
    pub shape: [usize; 2],
    pub content: Vec<u8>,
    pub query: Vec<u8>,
    pub r: Vec<f64>,
    pub h: Vec<f64>,
    pub g: Vec<f64>,
    pub new_h: Vec<f64>,
    /// 0 where a query sees nothing: transformers would let it see everything.
    pub new_g: Vec<f64>,
}

#[derive(Deserialize)]
pub struct TextCase {
    pub name: String,
    pub activation: Activation,
    pub shape: [usize; 2],
    pub ids: Vec<u32>,
    pub content: Vec<u8>,
    pub query: Vec<u8>,
    pub targets: Vec<Vec<u32>>,
    pub logits: Vec<f64>,
}

pub fn roberta_golden() -> Result<RobertaGolden, Failure> {
    grading::golden!("roberta.json")
}

pub fn xlnet_golden() -> Result<XlNetGolden, Failure> {
    grading::golden!("xlnet.json")
}

/// The RoBERTa of the golden files.
pub fn tiny_roberta(dtype: DType) -> Result<Roberta, Failure> {
    let config = BertConfig {
        num_hidden_layers: 2,
        num_attention_heads: 3,
        hidden_size: 12,
        intermediate_size: 20,
        max_position_embeddings: 16,
        type_vocab_size: 1,
        vocab_size: 29,
        layer_norm_eps: 0.03,
    };
    let weights = Checkpoint::read(include_bytes!("../golden/roberta.safetensors").to_vec())?;
    let Roberta { bert, padding_idx } = Roberta::from_checkpoint(config, 3, weights)?;
    Ok(Roberta { bert: bert.map(|tensor| tensor.to_dtype(dtype))?, padding_idx })
}

/// The XLNet of the golden files.
pub fn tiny_xlnet(ff_activation: Activation, dtype: DType) -> Result<XlNet, Failure> {
    let config = Config {
        vocab_size: 31,
        d_model: 12,
        n_layer: 3,
        n_head: 3,
        d_inner: 20,
        ff_activation,
        layer_norm_eps: 0.02,
    };
    let weights = Checkpoint::read(include_bytes!("../golden/xlnet.safetensors").to_vec())?;
    Ok(XlNet::from_checkpoint(config, weights)?.map(|tensor| tensor.to_dtype(dtype))?)
}

/// A small model for checks that need no golden file.
pub fn small(n_layer: usize) -> Config {
    Config {
        vocab_size: 17,
        d_model: 6,
        n_layer,
        n_head: 3,
        d_inner: 10,
        ff_activation: Activation::Gelu,
        layer_norm_eps: 1e-3,
    }
}

/// A model of drawn numbers up to `spread`, f64 numbers that f32 holds; no gain is 1 and no bias 0.
pub fn drawn_model(config: Config, spread: f64, seed: u64) -> Result<XlNet, XlNetError> {
    let mut seeds = seed..;
    XlNet::from_tensors(config, |name, shape| {
        let count = shape.iter().product();
        let mut x = numbers(count, seeds.next().unwrap_or(seed));
        let is_gain = name.ends_with("layer_norm.weight");
        x.iter_mut().for_each(|x| *x = f64::from((*x * spread) as f32) + f64::from(is_gain));
        Ok(Tensor::from_vec(x, shape, &Device::Cpu)?)
    })
}

/// Masks by their bits.
pub fn masks_of(
    content: &[u8],
    query: &[u8],
    [batch, seq]: [usize; 2],
) -> candle_core::Result<StreamMasks> {
    let mask = |bits: &[u8]| Tensor::from_slice(bits, (batch, seq, seq), &Device::Cpu);
    Ok(StreamMasks { content: mask(content)?, query: mask(query)? })
}

/// The masks of an order, straight from what they mean.
pub fn masks_by_steps(order: &[usize]) -> Masks {
    let seq = order.len();
    let mut query = vec![vec![false; seq]; seq];
    for (step, &place) in order.iter().enumerate() {
        order[..step].iter().for_each(|&before| query[place][before] = true);
    }
    let mut content = query.clone();
    (0..seq).for_each(|place| content[place][place] = true);
    Masks { content, query }
}

/// Layer norm of a vector.
pub fn normed(x: &[f64], gain: &[f64], bias: &[f64], eps: f64) -> Vec<f64> {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let root = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n + eps).sqrt();
    x.iter().zip(gain).zip(bias).map(|((x, g), b)| (x - mean) / root * g + b).collect()
}
