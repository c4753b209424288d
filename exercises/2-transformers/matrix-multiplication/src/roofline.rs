//! What a machine can do at most, and what a product asks of it (Williams, Waterman and Patterson,
//! 2009, <https://doi.org/10.1145/1498765.1498785>).

use crate::solution::numbers_read;
use crate::{Dims, MatmulError};

/// A machine as two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Multiplications and additions a second, at most.
    pub flops: f64,
    /// Bytes a second from and to memory, at most.
    pub bandwidth: f64,
}

impl Machine {
    /// NVIDIA's H100 SXM, in f32 (<https://www.nvidia.com/en-us/data-center/h100/>).
    pub const H100: Self = Self { flops: 67e12, bandwidth: 3.35e12 };

    /// The FLOPs a second that are possible at this intensity, in FLOPs a byte: the lower of two
    /// roofs, `min(flops, bandwidth · intensity)`.
    pub fn attainable(self, intensity: f64) -> f64 {
        self.flops.min(self.bandwidth * intensity)
    }

    /// The intensity from which on memory is no longer the limit.
    pub fn ridge(self) -> f64 {
        self.flops / self.bandwidth
    }
}

/// FLOPs for each byte that goes to or from memory, if workgroups share tiles of this size: all
/// reads of `A` and `B`, and each number of `C` once. An f32 has four bytes.
///
/// # Errors
/// As [`numbers_read`].
pub fn intensity(dims: Dims, tile: usize) -> Result<f64, MatmulError> {
    let moved = numbers_read(dims, tile)? as f64 + dims.m as f64 * dims.n as f64;
    Ok(dims.flops() / (4.0 * moved))
}
