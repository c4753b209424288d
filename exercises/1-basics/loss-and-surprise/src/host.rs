//! The host side of the kernel: buffers, grid, run, read back. Given: the exercise is the WGSL.

use gpu::{Binding, Gpu, GpuError, Kernel, rows_grid};

/// The kernel's entry point.
pub const ENTRY: &str = "cross_entropy";

/// What the kernel binds in group 0: `logits`, `targets`, `loss`, `gradient`, `dims`.
pub const BINDINGS: [Binding; 5] =
    [Binding::Read, Binding::Read, Binding::ReadWrite, Binding::ReadWrite, Binding::Uniform];

/// What the kernel computes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Losses {
    /// The surprise at each row's target in nats; 0 in an ignored row.
    pub loss: Vec<f32>,
    /// How each row's loss changes with its logits, row-major `(rows, cols)`.
    pub gradient: Vec<f32>,
}

/// A compiled kernel, to be run many times.
#[derive(Clone, Debug)]
pub struct CrossEntropyKernel {
    gpu: Gpu,
    kernel: Kernel,
}

impl CrossEntropyKernel {
    /// Compiles a source that binds [`BINDINGS`].
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column, or [`GpuError::Invalid`] if its bindings are
    /// others.
    pub async fn compile(gpu: &Gpu, wgsl: &str) -> Result<Self, GpuError> {
        Ok(Self { gpu: gpu.clone(), kernel: gpu.compile(wgsl, ENTRY, &BINDINGS).await? })
    }

    /// Runs it over logits, row-major `(targets.len(), cols)`.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if there are not `cols` logits a target, or a target is neither below
    /// `cols` nor `ignore_index`; [`GpuError::Timeout`] if the kernel does not finish.
    pub async fn run(
        &self,
        logits: &[f32],
        targets: &[u32],
        cols: usize,
        ignore_index: u32,
    ) -> Result<Losses, GpuError> {
        let (len, rows) = (logits.len(), targets.len());
        if len != rows * cols {
            return Err(GpuError::Invalid(format!("{len} logits are not {rows} rows of {cols}")));
        }
        let is_bad = |&target: &u32| target as usize >= cols && target != ignore_index;
        if let Some(row) = targets.iter().position(is_bad) {
            let target = targets[row];
            return Err(GpuError::Invalid(format!("row {row}: no column {target} of {cols}")));
        }
        if logits.is_empty() {
            return Ok(Losses::default());
        }
        let (x, t) = (self.gpu.upload(logits), self.gpu.upload(targets));
        let (loss, gradient) = (self.gpu.zeros::<f32>(rows), self.gpu.zeros::<f32>(len));
        let dims = self.gpu.uniform(&[rows as u32, cols as u32, ignore_index, 0]);
        self.gpu.run(&self.kernel, &[&x, &t, &loss, &gradient, &dims], rows_grid(rows)).await?;
        Ok(Losses { loss: self.gpu.read(&loss).await?, gradient: self.gpu.read(&gradient).await? })
    }
}
