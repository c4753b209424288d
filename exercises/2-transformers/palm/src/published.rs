//! The three models of the paper.

use crate::Config;

/// A model of the paper.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// Its sizes.
    pub config: Config,
    /// Its parameters in hundredths of a billion, as the paper says.
    pub hundredths: u64,
}

/// Chowdhery and others, 2022 (arXiv 2204.02311), table 1. The 256k tokens of section 2 are 256,000:
/// with 262,144, the smallest would have 8.66 billion parameters.
pub fn published() -> [Published; 3] {
    let model = |name, n_layers, n_heads, d_model, hundredths| Published {
        name,
        config: Config::palm(n_layers, n_heads, d_model),
        hundredths,
    };
    [
        model("PaLM 8B", 32, 16, 4096, 863),
        model("PaLM 62B", 64, 32, 8192, 6250),
        model("PaLM 540B", 118, 48, 18_432, 54_035),
    ]
}
