//! Normalization and activations: what keeps the numbers of a deep network in range, and what bends
//! them, on the CPU and on the GPU.
//!
//! The learner's part is `exercise.rs` and the two kernels in `kernels/exercise`. Given are what is
//! wrong with the arguments of a norm ([`expect_fits`]), two smooth steps with gradients ([`erfc`],
//! [`sigmoid`]), the host side of the kernels ([`run_rms_norm`], [`run_swiglu`]), and a deep random
//! network to look into ([`sizes_by_layer`]). Later lessons take these functions from [`fast`].

extern crate self as normalization_and_activations;

pub mod checks;
mod error;
pub mod fast;
mod host;
mod layers;
mod oracle;
mod quiz;
mod smooth;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use error::{NormError, expect_fits};
pub use host::{RMS_NORM_BINDINGS, SWIGLU_BINDINGS, run_rms_norm, run_swiglu, workgroups};
pub use layers::{LAYERS, WIDTH, sizes_by_layer};
pub use smooth::{erfc, sigmoid};
pub use worked::{GAIN, VECTOR};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub layer_norm: fn(&Tensor, &Tensor, &Tensor, f64) -> Result<Tensor, NormError>,
        pub rms_norm: fn(&Tensor, &Tensor, f64) -> Result<Tensor, NormError>,
        pub gelu_erf: fn(&Tensor) -> candle_core::Result<Tensor>,
        pub gelu_tanh: fn(&Tensor) -> candle_core::Result<Tensor>,
        pub swiglu: fn(&Tensor, &Tensor) -> candle_core::Result<Tensor>,
        pub rms_norm_wgsl: fn() -> &'static str,
        pub swiglu_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "2-transformers", title: "Normalization and activations" }

/// What a learner's kernel of RMSNorm starts from.
pub const RMS_NORM_STUB: &str = grading::kernel_stub!("rms_norm.wgsl");
/// What that of SwiGLU starts from.
pub const SWIGLU_STUB: &str = grading::kernel_stub!("swiglu.wgsl");
