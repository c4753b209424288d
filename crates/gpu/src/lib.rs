//! One small wgpu layer, the same on the desktop and in the page.
//!
//! Compile a WGSL kernel, bind buffers to it, run it, read the result back:
//!
//! ```no_run
//! # async fn example() -> Result<(), gpu::GpuError> {
//! use gpu::Binding::{Read, ReadWrite};
//! let gpu = gpu::shared().await?;
//! let double = "
//!     @group(0) @binding(0) var<storage, read> x: array<f32>;
//!     @group(0) @binding(1) var<storage, read_write> y: array<f32>;
//!     @compute @workgroup_size(64)
//!     fn main(@builtin(global_invocation_id) id: vec3u) {
//!         if id.x < arrayLength(&x) { y[id.x] = 2.0 * x[id.x]; }
//!     }";
//! let kernel = gpu.compile(double, "main", &[Read, ReadWrite]).await?;
//! let (x, y) = (gpu.upload(&[1.0_f32, 2.0, 3.0]), gpu.zeros::<f32>(3));
//! gpu.run(&kernel, &[&x, &y], [1, 1, 1]).await?;
//! assert_eq!(gpu.read::<f32>(&y).await?, [2.0, 4.0, 6.0]);
//! # Ok(())
//! # }
//! ```
//!
//! The device always has the default limits of WebGPU (256 invocations a workgroup, 16 KiB of
//! workgroup memory, 8 storage buffers), natively too, so what passes natively runs in the page.

mod buffer;
mod device;
mod diagnostic;
mod error;
mod kernel;
mod run;
mod time;

pub use buffer::{AnyBuffer, Buffer, PART};
pub use device::{Gpu, shared};
pub use diagnostic::Diagnostic;
pub use error::GpuError;
pub use kernel::{Binding, Kernel};
pub use run::{Bound, rows_grid};
pub use time::{Clock, Timing, now};
