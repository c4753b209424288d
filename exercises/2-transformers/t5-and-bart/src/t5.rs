//! The tensors of a T5, with the names and shapes of its checkpoints.

use candle_core::{DType, Tensor};
use checkpoint::Checkpoint;
use multi_head_attention::{Linear, Mha};

use crate::{SeqError, T5Config};

/// Attention of a T5, and the norm before it.
#[derive(Clone, Debug)]
pub struct T5Attention {
    /// The gain of the RMS norm, `(d_model)`.
    pub norm: Tensor,
    /// From `d_model` numbers to `num_heads · d_kv` and back, without biases.
    pub mha: Mha,
}

/// The feed-forward network of a block, and the norm before it.
#[derive(Clone, Debug)]
pub struct FeedForward {
    /// The gain of the RMS norm, `(d_model)`.
    pub norm: Tensor,
    /// To the inside: `(d_model, d_ff)`; of a gated network what the gate lets through.
    pub wi: Linear,
    /// The gate, if there is one: `(d_model, d_ff)`.
    pub gate: Option<Linear>,
    /// And back: `(d_ff, d_model)`.
    pub wo: Linear,
}

/// A block of an encoder, or of a decoder.
#[derive(Clone, Debug)]
pub struct T5Block {
    /// At the tokens of its own text.
    pub attention: T5Attention,
    /// At the encoded text: in a decoder.
    pub cross: Option<T5Attention>,
    /// Where each token works by itself.
    pub feed_forward: FeedForward,
}

/// An encoder, or a decoder.
#[derive(Clone, Debug)]
pub struct T5Stack {
    /// A bias for each bucket and head, `(num_buckets, num_heads)`, for all its blocks.
    pub position_bias: Tensor,
    /// The blocks.
    pub blocks: Vec<T5Block>,
    /// The gain of the norm after the last block, `(d_model)`.
    pub norm: Tensor,
}

/// A T5.
#[derive(Clone, Debug)]
pub struct T5 {
    /// Its sizes.
    pub config: T5Config,
    /// A vector for each token, of both stacks: `(vocab_size, d_model)`.
    pub shared: Tensor,
    /// What reads.
    pub encoder: T5Stack,
    /// What writes.
    pub decoder: T5Stack,
    /// What makes logits, `(vocab_size, d_model)`, unless `shared` does.
    pub lm_head: Option<Tensor>,
}

/// A product whose weight PyTorch stores as `(out, in)`.
pub(crate) fn turned(weight: &Tensor, bias: Option<Tensor>) -> candle_core::Result<Linear> {
    Ok(Linear { w: weight.t()?, b: bias })
}

/// Fails unless copies of the table, under other names, are equal to it.
pub(crate) fn expect_tied(
    checkpoint: &mut Checkpoint,
    table: &Tensor,
    copies: &[&str],
) -> Result<(), SeqError> {
    for &name in copies {
        if checkpoint.shape(name).is_some() {
            let copy = checkpoint.take(name, table.dims())?;
            if copy.ne(table)?.to_dtype(DType::U32)?.sum_all()?.to_scalar::<u32>()? > 0 {
                return Err(SeqError::Untied(name.into()));
            }
        }
    }
    Ok(())
}

impl T5 {
    /// A model of tensors that `take` hands over by name and shape.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn from_tensors(
        config: T5Config,
        mut take: impl FnMut(&str, &[usize]) -> Result<Tensor, SeqError>,
    ) -> Result<Self, SeqError> {
        let (d, inner) = (config.d_model, config.num_heads * config.d_kv);
        let shared = take("shared.weight", &[config.vocab_size, d])?;
        let mut stack = |name: &str, layers: usize, is_decoder: bool| {
            let first = format!("{name}.block.0.layer.0.SelfAttention.relative_attention_bias");
            let shape = [config.relative_attention_num_buckets, config.num_heads];
            let position_bias = take(&format!("{first}.weight"), &shape)?;
            let mut blocks = Vec::with_capacity(layers);
            for i in 0..layers {
                let at = |layer: usize, part: &str| {
                    format!("{name}.block.{i}.layer.{layer}.{part}.weight")
                };
                let mut attention = |layer: usize, part: &str| -> Result<T5Attention, SeqError> {
                    let norm = take(&at(layer, "layer_norm"), &[d])?;
                    let mut linear = |which: &str, shape: [usize; 2]| {
                        let weight = take(&at(layer, &format!("{part}.{which}")), &shape)?;
                        Ok::<_, SeqError>(turned(&weight, None)?)
                    };
                    let (w_q, w_k) = (linear("q", [inner, d])?, linear("k", [inner, d])?);
                    let (w_v, w_o) = (linear("v", [inner, d])?, linear("o", [d, inner])?);
                    let heads = config.num_heads;
                    let mha = Mha { n_heads: heads, n_kv_heads: heads, w_q, w_k, w_v, w_o };
                    Ok(T5Attention { norm, mha })
                };
                let own = attention(0, "SelfAttention")?;
                let cross = if is_decoder { Some(attention(1, "EncDecAttention")?) } else { None };
                let layer = if is_decoder { 2 } else { 1 };
                let norm = take(&at(layer, "layer_norm"), &[d])?;
                let mut linear = |which: &str, shape: [usize; 2]| {
                    let weight = take(&at(layer, &format!("DenseReluDense.{which}")), &shape)?;
                    Ok::<_, SeqError>(turned(&weight, None)?)
                };
                let inside = [config.d_ff, d];
                let (gate, wi) = match config.is_gated() {
                    true => (Some(linear("wi_0", inside)?), linear("wi_1", inside)?),
                    false => (None, linear("wi", inside)?),
                };
                let wo = linear("wo", [d, config.d_ff])?;
                let feed_forward = FeedForward { norm, wi, gate, wo };
                blocks.push(T5Block { attention: own, cross, feed_forward });
            }
            let norm = take(&format!("{name}.final_layer_norm.weight"), &[d])?;
            Ok::<_, SeqError>(T5Stack { position_bias, blocks, norm })
        };
        let encoder = stack("encoder", config.num_layers, false)?;
        let decoder = stack("decoder", config.decoder_layers(), true)?;
        let lm_head = match config.is_tied() {
            true => None,
            false => Some(take("lm_head.weight", &[config.vocab_size, d])?),
        };
        Ok(Self { config, shared, encoder, decoder, lm_head })
    }

    /// A model from a checkpoint whose tensors are named as on the Hugging Face Hub.
    ///
    /// # Errors
    /// [`SeqError::Checkpoint`] if a tensor is missing, has another shape, or is not part of the
    /// model; [`SeqError::Untied`] if a copy of the shared table is none.
    pub fn from_checkpoint(config: T5Config, mut file: Checkpoint) -> Result<Self, SeqError> {
        let model = Self::from_tensors(config, |name, shape| Ok(file.take(name, shape)?))?;
        let copies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];
        expect_tied(&mut file, &model.shared, &copies)?;
        if model.lm_head.is_none() {
            expect_tied(&mut file, &model.shared, &["lm_head.weight"])?;
        }
        // Old files have a table of biases for cross-attention, which nobody uses.
        file.skip(|name| name.ends_with("EncDecAttention.relative_attention_bias.weight"));
        file.finish()?;
        Ok(model)
    }
}
