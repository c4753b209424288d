//! Write the kernel in the page; the lesson's checks judge it on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use optimizers::{AdamW, Group, Moments, run_adamw};
use page::Lab;

/// Five weights, of which the last two do not decay.
const WEIGHTS: [f32; 5] = [1.0, -2.0, 0.5, 1.0, 0.0];
const GRADIENTS: [f32; 5] = [0.3, -100.0, 0.0, 1e-7, 2.0];

fn lab() -> Lab {
    Lab {
        source: Wgsl {
            name: "source",
            label: "The kernel, in WGSL",
            default: optimizers::ADAMW_STUB,
        },
        judged_by: optimizers::KERNEL_LAB,
        kernel: "adamw",
        example: "these five weights",
    }
}

pub fn demo() -> Demo {
    Demo {
        name: "adamw-kernel-lab",
        title: "Kernel lab: a step of AdamW in WGSL",
        lesson: "optimizers",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || lab().controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let settings = AdamW { lr: 0.1, ..AdamW::default() };
    let groups =
        [Group { range: 0..3, weight_decay: 0.5 }, Group { range: 3..5, weight_decay: 0.0 }];
    let (mut wanted, mut state) = (WEIGHTS, Moments::new(5));
    settings.step(&mut wanted, &GRADIENTS, &groups, &mut state)?;
    lab()
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let (mut weights, mut state) = (WEIGHTS.to_vec(), Moments::new(5));
            run_adamw(gpu, source, &mut weights, &GRADIENTS, &groups, &mut state, &settings)
                .await?;
            Ok(table(&[("your kernel", &weights), ("wanted", &wanted)]))
        })
        .await
}

/// The weights before and after.
fn table(results: &[(&str, &[f32])]) -> View {
    let mut columns = vec!["weight".to_owned(), "gradient".into(), "before".into()];
    columns.extend(results.iter().map(|(name, _)| (*name).to_owned()));
    let number = |v: f32| Cell::Number(format::number(f64::from(v)));
    let row = |i: usize| {
        let mut cells = vec![Cell::from(i.to_string()), number(GRADIENTS[i]), number(WEIGHTS[i])];
        cells.extend(results.iter().map(|(_, values)| number(values[i])));
        cells
    };
    View::Table {
        label: "The first step of five weights".into(),
        columns,
        rows: (0..WEIGHTS.len()).map(row).collect(),
    }
}
