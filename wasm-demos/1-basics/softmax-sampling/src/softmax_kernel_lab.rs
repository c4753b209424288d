//! Write the softmax kernel in the page; the lesson's own checks judge it on the reader's GPU.

use candle_core::{Device as CandleDevice, Tensor};
use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use softmax_sampling::SoftmaxKernel;

use page::Lab;

/// Two rows to look at: one to follow by hand, one that overflows without care.
const ROWS: usize = 2;
const COLS: usize = 4;
const X: [f32; ROWS * COLS] = [2.0, 1.0, 0.0, -1.0, 1000.0, 999.0, 1001.0, 998.0];

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: softmax_sampling::SOFTMAX_STUB,
        },
        judged_by: softmax_sampling::KERNEL_LAB,
        file: "kernels/exercise/softmax.wgsl",
        example: "these two rows",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "softmax-kernel-lab",
        title: "Kernel lab: softmax in WGSL",
        lesson: "softmax-sampling",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let wanted = reference()?;
    lab()
        .run(&cx, table(&[("softmax", &wanted)]), async |gpu, source| {
            let output = SoftmaxKernel::compile(gpu, source).await?.run(&X, ROWS, COLS).await?;
            Ok(table(&[("your kernel", &output), ("softmax", &wanted)]))
        })
        .await
}

/// What the kernel has to give, on the CPU.
fn reference() -> Result<Vec<f32>, DemoError> {
    let x = Tensor::from_slice(&X, (ROWS, COLS), &CandleDevice::Cpu)?;
    Ok(softmax_sampling::solution::softmax(&x, 1)?.flatten_all()?.to_vec1()?)
}

/// The input and what became of it, row by row.
fn table(results: &[(&str, &[f32])]) -> View {
    let mut columns = vec!["row".to_owned(), "of".to_owned()];
    columns.extend((0..COLS).map(|col| format!("column {col}")));
    let mut rows = Vec::new();
    for row in 0..ROWS {
        for (of, values) in [("x", &X[..])].iter().chain(results) {
            let mut cells = vec![Cell::from(row.to_string()), Cell::from(*of)];
            let values = &values[row * COLS..(row + 1) * COLS];
            cells.extend(values.iter().map(|&v| Cell::Number(format::number(f64::from(v)))));
            rows.push(cells);
        }
    }
    View::Table { label: "Two rows through the kernel".into(), columns, rows }
}
