//! What is stored, and what has to fit beside it: the arithmetic of budgets.

use crate::NESTED;

/// A code that knows nothing of bell curves: 15 levels equally far apart, from −1 to 1.
pub fn uniform_levels() -> Vec<f32> {
    (-7_i8..=7).map(|i| f32::from(i) / 7.0).collect()
}

/// How many of the codes from 0 to `levels − 1` there are, as shares of all.
pub fn shares_of(codes: &[u8], levels: usize) -> Vec<f64> {
    let mut shares = vec![0.0; levels];
    codes.iter().for_each(|&code| shares[usize::from(code)] += 1.0 / codes.len() as f64);
    shares
}

/// How the weights of a model are kept while it is tuned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// 16 bits a weight, and all of them learn.
    Full,
    /// 16 bits, frozen; pairs learn.
    Lora,
    /// 8 bits, frozen; pairs learn.
    Int8,
    /// 4 bits and a plain absmax a block, frozen; pairs learn.
    Plain,
    /// 4 bits and double quantization, frozen; pairs learn.
    Qlora,
}

/// Bytes of AdamW for a weight that learns: two moments in f32.
pub const ADAMW: f64 = 8.0;

impl Method {
    /// From most to least.
    pub const ALL: [Self; 5] = [Self::Full, Self::Lora, Self::Int8, Self::Plain, Self::Qlora];

    /// For a label.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full, 16 bits",
            Self::Lora => "LoRA, 16 bits",
            Self::Int8 => "LoRA, 8 bits",
            Self::Plain => "LoRA, 4 bits",
            Self::Qlora => "QLoRA",
        }
    }

    /// Bits of a frozen weight, with its share of what its block of 64 has in common; an absmax in
    /// int8 belongs to a row of thousands, and does not count.
    pub fn bits(self) -> f64 {
        match self {
            Self::Full | Self::Lora => 16.0,
            Self::Int8 => 8.0,
            Self::Plain => 4.0 + 32.0 / 64.0,
            Self::Qlora => 4.0 + 8.0 / 64.0 + 32.0 / (64.0 * NESTED as f64),
        }
    }
}

/// A model to be tuned, 128 times as wide as it has blocks, as LLaMA's are about.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Weights in linear layers: `12 · width²` a block.
    pub parameters: f64,
    /// Of the pair at each linear layer.
    pub rank: f64,
    /// Tokens of a batch.
    pub tokens: f64,
    /// Bytes that the optimizer keeps for a number that learns.
    pub optimizer: f64,
}

impl Budget {
    /// Blocks and width.
    pub fn shape(&self) -> [f64; 2] {
        let blocks = (self.parameters / (12.0 * 128.0 * 128.0)).cbrt();
        [blocks, 128.0 * blocks]
    }

    /// Numbers of all pairs: at queries, keys and values, behind attention, and at both layers of the
    /// feed-forward network.
    pub fn pairs(&self) -> f64 {
        let [blocks, width] = self.shape();
        blocks * self.rank * width * f64::from(3 + 1 + 1 + 1 + 1 + 4 + 4 + 1)
    }

    /// Gigabytes (10⁹) of weights, gradients, the optimizer, and activations in 16 bits. Of each block
    /// only what it reads is kept, and the rest is computed again on the way back.
    pub fn gigabytes(&self, method: Method) -> [f64; 4] {
        let [blocks, width] = self.shape();
        let (weights, learns) = match method {
            Method::Full => (2.0 * self.parameters, self.parameters),
            frozen => {
                let pairs = self.pairs();
                (frozen.bits() / 8.0 * self.parameters + 2.0 * pairs, pairs)
            }
        };
        // What one block keeps while it is computed again: about 34 bytes a token and column.
        let activations = self.tokens * width * (2.0 * blocks + 34.0);
        [weights, 2.0 * learns, self.optimizer * learns, activations].map(|bytes| bytes / 1e9)
    }
}
