//! The host side of the kernel: what it binds, run, read back. Given: the exercise is the WGSL.

use gpu::{Binding, Gpu, GpuError, rows_grid};

use crate::LoraLinear;

/// The kernel's entry point.
pub const ENTRY: &str = "lora";

/// What the kernel binds in group 0: `x`, `a`, `b`, `y`, `sizes`, `factor`.
pub const BINDINGS: [Binding; 6] = [
    Binding::Read,
    Binding::Read,
    Binding::Read,
    Binding::ReadWrite,
    Binding::Uniform,
    Binding::Uniform,
];

/// The largest rank that the kernel knows.
pub const MAX_RANK: usize = 256;

/// What all threads share: rows, inputs, outputs, rank; then the scale.
pub fn uniforms(lora: &LoraLinear<'_>, rows: usize) -> [[u32; 4]; 2] {
    let sizes = [rows, lora.inputs, lora.outputs, lora.rank].map(|size| size as u32);
    [sizes, [lora.scale.to_bits(), 0, 0, 0]]
}

/// Runs a kernel `lora`, one workgroup a row, and changes `y` as `lora_forward` does.
///
/// # Errors
/// [`GpuError::Compile`] with line and column; [`GpuError::Invalid`] if the kernel binds anything but
/// [`BINDINGS`], if sizes and lists do not go together, or if the rank is above [`MAX_RANK`];
/// [`GpuError::Lost`] if it does not finish.
pub async fn run_lora(
    gpu: &Gpu,
    wgsl: &str,
    lora: &LoraLinear<'_>,
    x: &[f32],
    y: &mut Vec<f32>,
) -> Result<(), GpuError> {
    let rows = lora.rows(x, y).map_err(|error| GpuError::Invalid(error.to_string()))?;
    if lora.rank > MAX_RANK {
        return Err(GpuError::Invalid(format!("rank {}: at most {MAX_RANK}", lora.rank)));
    }
    if rows == 0 {
        return Ok(());
    }
    let kernel = gpu.compile(wgsl, ENTRY, &BINDINGS).await?;
    let [x, a, b, out] = [x, lora.a, lora.b, y].map(|numbers| gpu.upload(numbers));
    let [sizes, factor] = uniforms(lora, rows).map(|of| gpu.uniform(&of));
    gpu.run(&kernel, &[&x, &a, &b, &out, &sizes, &factor], rows_grid(rows)).await?;
    *y = gpu.read(&out).await?;
    Ok(())
}
