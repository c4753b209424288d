//! The reference: where weights lie, as halves, what many dispatches are, and the kernel of one.

use fused_decode::{
    FusedError, Launch, MOST_BYTES, MOST_EMBD, MOST_INNER, MOST_SCORES, Op, Place, tensors,
};
use gpt::Config;

/// Where each tensor of a model lies in one buffer of fours, which are four
/// numbers side by side.
///
/// The tensors are those of [`tensors`], in that order. A tensor `(rows, cols)`
/// takes `⌈cols / 4⌉` fours a row: each row begins with a new four, and zeros
/// fill it up. A tensor of one axis is one row. Between tensors there is no gap;
/// `at` is the four that a tensor begins with, and the first begins with four 0.
///
/// No size of `config` is 0, and `n_head` divides `n_embd`. Sizes may be larger
/// than any memory.
///
/// # Errors
/// [`FusedError::TooWide`] for the first of these that is above its limit:
/// `n_embd` above [`MOST_EMBD`], `n_inner` above [`MOST_INNER`],
/// `n_head · n_positions` above [`MOST_SCORES`], under these names; a product
/// that no usize holds is `usize::MAX`. Then [`FusedError::TooLarge`] if all
/// fours, at 16 bytes each, are more than [`MOST_BYTES`].
pub fn layout(config: &Config) -> Result<Vec<Place>, FusedError> {
    // BEGIN ANSWER
    for (what, size, most) in [
        ("n_embd", config.n_embd, MOST_EMBD),
        ("n_inner", config.inner(), MOST_INNER),
        ("n_head · n_positions", config.n_head.saturating_mul(config.n_positions), MOST_SCORES),
    ] {
        if size > most {
            return Err(FusedError::TooWide { what, size, most });
        }
    }
    // A config may have more blocks than there is room for their names: one block tells.
    let fours = |config: &Config| -> u128 {
        tensors(config)
            .iter()
            .map(|(_, [rows, cols])| *rows as u128 * cols.div_ceil(4) as u128)
            .sum()
    };
    let [one, two] = [1, 2].map(|n_layer| fours(&Config { n_layer, ..config.clone() }));
    let bytes = 16 * (one + (two - one) * (config.n_layer as u128 - 1));
    if bytes > MOST_BYTES {
        return Err(FusedError::TooLarge { bytes, most: MOST_BYTES });
    }
    let mut next = 0;
    let place = |(name, [rows, cols]): (String, [usize; 2])| {
        let at = next;
        next += rows * cols.div_ceil(4);
        Place { name, rows, cols, at }
    };
    Ok(tensors(config).into_iter().map(place).collect())
    // END ANSWER
}

/// Numbers of 16 bits (IEEE 754, binary16), two a word: the first of a pair in
/// the low half, the second in the high half. After an odd count comes a 0.
///
/// Each number becomes the nearest one that 16 bits hold, and of two that are as
/// near the one whose last bit is 0. From 65,520 on, that is ∞; below 2⁻¹⁴ it is
/// a subnormal number or 0. The sign stays, also that of 0. A NaN becomes any NaN.
pub fn pack_f16(x: &[f32]) -> Vec<u32> {
    // BEGIN ANSWER
    fn half(x: f32) -> u32 {
        let sign = x.to_bits() >> 16 & 0x8000;
        let size = x.abs();
        let bits = if size.is_nan() {
            0x7e00
        } else if size >= 65_520.0 {
            0x7c00
        } else if size < 6.103_515_6e-5 {
            // Below 2⁻¹⁴ steps are 2⁻²⁴ wide; 1,024 of them are the first normal number.
            (size * 16_777_216.0).round_ties_even() as u32
        } else {
            // 13 bits go: half of what they can hold rounds up, if it is a tie only to even.
            let bits = size.to_bits() - (112 << 23);
            (bits + 0xfff + (bits >> 13 & 1)) >> 13
        };
        sign | bits
    }
    x.chunks(2).map(|pair| half(pair[0]) | half(*pair.get(1).unwrap_or(&0.0)) << 16).collect()
    // END ANSWER
}

/// What a step launches if each part of the model is a dispatch, in order.
///
/// The embedding takes one workgroup, and so does each norm. Attention takes one
/// for each head. In a product, each thread computes four of the columns, and a
/// workgroup has 64 threads. For the logits, each thread takes one token of the
/// vocabulary, 64 threads a workgroup. `layer` is the block that an [`Op`]
/// belongs to, 0 for those outside of all blocks.
///
/// No size of `config` is 0, and `n_head` divides `n_embd`.
pub fn plan(config: &Config) -> Vec<Launch> {
    // BEGIN ANSWER
    let n = config.n_embd;
    let product = |n_out: usize| n_out.div_ceil(4).div_ceil(64);
    let mut launches = vec![Launch { op: Op::Embed, layer: 0, workgroups: 1 }];
    for layer in 0..config.n_layer {
        for (op, workgroups) in [
            (Op::NormAttention, 1),
            (Op::Qkv, product(3 * n)),
            (Op::Attend, config.n_head),
            (Op::Project, product(n)),
            (Op::NormMlp, 1),
            (Op::Widen, product(config.inner())),
            (Op::Narrow, product(n)),
        ] {
            launches.push(Launch { op, layer, workgroups });
        }
    }
    launches.push(Launch { op: Op::NormLast, layer: 0, workgroups: 1 });
    launches.push(Launch { op: Op::Logits, layer: 0, workgroups: config.vocab_size.div_ceil(64) });
    launches
    // END ANSWER
}

/// The source of a kernel that does a step in one dispatch; what it binds is
/// said in the file.
pub fn decode_step_wgsl() -> &'static str {
    include_str!("../kernels/solution/decode_step.wgsl")
}
