//! Runs: a kernel over a grid of workgroups.

use std::iter::repeat_n;

use crate::time::Stamps;
use crate::{AnyBuffer, Gpu, GpuError, Kernel};

/// A kernel with its buffers and its grid, bound once to be run often.
#[derive(Clone, Debug)]
pub struct Bound {
    pipeline: wgpu::ComputePipeline,
    group: wgpu::BindGroup,
    workgroups: [u32; 3],
}

/// How long a kernel may run natively; in the page, the page itself watches.
#[cfg(not(target_family = "wasm"))]
const TIME_LIMIT: std::time::Duration = std::time::Duration::from_secs(20);

/// WebGPU dispatches at most this many workgroups along one axis.
const WIDEST: usize = 65_535;

/// The grid for so many rows, one workgroup a row. More rows than fit side by side fold into
/// lines of equal width, so the last line may reach past the last row, but by few.
///
/// ```
/// assert_eq!(gpu::rows_grid(7), [7, 1, 1]);
/// assert_eq!(gpu::rows_grid(70_001), [35_001, 2, 1]);
/// ```
pub fn rows_grid(rows: usize) -> [u32; 3] {
    let lines = rows.div_ceil(WIDEST);
    [rows.div_ceil(lines.max(1)) as u32, lines as u32, 1]
}

impl Gpu {
    /// Runs a kernel once over a grid of workgroups and waits until it is done.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if buffers and bindings do not fit; [`GpuError::Timeout`] if it does
    /// not finish; [`GpuError::Lost`] if the device is gone.
    pub async fn run(
        &self,
        kernel: &Kernel,
        buffers: &[&dyn AnyBuffer],
        workgroups: [u32; 3],
    ) -> Result<(), GpuError> {
        self.repeat(kernel, buffers, workgroups, 1).await
    }

    /// Runs a kernel several times in one submission: what a benchmark times.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), gpu::GpuError> {
    /// # let gpu = gpu::shared().await?;
    /// use gpu::Binding::ReadWrite;
    ///
    /// let double = "
    ///     @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    ///     @compute @workgroup_size(1)
    ///     fn main(@builtin(global_invocation_id) id: vec3u) { x[id.x] = 2.0 * x[id.x]; }";
    /// let kernel = gpu.compile(double, "main", &[ReadWrite]).await?;
    /// let x = gpu.upload(&[1.0_f32, 3.0]);
    /// gpu.repeat(&kernel, &[&x], [2, 1, 1], 10).await?;
    /// assert_eq!(gpu.read(&x).await?, [1024.0, 3072.0]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Gpu::run`].
    pub async fn repeat(
        &self,
        kernel: &Kernel,
        buffers: &[&dyn AnyBuffer],
        workgroups: [u32; 3],
        times: u32,
    ) -> Result<(), GpuError> {
        let bound = self.bound(kernel, buffers, workgroups).await?;
        self.submit(repeat_n(&bound, times as usize));
        self.wait()
    }

    /// Binds a kernel to its buffers and its grid, for [`Gpu::submit`].
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if buffers and bindings do not fit, or if the grid is too wide.
    pub async fn bound(
        &self,
        kernel: &Kernel,
        buffers: &[&dyn AnyBuffer],
        workgroups: [u32; 3],
    ) -> Result<Bound, GpuError> {
        if let Some(wide) = workgroups.iter().find(|&&n| n as usize > WIDEST) {
            return Err(GpuError::Invalid(format!(
                "{wide} workgroups side by side: at most {WIDEST}"
            )));
        }
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let group = self.bind(kernel, buffers);
        match scope.pop().await {
            Some(error) => Err(GpuError::Invalid(error.to_string())),
            None => Ok(Bound { pipeline: kernel.pipeline.clone(), group, workgroups }),
        }
    }

    /// Runs bound kernels one after the other, in one pass of one submission, and does not wait:
    /// [`Gpu::read`] does. What one writes the next one reads.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), gpu::GpuError> {
    /// # let gpu = gpu::shared().await?;
    /// use gpu::Binding::ReadWrite;
    ///
    /// let double = "
    ///     @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    ///     @compute @workgroup_size(1)
    ///     fn main(@builtin(global_invocation_id) id: vec3u) { x[id.x] = 2.0 * x[id.x]; }";
    /// let kernel = gpu.compile(double, "main", &[ReadWrite]).await?;
    /// let x = gpu.upload(&[1.0_f32, 3.0]);
    /// let (one, both) = (
    ///     gpu.bound(&kernel, &[&x], [1, 1, 1]).await?,
    ///     gpu.bound(&kernel, &[&x], [2, 1, 1]).await?,
    /// );
    /// gpu.submit([&both, &one]);
    /// assert_eq!(gpu.read(&x).await?, [4.0, 6.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn submit<'a>(&self, bound: impl IntoIterator<Item = &'a Bound>) {
        self.submit_stamped(bound, None);
    }

    /// The same with timestamps around the pass, if there are some.
    pub(crate) fn submit_stamped<'a>(
        &self,
        bound: impl IntoIterator<Item = &'a Bound>,
        stamps: Option<&Stamps>,
    ) {
        let mut encoder =
            self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: None,
                timestamp_writes: stamps.map(Stamps::writes),
            });
            for Bound { pipeline, group, workgroups: [x, y, z] } in bound {
                pass.set_pipeline(pipeline);
                pass.set_bind_group(0, group, &[]);
                pass.dispatch_workgroups(*x, *y, *z);
            }
        }
        if let Some(stamps) = stamps {
            stamps.resolve(&mut encoder);
        }
        self.queue.submit([encoder.finish()]);
    }

    fn bind(&self, kernel: &Kernel, buffers: &[&dyn AnyBuffer]) -> wgpu::BindGroup {
        let entries: Vec<_> = buffers
            .iter()
            .zip(0..)
            .map(|(buffer, binding)| wgpu::BindGroupEntry { binding, resource: buffer.binding() })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &kernel.layout,
            entries: &entries,
        })
    }

    /// Natively, work proceeds and callbacks fire while somebody polls. In a browser both happen
    /// by themselves.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn wait(&self) -> Result<(), GpuError> {
        let poll = wgpu::PollType::Wait { submission_index: None, timeout: Some(TIME_LIMIT) };
        self.device.poll(poll).map(|_| ()).map_err(|_| {
            self.mark_lost();
            let limit = TIME_LIMIT.as_secs();
            GpuError::Timeout(format!(
                "the kernel did not finish within {limit} s: is there a loop that never ends?"
            ))
        })
    }

    #[cfg(target_family = "wasm")]
    pub(crate) fn wait(&self) -> Result<(), GpuError> {
        if self.is_lost() {
            self.mark_lost();
            return Err(GpuError::Lost("the browser took it away".into()));
        }
        Ok(())
    }
}
