//! Write the kernel in the page; the lesson's checks judge it on the reader's GPU.

use attention::Sizes;
use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use flash_attention::{Hbm, Shape, example, run_flash, solution};
use page::Lab;

/// Two queries, and more keys than a tile has.
const SIZES: Sizes = Sizes { rows: 1, t_q: 2, t_k: 18, d: 4, d_v: 2 };

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: flash_attention::FLASH_ATTENTION_STUB,
        },
        judged_by: flash_attention::KERNEL_LAB,
        kernel: "flash_attention",
        example: "two queries and 18 keys",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "flash-attention-kernel-lab",
        title: "Kernel lab: flash attention in WGSL",
        lesson: "flash-attention",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let Sizes { t_q, t_k, d, d_v, .. } = SIZES;
    let shape = Shape { t_q, t_k, d, d_v };
    let numbers = example::numbers(shape);
    let qkv = numbers.each_ref().map(Vec::as_slice);
    let other = |error: flash_attention::FlashError| DemoError::Other(error.to_string());
    let mut hbm = Hbm::new(qkv, shape).map_err(other)?;
    solution::flash(&mut hbm, example::TILE, true).map_err(other)?;
    let wanted = hbm.out();
    lab()
        .run(&cx, table(&[("wanted", wanted)]), async |gpu, source| {
            let output = run_flash(gpu, source, qkv, SIZES, true).await?;
            Ok(table(&[("your kernel", &output), ("wanted", wanted)]))
        })
        .await
}

/// The queries and what they take.
fn table(results: &[(&str, &[f32])]) -> View {
    let Sizes { t_q, t_k, d_v, .. } = SIZES;
    let mut columns = vec!["query".to_owned(), "sees".into(), "out".into()];
    columns.extend((0..d_v).map(|c| format!("number {c}")));
    let mut rows = Vec::new();
    for i in 0..t_q {
        for (of, values) in results {
            let sees = format!("keys 0 to {}", t_k - t_q + i);
            let mut cells = vec![Cell::from(i.to_string()), sees.into(), Cell::from(*of)];
            let numbers = values[i * d_v..(i + 1) * d_v].iter();
            cells.extend(numbers.map(|&x| Cell::Number(format::number(f64::from(x)))));
            rows.push(cells);
        }
    }
    View::Table { label: "Two queries over 18 keys, causal".into(), columns, rows }
}
