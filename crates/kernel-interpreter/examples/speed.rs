//! How long 64 threads take for 4,096 steps each: `cargo run --release --example speed`.

use std::time::{Duration, Instant};

use kernel_interpreter::{Buffer, Dispatch, Kernel};

const THREADS: u64 = 64;
const STEPS: u64 = 4096;

/// A reduction with a little arithmetic, 4,096 steps a thread or a few more.
const WGSL: &str = "
    @group(0) @binding(0) var<storage, read> x: array<f32>;
    @group(0) @binding(1) var<storage, read_write> y: array<f32>;
    var<workgroup> slots: array<f32, 64>;

    @compute @workgroup_size(64)
    fn main(@builtin(local_invocation_index) thread: u32) {
        var sum = 0.0;
        for (var i = thread; i < 64u * 1024u; i += 64u) {
            sum += exp(x[i]) * 0.5;
            slots[thread] = sum;
        }
        workgroupBarrier();
        y[thread] = slots[63u - thread];
    }";

fn main() {
    let x: Vec<f32> = (0..64 * 1024).map(|i| (i % 97) as f32 / 97.0).collect();
    let kernel = Kernel::new(WGSL, "main").expect("it is valid");
    let buffers = vec![Buffer::input(0, &x), Buffer::output(1, 64)];
    let dispatch = Dispatch::new(buffers, [1, 1, 1]);
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        let report = kernel.run(&dispatch).expect("the buffers fit");
        best = best.min(start.elapsed());
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        assert!(report.steps >= THREADS * STEPS, "only {} steps", report.steps);
    }
    println!("{THREADS} threads × {STEPS} steps: {:.1} ms", best.as_secs_f64() * 1000.0);
}
