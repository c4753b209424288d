//! The tensors of a model, with the names and shapes of BERT's checkpoints.

use candle_core::{DType, Tensor};
use checkpoint::Checkpoint;

use crate::{BertError, Config};

/// A product with a weight that lies as `(out, in)`.
#[derive(Clone, Debug)]
pub struct Linear {
    /// `(out, in)`.
    pub weight: Tensor,
    /// `(out)`.
    pub bias: Tensor,
}

/// A layer norm.
#[derive(Clone, Debug)]
pub struct Norm {
    /// γ, `(hidden_size)`.
    pub weight: Tensor,
    /// β, `(hidden_size)`.
    pub bias: Tensor,
}

/// What makes vectors of ids.
#[derive(Clone, Debug)]
pub struct Embeddings {
    /// A vector for each token: `(vocab_size, hidden_size)`.
    pub word: Tensor,
    /// A vector for each place: `(max_position_embeddings, hidden_size)`.
    pub position: Tensor,
    /// A vector for each token type: `(type_vocab_size, hidden_size)`.
    pub token_type: Tensor,
    /// Over their sum.
    pub norm: Norm,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Layer {
    /// To the queries of all heads: `(hidden_size, hidden_size)`.
    pub query: Linear,
    /// To the keys.
    pub key: Linear,
    /// To the values.
    pub value: Linear,
    /// From what the heads found: `(hidden_size, hidden_size)`.
    pub attention_output: Linear,
    /// After attention and its residual.
    pub attention_norm: Norm,
    /// To the inside of the feed-forward network: `(intermediate_size, hidden_size)`.
    pub intermediate: Linear,
    /// And back: `(hidden_size, intermediate_size)`.
    pub output: Linear,
    /// After the feed-forward network and its residual.
    pub output_norm: Norm,
}

/// What guesses hidden tokens; its large table is that of the embeddings.
#[derive(Clone, Debug)]
pub struct MlmHead {
    /// `(hidden_size, hidden_size)`.
    pub dense: Linear,
    /// After it and GELU.
    pub norm: Norm,
    /// One number a token: `(vocab_size)`.
    pub bias: Tensor,
}

/// A BERT.
#[derive(Clone, Debug)]
pub struct Bert {
    /// Its sizes.
    pub config: Config,
    /// From ids to vectors.
    pub embeddings: Embeddings,
    /// The blocks, `num_hidden_layers` of them.
    pub layers: Vec<Layer>,
    /// What guesses hidden tokens, if the checkpoint has it.
    pub mlm: Option<MlmHead>,
}

/// Other names of a tensor, in files that were converted from the first release.
const OLD_NAMES: [(&str, &str); 2] =
    [("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")];
/// What the head has twice.
const TIED: [&str; 2] = ["cls.predictions.decoder.weight", "cls.predictions.decoder.bias"];

impl Bert {
    /// A model of tensors that `take` hands over by name and shape.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn from_tensors(
        config: Config,
        has_mlm: bool,
        mut take: impl FnMut(&str, &[usize]) -> Result<Tensor, BertError>,
    ) -> Result<Self, BertError> {
        let (n, inner) = (config.hidden_size, config.intermediate_size);
        let mut table = |name: &str, rows: usize| {
            take(&format!("embeddings.{name}_embeddings.weight"), &[rows, n])
        };
        let word = table("word", config.vocab_size)?;
        let position = table("position", config.max_position_embeddings)?;
        let token_type = table("token_type", config.type_vocab_size)?;

        let mut pair = |name: &str, shape: &[usize]| -> Result<(Tensor, Tensor), BertError> {
            let weight = take(&format!("{name}.weight"), shape)?;
            Ok((weight, take(&format!("{name}.bias"), &shape[..1])?))
        };
        let (weight, bias) = pair("embeddings.LayerNorm", &[n])?;
        let embeddings = Embeddings { word, position, token_type, norm: Norm { weight, bias } };
        let mut layers = Vec::with_capacity(config.num_hidden_layers);
        for i in 0..config.num_hidden_layers {
            let mut linear = |name: &str, shape: [usize; 2]| {
                let (weight, bias) = pair(&format!("encoder.layer.{i}.{name}"), &shape)?;
                Ok::<_, BertError>(Linear { weight, bias })
            };
            let query = linear("attention.self.query", [n, n])?;
            let key = linear("attention.self.key", [n, n])?;
            let value = linear("attention.self.value", [n, n])?;
            let attention_output = linear("attention.output.dense", [n, n])?;
            let intermediate = linear("intermediate.dense", [inner, n])?;
            let output = linear("output.dense", [n, inner])?;
            let mut norm = |name: &str| {
                let (weight, bias) = pair(&format!("encoder.layer.{i}.{name}.LayerNorm"), &[n])?;
                Ok::<_, BertError>(Norm { weight, bias })
            };
            let attention_norm = norm("attention.output")?;
            let output_norm = norm("output")?;
            layers.push(Layer {
                query,
                key,
                value,
                attention_output,
                attention_norm,
                intermediate,
                output,
                output_norm,
            });
        }
        let mlm = if has_mlm {
            let (weight, bias) = pair("cls.predictions.transform.dense", &[n, n])?;
            let dense = Linear { weight, bias };
            let (weight, bias) = pair("cls.predictions.transform.LayerNorm", &[n])?;
            let norm = Norm { weight, bias };
            let bias = take("cls.predictions.bias", &[config.vocab_size])?;
            Some(MlmHead { dense, norm, bias })
        } else {
            None
        };
        Ok(Self { config, embeddings, layers, mlm })
    }

    /// A model from a checkpoint whose tensors are named as on the Hugging Face Hub:
    /// `embeddings.word_embeddings.weight`, or `bert.embeddings.…`, and so on. The head of
    /// `cls.predictions` is taken if it is there; the pooler and the head for the next sentence
    /// are passed over.
    ///
    /// # Errors
    /// [`BertError::Checkpoint`] if a tensor is missing, has another shape, or is not part of the
    /// model; [`BertError::Untied`] if the head has a table of its own.
    pub fn from_checkpoint(config: Config, checkpoint: Checkpoint) -> Result<Self, BertError> {
        let mut checkpoint = checkpoint.without_prefix("bert.")?;
        let has_mlm = checkpoint.names().any(|name| name.starts_with("cls.predictions."));
        let model = Self::from_tensors(config, has_mlm, |name, shape| {
            let old = OLD_NAMES.iter().find_map(|(new, old)| {
                let old = format!("{}{old}", name.strip_suffix(new)?);
                (checkpoint.shape(name).is_none() && checkpoint.shape(&old).is_some())
                    .then_some(old)
            });
            Ok(checkpoint.take(old.as_deref().unwrap_or(name), shape)?)
        })?;
        checkpoint.skip(|name| {
            name.starts_with("pooler.")
                || name.starts_with("cls.seq_relationship.")
                || name == "embeddings.position_ids"
        });
        if let Some(mlm) = &model.mlm {
            for (name, once) in TIED.into_iter().zip([&model.embeddings.word, &mlm.bias]) {
                if checkpoint.shape(name).is_none() {
                    continue;
                }
                let twice = checkpoint.take(name, once.dims())?;
                let differ = twice.ne(once)?.to_dtype(DType::U32)?.sum_all()?;
                if differ.to_scalar::<u32>()? > 0 {
                    return Err(BertError::Untied(name));
                }
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

    /// All tensors, each once: the embeddings, 16 of each block, and the head.
    pub fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        let Embeddings { word, position, token_type, norm } = &mut self.embeddings;
        let mut all = vec![word, position, token_type, &mut norm.weight, &mut norm.bias];
        for layer in &mut self.layers {
            for Linear { weight, bias } in [
                &mut layer.query,
                &mut layer.key,
                &mut layer.value,
                &mut layer.attention_output,
                &mut layer.intermediate,
                &mut layer.output,
            ] {
                all.extend([weight, bias]);
            }
            for Norm { weight, bias } in [&mut layer.attention_norm, &mut layer.output_norm] {
                all.extend([weight, bias]);
            }
        }
        if let Some(MlmHead { dense, norm, bias }) = &mut self.mlm {
            all.extend([&mut dense.weight, &mut dense.bias]);
            all.extend([&mut norm.weight, &mut norm.bias, bias]);
        }
        all
    }
}
