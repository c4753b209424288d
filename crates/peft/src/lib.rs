//! What a fine-tuning learned, in the files of Hugging Face's
//! [PEFT](https://huggingface.co/docs/peft): `adapter_config.json` says what it is,
//! `adapter_model.safetensors` holds its numbers. Both ways, for LoRA, prompt tuning and prefix tuning
//! of a GPT-2.
//!
//! A file may come from anywhere, so nothing in it is believed. An option that would change the
//! numbers, and that is not computed here, is refused by its name.
//!
//! ```
//! use peft::{Adapter, Base, CONFIG, Kind, Prompt, WEIGHTS};
//! use small_gpt::Sizes;
//!
//! # fn main() -> Result<(), peft::PeftError> {
//! let sizes = Sizes { n_layer: 1, n_head: 1, n_embd: 2, n_positions: 8, vocab_size: 5 };
//! let prompt = Prompt { n: 3, embeddings: vec![0.5, -1.0, 2.0, 0.0, 1.5, 3.0] };
//! let adapter = Adapter { base: "models/buddy".into(), base_hash: None, kind: Kind::Prompt(prompt) };
//!
//! let base = Base { name: "models/buddy", sizes, hash: None };
//! let (config, weights) = peft::write(&adapter, &sizes)?;
//! assert_eq!(peft::read(&config, &weights, &base)?, adapter);
//! # let _ = (CONFIG, WEIGHTS);
//! # Ok(())
//! # }
//! ```
//!
//! Source: peft 0.21, `utils/save_and_load.py`, `tuners/tuners_utils.py`, `peft_model.py`.

mod config;
mod error;
mod tensors;
mod write;

use std::collections::BTreeMap;

use small_gpt::Sizes;

pub use error::PeftError;
pub use write::{prefix_rows, write};

/// The file that says what an adapter is.
pub const CONFIG: &str = "adapter_config.json";
/// The file with its numbers.
pub const WEIGHTS: &str = "adapter_model.safetensors";

/// The linear layers of a block, with how many numbers go in and come out, in widths.
pub const LAYERS: [(&str, usize, usize); 4] =
    [("attn.c_attn", 1, 3), ("attn.c_proj", 1, 1), ("mlp.c_fc", 1, 4), ("mlp.c_proj", 4, 1)];

/// The model that an adapter is to be read for.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// What it is called, for messages.
    pub name: &'a str,
    /// Its sizes.
    pub sizes: Sizes,
    /// A hash of its weights. If the adapter names one, too, the two have to agree.
    pub hash: Option<&'a str>,
}

/// What a fine-tuning learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapter {
    /// The name or the folder of the model that it belongs to; empty if nobody said.
    pub base: String,
    /// A hash of that model's weights. PEFT knows none: files that it wrote have none.
    pub base_hash: Option<String>,
    /// Its numbers.
    pub kind: Kind,
}

/// The kinds of adapters.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Two narrow matrices beside a large one.
    Lora(Lora),
    /// Vectors before the input.
    Prompt(Prompt),
    /// Keys and values before those of each block.
    Prefix(Prefix),
}

/// Beside each of some linear layers `y = x W + b` it adds `scale · x Aᵀ Bᵀ`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lora {
    /// The rank r.
    pub rank: usize,
    /// α.
    pub alpha: f64,
    /// Whether the scale is `α / √r` (rsLoRA), not `α / r`.
    pub rslora: bool,
    /// The layers by their names in the model, such as `h.0.attn.c_attn`.
    pub weights: BTreeMap<String, LoraWeights>,
}

impl Lora {
    /// By what the product is multiplied.
    pub fn scale(&self) -> f64 {
        let rank = self.rank as f64;
        self.alpha / if self.rslora { rank.sqrt() } else { rank }
    }
}

/// The matrices of a layer, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct LoraWeights {
    /// `(rank, in)`.
    pub a: Vec<f32>,
    /// `(out, rank)`.
    pub b: Vec<f32>,
}

/// Vectors that stand before the embeddings of a text, at the positions from 0 on.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// How many.
    pub n: usize,
    /// `(n, n_embd)`, row by row.
    pub embeddings: Vec<f32>,
}

/// Keys and values that each block sees before its own. The positions of a text begin at `n`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prefix {
    /// How many of each.
    pub n: usize,
    /// One entry a block.
    pub blocks: Vec<KeysValues>,
}

/// What a block sees before its own keys and values.
#[derive(Clone, Debug, PartialEq)]
pub struct KeysValues {
    /// `(n, n_embd)`, row by row, the heads side by side.
    pub keys: Vec<f32>,
    /// The same.
    pub values: Vec<f32>,
}

/// The adapter that the two files hold, for a base.
///
/// # Errors
/// If the files are not what PEFT writes, the adapter belongs to another base or to another kind of
/// model, a tensor is missing, has another shape or is left over, or an option changes the numbers
/// in a way that is not computed here.
pub fn read(config: &str, weights: &[u8], base: &Base<'_>) -> Result<Adapter, PeftError> {
    let config = config::Config::parse(config)?;
    let mut tensors = tensors::Tensors::of(weights, base, config.base.clone())?;
    let kind = match &config.kind {
        config::KindOf::Lora(lora) => Kind::Lora(tensors.lora(lora)?),
        config::KindOf::Prompt(sizes) => {
            sizes.fit(base, &config.base)?;
            Kind::Prompt(tensors.prompt(sizes.n)?)
        }
        config::KindOf::Prefix(sizes) => {
            sizes.fit(base, &config.base)?;
            Kind::Prefix(tensors.prefix(sizes.n)?)
        }
    };
    let base_hash = tensors.finish()?;
    Ok(Adapter { base: config.base, base_hash, kind })
}
