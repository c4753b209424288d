//! Write the two kernels in the page; the lesson's own checks judge them on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use normalization_and_activations::{
    KERNEL_LAB, RMS_NORM_STUB, SWIGLU_STUB, run_rms_norm, run_swiglu, solution,
};
use page::Lab;

use crate::row;

/// Two rows to look at: one to follow by hand, one that ε keeps small.
const COLS: usize = 4;
const X: [f32; 2 * COLS] = [1.0, 3.0, 4.0, 8.0, 0.001, -0.001, 0.0, 0.002];
const GAMMA: [f32; COLS] = [1.0, 1.0, 1.0, 0.5];
const EPS: f32 = 1e-5;

/// Gates that are shut, half open, open, and two that overflow without care.
const GATE: [f32; 6] = [-3.0, 0.0, 1.0, 3.0, -200.0, 200.0];
const UP: [f32; 6] = [2.0, 2.0, 2.0, 2.0, 2.0, 2.0];

const RMS_NORM: Lab = lab("rms_norm", RMS_NORM_STUB, "these two rows");
const SWIGLU: Lab = lab("swiglu", SWIGLU_STUB, "these six numbers");

const fn lab(kernel: &'static str, default: &'static str, example: &'static str) -> Lab {
    let source = Wgsl { name: "source", label: "The kernel, in WGSL", default };
    Lab { source, judged_by: KERNEL_LAB, kernel, example }
}

pub fn rms_norm() -> Demo {
    Demo {
        name: "rms-norm-kernel-lab",
        title: "Kernel lab: RMSNorm by rows",
        lesson: "normalization-and-activations",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || RMS_NORM.controls(),
        run: demo::run(run_rms_norm_lab),
    }
}

async fn run_rms_norm_lab(cx: Context) -> Result<(), DemoError> {
    let gamma = row(&GAMMA.map(f64::from))?;
    let mut wanted = Vec::new();
    for x in X.chunks(COLS) {
        let x: Vec<f64> = x.iter().map(|v| f64::from(*v)).collect();
        let y: Vec<f64> = solution::rms_norm(&row(&x)?, &gamma, EPS.into())?.to_vec1()?;
        wanted.extend(y.into_iter().map(|y| y as f32));
    }
    let table = |results: &[(&str, &[f32])]| rows_of(&[&[("x", &X[..])], results].concat());
    RMS_NORM
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let output = run_rms_norm(gpu, source, &X, &GAMMA, EPS).await?;
            Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
        })
        .await
}

/// The matrix and what became of it, row by row.
fn rows_of(results: &[(&str, &[f32])]) -> View {
    let mut columns = vec!["row".to_owned(), "of".to_owned()];
    columns.extend((0..COLS).map(|col| format!("column {col}")));
    let mut rows = Vec::new();
    for row in 0..X.len() / COLS {
        for (of, values) in results {
            let mut cells = vec![Cell::from(row.to_string()), Cell::from(*of)];
            cells.extend(values[row * COLS..(row + 1) * COLS].iter().map(number));
            rows.push(cells);
        }
    }
    let gamma: Vec<String> = GAMMA.iter().map(|v| format::number(f64::from(*v))).collect();
    let label = format!("Two rows through the kernel, gamma {}", gamma.join(", "));
    View::Table { label, columns, rows }
}

pub fn swiglu() -> Demo {
    Demo {
        name: "swiglu-kernel-lab",
        title: "Kernel lab: the gate of SwiGLU",
        lesson: "normalization-and-activations",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || SWIGLU.controls(),
        run: demo::run(run_swiglu_lab),
    }
}

async fn run_swiglu_lab(cx: Context) -> Result<(), DemoError> {
    let exact = solution::swiglu(&row(&GATE.map(f64::from))?, &row(&UP.map(f64::from))?)?;
    let wanted: Vec<f32> = exact.to_vec1::<f64>()?.into_iter().map(|y| y as f32).collect();
    let inputs: [(&str, &[f32]); 2] = [("gate", &GATE), ("up", &UP)];
    let table = |results: &[(&str, &[f32])]| {
        let mut columns = vec!["of".to_owned()];
        columns.extend((0..GATE.len()).map(|i| format!("number {i}")));
        let cells = |(of, values): &(&str, &[f32])| {
            let mut cells = vec![Cell::from(*of)];
            cells.extend(values.iter().map(number));
            cells
        };
        let rows = inputs.iter().chain(results).map(cells).collect();
        View::Table { label: "Six numbers through the gate".into(), columns, rows }
    };
    SWIGLU
        .run(&cx, table(&[("wanted", &wanted)]), async |gpu, source| {
            let output = run_swiglu(gpu, source, &GATE, &UP).await?;
            Ok(table(&[("your kernel", &output), ("wanted", &wanted)]))
        })
        .await
}

/// A number, of which −0 is 0.
fn number(v: &f32) -> Cell {
    Cell::Number(format::number(f64::from(*v) + 0.0))
}
