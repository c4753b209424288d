//! Write the kernel in the page; the lesson's checks judge it on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use page::Lab;
use qlora::{Nf4Product, QloraError, solution};

/// Two rows of two numbers, and a matrix of two rows of eight.
const X: [f32; 4] = [1.0, 0.0, 0.5, -1.0];
const W: [f32; 16] =
    [-1.0, -0.7, -0.5, -0.3, 0.1, 0.3, 0.5, 1.0, 2.0, 1.5, 1.0, 0.5, 0.0, -0.5, -1.0, -1.5];

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: qlora::NF4_MATMUL_STUB,
        },
        judged_by: qlora::KERNEL_LAB,
        kernel: "nf4_matmul",
        example: "these two rows",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "nf4-matmul-kernel-lab",
        title: "Kernel lab: a product with packed weights in WGSL",
        lesson: "qlora",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

fn product() -> Result<(Nf4Product, Vec<f32>), QloraError> {
    let packed = solution::quantize_4bit(&W, qlora::Code::Nf4, 8)?;
    let mut w = [0.0; 16];
    solution::dequantize_4bit(&packed, 0..16, &mut w)?;
    let number = |at: usize| X[at / 8 * 2] * w[at % 8] + X[at / 8 * 2 + 1] * w[8 + at % 8];
    Ok((Nf4Product::new(&X, &W, [2, 2, 8], 8)?, (0..16).map(number).collect()))
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (product, wanted) = product()?;
    lab()
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let y = product.run(gpu, source, None).await?.0;
            Ok(table(&[("your kernel", &y), ("wanted", &wanted)]))
        })
        .await
}

fn table(results: &[(&str, &[f32])]) -> View {
    let mut columns = vec!["row".to_owned(), "column".into()];
    columns.extend(results.iter().map(|(name, _)| (*name).to_owned()));
    let row = |at: usize| {
        let mut cells = vec![Cell::from((at / 8).to_string()), Cell::from((at % 8).to_string())];
        let number = |v: f32| Cell::Number(format::number(f64::from(v)));
        cells.extend(results.iter().map(|(_, values)| number(values[at])));
        cells
    };
    View::Table {
        label: "The product of two rows with a packed matrix".into(),
        columns,
        rows: (0..16).map(row).collect(),
    }
}
