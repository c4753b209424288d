//! What a step takes at least, by what is launched and read. Given.

use gpt::Config;

use crate::{Precision, tensors};

/// What is known of a GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Seconds from the end of one dispatch to the begin of the next one in the same pass.
    pub launch: f64,
    /// Bytes that all workgroups together read in a second.
    pub bandwidth: f64,
    /// So many workgroups can be at work at the same time.
    pub units: f64,
}

/// Bytes that the step at a position reads: all weights but `wpe`, of which it is a row, and the
/// cache, in f32.
pub fn step_bytes(config: &Config, precision: Precision, position: usize) -> f64 {
    let weights: usize = tensors(config).iter().map(|(_, [rows, cols])| rows * cols).sum();
    let weights = weights - (config.n_positions - 1) * config.n_embd;
    let each = if precision == Precision::F16 { 2.0 } else { 4.0 };
    let cache = 2 * config.n_layer * (position + 1) * config.n_embd;
    each * weights as f64 + 4.0 * cache as f64
}

/// Seconds of a step in one dispatch, and in so many dispatches: launches, and reading. One
/// workgroup reads with its share of the bandwidth.
pub fn seconds(machine: &Machine, bytes: f64, launches: usize) -> [f64; 2] {
    let Machine { launch, bandwidth, units } = *machine;
    [launch + bytes / (bandwidth / units), launches as f64 * launch + bytes / bandwidth]
}

/// One H100 SXM: 3.35 TB/s and 132 multiprocessors by NVIDIA's data sheet and white paper; 1.3 µs
/// from kernel to kernel inside a CUDA graph, as Spector and others measured it (2025).
pub const H100: Machine = Machine { launch: 1.3e-6, bandwidth: 3.35e12, units: 132.0 };
