//! The tensors of a model, with the names and shapes of its checkpoints.

use candle_core::{DType, Tensor};
use checkpoint::Checkpoint;

use crate::{Config, Linear, LlamaError, Mlp};

/// The attention of a block.
#[derive(Clone, Debug)]
pub struct Attention {
    /// To the queries of all heads: `(n_heads · d_head, d_model)`.
    pub q_proj: Linear,
    /// To the keys: `(n_kv_heads · d_head, d_model)`.
    pub k_proj: Linear,
    /// To the values: `(n_kv_heads · d_head, d_model)`.
    pub v_proj: Linear,
    /// From what the heads found: `(d_model, n_heads · d_head)`.
    pub o_proj: Linear,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// γ of the norm before attention, `(d_model)`.
    pub input_layernorm: Tensor,
    /// Where tokens exchange what they know.
    pub attention: Attention,
    /// γ of the norm before the feed-forward network, `(d_model)`. In the file it is called
    /// `post_attention_layernorm`, since it comes after attention.
    pub post_attention_layernorm: Tensor,
    /// Where each works by itself.
    pub mlp: Mlp,
}

/// A Llama.
#[derive(Clone, Debug)]
pub struct Llama {
    /// Its sizes.
    pub config: Config,
    /// A vector for each token: `(vocab_size, d_model)`.
    pub embeddings: Tensor,
    /// The blocks, `n_layers` of them.
    pub blocks: Vec<Block>,
    /// γ of the norm after the last block, `(d_model)`.
    pub norm: Tensor,
    /// What makes the logits, `(vocab_size, d_model)`; none if the embeddings do.
    pub lm_head: Option<Linear>,
}

/// What a block keeps of the tokens that it has read.
#[derive(Clone, Debug)]
pub struct KeysValues {
    /// Turned by their positions: `(batch, n_kv_heads, tokens, d_head)`.
    pub keys: Tensor,
    /// `(batch, n_kv_heads, tokens, d_head)`.
    pub values: Tensor,
}

impl KeysValues {
    /// How many places it holds of each text, padding included.
    pub fn tokens(&self) -> usize {
        self.keys.dims()[2]
    }
}

impl Llama {
    /// A model of tensors that `take` hands over by name and shape.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn from_tensors(
        config: Config,
        mut take: impl FnMut(&str, &[usize]) -> Result<Tensor, LlamaError>,
    ) -> Result<Self, LlamaError> {
        let Config { n_layers, n_heads, n_kv_heads, d_head, d_model, d_ff, vocab_size, .. } =
            config;
        let (queries, keys) = (n_heads * d_head, n_kv_heads * d_head);
        let embeddings = take("model.embed_tokens.weight", &[vocab_size, d_model])?;
        let mut blocks = Vec::with_capacity(n_layers);
        for i in 0..n_layers {
            let mut part = |name: &str, shape: &[usize]| {
                take(&format!("model.layers.{i}.{name}.weight"), shape)
            };
            let input_layernorm = part("input_layernorm", &[d_model])?;
            let post_attention_layernorm = part("post_attention_layernorm", &[d_model])?;
            let mut linear =
                |name: &str, shape: [usize; 2]| part(name, &shape).map(|weight| Linear { weight });
            let attention = Attention {
                q_proj: linear("self_attn.q_proj", [queries, d_model])?,
                k_proj: linear("self_attn.k_proj", [keys, d_model])?,
                v_proj: linear("self_attn.v_proj", [keys, d_model])?,
                o_proj: linear("self_attn.o_proj", [d_model, queries])?,
            };
            let mlp = Mlp {
                gate_proj: linear("mlp.gate_proj", [d_ff, d_model])?,
                up_proj: linear("mlp.up_proj", [d_ff, d_model])?,
                down_proj: linear("mlp.down_proj", [d_model, d_ff])?,
            };
            blocks.push(Block { input_layernorm, attention, post_attention_layernorm, mlp });
        }
        let norm = take("model.norm.weight", &[d_model])?;
        let lm_head = match config.is_tied {
            true => None,
            false => Some(Linear { weight: take("lm_head.weight", &[vocab_size, d_model])? }),
        };
        Ok(Self { config, embeddings, blocks, norm, lm_head })
    }

    /// A model from a checkpoint whose tensors are named as on the Hugging Face Hub.
    ///
    /// # Errors
    /// [`LlamaError::Checkpoint`] if a tensor is missing, has another shape, or is not part of the
    /// model; [`LlamaError::Untied`] if it should make its logits by its embeddings, and has
    /// another table for them.
    pub fn from_checkpoint(config: Config, mut checkpoint: Checkpoint) -> Result<Self, LlamaError> {
        let model = Self::from_tensors(config, |name, shape| Ok(checkpoint.take(name, shape)?))?;
        // Old files hold the frequencies of each block, too, and some the tied table twice.
        checkpoint.skip(|name| name.ends_with(".rotary_emb.inv_freq"));
        if model.lm_head.is_none() && checkpoint.shape("lm_head.weight").is_some() {
            let head = checkpoint.take("lm_head.weight", model.embeddings.dims())?;
            let differ = head.ne(&model.embeddings)?.to_dtype(DType::U32)?.sum_all()?;
            if differ.to_scalar::<u32>()? > 0 {
                return Err(LlamaError::Untied);
            }
        }
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
        for tensor in model.tensors_mut() {
            *tensor = change(tensor)?;
        }
        Ok(model)
    }

    /// All tensors, each once: the embeddings, those of the blocks, the last norm, and the head if
    /// there is one.
    pub fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        let mut all = vec![&mut self.embeddings];
        for block in &mut self.blocks {
            all.extend(block.tensors_mut());
        }
        all.push(&mut self.norm);
        all.extend(self.lm_head.as_mut().map(|head| &mut head.weight));
        all
    }
}

impl Block {
    /// All tensors, each once: the first norm, queries, keys, values, output, the second norm, gate,
    /// up, down.
    pub fn tensors_mut(&mut self) -> [&mut Tensor; 9] {
        let Self { input_layernorm, attention: a, post_attention_layernorm, mlp } = self;
        [
            input_layernorm,
            &mut a.q_proj.weight,
            &mut a.k_proj.weight,
            &mut a.v_proj.weight,
            &mut a.o_proj.weight,
            post_attention_layernorm,
            &mut mlp.gate_proj.weight,
            &mut mlp.up_proj.weight,
            &mut mlp.down_proj.weight,
        ]
    }
}
