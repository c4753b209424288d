//! Write the six kernels in the page; the lesson's checks judge them on the reader's GPU.

use demo::control::Wgsl;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use gpu_training::{Job, KERNEL_LAB, Lies, STUBS, Wanted};
use page::Lab;

const fn lab(at: usize, example: &'static str) -> Lab {
    let (kernel, default) = STUBS[at];
    let source = Wgsl { name: "source", label: "The kernel, in WGSL", default };
    Lab { source, judged_by: KERNEL_LAB, kernel, example }
}

/// A lab.
macro_rules! demo {
    ($at:literal, $slug:literal, $title:literal, $example:literal, $job:expr) => {
        Demo {
            name: $slug,
            title: $title,
            lesson: "gpu-training",
            has_yours: false,
            device: Device::CpuOrGpu,
            start: Start::OnRun,
            controls: || lab($at, $example).controls(),
            run: demo::run(|cx| run(cx, lab($at, $example), $job)),
        }
    };
}

/// In the order of the page.
pub fn demos() -> [Demo; 6] {
    [
        demo!(
            0,
            "matmul-strided-kernel-lab",
            "Kernel lab: products of matrices as they lie",
            "a matrix that lies transposed, times one that does not",
            Job::product([3, 4, 2], [Lies::Columns, Lies::Rows], true, 1)
        ),
        demo!(
            1,
            "gelu-backward-kernel-lab",
            "Kernel lab: back through GELU",
            "five numbers, each with a slope of 1",
            Job::gelu_at(&[-3.0, -0.5, 0.0, 1.0, 30.0], &[1.0; 5])
        ),
        demo!(
            2,
            "layer-norm-backward-kernel-lab",
            "Kernel lab: back through layer norm",
            "two rows of three numbers",
            Job::norm([2, 3], 1)
        ),
        demo!(
            3,
            "layer-norm-parameters-backward-kernel-lab",
            "Kernel lab: gain and shift",
            "four rows of three numbers",
            Job::norm_parameters([4, 3], 1)
        ),
        demo!(
            4,
            "attention-backward-kernel-lab",
            "Kernel lab: back through attention",
            "three tokens and one head of two numbers",
            Job::attention([1, 3, 1, 2], 2.0, 1)
        ),
        demo!(
            5,
            "embedding-backward-kernel-lab",
            "Kernel lab: back to the embeddings",
            "five tokens of a vocabulary of four",
            Job::embedding([5, 4, 2], 1)
        ),
    ]
}

async fn run(cx: Context, lab: Lab, job: Job) -> Result<(), DemoError> {
    let wanted = table(&job, None);
    lab.run(&cx, wanted, async |gpu, source| {
        let outputs = job.run(gpu, source).await?;
        Ok(table(&job, Some(&outputs)))
    })
    .await
}

/// What has to come out, number by number, and what did.
fn table(job: &Job, outputs: Option<&[Vec<f32>]>) -> View {
    let mut columns = vec!["number".to_owned(), "wanted".into()];
    columns.extend(outputs.map(|_| "your kernel".into()));
    let mut rows = Vec::new();
    for (at, Wanted { name, shape, numbers }) in job.wanted.iter().enumerate() {
        for (i, &[want, _]) in numbers.iter().enumerate() {
            let mut place = Vec::new();
            let mut rest = i;
            for &axis in shape.iter().rev() {
                place.insert(0, rest % axis);
                rest /= axis;
            }
            let mut cells = vec![Cell::from(format!("{name}{place:?}")), number(want)];
            cells.extend(outputs.map(|outputs| number(f64::from(outputs[at][i]))));
            rows.push(cells);
        }
    }
    View::Table { label: job.what.clone(), columns, rows }
}

fn number(x: f64) -> Cell {
    Cell::Number(format::number(grading::numbers::settled(x)))
}
