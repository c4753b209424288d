//! Adapters and LoRA: a few new numbers learn, and the model stays as it is.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/lora.wgsl`. Given are a layer's pair of
//! matrices ([`LoraLinear`]), where its slopes go ([`Slopes`]), a bottleneck adapter ([`Adapter`]),
//! three small loops ([`dot`], [`scaled`], [`add_scaled`]), the host side of the kernel ([`run_lora`]),
//! and a whole model that calls what the learner writes ([`Lora`]). Products of matrices are those of
//! `small_gpt`.

extern crate self as lora;

pub mod checks;
mod error;
mod host;
mod layer;
mod oracle;
mod quiz;
pub mod solution;
mod tuned;
mod worked;

use rand::Rng;

pub use error::LoraError;
pub use host::{BINDINGS, ENTRY, MAX_RANK, run_lora, uniforms};
pub use layer::{Adapter, LoraLinear, Slopes, add_scaled, dot, scaled};
pub use tuned::{Lora, Settings};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub lora_scale: fn(f64, usize, bool) -> Result<f32, LoraError>,
        pub lora_init:
            fn(usize, usize, usize, &mut dyn Rng) -> Result<(Vec<f32>, Vec<f32>), LoraError>,
        pub lora_forward:
            fn(&LoraLinear<'_>, &[f32], &mut [f32]) -> Result<Vec<f32>, LoraError>,
        pub lora_backward:
            fn(&LoraLinear<'_>, &[f32], &[f32], &[f32], Slopes<'_>) -> Result<(), LoraError>,
        pub merge: fn(&LoraLinear<'_>, &mut [f32]) -> Result<(), LoraError>,
        pub unmerge: fn(&LoraLinear<'_>, &mut [f32]) -> Result<(), LoraError>,
        pub lora_parameters: fn(&[[usize; 2]], usize) -> usize,
        pub adapter_forward: fn(&Adapter<'_>, &[f32]) -> Result<Vec<f32>, LoraError>,
        pub lora_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "Adapters and LoRA" }

/// What a learner's kernel starts from.
pub const LORA_STUB: &str = grading::kernel_stub!("lora.wgsl");
