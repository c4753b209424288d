//! Write the three kernels in the page; the lesson's own checks judge them on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use matrix_multiplication::example::{AMOUNTS, BILLS, PRICES};
use matrix_multiplication::{
    BLOCKED_STUB, Dims, KERNEL_LAB, Kernel, NAIVE_STUB, TILED_STUB, run_matmul, solution,
};
use page::Lab;

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
    lab.run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
        let output = run_matmul(gpu, source, kernel, [&AMOUNTS, &PRICES], BILLS).await?;
        Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
    })
    .await
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
