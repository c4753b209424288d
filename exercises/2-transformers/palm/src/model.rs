//! The tensors of a model. PaLM's own names are not published; these are the names that Llama has
//! in transformers, and `input_layernorm` is the one norm of a block.

use candle_core::Tensor;
use checkpoint::Checkpoint;

use crate::{Config, PalmError};

/// A product without a bias. Its weight lies as `(out, in)`, as in PyTorch.
#[derive(Clone, Debug)]
pub struct Linear {
    /// `(out, in)`.
    pub weight: Tensor,
}

impl Linear {
    /// `x Wᵀ` for each vector of `x`: `(.., in)` becomes `(.., out)`. `x` may be a view; gradients
    /// pass back to it and to the weight.
    ///
    /// # Errors
    /// [`PalmError::Linear`] unless the shapes are as above, with nothing empty.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, PalmError> {
        let misfit =
            || PalmError::Linear { x: x.dims().to_vec(), weight: self.weight.dims().to_vec() };
        let ([front @ .., n], &[n_out, n_in]) = (x.dims(), self.weight.dims()) else {
            return Err(misfit());
        };
        if *n != n_in || x.elem_count() == 0 || n_out == 0 {
            return Err(misfit());
        }
        let y = x.reshape(((), n_in))?.matmul(&self.weight.t()?)?;
        Ok(y.reshape([front, &[n_out]].concat())?)
    }
}

/// The attention of a block.
#[derive(Clone, Debug)]
pub struct Attention {
    /// To the queries of all heads: `(n_heads · d_head, d_model)`.
    pub q_proj: Linear,
    /// To the one key: `(d_head, d_model)`.
    pub k_proj: Linear,
    /// To the one value: `(d_head, d_model)`.
    pub v_proj: Linear,
    /// From what the heads found: `(d_model, n_heads · d_head)`.
    pub o_proj: Linear,
}

/// The feed-forward network of a block.
#[derive(Clone, Debug)]
pub struct Mlp {
    /// To the gate: `(d_ff, d_model)`.
    pub gate_proj: Linear,
    /// To what passes it: `(d_ff, d_model)`.
    pub up_proj: Linear,
    /// And back: `(d_model, d_ff)`.
    pub down_proj: Linear,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// γ of its one norm, `(d_model)`. There is no β.
    pub norm: Tensor,
    /// Where tokens exchange what they know.
    pub attention: Attention,
    /// Where each works by itself.
    pub mlp: Mlp,
}

/// A PaLM.
#[derive(Clone, Debug)]
pub struct Palm {
    /// Its sizes.
    pub config: Config,
    /// A vector for each token: `(vocab_size, d_model)`.
    pub embeddings: Tensor,
    /// The blocks, `n_layers` of them.
    pub blocks: Vec<Block>,
    /// γ of the norm behind the last block, `(d_model)`.
    pub norm: Tensor,
}

/// What a block keeps of the tokens that it has read.
#[derive(Clone, Debug)]
pub struct KeysValues {
    /// Turned by their positions: `(batch, 1, tokens, d_head)`.
    pub keys: Tensor,
    /// `(batch, 1, tokens, d_head)`.
    pub values: Tensor,
}

impl KeysValues {
    /// How many tokens it knows.
    pub fn tokens(&self) -> usize {
        self.keys.dims()[2]
    }
}

impl Palm {
    /// A model of tensors that `take` hands over by name and shape.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn from_tensors(
        config: Config,
        mut take: impl FnMut(&str, &[usize]) -> Result<Tensor, PalmError>,
    ) -> Result<Self, PalmError> {
        let Config { n_layers, n_heads, d_head, d_model, d_ff, vocab_size, .. } = config;
        let embeddings = take("model.embed_tokens.weight", &[vocab_size, d_model])?;
        let mut blocks = Vec::with_capacity(n_layers);
        for i in 0..n_layers {
            let norm = take(&format!("model.layers.{i}.input_layernorm.weight"), &[d_model])?;
            let mut linear = |name: &str, shape: [usize; 2]| {
                let weight = take(&format!("model.layers.{i}.{name}.weight"), &shape)?;
                Ok::<_, PalmError>(Linear { weight })
            };
            let attention = Attention {
                q_proj: linear("self_attn.q_proj", [n_heads * d_head, d_model])?,
                k_proj: linear("self_attn.k_proj", [d_head, d_model])?,
                v_proj: linear("self_attn.v_proj", [d_head, d_model])?,
                o_proj: linear("self_attn.o_proj", [d_model, n_heads * d_head])?,
            };
            let mlp = Mlp {
                gate_proj: linear("mlp.gate_proj", [d_ff, d_model])?,
                up_proj: linear("mlp.up_proj", [d_ff, d_model])?,
                down_proj: linear("mlp.down_proj", [d_model, d_ff])?,
            };
            blocks.push(Block { norm, attention, mlp });
        }
        let norm = take("model.norm.weight", &[d_model])?;
        Ok(Self { config, embeddings, blocks, norm })
    }

    /// A model from a checkpoint.
    ///
    /// # Errors
    /// [`PalmError::Checkpoint`] if a tensor is missing, has another shape, or is not part of the
    /// model.
    pub fn from_checkpoint(config: Config, mut checkpoint: Checkpoint) -> Result<Self, PalmError> {
        let model = Self::from_tensors(config, |name, shape| Ok(checkpoint.take(name, shape)?))?;
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

    /// All tensors, each once.
    pub fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        let mut all = vec![&mut self.embeddings];
        for block in &mut self.blocks {
            all.extend(block.tensors_mut());
        }
        all.push(&mut self.norm);
        all
    }
}

impl Block {
    /// All tensors, each once: the norm, queries, keys, values, output, gate, up, down.
    pub fn tensors_mut(&mut self) -> [&mut Tensor; 8] {
        let Self { norm, attention: a, mlp } = self;
        [
            norm,
            &mut a.q_proj.weight,
            &mut a.k_proj.weight,
            &mut a.v_proj.weight,
            &mut a.o_proj.weight,
            &mut mlp.gate_proj.weight,
            &mut mlp.up_proj.weight,
            &mut mlp.down_proj.weight,
        ]
    }
}
