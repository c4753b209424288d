//! Models and runs to compare: those of papers and published configurations.

use crate::{Architecture, Family, Positions, Run};

/// A model by its name.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub architecture: Architecture,
}

/// GPT-2: Radford and others, 2019, table 2; heads as in its code. GPT-3: Brown and others, 2020,
/// table 2.1. PaLM: Chowdhery and others, 2022, table 1. BERT: Devlin and others, 2018, section 3.
/// T5: Raffel and others, 2019, section 3.7.3. Llama: published configurations.
pub fn published() -> Vec<Published> {
    // Vocabulary, width, layers, heads, heads of keys and values, numbers a head, inside.
    let sized = |base: Architecture, [v, d, l, h, kv, d_head, d_ff]: [u64; 7]| Architecture {
        vocab_size: v,
        d_model: d,
        n_layers: l,
        n_heads: h,
        n_kv_heads: kv,
        d_head,
        d_ff,
        ..base
    };
    let gpt = |d: u64, l: u64, h: u64, positions: u64| {
        let base = Architecture { positions: Positions::Learned(positions), ..GPT };
        sized(base, [50_257, d, l, h, h, d / h, 4 * d])
    };
    let palm = |d: u64, l: u64, h: u64| sized(PALM, [256_000, d, l, h, 1, 256, 4 * d]);
    let llama = |[d, l, h, d_ff]: [u64; 4]| sized(LLAMA, [128_256, d, l, h, 8, 128, d_ff]);
    let bert = |d: u64, l: u64, h: u64| sized(BERT, [30_522, d, l, h, h, 64, 4 * d]);
    let t5 = |[d, l, h, d_head, d_ff]: [u64; 5]| {
        let base = Architecture { family: Family::EncoderDecoder { decoder_layers: l }, ..T5 };
        sized(base, [32_128, d, l, h, h, d_head, d_ff])
    };
    let models = [
        ("GPT-2 small", gpt(768, 12, 12, 1024)),
        ("GPT-2 XL", gpt(1600, 48, 25, 1024)),
        ("GPT-3 175B", gpt(12_288, 96, 96, 2048)),
        ("PaLM 8B", palm(4096, 32, 16)),
        ("PaLM 62B", palm(8192, 64, 32)),
        ("PaLM 540B", palm(18_432, 118, 48)),
        ("Llama 3.1 8B", llama([4096, 32, 32, 14_336])),
        ("Llama 3.1 70B", llama([8192, 80, 64, 28_672])),
        ("BERT base", bert(768, 12, 12)),
        ("BERT large", bert(1024, 24, 16)),
        ("T5 small", t5([512, 6, 8, 64, 2048])),
        ("T5 base", t5([768, 12, 12, 64, 3072])),
        ("T5 11B", t5([1024, 24, 128, 128, 65_536])),
    ];
    models.map(|(name, architecture)| Published { name, architecture }).into()
}

/// A decoder with everything and no size.
const GPT: Architecture = Architecture {
    family: Family::Decoder,
    vocab_size: 0,
    d_model: 0,
    n_layers: 0,
    n_heads: 0,
    n_kv_heads: 0,
    d_head: 0,
    d_ff: 0,
    positions: Positions::Learned(0),
    is_tied: true,
    has_biases: true,
    is_gated: false,
    is_parallel: false,
};
const PALM: Architecture = Architecture {
    positions: Positions::Rotary,
    has_biases: false,
    is_gated: true,
    is_parallel: true,
    ..GPT
};
const LLAMA: Architecture = Architecture { is_tied: false, is_parallel: false, ..PALM };
const BERT: Architecture = Architecture {
    family: Family::Encoder { token_types: 2, has_pooler: true },
    positions: Positions::Learned(512),
    ..GPT
};
const T5: Architecture =
    Architecture { positions: Positions::Relative { buckets: 32 }, has_biases: false, ..GPT };

/// The training of PaLM 540B (Chowdhery and others, 2022, section 4.1 and appendix B).
pub const PALM_RUN: Run = Run {
    params: 540_350_000_000,
    n_layers: 118,
    n_heads: 48,
    d_head: 256,
    seq: 2048,
    tokens_per_second: 238_300.0,
    chips: 6144,
    peak: 275e12,
};
