//! The host side of the kernels: buffers, grid, run, read back. Given: the exercise is the WGSL.

use gpu::{Binding, Gpu, GpuError, rows_grid};

use crate::solution::workgroups;

/// What each kernel binds in group 0: `x`, `y`, and four whole numbers.
pub const BINDINGS: [Binding; 3] = [Binding::Read, Binding::ReadWrite, Binding::Uniform];

/// Runs a kernel `scale`: `y_i = a · x_i`.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
/// but [`BINDINGS`]; [`GpuError::Lost`] if it does not finish.
pub async fn run_scale(gpu: &Gpu, wgsl: &str, a: f32, x: &[f32]) -> Result<Vec<f32>, GpuError> {
    let n = x.len() as u32;
    run(gpu, wgsl, "scale", (x, x.len()), [a.to_bits(), n, 0, 0], workgroups(n)).await
}

/// Runs a kernel `sum`: the sum of every row of `x`, row-major `(rows, cols)`.
///
/// # Errors
/// As [`run_scale`]; and [`GpuError::Invalid`] if `x` does not have `rows * cols` elements.
pub async fn run_sum(
    gpu: &Gpu,
    wgsl: &str,
    x: &[f32],
    rows: usize,
    cols: usize,
) -> Result<Vec<f32>, GpuError> {
    let dims = dims(x, rows, cols)?;
    run(gpu, wgsl, "sum", (x, rows), dims, rows_grid(rows)).await
}

/// Runs a kernel `softmax` over the rows of `x`, row-major `(rows, cols)`.
///
/// # Errors
/// As [`run_sum`].
pub async fn run_softmax(
    gpu: &Gpu,
    wgsl: &str,
    x: &[f32],
    rows: usize,
    cols: usize,
) -> Result<Vec<f32>, GpuError> {
    let dims = dims(x, rows, cols)?;
    run(gpu, wgsl, "softmax", (x, x.len()), dims, rows_grid(rows)).await
}

fn dims(x: &[f32], rows: usize, cols: usize) -> Result<[u32; 4], GpuError> {
    let len = x.len();
    if len != rows * cols {
        return Err(GpuError::Invalid(format!("{len} numbers are not {rows} rows of {cols}")));
    }
    Ok([rows as u32, cols as u32, 0, 0])
}

/// The input, and how many numbers come out.
async fn run(
    gpu: &Gpu,
    wgsl: &str,
    entry: &str,
    (x, outputs): (&[f32], usize),
    uniform: [u32; 4],
    grid: [u32; 3],
) -> Result<Vec<f32>, GpuError> {
    let kernel = gpu.compile(wgsl, entry, &BINDINGS).await?;
    if outputs == 0 {
        return Ok(Vec::new());
    }
    let (input, output) = (gpu.upload(x), gpu.zeros::<f32>(outputs));
    gpu.run(&kernel, &[&input, &output, &gpu.uniform(&uniform)], grid).await?;
    gpu.read(&output).await
}
