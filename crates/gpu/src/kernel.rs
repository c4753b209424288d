//! Kernels and buffers.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use bytemuck::Pod;
use futures_channel::oneshot;

use crate::diagnostic::has_entry_point;
use crate::{Diagnostic, Gpu, GpuError};

/// How long a kernel may run natively; in the page, the page itself watches.
#[cfg(not(target_family = "wasm"))]
const TIME_LIMIT: std::time::Duration = std::time::Duration::from_secs(20);

/// What a kernel binds at `@group(0) @binding(i)`.
///
/// ```no_run
/// # async fn example() -> Result<(), gpu::GpuError> {
/// # let gpu = gpu::shared().await?;
/// use gpu::Binding::{Read, ReadWrite, Uniform};
///
/// let add = "
///     @group(0) @binding(0) var<storage, read> x: array<f32>;
///     @group(0) @binding(1) var<storage, read_write> y: array<f32>;
///     @group(0) @binding(2) var<uniform> bias: vec4f;
///     @compute @workgroup_size(64)
///     fn main(@builtin(global_invocation_id) id: vec3u) {
///         if id.x < arrayLength(&x) { y[id.x] = x[id.x] + bias.x; }
///     }";
/// let kernel = gpu.compile(add, "main", &[Read, ReadWrite, Uniform]).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// `var<storage, read>`
    Read,
    /// `var<storage, read_write>`
    ReadWrite,
    /// `var<uniform>`
    Uniform,
}

/// WebGPU dispatches at most this many workgroups along one axis.
const WIDEST: usize = 65_535;

/// The grid for so many rows, one workgroup a row. More rows than fit side by side fold into a
/// second line of workgroups, so the last line may reach past the last row.
///
/// ```
/// assert_eq!(gpu::rows_grid(7), [7, 1, 1]);
/// assert_eq!(gpu::rows_grid(70_000), [65_535, 2, 1]);
/// ```
pub fn rows_grid(rows: usize) -> [u32; 3] {
    let width = rows.min(WIDEST);
    [width as u32, rows.div_ceil(width.max(1)) as u32, 1]
}

/// A compiled kernel.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub(crate) pipeline: wgpu::ComputePipeline,
    pub(crate) layout: wgpu::BindGroupLayout,
}

/// Source, entry point and bindings.
type Key = (String, String, Vec<Binding>);

/// The kernels that were compiled last.
#[derive(Debug, Default)]
pub(crate) struct Compiled(Mutex<VecDeque<(Key, Kernel)>>);

impl Compiled {
    /// More than the kernels of a page.
    const MOST: usize = 8;

    fn get(&self, key: &Key) -> Option<Kernel> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(found, _)| found == key).map(|(_, kernel)| kernel.clone())
    }

    fn keep(&self, key: Key, kernel: Kernel) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(Self::MOST - 1);
        kept.push_front((key, kernel));
    }
}

/// Memory on the GPU; `T` is what its creator put there.
#[derive(Clone, Debug)]
pub struct Buffer<T> {
    pub(crate) raw: wgpu::Buffer,
    len: usize,
    kind: PhantomData<T>,
}

impl<T> Buffer<T> {
    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Buffers of any element type side by side in a call of [`Gpu::run`].
pub trait AnyBuffer {
    #[doc(hidden)]
    fn raw(&self) -> &wgpu::Buffer;
}

impl<T> AnyBuffer for Buffer<T> {
    fn raw(&self) -> &wgpu::Buffer {
        &self.raw
    }
}

impl Gpu {
    /// Compiles one entry point of a WGSL source, with these bindings in group 0. The last few
    /// kernels are kept, so the same source is compiled once however often it is asked for.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), gpu::GpuError> {
    /// # let gpu = gpu::shared().await?;
    /// use gpu::GpuError;
    ///
    /// let wgsl = "@compute @workgroup_size(1)\nfn main() {\n    let one: u32 = 1.5;\n}";
    /// let Err(GpuError::Compile(errors)) = gpu.compile(wgsl, "main", &[]).await else {
    ///     panic!("1.5 is no u32")
    /// };
    /// assert_eq!(errors[0].line, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`GpuError::Compile`] with line and column, or [`GpuError::Invalid`] if the bindings do
    /// not fit or a limit is passed.
    pub async fn compile(
        &self,
        wgsl: &str,
        entry: &str,
        bindings: &[Binding],
    ) -> Result<Kernel, GpuError> {
        let key = (wgsl.to_owned(), entry.to_owned(), bindings.to_vec());
        if let Some(kernel) = self.compiled.get(&key) {
            return Ok(kernel);
        }
        let kernel = self.compile_anew(wgsl, entry, bindings).await?;
        self.compiled.keep(key, kernel.clone());
        Ok(kernel)
    }

    async fn compile_anew(
        &self,
        wgsl: &str,
        entry: &str,
        bindings: &[Binding],
    ) -> Result<Kernel, GpuError> {
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(entry),
            source: wgpu::ShaderSource::Wgsl(wgsl.into()),
        });
        let error = scope.pop();
        let messages = module.get_compilation_info().await.messages;
        let error = error.await;
        let diagnostics: Vec<Diagnostic> = messages
            .iter()
            .filter(|m| m.message_type == wgpu::CompilationMessageType::Error)
            .map(|m| Diagnostic::new(wgsl, m))
            .collect();
        // A source that does not compile is a validation error too. Messages without one come from
        // a device that died meanwhile, and say nothing about the source.
        if !diagnostics.is_empty() && error.is_none() {
            self.mark_lost();
            return Err(GpuError::Lost("the GPU was lost while it compiled the kernel".into()));
        }
        if !diagnostics.is_empty() {
            return Err(GpuError::Compile(diagnostics));
        }
        if let Some(error) = error {
            return Err(GpuError::Invalid(error.to_string()));
        }

        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let entries: Vec<_> = bindings.iter().zip(0..).map(|(b, i)| layout_entry(*b, i)).collect();
        let layout = self.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(entry),
            entries: &entries,
        });
        let pipeline_layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(entry),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(entry),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some(entry),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        match scope.pop().await {
            Some(_) if !has_entry_point(wgsl, entry) => Err(GpuError::Invalid(format!(
                "the kernel has no entry point `{entry}`: keep `fn {entry}`, and `@compute` before it"
            ))),
            Some(error) => Err(GpuError::Invalid(error.to_string())),
            None => Ok(Kernel { pipeline, layout }),
        }
    }

    /// A buffer with these elements.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), gpu::GpuError> {
    /// # let gpu = gpu::shared().await?;
    /// let x = gpu.upload(&[1.0_f32, 2.0, 3.0]);
    /// assert_eq!(x.len(), 3);
    /// assert_eq!(gpu.read(&x).await?, [1.0, 2.0, 3.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload<T: Pod>(&self, data: &[T]) -> Buffer<T> {
        let buffer = self.zeros(data.len());
        self.queue.write_buffer(&buffer.raw, 0, bytemuck::cast_slice(data));
        buffer
    }

    /// A buffer for a uniform value; its size must be a multiple of 16 bytes.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), gpu::GpuError> {
    /// # let gpu = gpu::shared().await?;
    /// // In WGSL: struct Sizes { rows: u32, cols: u32 }, and 8 bytes to fill up.
    /// let (rows, cols) = (3_u32, 70);
    /// let sizes = gpu.uniform(&[rows, cols, 0, 0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn uniform<T: Pod>(&self, value: &T) -> Buffer<T> {
        let raw = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: size_of::<T>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.queue.write_buffer(&raw, 0, bytemuck::bytes_of(value));
        Buffer { raw, len: 1, kind: PhantomData }
    }

    /// A buffer of `len` zeros.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), gpu::GpuError> {
    /// # let gpu = gpu::shared().await?;
    /// let y = gpu.zeros::<f32>(3);
    /// assert_eq!(gpu.read(&y).await?, [0.0; 3]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn zeros<T: Pod>(&self, len: usize) -> Buffer<T> {
        let raw = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            // A storage binding may not be empty.
            size: (len.max(1) * size_of::<T>()) as u64,
            usage: wgpu::BufferUsages::STORAGE
                | wgpu::BufferUsages::COPY_DST
                | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        Buffer { raw, len, kind: PhantomData }
    }

    /// Runs a kernel once over a grid of workgroups and waits until it is done.
    ///
    /// # Errors
    /// [`GpuError::Invalid`] if buffers and bindings do not fit; [`GpuError::Lost`] if it does
    /// not finish.
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
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let group = self.bind(kernel, buffers);
        let mut encoder =
            self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&kernel.pipeline);
            pass.set_bind_group(0, &group, &[]);
            let [x, y, z] = workgroups;
            for _ in 0..times {
                pass.dispatch_workgroups(x, y, z);
            }
        }
        self.queue.submit([encoder.finish()]);
        if let Some(error) = scope.pop().await {
            return Err(GpuError::Invalid(error.to_string()));
        }
        self.wait()
    }

    /// Copies a buffer to another of the same size several times in one submission: the fastest
    /// that anything which reads and writes those bytes could be.
    ///
    /// # Errors
    /// As [`Gpu::run`].
    pub async fn copy<T>(
        &self,
        from: &Buffer<T>,
        to: &Buffer<T>,
        times: u32,
    ) -> Result<(), GpuError> {
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let mut encoder = self.device.create_command_encoder(&Default::default());
        for _ in 0..times {
            encoder.copy_buffer_to_buffer(&from.raw, 0, &to.raw, 0, from.raw.size());
        }
        self.queue.submit([encoder.finish()]);
        match scope.pop().await {
            Some(error) => Err(GpuError::Invalid(error.to_string())),
            None => self.wait(),
        }
    }

    fn bind(&self, kernel: &Kernel, buffers: &[&dyn AnyBuffer]) -> wgpu::BindGroup {
        let entries: Vec<_> = buffers
            .iter()
            .zip(0..)
            .map(|(buffer, binding)| wgpu::BindGroupEntry {
                binding,
                resource: buffer.raw().as_entire_binding(),
            })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &kernel.layout,
            entries: &entries,
        })
    }

    /// The elements of a buffer.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is gone.
    pub async fn read<T: Pod>(&self, buffer: &Buffer<T>) -> Result<Vec<T>, GpuError> {
        let size = buffer.raw.size();
        let staging = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder =
            self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(&buffer.raw, 0, &staging, 0, size);
        self.queue.submit([encoder.finish()]);
        let lost = |what: String| GpuError::Lost(format!("the result cannot be read back: {what}"));
        let (sender, receiver) = oneshot::channel();
        staging.map_async(wgpu::MapMode::Read, .., move |result| drop(sender.send(result)));
        self.wait()?;
        let mapped = receiver.await.map_err(|e| lost(e.to_string()))?;
        mapped.map_err(|e| lost(e.to_string()))?;
        let view = staging.get_mapped_range(..).map_err(|e| lost(e.to_string()))?;
        let mut elements: Vec<T> = bytemuck::pod_collect_to_vec(&view);
        elements.truncate(buffer.len);
        Ok(elements)
    }

    /// Natively, work proceeds and callbacks fire while somebody polls. In a browser both happen
    /// by themselves.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn wait(&self) -> Result<(), GpuError> {
        let poll = wgpu::PollType::Wait { submission_index: None, timeout: Some(TIME_LIMIT) };
        self.device.poll(poll).map(|_| ()).map_err(|_| {
            self.mark_lost();
            let limit = TIME_LIMIT.as_secs();
            GpuError::Lost(format!(
                "the kernel did not finish within {limit} s: is there a loop that never ends?"
            ))
        })
    }

    #[cfg(target_family = "wasm")]
    pub(crate) fn wait(&self) -> Result<(), GpuError> {
        if self.is_lost() {
            self.mark_lost();
            return Err(GpuError::Lost("the browser took the GPU away".into()));
        }
        Ok(())
    }
}

fn layout_entry(binding: Binding, index: u32) -> wgpu::BindGroupLayoutEntry {
    let ty = match binding {
        Binding::Read => wgpu::BufferBindingType::Storage { read_only: true },
        Binding::ReadWrite => wgpu::BufferBindingType::Storage { read_only: false },
        Binding::Uniform => wgpu::BufferBindingType::Uniform,
    };
    wgpu::BindGroupLayoutEntry {
        binding: index,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
        count: None,
    }
}
