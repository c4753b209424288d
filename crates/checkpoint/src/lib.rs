//! Trained weights in the format [safetensors](https://github.com/huggingface/safetensors): a header
//! of JSON that names tensors, then their numbers.
//!
//! A file may come from anywhere, so nothing in it is believed: a name that stands twice, ranges that
//! overlap, reach beyond the file or do not fit a shape, types that nobody knows. Each is an error
//! that names the tensor. What is allocated is what the file fills, not what it claims.
//!
//! ```
//! # fn main() -> Result<(), checkpoint::CheckpointError> {
//! let header = r#"{"wte.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#;
//! let mut file = (header.len() as u64).to_le_bytes().to_vec();
//! file.extend(header.bytes());
//! file.extend([0.5_f32, -1.0].iter().flat_map(|number| number.to_le_bytes()));
//!
//! let mut weights = checkpoint::Checkpoint::read(file)?;
//! let embeddings = weights.take("wte.weight", &[2, 1])?;
//! assert_eq!(embeddings.to_vec2::<f32>()?, [[0.5], [-1.0]]);
//! weights.finish()
//! # }
//! ```

mod config;
mod error;
mod header;
mod source;

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor};

pub use config::config;
pub use error::CheckpointError;
pub use header::Dtype;
use header::Entry;
use source::Source;

/// The file of weights in a folder as Hugging Face lays it out.
pub const WEIGHTS: &str = "model.safetensors";

/// An open file of weights.
pub struct Checkpoint {
    source: Source,
    entries: BTreeMap<String, Entry>,
    /// Where the header ends.
    start: u64,
}

impl Checkpoint {
    /// Opens a file, or the file [`WEIGHTS`] of a folder. Of the file only the header is read;
    /// tensors follow when they are taken.
    ///
    /// # Errors
    /// If there is no such file, or it is not what the format asks for.
    pub fn open(path: &Path) -> Result<Self, CheckpointError> {
        let path = if path.is_dir() { path.join(WEIGHTS) } else { path.to_owned() };
        Self::of(Source::open(&path)?)
    }

    /// The same, of a file that is in memory.
    ///
    /// # Errors
    /// If it is not what the format asks for.
    pub fn read(bytes: Vec<u8>) -> Result<Self, CheckpointError> {
        Self::of(Source::Memory(bytes))
    }

    fn of(mut source: Source) -> Result<Self, CheckpointError> {
        let (entries, start) = header::read(&mut source)?;
        Ok(Self { source, entries, start })
    }

    /// The names of the tensors, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The shape of a tensor, if there is one of this name.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.entries.get(name).map(|entry| entry.shape.as_slice())
    }

    /// The type in which a tensor is kept, if there is one of this name.
    pub fn dtype(&self, name: &str) -> Option<Dtype> {
        self.entries.get(name).map(|entry| entry.dtype)
    }

    /// Takes `prefix` off the names that have it: a file that was saved with a task's head names the
    /// model's own tensors `transformer.…` or `bert.…`, one without it does not.
    ///
    /// # Errors
    /// If two tensors would have the same name then.
    pub fn without_prefix(mut self, prefix: &str) -> Result<Self, CheckpointError> {
        let mut entries = BTreeMap::new();
        for (name, entry) in self.entries {
            let short = name.strip_prefix(prefix).unwrap_or(&name).to_owned();
            if entries.insert(short.clone(), entry).is_some() {
                return Err(CheckpointError::Twice { name: short });
            }
        }
        self.entries = entries;
        Ok(self)
    }

    /// A tensor in f32, on the CPU, converted from f16, bf16 or f64 where it is kept so. It may be
    /// taken more than once.
    ///
    /// # Errors
    /// If there is none of this name, if it has another shape or holds no floating-point numbers, or
    /// if the file cannot be read any more.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Tensor, CheckpointError> {
        let count = self.entries.len();
        let Some(entry) = self.entries.get_mut(name) else {
            return Err(CheckpointError::Missing { name: name.into(), count });
        };
        if entry.shape != shape {
            return Err(CheckpointError::Shape {
                name: name.into(),
                found: entry.shape.clone(),
                expected: shape.to_vec(),
            });
        }
        let dtype = match entry.dtype {
            Dtype::F16 => DType::F16,
            Dtype::BF16 => DType::BF16,
            Dtype::F32 => DType::F32,
            Dtype::F64 => DType::F64,
            found => return Err(CheckpointError::NotFloat { name: name.into(), found }),
        };
        let bytes = self.source.bytes(entry.range.map(|offset| self.start + offset))?;
        let tensor = Tensor::from_raw_buffer(&bytes, dtype, shape, &Device::Cpu)?;
        entry.is_taken = true;
        Ok(tensor.to_dtype(DType::F32)?)
    }

    /// Passes over the tensors that `is_known` knows and a model does not need, as the causal masks
    /// in files of GPT-2.
    pub fn skip(&mut self, is_known: impl Fn(&str) -> bool) {
        for (name, entry) in &mut self.entries {
            entry.is_taken |= is_known(name);
        }
    }

    /// Says that the model is complete.
    ///
    /// # Errors
    /// If tensors are left over: the file is of another model, which would be computed wrongly.
    pub fn finish(self) -> Result<(), CheckpointError> {
        let mut left = self.entries.into_iter().filter(|(_, entry)| !entry.is_taken);
        match left.next() {
            Some((name, _)) => Err(CheckpointError::LeftOver { name, others: left.count() }),
            None => Ok(()),
        }
    }
}
