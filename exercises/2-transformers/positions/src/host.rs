//! The host side of the kernel: tables, buffers, grid, run, read back. Given: the exercise is the
//! WGSL.

use first_gpu_kernel::solution::workgroups;
use gpu::{Binding, Gpu, GpuError};

use crate::PositionError;
use crate::solution::frequencies;

/// The kernel's entry point.
pub const ENTRY: &str = "rope";

/// What the kernel binds in group 0: `x`, `cosines`, `sines`, `y`, `dims`.
pub const BINDINGS: [Binding; 5] =
    [Binding::Read, Binding::Read, Binding::Read, Binding::ReadWrite, Binding::Uniform];

/// Sines and cosines of all positions up to some length, each of shape `(len, head_dim / 2)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    /// Of pair `i` at position `p`: `cos(p · ω_i)`.
    pub cosines: Vec<f32>,
    /// And `sin(p · ω_i)`.
    pub sines: Vec<f32>,
}

/// The tables of positions 0 to `len − 1`: the angles are computed in f64, and only their sines and
/// cosines are rounded.
///
/// # Errors
/// As [`frequencies`].
pub fn rope_tables(len: usize, head_dim: usize, theta: f64) -> Result<Tables, PositionError> {
    let omega = frequencies(head_dim, theta)?;
    let angles = (0..len).flat_map(|p| omega.iter().map(move |w| p as f64 * w));
    let (sines, cosines) =
        angles.map(f64::sin_cos).map(|(sin, cos)| (sin as f32, cos as f32)).unzip();
    Ok(Tables { cosines, sines })
}

/// Runs a kernel `rope` over `x`, row-major `(rows, seq, head_dim)`, whose first place stands at
/// position `offset`.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
/// but [`BINDINGS`], if `x` does not have that many numbers, or if the tables end before the last
/// position; [`GpuError::Lost`] if it does not finish.
pub async fn run_rope(
    gpu: &Gpu,
    wgsl: &str,
    x: &[f32],
    [rows, seq, head_dim]: [usize; 3],
    offset: usize,
    tables: &Tables,
) -> Result<Vec<f32>, GpuError> {
    let (len, half) = (x.len(), head_dim / 2);
    if len != rows * seq * head_dim || head_dim % 2 == 1 {
        let shape = format!("({rows}, {seq}, {head_dim})");
        return Err(GpuError::Invalid(format!("{len} numbers are no pairs of shape {shape}")));
    }
    let last = (offset + seq) * half;
    if tables.cosines.len() < last || tables.sines.len() < last {
        let positions = offset + seq;
        return Err(GpuError::Invalid(format!("the tables end before {positions} positions")));
    }
    let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
    if len == 0 {
        return Ok(Vec::new());
    }
    let (x, y) = (gpu.upload(x), gpu.zeros::<f32>(len));
    let (cosines, sines) = (gpu.upload(&tables.cosines), gpu.upload(&tables.sines));
    let dims = gpu.uniform(&[rows, seq, head_dim, offset].map(|size| size as u32));
    let grid = workgroups((len / 2) as u32);
    gpu.run(&kernel, &[&x, &cosines, &sines, &y, &dims], grid).await?;
    gpu.read(&y).await
}
