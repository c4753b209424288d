//! The host side of the kernel: buffers, grid, run, read back. Given: the exercise is the WGSL.

use gpu::{Binding, Gpu, GpuError, Kernel, rows_grid};

/// The kernel's entry point.
pub const ENTRY: &str = "softmax";

/// What the kernel binds in group 0: `x`, `y`, `dims`.
pub const BINDINGS: [Binding; 3] = [Binding::Read, Binding::ReadWrite, Binding::Uniform];

/// A compiled softmax kernel, to be run many times.
#[derive(Clone, Debug)]
pub struct SoftmaxKernel {
    gpu: Gpu,
    kernel: Kernel,
}

impl SoftmaxKernel {
    /// Compiles a source that binds [`BINDINGS`].
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column, or [`GpuError::Invalid`] if its bindings are
    /// others.
    pub async fn compile(gpu: &Gpu, wgsl: &str) -> Result<Self, GpuError> {
        Ok(Self { gpu: gpu.clone(), kernel: gpu.compile(wgsl, ENTRY, &BINDINGS).await? })
    }

    /// Runs it over the rows of `x`, row-major `(rows, cols)`.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if `x` does not have `rows * cols` elements; [`GpuError::Lost`] if
    /// the kernel does not finish.
    pub async fn run(&self, x: &[f32], rows: usize, cols: usize) -> Result<Vec<f32>, GpuError> {
        if x.len() != rows * cols {
            let len = x.len();
            return Err(GpuError::Invalid(format!("{len} numbers are not {rows} rows of {cols}")));
        }
        if x.is_empty() {
            return Ok(Vec::new());
        }
        let (input, output) = (self.gpu.upload(x), self.gpu.zeros::<f32>(x.len()));
        let dims = self.gpu.uniform(&[rows as u32, cols as u32, 0, 0]);
        self.gpu.run(&self.kernel, &[&input, &output, &dims], rows_grid(rows)).await?;
        self.gpu.read(&output).await
    }
}

/// Compiles a softmax kernel and runs it once over the rows of `x`, row-major `(rows, cols)`.
///
/// # Errors
/// As [`SoftmaxKernel::compile`] and [`SoftmaxKernel::run`].
pub async fn run_softmax(
    gpu: &Gpu,
    wgsl: &str,
    x: &[f32],
    rows: usize,
    cols: usize,
) -> Result<Vec<f32>, GpuError> {
    SoftmaxKernel::compile(gpu, wgsl).await?.run(x, rows, cols).await
}
