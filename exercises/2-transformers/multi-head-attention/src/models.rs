//! Sizes of published models, for the page and its demos.

/// How a model's attention is cut, and how far it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: &'static str,
    /// Its layers.
    pub layers: u64,
    /// Its heads.
    pub n_heads: u64,
    /// Its heads of keys and values.
    pub n_kv_heads: u64,
    /// The numbers of a key.
    pub d_head: u64,
    /// The tokens that it was trained to read at once.
    pub context: u64,
}

/// By year. GPT-3: Brown and others, 2020 (arXiv 2005.14165), table 2.1. PaLM: Chowdhery and
/// others, 2022 (2204.02311), table 1 and section 2. Llama 2 70B: Touvron and others, 2023
/// (2307.09288), table 1 and appendix A.2.1; layers and heads as in its published configuration.
/// Llama 3.1: Llama team, 2024 (2407.21783), table 3.
pub const MODELS: [Model; 6] = [
    model("GPT-3 175B", [96, 96, 96, 128, 2048]),
    model("PaLM 540B", [118, 48, 1, 256, 2048]),
    model("Llama 2 70B", [80, 64, 8, 128, 4096]),
    model("Llama 3.1 8B", [32, 32, 8, 128, 131_072]),
    model("Llama 3.1 70B", [80, 64, 8, 128, 131_072]),
    model("Llama 3.1 405B", [126, 128, 8, 128, 131_072]),
];

const fn model(
    name: &'static str,
    [layers, n_heads, n_kv_heads, d_head, context]: [u64; 5],
) -> Model {
    Model { name, layers, n_heads, n_kv_heads, d_head, context }
}
