//! What a model consists of here: tensors by name, and a buffer of all of them.

use gpt::Config;
use grading::random::seeded;
use rand::RngExt;

/// The residual stream has room for so many numbers: a thread a number.
pub const MOST_EMBD: usize = 256;
/// The inside of the feed-forward network has room for so many: a thread four numbers.
pub const MOST_INNER: usize = 1024;
/// So many scores have room, one a head and position.
pub const MOST_SCORES: usize = 2048;
/// WebGPU binds so many bytes of a buffer, unless a device offers more.
pub const MOST_BYTES: u128 = 128 << 20;

/// Where a tensor lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As in checkpoints of GPT-2.
    pub name: String,
    /// How many rows it has; 1 if it has one axis.
    pub rows: usize,
    /// How long a row is.
    pub cols: usize,
    /// The four that it begins with.
    pub at: usize,
}

/// A part of the model that is a dispatch of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// The vectors of token and position, added.
    Embed,
    /// The norm before attention.
    NormAttention,
    /// Query, key and value: a product with `3 · n_embd` columns.
    Qkv,
    /// The query looks at the cache.
    Attend,
    /// `c_proj` of attention, added to the stream: a product with `n_embd` columns.
    Project,
    /// The norm before the feed-forward network.
    NormMlp,
    /// `c_fc`, with GELU: a product with `n_inner` columns.
    Widen,
    /// `c_proj` of the network, added to the stream: a product with `n_embd` columns.
    Narrow,
    /// The last norm.
    NormLast,
    /// The dot product with each row of `wte`.
    Logits,
}

/// A dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Launch {
    /// What it computes.
    pub op: Op,
    /// In which block.
    pub layer: usize,
    /// With how many workgroups.
    pub workgroups: usize,
}

/// How a weight is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// In 32 bits.
    F32,
    /// In 16 bits.
    F16,
}

/// Names and sizes `[rows, cols]` of a model's tensors, in the order in which the kernel reads
/// them; a tensor of one axis has one row.
pub fn tensors(config: &Config) -> Vec<(String, [usize; 2])> {
    let (n, inner) = (config.n_embd, config.inner());
    let mut all = vec![
        ("wte.weight".to_owned(), [config.vocab_size, n]),
        ("wpe.weight".to_owned(), [config.n_positions, n]),
    ];
    for i in 0..config.n_layer {
        for (name, [rows, cols]) in [
            ("ln_1", [1, n]),
            ("attn.c_attn", [n, 3 * n]),
            ("attn.c_proj", [n, n]),
            ("ln_2", [1, n]),
            ("mlp.c_fc", [n, inner]),
            ("mlp.c_proj", [inner, n]),
        ] {
            all.push((format!("h.{i}.{name}.weight"), [rows, cols]));
            all.push((format!("h.{i}.{name}.bias"), [1, cols]));
        }
    }
    all.push(("ln_f.weight".to_owned(), [1, n]));
    all.push(("ln_f.bias".to_owned(), [1, n]));
    all
}

/// A model: the numbers of each tensor, in the order of [`tensors`].
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its sizes.
    pub config: Config,
    /// Row-major.
    pub tensors: Vec<Vec<f32>>,
}

impl Model {
    /// A model of drawn numbers, up to `spread` in its tables and products; no gain is 1 and no
    /// bias 0.
    pub fn drawn(config: Config, spread: f32, seed: u64) -> Self {
        let mut rng = seeded(seed);
        let draw = |(name, [rows, cols]): (String, [usize; 2])| {
            let gain = if name.contains("ln_") && name.ends_with("weight") { 1.0 } else { 0.0 };
            (0..rows * cols).map(|_| gain + spread * rng.random_range(-1.0_f32..1.0)).collect()
        };
        let tensors = tensors(&config).into_iter().map(draw).collect();
        Self { config, tensors }
    }

    /// All numbers as they lie in the buffer, zeros behind each row.
    pub fn packed(&self, places: &[Place]) -> Vec<f32> {
        let len = places.last().map_or(0, |last| last.at + last.rows * last.cols.div_ceil(4));
        let mut packed = vec![0.0; 4 * len];
        for (place, numbers) in places.iter().zip(&self.tensors) {
            for (row, numbers) in numbers.chunks(place.cols).enumerate() {
                let start = 4 * (place.at + row * place.cols.div_ceil(4));
                packed[start..start + numbers.len()].copy_from_slice(numbers);
            }
        }
        packed
    }
}
