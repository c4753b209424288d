//! Buffers: memory on the GPU, and the way there and back.

use std::marker::PhantomData;
use std::ops::Range;

use bytemuck::Pod;
use futures_channel::oneshot;

use crate::{Gpu, GpuError};

/// Memory on the GPU; `T` is what its creator put there.
#[derive(Clone, Debug)]
pub struct Buffer<T> {
    pub(crate) raw: wgpu::Buffer,
    /// Bytes of `raw` before its first element.
    start: u64,
    len: usize,
    kind: PhantomData<T>,
}

impl<T> Buffer<T> {
    pub(crate) fn of(raw: wgpu::Buffer, len: usize) -> Self {
        Self { raw, start: 0, len, kind: PhantomData }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Some of its elements, where they lie: a kernel that binds the part counts from 0. WebGPU wants
    /// a part to begin at a multiple of [`PART`] bytes, and no kernel may write one part of a buffer
    /// while it binds another.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), gpu::GpuError> {
    /// # let gpu = gpu::shared().await?;
    /// let all = gpu.upload(&(0..200_u16).map(f32::from).collect::<Vec<_>>());
    /// assert_eq!(gpu.read(&all.part(64..66)).await?, [64.0, 65.0]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If it has no such elements, there are none in the part, or that begins elsewhere.
    pub fn part(&self, range: Range<usize>) -> Self {
        let start = self.start + (range.start * size_of::<T>()) as u64;
        assert!(
            range.start < range.end && range.end <= self.len && start.is_multiple_of(PART),
            "no part of {} elements is {range:?}, from byte {start} on",
            self.len
        );
        Self { raw: self.raw.clone(), start, len: range.len(), kind: PhantomData }
    }

    /// Bytes that it has, at least those of one element.
    fn size(&self) -> u64 {
        (self.len.max(1) * size_of::<T>()) as u64
    }
}

/// A [part](Buffer::part) begins at a multiple of so many bytes: the default limit of WebGPU.
pub const PART: u64 = 256;

/// Buffers of any element type side by side in a call of [`Gpu::run`].
pub trait AnyBuffer {
    #[doc(hidden)]
    fn binding(&self) -> wgpu::BindingResource<'_>;
}

impl<T> AnyBuffer for Buffer<T> {
    fn binding(&self) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.raw,
            offset: self.start,
            size: std::num::NonZeroU64::new(self.size()),
        })
    }
}

impl Gpu {
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
        Buffer::of(raw, 1)
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
        Buffer::of(raw, len)
    }

    /// Puts other elements into a buffer, from its first one on; what is submitted later sees them.
    ///
    /// # Panics
    /// If there are more than the buffer has.
    pub fn write<T: Pod>(&self, buffer: &Buffer<T>, data: &[T]) {
        assert!(data.len() <= buffer.len(), "{} into {}", data.len(), buffer.len());
        self.queue.write_buffer(&buffer.raw, buffer.start, bytemuck::cast_slice(data));
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
            encoder.copy_buffer_to_buffer(&from.raw, from.start, &to.raw, to.start, from.size());
        }
        self.queue.submit([encoder.finish()]);
        match scope.pop().await {
            Some(error) => Err(GpuError::Invalid(error.to_string())),
            None => self.wait(),
        }
    }

    /// The elements of a buffer.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is gone.
    pub async fn read<T: Pod>(&self, buffer: &Buffer<T>) -> Result<Vec<T>, GpuError> {
        let size = buffer.size();
        let staging = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder =
            self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(&buffer.raw, buffer.start, &staging, 0, size);
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
}
