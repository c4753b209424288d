//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/2-transformers/fused-decode.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade fused-decode`.
//! - Stuck? `cargo study hint fused-decode` gives one hint at a time.

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
    todo!("layout")
}

/// Numbers of 16 bits (IEEE 754, binary16), two a word: the first of a pair in
/// the low half, the second in the high half. After an odd count comes a 0.
///
/// Each number becomes the nearest one that 16 bits hold, and of two that are as
/// near the one whose last bit is 0. From 65,520 on, that is ∞; below 2⁻¹⁴ it is
/// a subnormal number or 0. The sign stays, also that of 0. A NaN becomes any NaN.
pub fn pack_f16(x: &[f32]) -> Vec<u32> {
    todo!("pack_f16")
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
    todo!("plan")
}

/// The source of a kernel that does a step in one dispatch; what it binds is
/// said in the file.
pub fn decode_step_wgsl() -> &'static str {
    include_str!("../kernels/exercise/decode_step.wgsl")
}
