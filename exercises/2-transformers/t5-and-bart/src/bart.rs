//! The tensors of a BART, with the names and shapes of its checkpoints.

use candle_core::Tensor;
use checkpoint::Checkpoint;
use multi_head_attention::{Linear, Mha};

use crate::t5::{expect_tied, turned};
use crate::{BartConfig, SeqError};

/// The ε of BART's norms.
pub const BART_EPS: f64 = 1e-5;

/// A layer norm.
#[derive(Clone, Debug)]
pub struct Norm {
    /// γ, `(d_model)`.
    pub weight: Tensor,
    /// β, `(d_model)`.
    pub bias: Tensor,
}

/// Attention of a BART, and the norm after it.
#[derive(Clone, Debug)]
pub struct BartAttention {
    /// With biases, and scaled.
    pub mha: Mha,
    /// After the sum.
    pub norm: Norm,
}

/// A block of an encoder, or of a decoder.
#[derive(Clone, Debug)]
pub struct BartBlock {
    /// At the tokens of its own text.
    pub attention: BartAttention,
    /// At the encoded text: in a decoder.
    pub cross: Option<BartAttention>,
    /// To the inside of the feed-forward network: `(d_model, ffn_dim)`.
    pub fc1: Linear,
    /// And back: `(ffn_dim, d_model)`.
    pub fc2: Linear,
    /// After the sum.
    pub norm: Norm,
}

/// An encoder, or a decoder.
#[derive(Clone, Debug)]
pub struct BartStack {
    /// A vector for each position, after two rows that belong to none: `(2 + positions, d_model)`.
    pub positions: Tensor,
    /// After the sum of both embeddings.
    pub norm: Norm,
    /// The blocks.
    pub blocks: Vec<BartBlock>,
}

/// A BART.
#[derive(Clone, Debug)]
pub struct Bart {
    /// Its sizes.
    pub config: BartConfig,
    /// A vector for each token, of both stacks and of the logits: `(vocab_size, d_model)`.
    pub shared: Tensor,
    /// What reads.
    pub encoder: BartStack,
    /// What writes.
    pub decoder: BartStack,
    /// Added to the logits: `(1, vocab_size)`.
    pub final_logits_bias: Tensor,
}

impl Bart {
    /// A model of tensors that `take` hands over by name and shape.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn from_tensors(
        config: BartConfig,
        mut take: impl FnMut(&str, &[usize]) -> Result<Tensor, SeqError>,
    ) -> Result<Self, SeqError> {
        let d = config.d_model;
        let shared = take("shared.weight", &[config.vocab_size, d])?;
        let mut stack = |name: &str, layers: usize, heads: usize, ffn: usize, is_decoder: bool| {
            let positions = take(
                &format!("{name}.embed_positions.weight"),
                &[config.max_position_embeddings + 2, d],
            )?;
            let mut pair = |part: &str, shape: &[usize]| -> Result<(Tensor, Tensor), SeqError> {
                let weight = take(&format!("{name}.{part}.weight"), shape)?;
                Ok((weight, take(&format!("{name}.{part}.bias"), &shape[..1])?))
            };
            let mut norm = |part: &str| {
                let (weight, bias) = pair(part, &[d])?;
                Ok::<_, SeqError>(Norm { weight, bias })
            };
            let embedding = norm("layernorm_embedding")?;
            let mut blocks = Vec::with_capacity(layers);
            for i in 0..layers {
                let mut linear = |part: &str, shape: [usize; 2]| {
                    let (weight, bias) = pair(&format!("layers.{i}.{part}"), &shape)?;
                    Ok::<_, SeqError>(turned(&weight, Some(bias))?)
                };
                let mut mha = |part: &str| {
                    let mut linear = |which: &str| linear(&format!("{part}.{which}"), [d, d]);
                    let (w_q, w_k) = (linear("q_proj")?, linear("k_proj")?);
                    let (w_v, w_o) = (linear("v_proj")?, linear("out_proj")?);
                    let (n_heads, n_kv_heads) = (heads, heads);
                    Ok::<_, SeqError>(Mha { n_heads, n_kv_heads, w_q, w_k, w_v, w_o })
                };
                let own = mha("self_attn")?;
                let cross = if is_decoder { Some(mha("encoder_attn")?) } else { None };
                let (fc1, fc2) = (linear("fc1", [ffn, d])?, linear("fc2", [d, ffn])?);
                let mut norm = |part: &str| {
                    let (weight, bias) = pair(&format!("layers.{i}.{part}"), &[d])?;
                    Ok::<_, SeqError>(Norm { weight, bias })
                };
                let attention = BartAttention { mha: own, norm: norm("self_attn_layer_norm")? };
                let cross = match cross {
                    Some(mha) => {
                        Some(BartAttention { mha, norm: norm("encoder_attn_layer_norm")? })
                    }
                    None => None,
                };
                let norm = norm("final_layer_norm")?;
                blocks.push(BartBlock { attention, cross, fc1, fc2, norm });
            }
            Ok::<_, SeqError>(BartStack { positions, norm: embedding, blocks })
        };
        let (heads, ffn) = (config.encoder_attention_heads, config.encoder_ffn_dim);
        let encoder = stack("encoder", config.encoder_layers, heads, ffn, false)?;
        let (heads, ffn) = (config.decoder_attention_heads, config.decoder_ffn_dim);
        let decoder = stack("decoder", config.decoder_layers, heads, ffn, true)?;
        let final_logits_bias = take("final_logits_bias", &[1, config.vocab_size])?;
        Ok(Self { config, shared, encoder, decoder, final_logits_bias })
    }

    /// A model from a checkpoint whose tensors are named as on the Hugging Face Hub, with or without
    /// `model.` in front.
    ///
    /// # Errors
    /// [`SeqError::Checkpoint`] if a tensor is missing, has another shape, or is not part of the
    /// model; [`SeqError::Untied`] if a copy of the shared table is none.
    pub fn from_checkpoint(config: BartConfig, file: Checkpoint) -> Result<Self, SeqError> {
        let mut file = file.without_prefix("model.")?;
        let model = Self::from_tensors(config, |name, shape| Ok(file.take(name, shape)?))?;
        let copies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];
        expect_tied(&mut file, &model.shared, &copies)?;
        expect_tied(&mut file, &model.shared, &["lm_head.weight"])?;
        file.finish()?;
        Ok(model)
    }
}
