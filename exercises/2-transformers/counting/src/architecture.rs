//! What a model is, as far as it can be counted.

use serde::Deserialize;

use crate::{Count, CountError};

/// Which of the three families a model belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Family {
    /// Reads a text and predicts the next token at each place: GPT, PaLM, Llama.
    Decoder,
    /// Reads a text from both sides and makes vectors, no logits: BERT.
    Encoder {
        /// Rows of the table that says which sentence a token is of; 0 if there is none.
        token_types: u64,
        /// Whether one more product, `d_model` to `d_model`, makes a vector of each whole text.
        has_pooler: bool,
    },
    /// An encoder, and a decoder that looks at it by cross-attention: T5, BART.
    EncoderDecoder {
        /// Layers of the decoder; `n_layers` are those of the encoder.
        decoder_layers: u64,
    },
}

/// How a model knows which token comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Positions {
    /// A table of so many positions, `d_model` numbers each.
    Learned(u64),
    /// Nothing that is learned: RoPE, or waves.
    Rotary,
    /// As in T5: a number for each bucket of distances and each head, shared by all layers.
    Relative {
        /// Buckets of distances.
        buckets: u64,
    },
}

/// A transformer. Its products have the shapes of the lessons before; see the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Its family.
    pub family: Family,
    /// How many tokens there are.
    pub vocab_size: u64,
    /// Numbers of a token's vector.
    pub d_model: u64,
    /// Layers; with an encoder and a decoder, those of the encoder.
    pub n_layers: u64,
    /// Heads of queries.
    pub n_heads: u64,
    /// Heads of keys and values.
    pub n_kv_heads: u64,
    /// Numbers of a query, a key and a value.
    pub d_head: u64,
    /// Numbers inside a feed-forward network.
    pub d_ff: u64,
    /// How it knows positions. An encoder and a decoder have each their own.
    pub positions: Positions,
    /// Whether the table of tokens makes the logits, too.
    pub is_tied: bool,
    /// Whether all products but the logits, and all norms, have biases.
    pub has_biases: bool,
    /// Whether the feed-forward network has a gate: three matrices instead of two.
    pub is_gated: bool,
    /// Whether the parts of a layer share one norm; otherwise each has its own.
    pub is_parallel: bool,
}

/// The sizes of an [`Architecture`], ready to be multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as in the architecture")]
pub struct Sizes {
    pub vocab_size: Count,
    pub d_model: Count,
    pub n_layers: Count,
    pub n_heads: Count,
    pub n_kv_heads: Count,
    pub d_head: Count,
    pub d_ff: Count,
}

impl Architecture {
    /// Its sizes.
    ///
    /// # Errors
    /// [`CountError::Groups`] unless `n_heads` is a multiple of `n_kv_heads`, and neither is 0.
    pub fn sizes(&self) -> Result<Sizes, CountError> {
        let Self { n_heads, n_kv_heads, .. } = *self;
        if n_heads == 0 || !n_heads.is_multiple_of(n_kv_heads) {
            return Err(CountError::Groups { n_heads, n_kv_heads });
        }
        Ok(Sizes {
            vocab_size: self.vocab_size.into(),
            d_model: self.d_model.into(),
            n_layers: self.n_layers.into(),
            n_heads: n_heads.into(),
            n_kv_heads: n_kv_heads.into(),
            d_head: self.d_head.into(),
            d_ff: self.d_ff.into(),
        })
    }
}
