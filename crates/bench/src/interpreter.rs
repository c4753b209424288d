//! What the interpreter of kernels takes for 64 threads of about 4,096 steps each, natively and in a
//! page, against the book's budgets.

use anyhow::{Result, ensure};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu};
use kernel_interpreter::{Buffer, Dispatch, Kernel};

use crate::timing::shortest;

const THREADS: u64 = 64;
/// Of seven steps each.
const ROUNDS: u32 = 584;

/// Named as the kernel of the page of threads, so that it gets its buffers.
fn kernel() -> String {
    format!(
        "@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
var<workgroup> slots: array<f32, {THREADS}>;
@compute @workgroup_size({THREADS})
fn pass_on(@builtin(local_invocation_index) thread: u32) {{
    slots[thread] = x[thread % 8u];
    for (var round = 0u; round < {ROUNDS}u; round += 1u) {{
        workgroupBarrier();
        let number = slots[(thread + 1u) % {THREADS}u];
        workgroupBarrier();
        slots[thread] = number;
    }}
    if thread < 8u {{ y[thread] = slots[thread]; }}
}}
"
    )
}

/// Prints both times.
pub fn bench() -> Result<()> {
    let wgsl = kernel();
    let run = || -> Result<_> {
        let buffers = vec![Buffer::input(0, &[1.0; 8]), Buffer::output(1, 8)];
        let kernel = Kernel::new(&wgsl, "pass_on")?;
        Ok(kernel.run(&Dispatch::new(buffers, [1; 3]))?)
    };
    let (time, report) = shortest(5, run);
    let report = report?;
    ensure!(report.errors().next().is_none(), "{:?}", report.findings);
    println!("The interpreter of kernels, {THREADS} threads of {} steps", report.steps / THREADS);
    println!("  natively: {:.0} ms (50 is the budget)", time.as_secs_f64() * 1000.0);

    let browsers = Browsers::default();
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    page.goto("kernel-threads.html")?;
    let demo = page.demo("kernel-threads")?;
    demo.set("kernel", "own")?;
    demo.set("source", &wgsl)?;
    let mut times = Vec::new();
    for _ in 0..5 {
        demo.run()?;
        let said = demo.text(".status")?;
        ensure!(said.starts_with("No thread does anything wrong"), "the page says {said}");
        let ran = demo.text(".ran")?;
        times.push(ran.rsplit('·').next().unwrap_or_default().trim().to_owned());
    }
    println!("  in the page, with pictures: {} (200 ms is the budget)", times.join(", "));
    page.close()
}
