//! Write the kernel in the page; the lesson's checks judge it on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use fused_decode::example::Reader;
use fused_decode::{Model, OneDispatch, Precision};
use gpt::Config;
use grading::numbers::short;
use page::Lab;

/// What is read.
const IDS: [u32; 3] = [2, 0, 4];

/// Two blocks, two heads, vectors of six numbers, five tokens.
fn model() -> Model {
    let config = Config {
        n_inner: Some(10),
        n_positions: IDS.len(),
        vocab_size: 5,
        eos_token_id: None,
        ..Config::gpt2(2, 2, 6)
    };
    Model::drawn(config, 0.5, 5)
}

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: fused_decode::DECODE_STEP_STUB,
        },
        judged_by: fused_decode::KERNEL_LAB,
        kernel: "decode_step",
        example: "a model of two blocks",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "decode-step-kernel-lab",
        title: "Kernel lab: a whole model in one dispatch, in WGSL",
        lesson: "fused-decode",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let model = model();
    let mut reader = Reader::new(&model, Precision::F32);
    let read = IDS.iter().enumerate().map(|(position, &id)| reader.step(id as usize, position));
    let wanted: Vec<Vec<f64>> = read.collect();
    lab()
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let one = OneDispatch::new(gpu, source, &model, Precision::F32).await?;
            let mut got = Vec::new();
            for (position, &id) in IDS.iter().enumerate() {
                one.step(id, position)?;
                got.push(one.logits().await?.into_iter().map(f64::from).collect());
            }
            Ok(table(&[("your kernel", &got), ("wanted", &wanted)]))
        })
        .await
}

/// The logits of each step.
fn table(results: &[(&str, &[Vec<f64>])]) -> View {
    let tokens = (0..5).map(|v| format!("logit {v}"));
    let columns = ["position", "token", "of"].map(String::from).into_iter().chain(tokens).collect();
    let mut rows = Vec::new();
    for (position, id) in IDS.iter().enumerate() {
        for (of, logits) in results {
            let mut cells = vec![Cell::from(position.to_string()), Cell::from(id.to_string())];
            cells.push(Cell::from(*of));
            cells.extend(logits[position].iter().map(|&x| Cell::Number(short(x, 2))));
            rows.push(cells);
        }
    }
    View::Table { label: "Three tokens through a model of two blocks".into(), columns, rows }
}
