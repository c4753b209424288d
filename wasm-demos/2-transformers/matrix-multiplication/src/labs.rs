//! Write the three kernels in the page; the lesson's own checks judge them on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, LocalFuture, Start, View, format};
use gpu::Gpu;
use matrix_multiplication::example::{AMOUNTS, BILLS, PRICES};
use matrix_multiplication::{
    BLOCKED_STUB, Dims, KERNEL_LAB, Kernel, NAIVE_STUB, Product, TILED_STUB, intensity, run_matmul,
    solution,
};
use page::Lab;
use page::speed::{compared, shortest};

use crate::your_roofline::factors;

/// For both kernels together.
const SECONDS: f64 = 0.3;

const NAIVE: Lab = lab(Kernel::Naive, "matmul_naive", NAIVE_STUB);
const TILED: Lab = lab(Kernel::Tiled, "matmul_tiled", TILED_STUB);
const BLOCKED: Lab = lab(Kernel::Blocked, "matmul_blocked", BLOCKED_STUB);

const fn lab(_: Kernel, kernel: &'static str, default: &'static str) -> Lab {
    let source = Wgsl { name: "source", label: "The kernel, in WGSL", default };
    Lab { source, judged_by: KERNEL_LAB, kernel, example: "the bakers' bills" }
}

/// A lab.
macro_rules! demo {
    ($name:ident, $slug:literal, $title:literal, $lab:ident, $kernel:ident) => {
        pub fn $name() -> Demo {
            Demo {
                name: $slug,
                title: $title,
                lesson: "matrix-multiplication",
                has_yours: false,
                device: Device::CpuOrGpu,
                start: Start::OnRun,
                controls: || $lab.controls(),
                run: demo::run(|cx| run(cx, &$lab, Kernel::$kernel)),
            }
        }
    };
}

demo!(naive, "matmul-naive-kernel-lab", "Kernel lab: a thread a number", NAIVE, Naive);
demo!(tiled, "matmul-tiled-kernel-lab", "Kernel lab: tiles", TILED, Tiled);
demo!(blocked, "matmul-blocked-kernel-lab", "Kernel lab: a block a thread", BLOCKED, Blocked);

async fn run(cx: Context, lab: &Lab, kernel: Kernel) -> Result<(), DemoError> {
    let wanted = solution::matmul(&AMOUNTS, &PRICES, BILLS)
        .map_err(|error| DemoError::Other(error.to_string()))?;
    let preview = async |gpu: &Gpu, source: &str| {
        let output = run_matmul(gpu, source, kernel, [&AMOUNTS, &PRICES], BILLS).await?;
        Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
    };
    let wanted = table(&[("wanted", &wanted)]);
    lab.run_and_measure(&cx, wanted, preview, async |gpu, source| {
        measure(&cx, gpu, source, kernel).await
    })
    .await
}

/// How fast the reader's kernel is beside the reference.
async fn measure(
    cx: &Context,
    gpu: &Gpu,
    source: &str,
    kernel: Kernel,
) -> Result<Vec<View>, DemoError> {
    let dims = Dims::square(if gpu.is_fallback() { 128 } else { 1024 });
    let [a, b] = factors(dims);
    let yours = Product::new(gpu, source, kernel, [&a, &b], dims).await?;
    let reference = Product::new(gpu, kernel.solution(), kernel, [&a, &b], dims).await?;
    let ways = [&yours, &reference]
        .map(|product| move |times| -> LocalFuture<'_, _> { Box::pin(product.time(times)) });
    let what = "measuring how fast it is";
    let times = shortest(cx, what, &[&ways[0], &ways[1]], SECONDS).await?;
    let size = dims.n;
    let bytes = dims.flops() / intensity(dims, kernel.shared_tile())?;
    Ok(compared(
        format!(
            "Measured on your adapter, {size} by {size} times {size} by {size}. GB/s are those of \
             a kernel that reads no more than it has to"
        ),
        [("yours", times[0]), ("the reference", times[1])],
        dims.flops(),
        bytes,
    ))
}

/// The bills, a row a baker.
fn table(results: &[(&str, &[f32])]) -> View {
    let Dims { m, n, .. } = BILLS;
    let mut columns = vec!["baker".to_owned(), "of".to_owned()];
    columns.extend((0..n).map(|mill| format!("mill {mill}")));
    let mut rows = Vec::new();
    for baker in 0..m {
        for (of, bills) in results {
            let mut cells = vec![Cell::from(baker.to_string()), Cell::from(*of)];
            let numbers = bills[baker * n..(baker + 1) * n].iter();
            cells.extend(numbers.map(|&bill| Cell::Number(format::number(f64::from(bill)))));
            rows.push(cells);
        }
    }
    View::Table { label: "What each baker would pay".into(), columns, rows }
}
