//! The host side of the kernels: sizes, grid, buffers, run, read back. Given: the exercise is the
//! WGSL.

use gpu::{Binding, Gpu, GpuError, rows_grid};

use crate::{Dims, LONGEST, MatmulError};

/// What each kernel binds in group 0: `a`, `b`, `c`, and `m`, `k`, `n`.
pub const BINDINGS: [Binding; 4] =
    [Binding::Read, Binding::Read, Binding::ReadWrite, Binding::Uniform];

/// The three kernels of this lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Every thread reads what it needs.
    Naive,
    /// A workgroup fetches tiles.
    Tiled,
    /// And a thread computes 4 by 4 numbers.
    Blocked,
}

impl Kernel {
    /// All, the plainest first.
    pub const ALL: [Self; 3] = [Self::Naive, Self::Tiled, Self::Blocked];

    /// Its entry point, which is also the name of its file.
    pub fn entry(self) -> &'static str {
        match self {
            Self::Naive => "matmul_naive",
            Self::Tiled => "matmul_tiled",
            Self::Blocked => "matmul_blocked",
        }
    }

    /// Rows and columns of the tile of C that a workgroup computes.
    pub fn tile(self) -> usize {
        match self {
            Self::Naive | Self::Tiled => 16,
            Self::Blocked => 64,
        }
    }

    /// Rows and columns of the tile whose reads it shares.
    pub fn shared_tile(self) -> usize {
        match self {
            Self::Naive => 1,
            Self::Tiled | Self::Blocked => self.tile(),
        }
    }

    /// The grid of a product: a workgroup a tile of C, in one line or, if they are more than fit
    /// side by side, in several.
    pub fn grid(self, dims: Dims) -> [u32; 3] {
        rows_grid(dims.m.div_ceil(self.tile()) * dims.n.div_ceil(self.tile()))
    }
}

/// Runs a kernel: the product of `a` and `b`, row-major.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
/// but [`BINDINGS`], if `a` or `b` does not have the shape that `dims` says, or if a matrix is
/// longer than [`LONGEST`]; [`GpuError::Lost`] and [`GpuError::Timeout`] if it does not finish.
pub async fn run_matmul(
    gpu: &Gpu,
    wgsl: &str,
    kernel: Kernel,
    [a, b]: [&[f32]; 2],
    dims: Dims,
) -> Result<Vec<f32>, GpuError> {
    let Dims { m, k, n } = dims;
    let invalid = |error: MatmulError| GpuError::Invalid(error.to_string());
    for (name, numbers, shape) in [("a", a, [m, k]), ("b", b, [k, n])] {
        let len = numbers.len();
        if fitting(shape).map_err(invalid)? != len {
            return Err(invalid(MatmulError::Length { name, shape, len }));
        }
    }
    let len = fitting([m, n]).map_err(invalid)?;
    let compiled = gpu.compile(wgsl, kernel.entry(), &BINDINGS).await?;
    if len == 0 {
        return Ok(Vec::new());
    }
    // A buffer has at least one number, even if there is nothing to add up.
    let upload = |numbers: &[f32]| if k == 0 { gpu.zeros(1) } else { gpu.upload(numbers) };
    let (a, b, c) = (upload(a), upload(b), gpu.zeros::<f32>(len));
    let sizes = gpu.uniform(&[m as u32, k as u32, n as u32, 0]);
    gpu.run(&compiled, &[&a, &b, &c, &sizes], kernel.grid(dims)).await?;
    gpu.read(&c).await
}

fn fitting([rows, cols]: [usize; 2]) -> Result<usize, MatmulError> {
    let len = rows.checked_mul(cols).filter(|&len| len <= LONGEST);
    len.ok_or(MatmulError::TooLarge([rows, cols]))
}
