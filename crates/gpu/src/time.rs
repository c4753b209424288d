//! What a run takes, on the GPU's own clock where it has one.

use std::iter::repeat_n;

use futures_channel::oneshot;

use crate::{AnyBuffer, Buffer, Gpu, GpuError, Kernel};

/// What measured a [`Timing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Timestamps that the GPU wrote before and after the runs: the kernel and nothing else.
    Gpu,
    /// The clock of the program, from the submission until the GPU told that it was done.
    Wall,
}

/// How long several runs took together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// Greater than 0.
    pub seconds: f64,
    /// What measured them.
    pub clock: Clock,
}

/// No clock in a browser is finer.
const FINEST: f64 = 1e-6;

impl Gpu {
    /// Runs a kernel several times in one submission and tells how long that took: by timestamps of
    /// the GPU if the adapter has them, else by the clock of the program, which also counts the way
    /// to the GPU and back. So more runs in one submission are told more exactly.
    ///
    /// ```no_run
    /// # async fn example(
    /// #     gpu: &gpu::Gpu, kernel: &gpu::Kernel, x: &gpu::Buffer<f32>,
    /// # ) -> Result<(), gpu::GpuError> {
    /// // The first run of a kernel also waits for what the driver still has to do for it.
    /// gpu.run(kernel, &[x], [64, 1, 1]).await?;
    /// let timing = gpu.time(kernel, &[x], [64, 1, 1], 10).await?;
    /// println!("{} s for each run, by {:?}", timing.seconds / 10.0, timing.clock);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Gpu::run`].
    pub async fn time(
        &self,
        kernel: &Kernel,
        buffers: &[&dyn AnyBuffer],
        workgroups: [u32; 3],
        times: u32,
    ) -> Result<Timing, GpuError> {
        let stamps = self.has_timestamps().then(|| self.stamps());
        let bound = self.bound(kernel, buffers, workgroups).await?;
        let start = now();
        self.submit_stamped(repeat_n(&bound, times as usize), stamps.as_ref());
        let (sender, done) = oneshot::channel();
        self.queue.on_submitted_work_done(move || {
            // Nobody waits any more.
            let _ = sender.send(());
        });
        // Firefox tells of the end of work late, unless more is submitted.
        self.queue.submit([]);
        self.wait()?;
        let lost = |_| GpuError::Lost("it never told that it was done".into());
        done.await.map_err(lost)?;
        let wall = Timing { seconds: (now() - start).max(FINEST), clock: Clock::Wall };
        let Some(stamps) = stamps else { return Ok(wall) };
        let ticks = self.read(&stamps.resolved).await?;
        let passed = ticks[1].saturating_sub(ticks[0]) as f64;
        let seconds = 1e-9 * passed * f64::from(self.queue.get_timestamp_period());
        // A browser rounds timestamps, and a driver may write both at once.
        let is_likely = seconds > 0.0 && seconds <= wall.seconds;
        Ok(if is_likely { Timing { seconds, clock: Clock::Gpu } } else { wall })
    }

    fn has_timestamps(&self) -> bool {
        !cfg!(target_family = "wasm")
            && self.device.features().contains(wgpu::Features::TIMESTAMP_QUERY)
    }

    fn stamps(&self) -> Stamps {
        let queries = self.device.create_query_set(&wgpu::QuerySetDescriptor {
            label: None,
            ty: wgpu::QueryType::Timestamp,
            count: 2,
        });
        let raw = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: 2 * size_of::<u64>() as u64,
            usage: wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        Stamps { queries, resolved: Buffer::of(raw, 2) }
    }
}

/// Two timestamps, before a pass and after it.
pub(crate) struct Stamps {
    queries: wgpu::QuerySet,
    resolved: Buffer<u64>,
}

impl Stamps {
    /// What makes a pass write them.
    pub(crate) fn writes(&self) -> wgpu::ComputePassTimestampWrites<'_> {
        wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: Some(0),
            end_of_pass_write_index: Some(1),
        }
    }

    /// Brings them where they can be read.
    pub(crate) fn resolve(&self, encoder: &mut wgpu::CommandEncoder) {
        encoder.resolve_query_set(&self.queries, 0..2, &self.resolved.raw, 0);
    }
}

/// Seconds since some moment, by the clock of the program.
#[cfg(not(target_family = "wasm"))]
pub fn now() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// Seconds since some moment, by the clock of the program.
#[cfg(target_family = "wasm")]
pub fn now() -> f64 {
    use wasm_bindgen::prelude::wasm_bindgen;
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn milliseconds() -> f64;
    }
    1e-3 * milliseconds()
}
