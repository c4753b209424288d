//! The tensors of a model, with the names and shapes of GPT-2's checkpoints.

use candle_core::{DType, Device, Tensor};
use checkpoint::Checkpoint;
use grading::random::seeded;
use rand::RngExt;

use crate::{Config, GptError};

/// A product with a weight that lies as `(in, out)`.
#[derive(Clone, Debug)]
pub struct Conv1d {
    /// `(in, out)`.
    pub weight: Tensor,
    /// `(out)`.
    pub bias: Tensor,
}

/// A layer norm.
#[derive(Clone, Debug)]
pub struct Norm {
    /// γ, `(n_embd)`.
    pub weight: Tensor,
    /// β, `(n_embd)`.
    pub bias: Tensor,
}

/// The attention of a block.
#[derive(Clone, Debug)]
pub struct Attention {
    /// To queries, keys and values: `(n_embd, 3 · n_embd)`.
    pub c_attn: Conv1d,
    /// From what the heads found: `(n_embd, n_embd)`.
    pub c_proj: Conv1d,
}

/// The feed-forward network of a block.
#[derive(Clone, Debug)]
pub struct Mlp {
    /// To its inside: `(n_embd, n_inner)`.
    pub c_fc: Conv1d,
    /// And back: `(n_inner, n_embd)`.
    pub c_proj: Conv1d,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Before attention.
    pub ln_1: Norm,
    /// Where tokens exchange what they know.
    pub attn: Attention,
    /// Before the feed-forward network.
    pub ln_2: Norm,
    /// Where each works by itself.
    pub mlp: Mlp,
}

/// A GPT-2.
#[derive(Clone, Debug)]
pub struct Gpt2 {
    /// Its sizes.
    pub config: Config,
    /// A vector for each token: `(vocab_size, n_embd)`.
    pub wte: Tensor,
    /// A vector for each position: `(n_positions, n_embd)`.
    pub wpe: Tensor,
    /// The blocks, `n_layer` of them.
    pub h: Vec<Block>,
    /// Behind the last block.
    pub ln_f: Norm,
}

/// What a block keeps of the tokens that it has read.
#[derive(Clone, Debug)]
pub struct KeysValues {
    /// `(batch, n_head, tokens, d_head)`.
    pub keys: Tensor,
    /// `(batch, n_head, tokens, d_head)`.
    pub values: Tensor,
}

impl KeysValues {
    /// How many tokens it knows.
    pub fn tokens(&self) -> usize {
        self.keys.dims()[2]
    }
}

impl Gpt2 {
    /// A model of tensors that `take` hands over by name and shape.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn from_tensors(
        config: Config,
        mut take: impl FnMut(&str, &[usize]) -> Result<Tensor, GptError>,
    ) -> Result<Self, GptError> {
        let (n, inner) = (config.n_embd, config.inner());
        let wte = take("wte.weight", &[config.vocab_size, n])?;
        let wpe = take("wpe.weight", &[config.n_positions, n])?;
        let mut pair = |name: String, shape: &[usize]| -> Result<(Tensor, Tensor), GptError> {
            let weight = take(&format!("{name}.weight"), shape)?;
            Ok((weight, take(&format!("{name}.bias"), &shape[shape.len() - 1..])?))
        };
        let mut h = Vec::with_capacity(config.n_layer);
        for i in 0..config.n_layer {
            let mut norm = |name: &str| {
                let (weight, bias) = pair(format!("h.{i}.{name}"), &[n])?;
                Ok::<_, GptError>(Norm { weight, bias })
            };
            let (ln_1, ln_2) = (norm("ln_1")?, norm("ln_2")?);
            let mut conv1d = |name: &str, shape: [usize; 2]| {
                let (weight, bias) = pair(format!("h.{i}.{name}"), &shape)?;
                Ok::<_, GptError>(Conv1d { weight, bias })
            };
            let attn = Attention {
                c_attn: conv1d("attn.c_attn", [n, 3 * n])?,
                c_proj: conv1d("attn.c_proj", [n, n])?,
            };
            let mlp = Mlp {
                c_fc: conv1d("mlp.c_fc", [n, inner])?,
                c_proj: conv1d("mlp.c_proj", [inner, n])?,
            };
            h.push(Block { ln_1, attn, ln_2, mlp });
        }
        let (weight, bias) = pair("ln_f".into(), &[n])?;
        Ok(Self { config, wte, wpe, h, ln_f: Norm { weight, bias } })
    }

    /// An untrained model, the same for the same seed, drawn as GPT-2 was before its training:
    /// weights of a normal distribution with deviation 0.02, those that lead back to the residual
    /// stream divided by `√(2 · n_layer)`; gains 1, biases 0.
    ///
    /// # Errors
    /// Only if candle fails.
    ///
    /// Source: Radford and others, 2019, section 2.3; the deviations as in transformers.
    pub fn random(config: Config, seed: u64) -> Result<Self, GptError> {
        let mut rng = seeded(seed);
        let residual = (2.0 * config.n_layer as f64).sqrt().recip();
        Self::from_tensors(config, |name, shape| {
            let count = shape.iter().product();
            let constant = if name.ends_with("bias") { 0.0 } else { 1.0_f32 };
            if shape.len() == 1 {
                return Ok(Tensor::full(constant, shape, &Device::Cpu)?);
            }
            let spread = if name.ends_with("c_proj.weight") { 0.02 * residual } else { 0.02 };
            // Box and Muller, 1958.
            let mut normal = || {
                let (a, b): (f64, f64) = (rng.random(), rng.random());
                (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos()
            };
            let numbers: Vec<f32> = (0..count).map(|_| (spread * normal()) as f32).collect();
            Ok(Tensor::from_vec(numbers, shape, &Device::Cpu)?)
        })
    }

    /// A model from a checkpoint whose tensors are named as on the Hugging Face Hub: `wte.weight`,
    /// or `transformer.wte.weight`, and so on.
    ///
    /// # Errors
    /// [`GptError::Checkpoint`] if a tensor is missing, has another shape, or is not part of the
    /// model; [`GptError::Untied`] if logits have a table of their own.
    pub fn from_checkpoint(config: Config, checkpoint: Checkpoint) -> Result<Self, GptError> {
        let mut checkpoint = checkpoint.without_prefix("transformer.")?;
        let model = Self::from_tensors(config, |name, shape| Ok(checkpoint.take(name, shape)?))?;
        // Old files hold the causal mask of each block, too, and some the tied table twice.
        checkpoint.skip(|name| name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias"));
        if checkpoint.shape("lm_head.weight").is_some() {
            let head = checkpoint.take("lm_head.weight", model.wte.dims())?;
            if head.ne(&model.wte)?.to_dtype(DType::U32)?.sum_all()?.to_scalar::<u32>()? > 0 {
                return Err(GptError::Untied);
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

    /// All tensors, each once.
    pub fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        let mut all = vec![&mut self.wte, &mut self.wpe];
        for Block { ln_1, attn, ln_2, mlp } in &mut self.h {
            for Norm { weight, bias } in [ln_1, ln_2] {
                all.extend([weight, bias]);
            }
            for Conv1d { weight, bias } in
                [&mut attn.c_attn, &mut attn.c_proj, &mut mlp.c_fc, &mut mlp.c_proj]
            {
                all.extend([weight, bias]);
            }
        }
        all.extend([&mut self.ln_f.weight, &mut self.ln_f.bias]);
        all
    }
}
