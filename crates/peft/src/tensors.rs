//! `adapter_model.safetensors`, read with distrust.

use std::collections::BTreeMap;

use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};

use crate::config::LoraConfig;
use crate::write::{HASH, PROMPT, names};
use crate::{Base, KeysValues, Lora, LoraWeights, PeftError, Prefix, Prompt};

/// The tensors of a file, each to be taken once.
pub struct Tensors<'a> {
    file: SafeTensors<'a>,
    left: Vec<String>,
    base: &'a Base<'a>,
    trained_on: String,
    hash: Option<String>,
}

impl<'a> Tensors<'a> {
    pub fn of(bytes: &'a [u8], base: &'a Base<'a>, trained_on: String) -> Result<Self, PeftError> {
        let wrong =
            |error: safetensors::SafeTensorError| PeftError::File { reason: error.to_string() };
        let file = SafeTensors::deserialize(bytes).map_err(wrong)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(wrong)?;
        let hash = metadata.metadata().as_ref().and_then(|all| all.get(HASH)).cloned();
        if let (Some(found), Some(expected)) = (&hash, base.hash)
            && found != expected
        {
            return Err(PeftError::Base {
                trained_on,
                base: base.name.into(),
                what: "hash of weights",
                found: found.chars().take(80).collect(),
                expected: expected.into(),
            });
        }
        let left = file.names().into_iter().map(str::to_owned).collect();
        Ok(Self { file, left, base, trained_on, hash })
    }

    fn take(&mut self, name: &str, expected: &[usize]) -> Result<Vec<f32>, PeftError> {
        let Ok(view) = self.file.tensor(name) else {
            return Err(PeftError::Missing { name: name.into() });
        };
        if view.shape() != expected {
            return Err(PeftError::Shape {
                name: name.into(),
                found: view.shape().to_vec(),
                expected: expected.to_vec(),
                trained_on: self.trained_on.clone(),
                base: self.base.name.into(),
            });
        }
        let bytes = view.data();
        let pairs = || bytes.as_chunks::<2>().0.iter();
        let numbers = match view.dtype() {
            Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => pairs().map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
            Dtype::BF16 => pairs().map(|b| bf16::from_le_bytes(*b).to_f32()).collect(),
            other => {
                return Err(PeftError::Dtype { name: name.into(), found: format!("{other:?}") });
            }
        };
        self.left.retain(|left| left != name);
        Ok(numbers)
    }

    pub fn lora(&mut self, config: &LoraConfig) -> Result<Lora, PeftError> {
        let &LoraConfig { rank, alpha, rslora, .. } = config;
        let mut weights = BTreeMap::new();
        for (module, within, out) in config.modules(self.base)? {
            let [a, b] = names(&module);
            let a = self.take(&a, &[rank, within])?;
            let b = self.take(&b, &[out, rank])?;
            weights.insert(module, LoraWeights { a, b });
        }
        Ok(Lora { rank, alpha, rslora, weights })
    }

    pub fn prompt(&mut self, n: usize) -> Result<Prompt, PeftError> {
        Ok(Prompt { n, embeddings: self.take(PROMPT, &[n, self.base.sizes.n_embd])? })
    }

    pub fn prefix(&mut self, n: usize) -> Result<Prefix, PeftError> {
        let (n_layer, n_embd) = (self.base.sizes.n_layer, self.base.sizes.n_embd);
        let across = 2 * n_layer * n_embd;
        let numbers = self.take(PROMPT, &[n, across])?;
        // A row has for each block its keys, then its values.
        let part = |part: usize| -> Vec<f32> {
            numbers
                .chunks_exact(across)
                .flat_map(|row| &row[part * n_embd..][..n_embd])
                .copied()
                .collect()
        };
        let block = |i: usize| KeysValues { keys: part(2 * i), values: part(2 * i + 1) };
        Ok(Prefix { n, blocks: (0..n_layer).map(block).collect() })
    }

    /// The hash of the base, if nothing is left over.
    pub fn finish(self) -> Result<Option<String>, PeftError> {
        match self.left.into_iter().min() {
            Some(name) => Err(PeftError::Extra {
                name,
                trained_on: self.trained_on,
                base: self.base.name.into(),
            }),
            None => Ok(self.hash),
        }
    }
}
