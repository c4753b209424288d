//! The sizes of a model.

use serde::Deserialize;

use crate::PalmError;

/// The sizes of a PaLM.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How many blocks.
    pub n_layers: usize,
    /// How many heads of queries. There is one head of keys and values.
    pub n_heads: usize,
    /// Numbers of a query, a key and a value; even.
    pub d_head: usize,
    /// Numbers of a token's vector. It need not be `n_heads · d_head`.
    pub d_model: usize,
    /// Numbers inside the feed-forward network.
    pub d_ff: usize,
    /// How many tokens there are.
    pub vocab_size: usize,
    /// The ε of the norms. The paper does not say which.
    pub eps: f64,
    /// The base of RoPE's frequencies. The paper does not say which.
    pub theta: f64,
}

impl Config {
    /// PaLM of a depth and width, with what its three sizes share: heads of 256 numbers, an inside
    /// four times as wide as the model, 256,000 tokens.
    pub fn palm(n_layers: usize, n_heads: usize, d_model: usize) -> Self {
        Self {
            n_layers,
            n_heads,
            d_head: 256,
            d_model,
            d_ff: 4 * d_model,
            vocab_size: 256_000,
            eps: 1e-6,
            theta: positions::BASE,
        }
    }

    /// Reads a configuration as `golden/config.json` has it.
    ///
    /// # Errors
    /// [`PalmError::Config`] if it is no JSON object, if a size is missing, unknown, or 0, or if
    /// heads are odd.
    pub fn from_json(text: &str) -> Result<Self, PalmError> {
        let config: Self =
            serde_json::from_str(text).map_err(|error| PalmError::Config(error.to_string()))?;
        let Self { n_layers, n_heads, d_head, d_model, d_ff, vocab_size, .. } = config;
        let sizes = [
            ("n_layers", n_layers),
            ("n_heads", n_heads),
            ("d_head", d_head),
            ("d_model", d_model),
            ("d_ff", d_ff),
            ("vocab_size", vocab_size),
        ];
        if let Some((name, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(PalmError::Config(format!("{name} is 0: give at least 1")));
        }
        if d_head % 2 == 1 {
            let text = format!("d_head is {d_head}: RoPE turns pairs, so give an even number");
            return Err(PalmError::Config(text));
        }
        Ok(config)
    }
}
