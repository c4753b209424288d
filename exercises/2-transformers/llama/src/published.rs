//! Published sizes, and models between GPT and Llama.

use counting::{Architecture, Positions};

use crate::Config;

/// A published model.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// Its sizes.
    pub config: Config,
    /// How many tokens of a text it was trained to read at once.
    pub context: u64,
}

/// LLaMA: Touvron and others, 2023 (arXiv 2302.13971), table 2. Llama 2: Touvron and others, 2023
/// (arXiv 2307.09288), section 2.2. The sizes inside, and all of the others': `config.json` of the
/// published checkpoints.
pub fn published() -> [Published; 6] {
    let model = |name, context, [v, d, l, h, kv, d_ff]: [usize; 6], theta, is_tied| Published {
        name,
        context,
        config: Config {
            n_layers: l,
            n_heads: h,
            n_kv_heads: kv,
            d_head: d / h,
            d_model: d,
            d_ff,
            vocab_size: v,
            eps: 1e-5,
            theta,
            is_tied,
        },
    };
    let base = positions::BASE;
    [
        model("LLaMA 7B", 2048, [32_000, 4096, 32, 32, 32, 11_008], base, false),
        model("LLaMA 65B", 2048, [32_000, 8192, 80, 64, 64, 22_016], base, false),
        model("Llama 2 70B", 4096, [32_000, 8192, 80, 64, 8, 28_672], base, false),
        model("Llama 3.1 8B", 131_072, [128_256, 4096, 32, 32, 8, 14_336], 500_000.0, false),
        model("TinyLlama 1.1B", 2048, [32_000, 2048, 22, 32, 4, 5632], base, false),
        model("SmolLM 135M", 2048, [49_152, 576, 30, 9, 3, 1536], base, true),
    ]
}

/// What is exchanged on the way from GPT to Llama.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchanges {
    /// RMSNorm instead of LayerNorm, and no biases anywhere.
    pub norms: bool,
    /// RoPE instead of a table of positions.
    pub rope: bool,
    /// SwiGLU of three matrices instead of GELU between two.
    pub gate: bool,
    /// As few heads of keys and values as the model has, instead of one for each head of queries.
    pub groups: bool,
}

impl Exchanges {
    /// GPT.
    pub const NONE: Self = Self { norms: false, rope: false, gate: false, groups: false };
    /// Llama.
    pub const ALL: Self = Self { norms: true, rope: true, gate: true, groups: true };

    /// A model as wide and deep as this one, with so many heads and tokens, in which so much is
    /// exchanged. Without a gate the feed-forward network is four times as wide as the model, as in
    /// GPT; the table of positions has a row for each place of the context.
    pub fn architecture(self, model: &Published) -> Architecture {
        let llama = model.config.architecture();
        Architecture {
            has_biases: !self.norms,
            positions: match self.rope {
                true => Positions::Rotary,
                false => Positions::Learned(model.context),
            },
            is_gated: self.gate,
            d_ff: if self.gate { llama.d_ff } else { 4 * llama.d_model },
            n_kv_heads: if self.groups { llama.n_kv_heads } else { llama.n_heads },
            ..llama
        }
    }
}
