//! The host side of the kernels: buffers, grid, run, read back. Given: the exercise is the WGSL.

use gpu::{Binding, Gpu, GpuError, rows_grid};

/// What the kernel `rms_norm` binds in group 0: `x`, `gamma`, `y`, and `rows`, `cols`, `eps`.
pub const RMS_NORM_BINDINGS: [Binding; 4] =
    [Binding::Read, Binding::Read, Binding::ReadWrite, Binding::Uniform];

/// What the kernel `swiglu` binds in group 0: `gate`, `up`, `y`, and `n`.
pub const SWIGLU_BINDINGS: [Binding; 4] = RMS_NORM_BINDINGS;

/// Threads of a workgroup of `swiglu`.
const THREADS: usize = 256;

/// The grid of `n` numbers, one thread a number.
pub fn workgroups(n: usize) -> [u32; 3] {
    // Lines of workgroups, as for rows of which each has one.
    rows_grid(n.div_ceil(THREADS))
}

/// Runs a kernel `rms_norm` over the rows of `x`, row-major, as long as `gamma`.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything
/// but [`RMS_NORM_BINDINGS`] or `x` does not consist of such rows; [`GpuError::Timeout`] if the
/// kernel does not finish.
pub async fn run_rms_norm(
    gpu: &Gpu,
    wgsl: &str,
    x: &[f32],
    gamma: &[f32],
    eps: f32,
) -> Result<Vec<f32>, GpuError> {
    let (len, cols) = (x.len(), gamma.len());
    if cols == 0 || len % cols != 0 {
        return Err(GpuError::Invalid(format!("{len} numbers are not rows of {cols}")));
    }
    let rows = len / cols;
    let uniform = [rows as u32, cols as u32, eps.to_bits(), 0];
    run(gpu, wgsl, "rms_norm", [x, gamma], len, uniform, rows_grid(rows)).await
}

/// Runs a kernel `swiglu`.
///
/// # Errors
/// As [`run_rms_norm`]; [`GpuError::Invalid`] also if there are not as many numbers in `gate` as in
/// `up`.
pub async fn run_swiglu(
    gpu: &Gpu,
    wgsl: &str,
    gate: &[f32],
    up: &[f32],
) -> Result<Vec<f32>, GpuError> {
    let (n, others) = (gate.len(), up.len());
    if n != others {
        return Err(GpuError::Invalid(format!("{n} numbers in gate, {others} in up")));
    }
    run(gpu, wgsl, "swiglu", [gate, up], n, [n as u32, 0, 0, 0], workgroups(n)).await
}

async fn run(
    gpu: &Gpu,
    wgsl: &str,
    entry: &str,
    inputs: [&[f32]; 2],
    outputs: usize,
    uniform: [u32; 4],
    grid: [u32; 3],
) -> Result<Vec<f32>, GpuError> {
    let kernel = gpu.compile(wgsl, entry, &RMS_NORM_BINDINGS).await?;
    if outputs == 0 {
        return Ok(Vec::new());
    }
    let [first, second] = inputs.map(|input| gpu.upload(input));
    let output = gpu.zeros::<f32>(outputs);
    gpu.run(&kernel, &[&first, &second, &output, &gpu.uniform(&uniform)], grid).await?;
    gpu.read(&output).await
}
