//! Write the three kernels in the page; the lesson's own checks judge them on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use first_gpu_kernel::{
    KERNEL_LAB, SCALE_STUB, SOFTMAX_STUB, SUM_STUB, run_scale, run_softmax, run_sum, softmax_rows,
};
use page::Lab;

/// A few numbers, and what they are multiplied by.
const NUMBERS: [f32; 6] = [1.0, -2.0, 0.5, 3.0, 0.0, 10.0];
const FACTOR: f32 = 1.5;

/// Rows to add up.
const TO_ADD: Matrix = Matrix {
    cols: 5,
    x: &[1.0, 2.0, 3.0, 4.0, 5.0, 0.5, 0.25, -1.0, 0.125, 0.0, 7.0, 7.0, 7.0, 7.0, 7.0],
};

/// Two rows to look at: one to follow by hand, one that overflows without care.
const LOGITS: Matrix = Matrix { cols: 4, x: &[2.0, 1.0, 0.0, -1.0, 1000.0, 999.0, 1001.0, 998.0] };

/// A matrix in row-major order.
struct Matrix {
    cols: usize,
    x: &'static [f32],
}

impl Matrix {
    fn rows(&self) -> usize {
        self.x.len() / self.cols
    }

    /// The matrix and what became of it, row by row; each result has as many numbers for every row.
    fn table(&self, label: &str, head: &str, results: &[(&str, &[f32])]) -> View {
        let mut columns = vec!["row".to_owned(), "of".to_owned()];
        columns.extend((0..self.cols).map(|col| format!("{head} {col}")));
        let mut rows = Vec::new();
        for row in 0..self.rows() {
            for (of, values) in [("x", self.x)].iter().chain(results) {
                let each = values.len() / self.rows();
                let mut cells = vec![Cell::from(row.to_string()), Cell::from(*of)];
                let numbers = values[row * each..(row + 1) * each].iter();
                cells.extend(numbers.map(|&v| Cell::Number(format::number(f64::from(v)))));
                cells.resize_with(columns.len(), || Cell::from(""));
                rows.push(cells);
            }
        }
        View::Table { label: label.into(), columns, rows }
    }
}

const SCALE: Lab = lab("scale", SCALE_STUB, "these six numbers");
const SUM: Lab = lab("sum", SUM_STUB, "these three rows");
const SOFTMAX: Lab = lab("softmax", SOFTMAX_STUB, "these two rows");

const fn lab(kernel: &'static str, default: &'static str, example: &'static str) -> Lab {
    let source = Wgsl { name: "source", label: "The kernel, in WGSL", default };
    Lab { source, judged_by: KERNEL_LAB, kernel, example }
}

pub fn scale() -> Demo {
    Demo {
        name: "scale-kernel-lab",
        title: "Kernel lab: one thread a number",
        lesson: "first-gpu-kernel",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || SCALE.controls(),
        run: demo::run(run_scale_lab),
    }
}

async fn run_scale_lab(cx: Context) -> Result<(), DemoError> {
    let wanted = NUMBERS.map(|v| FACTOR * v);
    let row = Matrix { cols: NUMBERS.len(), x: &NUMBERS };
    let label = format!("Six numbers times {FACTOR}");
    let table = |results: &[(&str, &[f32])]| row.table(&label, "number", results);
    SCALE
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let output = run_scale(gpu, source, FACTOR, &NUMBERS).await?;
            Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
        })
        .await
}

pub fn sum() -> Demo {
    Demo {
        name: "sum-kernel-lab",
        title: "Kernel lab: a sum as a tree",
        lesson: "first-gpu-kernel",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || SUM.controls(),
        run: demo::run(run_sum_lab),
    }
}

async fn run_sum_lab(cx: Context) -> Result<(), DemoError> {
    let wanted: Vec<f32> = TO_ADD.x.chunks(TO_ADD.cols).map(|row| row.iter().sum()).collect();
    let table =
        |results: &[(&str, &[f32])]| TO_ADD.table("Three rows and their sums", "column", results);
    SUM.run(&cx, table(&[("sum", &wanted)]), async |gpu, source| {
        let output = run_sum(gpu, source, TO_ADD.x, TO_ADD.rows(), TO_ADD.cols).await?;
        Ok(table(&[("your kernel", &output), ("sum", &wanted)]))
    })
    .await
}

pub fn softmax() -> Demo {
    Demo {
        name: "softmax-kernel-lab",
        title: "Kernel lab: softmax in WGSL",
        lesson: "first-gpu-kernel",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || SOFTMAX.controls(),
        run: demo::run(run_softmax_lab),
    }
}

async fn run_softmax_lab(cx: Context) -> Result<(), DemoError> {
    let wanted: Vec<f32> =
        softmax_rows(LOGITS.x, LOGITS.cols).into_iter().map(|p| p as f32).collect();
    let table =
        |results: &[(&str, &[f32])]| LOGITS.table("Two rows through the kernel", "column", results);
    SOFTMAX
        .run(&cx, table(&[("softmax", &wanted)]), async |gpu, source| {
            let output = run_softmax(gpu, source, LOGITS.x, LOGITS.rows(), LOGITS.cols).await?;
            Ok(table(&[("your kernel", &output), ("softmax", &wanted)]))
        })
        .await
}
