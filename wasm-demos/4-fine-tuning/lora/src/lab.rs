//! Write the kernel in the page; the lesson's checks judge it on the reader's GPU.

use demo::control::Wgsl;
use demo::{Context, Demo, DemoError, Device, Start, View};
use grading::numbers::settled;
use lora::solution::lora_forward;
use lora::{KERNEL_LAB, LORA_STUB, LoraLinear, run_lora};
use page::Lab;

const SOURCE: Wgsl = Wgsl { name: "source", label: "The kernel, in WGSL", default: LORA_STUB };
const LAB: Lab = Lab {
    source: SOURCE,
    judged_by: KERNEL_LAB,
    kernel: "lora",
    example: "two rows of three numbers",
};

/// One output a column.
const PAIR: LoraLinear<'static> = LoraLinear {
    inputs: 3,
    outputs: 4,
    rank: 2,
    scale: 0.5,
    a: &[1.0, 0.0, -1.0, 2.0, 1.0, 0.0],
    b: &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0, -2.0, 0.5],
};
const X: [f32; 6] = [1.0, 2.0, 3.0, -1.0, 0.0, 4.0];
const FROZEN: [f32; 8] = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0];

pub fn demo() -> Demo {
    Demo {
        name: "lora-kernel-lab",
        title: "Kernel lab: what LoRA adds",
        lesson: "lora",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || LAB.controls(),
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let mut y = FROZEN;
    lora_forward(&PAIR, &X, &mut y)?;
    LAB.run(&cx, rows("y as it has to be; it held 10, 20, … 80", &y), async |gpu, source| {
        let mut y = FROZEN.to_vec();
        run_lora(gpu, source, &PAIR, &X, &mut y).await?;
        Ok(rows("y as your kernel leaves it; it held 10, 20, … 80", &y))
    })
    .await
}

fn rows(label: &str, y: &[f32]) -> View {
    View::Matrix {
        label: label.into(),
        rows: ["row 0", "row 1"].map(String::from).into(),
        columns: (0..4).map(|j| j.to_string()).collect(),
        values: y.iter().map(|&y| settled(y.into())).collect(),
    }
}
