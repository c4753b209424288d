//! Write the rope kernel in the page; the lesson's checks judge it on the reader's GPU.

use candle_core::{Device as CandleDevice, Tensor};
use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use page::Lab;
use positions::{BASE, rope_tables, run_rope, solution};

/// Two rows of two places to look at, from position 3 on.
const SIZES: [usize; 3] = [2, 2, 4];
const OFFSET: usize = 3;
const X: [f32; 16] =
    [1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0, 2.0, 3.0];

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: positions::ROPE_STUB,
        },
        judged_by: positions::KERNEL_LAB,
        kernel: "rope",
        example: "these four vectors",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "rope-kernel-lab",
        title: "Kernel lab: rope in WGSL",
        lesson: "positions",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let [rows, seq, head_dim] = SIZES;
    let x = Tensor::from_slice(&X, (1, rows, seq, head_dim), &CandleDevice::Cpu)?;
    let wanted = solution::rope(&x, OFFSET, BASE)?.flatten_all()?.to_vec1::<f32>()?;
    let tables = rope_tables(OFFSET + seq, head_dim, BASE)?;
    lab()
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let output = run_rope(gpu, source, &X, SIZES, OFFSET, &tables).await?;
            Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
        })
        .await
}

/// The vectors and what became of them.
fn table(results: &[(&str, &[f32])]) -> View {
    let [_, seq, head_dim] = SIZES;
    let mut columns = vec!["row".to_owned(), "position".to_owned(), "of".to_owned()];
    columns.extend((0..head_dim).map(|i| format!("number {i}")));
    let mut rows = Vec::new();
    for vector in 0..X.len() / head_dim {
        for (of, values) in [("x", &X[..])].iter().chain(results) {
            let position = (OFFSET + vector % seq).to_string();
            let mut cells = vec![
                Cell::from((vector / seq).to_string()),
                Cell::Number(position),
                Cell::from(*of),
            ];
            let numbers = values[vector * head_dim..(vector + 1) * head_dim].iter();
            cells.extend(numbers.map(|&v| Cell::Number(format::number(f64::from(v)))));
            rows.push(cells);
        }
    }
    View::Table { label: "Four vectors through the kernel".into(), columns, rows }
}
