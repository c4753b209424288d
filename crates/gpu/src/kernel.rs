//! Kernels: from a source to something that can be run.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::diagnostic::has_entry_point;
use crate::{Diagnostic, Gpu, GpuError};

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
            return Err(GpuError::Lost("while it compiled the kernel".into()));
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
