//! Loss and surprise: how wrong a prediction is, on the CPU and on the GPU.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/cross_entropy.wgsl`. Given are the
//! errors ([`LossError`]), the host side of the kernel ([`CrossEntropyKernel`]), a small model of
//! text whose surprise is worth a look ([`ByteModel`]), and how true its probabilities are
//! ([`calibration`]).

extern crate self as loss_and_surprise;

mod byte_model;
mod calibration;
pub mod checks;
mod error;
mod host;
mod oracle;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use byte_model::{BYTES, ByteModel};
pub use calibration::{BINS, Bin, calibration, calibration_error};
pub use error::LossError;
pub use host::{BINDINGS, CrossEntropyKernel, ENTRY, Losses};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub surprise_bits: fn(f64) -> Result<f64, LossError>,
        pub log_softmax: fn(&Tensor, usize) -> candle_core::Result<Tensor>,
        pub cross_entropy: fn(&Tensor, &Tensor, u32) -> Result<Tensor, LossError>,
        pub bits_per_byte: fn(f64, usize, usize) -> Result<f64, LossError>,
        pub cross_entropy_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "1-basics", title: "Loss and surprise" }

/// What a learner's kernel starts from.
pub const CROSS_ENTROPY_STUB: &str = grading::kernel_stub!("cross_entropy.wgsl");
