//! Write the cross-entropy kernel in the page; the lesson's checks judge it on the reader's GPU.

use candle_core::{Device as CandleDevice, Tensor};
use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use loss_and_surprise::{CrossEntropyKernel, Losses};
use page::Lab;

/// Three rows to look at: one to follow by hand, one that overflows without care, one ignored.
const ROWS: usize = 3;
const COLS: usize = 3;
const LOGITS: [f32; ROWS * COLS] = [2.0, 1.0, 0.0, 1000.0, 1001.0, 999.0, 5.0, -5.0, 0.0];
const TARGETS: [u32; ROWS] = [1, 2, IGNORE];
const IGNORE: u32 = 99;

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: loss_and_surprise::CROSS_ENTROPY_STUB,
        },
        judged_by: loss_and_surprise::KERNEL_LAB,
        kernel: "cross_entropy",
        example: "these three rows",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "cross-entropy-kernel-lab",
        title: "Kernel lab: cross-entropy in WGSL",
        lesson: "loss-and-surprise",
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
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let kernel = CrossEntropyKernel::compile(gpu, source).await?;
            let output = kernel.run(&LOGITS, &TARGETS, COLS, IGNORE).await?;
            Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
        })
        .await
}

/// What the kernel has to give, on the CPU. Without candle's `backward`, which would triple what a
/// reader downloads.
fn reference() -> Result<Losses, DemoError> {
    let logits = Tensor::from_slice(&LOGITS, (ROWS, COLS), &CandleDevice::Cpu)?;
    let log_probs = loss_and_surprise::solution::log_softmax(&logits, 1)?.to_vec2::<f32>()?;
    let mut wanted = Losses::default();
    for (log_probs, &target) in log_probs.iter().zip(&TARGETS) {
        let is_ignored = target == IGNORE;
        let at_target = log_probs.get(target as usize).filter(|_| !is_ignored);
        wanted.loss.push(at_target.map_or(0.0, |log_prob| -log_prob));
        wanted.gradient.extend((0..).zip(log_probs).map(|(col, log_prob)| match col {
            _ if is_ignored => 0.0,
            col if col == target => log_prob.exp() - 1.0,
            _ => log_prob.exp(),
        }));
    }
    Ok(wanted)
}

/// The input and what became of it, row by row.
fn table(results: &[(&str, &Losses)]) -> View {
    let number = |v: &f32| Cell::Number(format::number(f64::from(*v)));
    let mut columns = vec!["row".to_owned(), "of".to_owned(), "target, or loss".to_owned()];
    columns.extend((0..COLS).map(|col| format!("column {col}")));
    let mut rows = Vec::new();
    for (row, (logits, target)) in LOGITS.chunks(COLS).zip(&TARGETS).enumerate() {
        let target = if *target == IGNORE { "ignored".into() } else { target.to_string() };
        let mut cells = vec![row.to_string().into(), "logits".into(), Cell::Number(target)];
        cells.extend(logits.iter().map(number));
        rows.push(cells);
        for (of, losses) in results {
            let mut cells =
                vec![row.to_string().into(), Cell::from(format!("{of}: loss, gradient"))];
            cells.extend(losses.loss[row..=row].iter().map(number));
            cells.extend(losses.gradient[row * COLS..(row + 1) * COLS].iter().map(number));
            rows.push(cells);
        }
    }
    View::Table { label: "Three rows through the kernel".into(), columns, rows }
}
