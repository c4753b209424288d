//! What is given: shapes, methods, and points of a plot.

/// A GPT-2: token and position embeddings, blocks, a last norm. Its output layer is the table of its
/// token embeddings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Blocks.
    pub n_layer: u64,
    /// Width.
    pub n_embd: u64,
    /// Places of a text.
    pub n_positions: u64,
    /// Tokens.
    pub vocab_size: u64,
}

/// A linear layer of each block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `attn.c_attn`: queries, keys and values.
    Attn,
    /// `attn.c_proj`: behind attention.
    AttnProj,
    /// `mlp.c_fc`: into the feed-forward network.
    Fc,
    /// `mlp.c_proj`: out of it.
    FcProj,
}

impl Target {
    /// In the order of a block.
    pub const ALL: [Self; 4] = [Self::Attn, Self::AttnProj, Self::Fc, Self::FcProj];

    /// Inputs and outputs.
    pub fn sizes(self, n_embd: u64) -> [u64; 2] {
        match self {
            Self::Attn => [n_embd, 3 * n_embd],
            Self::AttnProj => [n_embd, n_embd],
            Self::Fc => [n_embd, 4 * n_embd],
            Self::FcProj => [4 * n_embd, n_embd],
        }
    }
}

/// What learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// A classifier on the last hidden state: a weight for each class and number, a bias a class.
    Head {
        /// Classes.
        classes: u64,
    },
    /// Vectors before the text.
    SoftPrompt {
        /// How many.
        tokens: u64,
    },
    /// A key and a value before those of each block, both as wide as the model.
    Prefix {
        /// How many of each.
        tokens: u64,
    },
    /// Two narrow matrices beside some linear layers of every block, without biases. QLoRA has the
    /// same.
    Lora {
        /// The narrow side.
        rank: u64,
        /// Which layers; none is named twice.
        targets: Vec<Target>,
    },
    /// All numbers of the model.
    Full,
}

/// What a training by AdamW keeps in memory, besides activations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// Numbers that stay as they are.
    pub frozen: u64,
    /// Numbers that learn.
    pub learned: u64,
    /// Bits of a frozen number: 32, 16, or 4.127 in NF4 with double quantization.
    pub frozen_bits: f64,
    /// Bits of a number that learns.
    pub learned_bits: f64,
    /// Bits of its slope.
    pub slope_bits: f64,
    /// Bits of each of its two moments.
    pub moment_bits: f64,
}

/// A method on the plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The less, the better.
    pub cost: f64,
    /// The more, the better.
    pub score: f64,
}
