//! The kernel that a library would use, beside the clear one: the same bindings, the same checks.
//!
//! The clear kernel reads every number three times. This one reads it once: a row of up to 4,096
//! columns stays in registers, four numbers a load, and one reduction finds maximum and sum
//! together (Milakov & Gimelshein, *Online normalizer calculation for softmax*, 2018). So it moves
//! as many bytes as a copy of the matrix does, and memory is what limits a softmax.

/// The source; run it with [`run_softmax`](crate::run_softmax).
pub fn softmax_wgsl() -> &'static str {
    include_str!("../kernels/fast/softmax.wgsl")
}
