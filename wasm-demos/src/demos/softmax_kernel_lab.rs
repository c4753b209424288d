// Write the softmax kernel in the page; the lesson's own checks judge it on the reader's GPU.

use candle_core::{Device as CandleDevice, Tensor};
use demo::control::{Typed, Wgsl};
use demo::{Backend, Cell, Context, Demo, DemoError, Device, Start, View, format};
use gpu::GpuError;
use grading::{Check, CheckResult, KernelCheck, Part, Run, Sheet};
use softmax_sampling::SoftmaxKernel;

const SOURCE: Wgsl = Wgsl {
    name: "source",
    label: "The kernel, in WGSL",
    default: include_str!(
        "../../../exercises/1-basics/softmax-sampling/kernels/exercise/softmax.wgsl"
    ),
};

/// Two rows to look at: one to follow by hand, one that overflows without care.
const ROWS: usize = 2;
const COLS: usize = 4;
const X: [f32; ROWS * COLS] = [2.0, 1.0, 0.0, -1.0, 1000.0, 999.0, 1001.0, 998.0];

pub fn demo() -> Demo {
    Demo {
        name: "softmax-kernel-lab",
        title: "Kernel lab: softmax in WGSL",
        lesson: "softmax-sampling",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || vec![SOURCE.control()],
        run: |cx| Box::pin(run(cx)),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let source = cx.get(&SOURCE)?;
    match cx.backend() {
        Backend::Cpu => without_gpu(&cx),
        Backend::Gpu => judge(&cx, &source).await,
    }
}

/// What can be shown where no kernel runs.
fn without_gpu(cx: &Context) -> Result<(), DemoError> {
    let how = "A kernel needs a GPU. In a browser with WebGPU, press Run: your kernel is compiled, \
               run on these two rows, and graded by the lesson's checks. On the command line, \
               “cargo study grade softmax-sampling” runs the same checks on your file \
               kernels/exercise/softmax.wgsl.";
    cx.show(
        "No kernel was run. The table shows what it has to compute.",
        &[table(&[("softmax", &reference()?)]), View::Prose(vec![how.into()])],
    );
    Ok(())
}

async fn judge(cx: &Context, source: &str) -> Result<(), DemoError> {
    let lab = softmax_sampling::kernel_lab();
    let checks: Vec<(&Check, KernelCheck)> = lab
        .checks
        .iter()
        .filter_map(|check| match check.run {
            Run::Kernel { check: judge, .. } => Some((check, judge)),
            Run::Cpu(_) => None,
        })
        .collect();
    let steps = checks.len() as u64 + 1;

    cx.progress("compiling the kernel", 0, steps).await?;
    let gpu = gpu::shared().await?;
    let kernel = match SoftmaxKernel::compile(&gpu, source).await {
        Ok(kernel) => kernel,
        Err(GpuError::Compile(errors)) => {
            show_errors(cx, errors);
            return Ok(());
        }
        Err(GpuError::Invalid(why)) => {
            return Err(DemoError::input(SOURCE.name, format!("It does not fit the lesson: {why}")));
        }
        Err(error) => return Err(error.into()),
    };
    let output = kernel.run(&X, ROWS, COLS).await?;
    let output = table(&[("your kernel", &output), ("softmax", &reference()?)]);

    cx.show("The kernel compiles and runs. The checks follow.", std::slice::from_ref(&output));

    let mut results = Vec::new();
    for ((check, judge), done) in checks.into_iter().zip(1..) {
        cx.progress(check.title, done, steps).await?;
        results.push(CheckResult::new(check, &judge(source.to_owned()).await));
    }
    let sheet = Sheet::new(lab.lesson, Part::Checks, lab.hash, results);
    let summary = format!("Your kernel has {} of {} points.", sheet.points, sheet.max_points);
    cx.show(summary, &[View::Score(sheet.clone()), output]);
    cx.score(sheet);
    Ok(())
}

/// Errors shown: the first often causes the others.
const MOST_ERRORS: usize = 3;

fn show_errors(cx: &Context, errors: Vec<gpu::Diagnostic>) {
    let count = errors.len();
    let messages: Vec<(u32, u32, String)> =
        errors.into_iter().take(MOST_ERRORS).map(|e| (e.line, e.column, e.message)).collect();
    let mut summary = match messages.first() {
        Some((line, column, message)) => {
            format!("The kernel does not compile. Line {line}, column {column}: {message}")
        }
        None => "The kernel does not compile.".into(),
    };
    if count > 1 {
        let all = format::count(count);
        summary += &format!(" The compiler found {all} errors; the first may cause the others.");
    }
    cx.show(summary, &[View::Diagnostics { control: SOURCE.name.into(), messages }]);
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
