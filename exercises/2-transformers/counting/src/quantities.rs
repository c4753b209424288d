//! What is counted of a model, and for what.

use serde::Deserialize;

use crate::{Count, CountError};

/// The parameters of a model by part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Params {
    /// The table of tokens, and that of token types.
    pub embeddings: u64,
    /// Tables of positions, or of distances.
    pub positions: u64,
    /// All attention, cross-attention included.
    pub attention: u64,
    /// All feed-forward networks.
    pub feed_forward: u64,
    /// All norms.
    pub norms: u64,
    /// A table of its own for the logits, or the pooler of an encoder.
    pub head: u64,
}

impl Params {
    /// Each part with its name.
    pub fn parts(&self) -> [(&'static str, u64); 6] {
        [
            ("token table", self.embeddings),
            ("positions", self.positions),
            ("attention", self.attention),
            ("feed-forward", self.feed_forward),
            ("norms", self.norms),
            ("head", self.head),
        ]
    }

    /// All of them.
    ///
    /// # Errors
    /// [`CountError::TooLarge`].
    pub fn total(&self) -> Result<u64, CountError> {
        self.parts().iter().map(|&(_, n)| Count::from(n)).sum::<Count>().exact()
    }
}

/// Which pairs of a query and a key are multiplied in a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Pairs {
    /// All, and the mask throws away what may not be seen.
    All,
    /// Only those in which the query may see the key.
    Causal,
}

/// What a model reads at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// Texts side by side, each as long as the others.
    pub texts: u64,
    /// Tokens that the encoder of an encoder-decoder reads; for other families it does not count.
    pub source: u64,
    /// Tokens that the decoder reads, or an encoder without a decoder.
    pub tokens: u64,
    /// Tokens before them whose keys and values are kept; only for decoders.
    pub past: u64,
    /// What is multiplied when a decoder's tokens look at each other.
    pub pairs: Pairs,
}

/// Floating-point operations: a multiplication and an addition are two. Of biases, norms, softmax
/// and activations nothing is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Flops {
    /// Products of vectors and weights, without logits.
    pub weights: u64,
    /// Scores, and the weighted sums of values.
    pub attention: u64,
    /// Products with the table that makes logits.
    pub logits: u64,
}

impl Flops {
    /// Each part with its name.
    pub fn parts(&self) -> [(&'static str, u64); 3] {
        [("weights", self.weights), ("attention", self.attention), ("logits", self.logits)]
    }

    /// All of them.
    ///
    /// # Errors
    /// [`CountError::TooLarge`].
    pub fn total(&self) -> Result<u64, CountError> {
        self.parts().iter().map(|&(_, n)| Count::from(n)).sum::<Count>().exact()
    }
}

/// Tokens whose keys and values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Texts side by side.
    pub texts: u64,
    /// Tokens that the encoder of an encoder-decoder has read, of each text.
    pub source: u64,
    /// Tokens that the decoder has read, of each text.
    pub tokens: u64,
    /// Bytes of a number.
    pub bytes: u64,
}

/// What several devices share out among them, instead of keeping a copy each (Rajbhandari and
/// others, 2019). Each takes what comes before it along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sharded {
    /// Nothing: each device has a copy of all.
    Nothing,
    /// What the optimizer keeps.
    Optimizer,
    /// Gradients, too.
    Gradients,
    /// Weights, too.
    Weights,
}

/// How a model is trained, as far as memory knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Bytes of a weight.
    pub weight_bytes: u64,
    /// Bytes of a gradient.
    pub gradient_bytes: u64,
    /// Whether the optimizer keeps a copy of the weights, of 4 bytes each.
    pub has_master: bool,
    /// How many numbers of 4 bytes it keeps besides for each weight: 2 for AdamW, its running means.
    pub moments: u64,
    /// Devices.
    pub devices: u64,
    /// What they share out.
    pub sharded: Sharded,
}

/// Bytes on one device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The weights.
    pub weights: u64,
    /// Their gradients.
    pub gradients: u64,
    /// What the optimizer keeps.
    pub optimizer: u64,
}

impl Memory {
    /// Each part with its name.
    pub fn parts(&self) -> [(&'static str, u64); 3] {
        [("weights", self.weights), ("gradients", self.gradients), ("optimizer", self.optimizer)]
    }

    /// All of them.
    ///
    /// # Errors
    /// [`CountError::TooLarge`].
    pub fn total(&self) -> Result<u64, CountError> {
        self.parts().iter().map(|&(_, n)| Count::from(n)).sum::<Count>().exact()
    }
}

/// A training that was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Parameters of the model.
    pub params: u64,
    /// Its layers.
    pub n_layers: u64,
    /// Its heads.
    pub n_heads: u64,
    /// Numbers of a query.
    pub d_head: u64,
    /// Tokens of a text.
    pub seq: u64,
    /// Tokens that all chips together read in a second.
    pub tokens_per_second: f64,
    /// Chips.
    pub chips: u64,
    /// Floating-point operations that one of them does in a second at most.
    pub peak: f64,
}
