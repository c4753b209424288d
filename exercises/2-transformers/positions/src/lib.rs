//! Positions: how a model that looks at all words at once knows which came first.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/rope.wgsl`. Given are the errors
//! ([`PositionError`]), the tables and the host side of the kernel ([`rope_tables`], [`run_rope`]),
//! and the words of the page ([`example`]).

extern crate self as positions;

pub mod checks;
mod error;
pub mod example;
mod host;
mod oracle;
mod quiz;
pub mod solution;
mod worked;

use candle_core::Tensor;

pub use error::PositionError;
pub use host::{BINDINGS, ENTRY, Tables, rope_tables, run_rope};

/// The base of the wavelengths in the paper of 2017, and that of most models since.
pub const BASE: f64 = 10_000.0;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub frequencies: fn(usize, f64) -> Result<Vec<f64>, PositionError>,
        pub sinusoidal: fn(usize, usize) -> Result<Tensor, PositionError>,
        pub rope: fn(&Tensor, usize, f64) -> Result<Tensor, PositionError>,
        pub alibi_slopes: fn(usize) -> Result<Vec<f64>, PositionError>,
        pub alibi_bias: fn(usize, usize, usize) -> Result<Tensor, PositionError>,
        pub rope_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "2-transformers", title: "Positions" }

/// What a learner's kernel starts from.
pub const ROPE_STUB: &str = grading::kernel_stub!("rope.wgsl");
