//! 4-bit quantization and QLoRA: a frozen model in 4 bits a weight, and what learns beside it.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/nf4_matmul.wgsl`. Given are the codes
//! ([`Code`], [`dynamic_levels`], [`normal_quantile`]), what is stored ([`Packed`], [`Absmax`],
//! [`Int8`], [`Base`]), and the host side of the kernel ([`Nf4Product`]).

extern crate self as qlora;

pub mod checks;
mod code;
mod error;
mod host;
#[cfg(not(target_family = "wasm"))]
mod measured;
mod oracle;
mod packed;
mod quiz;
pub mod solution;
mod stored;
mod tuning;
mod worked;

use std::ops::Range;

use lora::LoraLinear;

pub use code::{Code, dynamic_levels, normal_quantile};
pub use error::QloraError;
pub use host::{BINDINGS, ENTRY, Nf4Product, all_absmax};
#[cfg(not(target_family = "wasm"))]
pub use measured::{Stored, measured};
pub use packed::{
    Absmax, Base, Blocks, Doubled, Int8, NESTED, Packed, Slopes, expect_absmax, expect_finite,
    expect_rows,
};

pub use stored::{ADAMW, Budget, Method, shares_of, uniform_levels};
pub use tuning::{QLora, QLoraSettings};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub normal_float: fn(u32) -> Result<Vec<f32>, QloraError>,
        pub quantize_blocks: fn(&[f32], &[f32], usize) -> Result<Blocks, QloraError>,
        pub quantize_4bit: fn(&[f32], Code, usize) -> Result<Packed, QloraError>,
        pub double_quantize: fn(&[f32]) -> Result<Doubled, QloraError>,
        pub absmax_of: fn(&Absmax, usize) -> Result<f32, QloraError>,
        pub dequantize_4bit: fn(&Packed, Range<usize>, &mut [f32]) -> Result<(), QloraError>,
        pub quantize_int8: fn(&[f32], usize) -> Result<Int8, QloraError>,
        pub qlora_forward: fn(&[f32], &Base, &LoraLinear<'_>) -> Result<Vec<f32>, QloraError>,
        pub qlora_backward:
            fn(&[f32], &Base, &LoraLinear<'_>, &[f32]) -> Result<Slopes, QloraError>,
        pub nf4_matmul_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "4-bit quantization and QLoRA" }

/// What a learner's kernel starts from.
pub const NF4_MATMUL_STUB: &str = grading::kernel_stub!("nf4_matmul.wgsl");
