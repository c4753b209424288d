//! The sizes and tensors of an XLNet, with the names and shapes of its checkpoints.

use bert::{Linear, Norm};
use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use serde::Deserialize;

use crate::XlNetError;

/// What stands between the two products of a feed-forward network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// The exact GELU, by erf.
    Gelu,
    /// ReLU.
    Relu,
}

/// The sizes of an XLNet, with the names of Hugging Face transformers; `checkpoint::config` reads
/// them from a published `config.json`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Config {
    /// How many tokens there are.
    pub vocab_size: usize,
    /// Numbers of a token's vector; even.
    pub d_model: usize,
    /// How many layers.
    pub n_layer: usize,
    /// How many heads; divides `d_model`.
    pub n_head: usize,
    /// Numbers inside the feed-forward network.
    pub d_inner: usize,
    /// What stands in its middle.
    pub ff_activation: Activation,
    /// The ε of the norms.
    pub layer_norm_eps: f64,
}

/// The attention of a layer. The first five tensors have the shape `(d_model, n_head, d_head)`.
#[derive(Clone, Debug)]
pub struct RelativeAttention {
    /// To the queries.
    pub q: Tensor,
    /// To the keys.
    pub k: Tensor,
    /// To the values.
    pub v: Tensor,
    /// From what the heads found; a row for each number that comes out.
    pub o: Tensor,
    /// From distances to their keys.
    pub r: Tensor,
    /// u, added to a query that meets a key: `(n_head, d_head)`.
    pub r_w_bias: Tensor,
    /// v, added to a query that meets a distance: `(n_head, d_head)`.
    pub r_r_bias: Tensor,
    /// Behind attention and its residual.
    pub norm: Norm,
}

/// The feed-forward network of a layer.
#[derive(Clone, Debug)]
pub struct FeedForward {
    /// `(d_inner, d_model)`.
    pub layer_1: Linear,
    /// `(d_model, d_inner)`.
    pub layer_2: Linear,
    /// Behind it and its residual.
    pub norm: Norm,
}

/// A layer.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its attention.
    pub rel_attn: RelativeAttention,
    /// Its feed-forward network.
    pub ff: FeedForward,
}

/// An XLNet.
#[derive(Clone, Debug)]
pub struct XlNet {
    /// Its sizes.
    pub config: Config,
    /// A vector for each token: `(vocab_size, d_model)`.
    pub word_embedding: Tensor,
    /// What the query stream starts from: `(1, 1, d_model)`.
    pub mask_emb: Tensor,
    /// The layers, `n_layer` of them.
    pub layers: Vec<Layer>,
    /// One number a token, added to its logit: `(vocab_size)`.
    pub lm_bias: Tensor,
}

impl XlNet {
    /// A model of tensors that `take` hands over by name and shape.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn from_tensors(
        config: Config,
        mut take: impl FnMut(&str, &[usize]) -> Result<Tensor, XlNetError>,
    ) -> Result<Self, XlNetError> {
        let Config { vocab_size, d_model, n_head, d_inner, .. } = config;
        let d_head = d_model / n_head;
        let word_embedding = take("word_embedding.weight", &[vocab_size, d_model])?;
        let mask_emb = take("mask_emb", &[1, 1, d_model])?;
        let mut layers = Vec::with_capacity(config.n_layer);
        for i in 0..config.n_layer {
            let mut part = |name: &str, shape: &[usize]| take(&format!("layer.{i}.{name}"), shape);
            let mut heads =
                |name: &str| part(&format!("rel_attn.{name}"), &[d_model, n_head, d_head]);
            let [q, k, v, o, r] = ["q", "k", "v", "o", "r"].map(&mut heads);
            let mut bias = |name: &str| part(&format!("rel_attn.{name}"), &[n_head, d_head]);
            let (r_w_bias, r_r_bias) = (bias("r_w_bias")?, bias("r_r_bias")?);
            let mut pair = |name: &str, shape: &[usize]| -> Result<(Tensor, Tensor), XlNetError> {
                let weight = part(&format!("{name}.weight"), shape)?;
                Ok((weight, part(&format!("{name}.bias"), &shape[..1])?))
            };
            let (weight, bias) = pair("rel_attn.layer_norm", &[d_model])?;
            let norm = Norm { weight, bias };
            let (q, k, v, o, r) = (q?, k?, v?, o?, r?);
            let rel_attn = RelativeAttention { q, k, v, o, r, r_w_bias, r_r_bias, norm };
            let (weight, bias) = pair("ff.layer_1", &[d_inner, d_model])?;
            let layer_1 = Linear { weight, bias };
            let (weight, bias) = pair("ff.layer_2", &[d_model, d_inner])?;
            let layer_2 = Linear { weight, bias };
            let (weight, bias) = pair("ff.layer_norm", &[d_model])?;
            let ff = FeedForward { layer_1, layer_2, norm: Norm { weight, bias } };
            layers.push(Layer { rel_attn, ff });
        }
        let lm_bias = take("lm_loss.bias", &[vocab_size])?;
        Ok(Self { config, word_embedding, mask_emb, layers, lm_bias })
    }

    /// A model from a checkpoint whose tensors are named as on the Hugging Face Hub:
    /// `transformer.layer.0.rel_attn.q` and so on. What belongs to segments is passed over, as
    /// this lesson's model reads one text at a time; and the table of the head, since it is that of
    /// the embeddings.
    ///
    /// # Errors
    /// [`XlNetError::Checkpoint`] if a tensor is missing, has another shape, or is not part of the
    /// model.
    pub fn from_checkpoint(config: Config, checkpoint: Checkpoint) -> Result<Self, XlNetError> {
        let mut checkpoint = checkpoint.without_prefix("transformer.")?;
        let model = Self::from_tensors(config, |name, shape| Ok(checkpoint.take(name, shape)?))?;
        checkpoint.skip(|name| {
            name.ends_with(".r_s_bias") || name.ends_with(".seg_embed") || name == "lm_loss.weight"
        });
        checkpoint.finish()?;
        Ok(model)
    }

    /// The same with each tensor changed: to another type, or to a variable that gets gradients.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn map(
        &self,
        mut change: impl FnMut(&Tensor) -> candle_core::Result<Tensor>,
    ) -> candle_core::Result<Self> {
        let mut model = self.clone();
        for (_, tensor) in model.tensors_mut() {
            *tensor = change(tensor)?;
        }
        Ok(model)
    }

    /// All tensors with their names, each once.
    pub fn tensors_mut(&mut self) -> Vec<(String, &mut Tensor)> {
        let mut all = vec![
            ("word_embedding".to_owned(), &mut self.word_embedding),
            ("mask_emb".to_owned(), &mut self.mask_emb),
            ("lm_bias".to_owned(), &mut self.lm_bias),
        ];
        for (i, Layer { rel_attn, ff }) in self.layers.iter_mut().enumerate() {
            let RelativeAttention { q, k, v, o, r, r_w_bias, r_r_bias, norm } = rel_attn;
            let FeedForward { layer_1, layer_2, norm: ff_norm } = ff;
            let tensors = [
                ("q", q),
                ("k", k),
                ("v", v),
                ("o", o),
                ("r", r),
                ("r_w_bias", r_w_bias),
                ("r_r_bias", r_r_bias),
                ("norm.weight", &mut norm.weight),
                ("norm.bias", &mut norm.bias),
                ("layer_1.weight", &mut layer_1.weight),
                ("layer_1.bias", &mut layer_1.bias),
                ("layer_2.weight", &mut layer_2.weight),
                ("layer_2.bias", &mut layer_2.bias),
                ("ff.norm.weight", &mut ff_norm.weight),
                ("ff.norm.bias", &mut ff_norm.bias),
            ];
            all.extend(tensors.map(|(name, tensor)| (format!("{name} of layer {i}"), tensor)));
        }
        all
    }
}

/// The address of each distance from a query to a key: `(2·seq, d_model)`. Row `p` is that of the
/// distance `seq − p`, from `seq` down to `−seq + 1`: positive where the key stands before the query.
/// The first half of a row are sines, the second half cosines, of `distance · 10000^(−2i / d_model)`.
///
/// # Errors
/// If candle has no memory for it.
///
/// Source: Dai and others, 2019, section 3.3; as XLNet's code has it.
pub fn relative_encoding(seq: usize, d_model: usize, dtype: DType) -> candle_core::Result<Tensor> {
    let half = d_model / 2;
    let rows = (0..2 * seq).flat_map(|p| {
        let distance = seq as f64 - p as f64;
        let angle = move |i: usize| distance * 10_000_f64.powf(-2.0 * i as f64 / d_model as f64);
        let sines = (0..half).map(move |i| angle(i).sin());
        sines.chain((0..half).map(move |i| angle(i).cos()))
    });
    Tensor::from_vec(rows.collect::<Vec<f64>>(), (2 * seq, d_model), &Device::Cpu)?.to_dtype(dtype)
}
