//! The adapter, the device, and the proof that they compute.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::kernel::Compiled;
use crate::{Binding, GpuError};

/// A GPU that has shown that it computes.
#[derive(Clone, Debug)]
pub struct Gpu {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    name: String,
    fallback: bool,
    lost: Arc<AtomicBool>,
    pub(crate) compiled: Arc<Compiled>,
}

impl Gpu {
    /// The adapter's name, e.g. `llvmpipe (LLVM 15.0.6, 256 bits)`; empty where the
    /// browser hides it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the adapter is software: such adapters rank kernels differently.
    pub fn is_fallback(&self) -> bool {
        self.fallback
    }

    /// Whether the device is gone, so that a new one is needed.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    pub(crate) fn mark_lost(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    /// Requests an adapter and a device, and runs a small kernel with a known result.
    ///
    /// # Errors
    /// [`GpuError::NoAdapter`] if there is none, or one that computes wrongly.
    pub async fn request() -> Result<Self, GpuError> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|_| no_adapter())?;
        let info = adapter.get_info();
        let descriptor = wgpu::DeviceDescriptor {
            required_limits: wgpu::Limits::default(),
            // Only to time runs: no kernel needs them. A browser rounds them, so a page, which has
            // to stay small, does without.
            #[cfg(not(target_family = "wasm"))]
            required_features: adapter.features() & wgpu::Features::TIMESTAMP_QUERY,
            ..Default::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|e| GpuError::NoAdapter(format!("the GPU driver gives no device: {e}")))?;
        let lost = Arc::new(AtomicBool::new(false));
        let flag = lost.clone();
        device.set_device_lost_callback(move |_, _| flag.store(true, Ordering::Relaxed));
        // Errors are caught where they arise, by error scopes; one that slips through must not
        // abort a learner's process.
        device.on_uncaptured_error(Arc::new(|error| eprintln!("GPU: {error}")));
        let name = info.name;
        // In Chromium, SwiftShader is the software adapter.
        let fallback = info.device_type == wgpu::DeviceType::Cpu || name.contains("SwiftShader");
        let compiled = Arc::default();
        let gpu = Self { device, queue, name, fallback, lost, compiled };
        // A driver that fails here fails whatever kernel comes: it is not the kernel's fault.
        let broken = |e: GpuError| match e {
            GpuError::NoAdapter(_) => e,
            e => {
                GpuError::NoAdapter(format!("the adapter `{}` cannot run a kernel: {e}", gpu.name))
            }
        };
        gpu.probe().await.map_err(broken)?;
        Ok(gpu)
    }

    /// Whether the device still computes. One that was lost may answer with errors of any kind, or
    /// with zeros, before its loss is told: what it said of a kernel says nothing then.
    pub async fn is_alive(&self) -> bool {
        let alive = !self.is_lost() && self.probe().await.is_ok() && !self.is_lost();
        if !alive {
            self.mark_lost();
        }
        alive
    }

    /// A driver that promises and does not compute is worse than none.
    async fn probe(&self) -> Result<(), GpuError> {
        let source = "
            @group(0) @binding(0) var<storage, read> x: array<f32>;
            @group(0) @binding(1) var<storage, read_write> y: array<f32>;
            @compute @workgroup_size(64)
            fn main(@builtin(global_invocation_id) id: vec3u) {
                if id.x < arrayLength(&x) { y[id.x] = 3.0 * x[id.x] + 1.0; }
            }";
        let x: Vec<f32> = (0..100_u16).map(f32::from).collect();
        let want: Vec<f32> = x.iter().map(|v| 3.0 * v + 1.0).collect();
        let kernel = self.compile(source, "main", &[Binding::Read, Binding::ReadWrite]).await?;
        let (input, output) = (self.upload(&x), self.zeros::<f32>(x.len()));
        self.run(&kernel, &[&input, &output], [2, 1, 1]).await?;
        if self.read::<f32>(&output).await? == want {
            Ok(())
        } else {
            let name = &self.name;
            Err(GpuError::NoAdapter(format!("the adapter `{name}` computes 3x + 1 wrongly")))
        }
    }
}

#[cfg(not(target_family = "wasm"))]
fn no_adapter() -> GpuError {
    GpuError::NoAdapter(
        "no GPU driver was found. Install a software one (Debian, Ubuntu: \
         `apt-get install mesa-vulkan-drivers`; Fedora: `dnf install mesa-vulkan-drivers`), \
         or open the lesson's page and use its kernel lab."
            .into(),
    )
}

#[cfg(target_family = "wasm")]
fn no_adapter() -> GpuError {
    GpuError::NoAdapter(
        "this browser offers no WebGPU adapter. Recent Chrome, Edge, Safari and Firefox have one \
         on most machines; `cargo study grade` runs the same kernel outside the browser."
            .into(),
    )
}

/// The one device of this process, requested at the first call and again after it was lost.
///
/// # Errors
/// See [`Gpu::request`].
#[cfg(not(target_family = "wasm"))]
#[expect(
    clippy::await_holding_lock,
    reason = "natively a request completes without waiting for another thread, so tests that \
              start together get one device"
)]
pub async fn shared() -> Result<Gpu, GpuError> {
    use std::sync::{Mutex, PoisonError};
    static SHARED: Mutex<Option<Gpu>> = Mutex::new(None);
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*shared {
        Some(gpu) if !gpu.is_lost() => Ok(gpu.clone()),
        _ => {
            let gpu = Gpu::request().await?;
            *shared = Some(gpu.clone());
            Ok(gpu)
        }
    }
}

/// The one device of this worker, requested at the first call and again after it was lost.
///
/// # Errors
/// See [`Gpu::request`].
#[cfg(target_family = "wasm")]
pub async fn shared() -> Result<Gpu, GpuError> {
    use std::cell::RefCell;
    thread_local! {
        static SHARED: RefCell<Option<Gpu>> = const { RefCell::new(None) };
    }
    if let Some(gpu) = SHARED.with_borrow(|s| s.clone().filter(|gpu| !gpu.is_lost())) {
        return Ok(gpu);
    }
    let gpu = Gpu::request().await?;
    SHARED.set(Some(gpu.clone()));
    Ok(gpu)
}
