//! The same training twice: on the CPU, and on the reader's GPU.

use demo::control::{Choice, Slider, Typed};
use demo::format::{count, counted};
use demo::{Backend, Cell, Context, Demo, DemoError, Device, Line, Start, View};
use gpu_training::{CpuTrainer, GpuTrainer, Letters, SOLUTION, Update};
use grading::numbers::{settled, short};
use optimizers::AdamW;
use page::speed::three;

const STEPS: Slider = Slider::new("steps", "Steps", 30.0, [5.0, 100.0], 5.0);
const UPDATE: Choice = Choice::new("update", "Optimizer", &[("adamw", "AdamW"), ("sgd", "SGD")]);
const TEXTS: usize = 4;
const SEQ: usize = 16;
/// Steps on the GPU between two looks at the loss.
const EVERY: usize = 5;
/// Steps that are timed, in one go; of a software adapter, which is slower, fewer.
const TIMED: [usize; 2] = [20, 5];

pub fn demo() -> Demo {
    Demo {
        name: "gpu-training",
        title: "The same training on CPU and GPU",
        lesson: "gpu-training",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || vec![STEPS.control(), UPDATE.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let steps = cx.get(&STEPS)? as usize;
    let update = match cx.get(&UPDATE)? {
        "sgd" => Update::Sgd { lr: 0.5 },
        _ => Update::AdamW { settings: AdamW { lr: 1e-2, ..AdamW::default() }, weight_decay: 0.1 },
    };
    let letters = Letters::of_tinytown();
    let model = letters.model(SEQ);
    let blind = (letters.alphabet.len() as f64).ln();
    let mut cpu = CpuTrainer::new(model.clone(), update);
    let mut losses = Vec::new();
    for step in 0..steps {
        if step % EVERY == 0 {
            cx.progress("training on the CPU", step as u64, steps as u64).await?;
        }
        let (ids, labels) = letters.batch(TEXTS, SEQ, step as u64);
        losses.push(cpu.step(&ids, &labels, SEQ));
    }
    let points = losses.iter().enumerate().map(|(x, &y)| (x as f64, settled(y))).collect();
    let lines = vec![
        Line { name: "the model".into(), points },
        Line { name: "a blind guess".into(), points: vec![(0.0, blind), (steps as f64, blind)] },
    ];
    let last = short(losses[steps - 1], 2);
    let summary = format!(
        "After {}, a letter of Tinytown costs {last} nats; a blind guess costs {}.",
        counted(steps, "step"),
        short(blind, 2)
    );
    let mut views = vec![View::Lines {
        label: format!(
            "Trained on the CPU: {} parameters, {TEXTS} texts of {SEQ} letters a step",
            count(model.parameters.len())
        ),
        x_label: "step".into(),
        y_label: "loss, nats a letter".into(),
        lines,
    }];
    cx.show(summary.clone(), &views);
    let measured = match cx.backend() {
        Backend::Cpu => vec![View::Prose(vec![
            "Nothing ran on a GPU yet. In a browser with WebGPU, press Run: the same model reads the \
             same batches on your GPU, by the kernels of this page, and you see its losses beside \
             those above and how many steps a second each of the two makes."
                .into(),
        ])],
        Backend::Gpu => on_gpu(&cx, &letters, &model, update, &losses).await?,
    };
    views.push(View::Measured(measured));
    cx.show(summary, &views);
    Ok(())
}

/// Trains on the GPU, then times both.
async fn on_gpu(
    cx: &Context,
    letters: &Letters,
    model: &small_gpt::Model,
    update: Update,
    of_cpu: &[f64],
) -> Result<Vec<View>, DemoError> {
    let steps = of_cpu.len();
    cx.progress("compiling the kernels", 0, steps as u64).await?;
    let gpu = gpu::shared().await?;
    let mut trainer = GpuTrainer::new(&gpu, model, [TEXTS, SEQ], update, &SOLUTION).await?;
    let mut rows = Vec::new();
    let mut furthest = 0.0_f64;
    for (step, &want) in of_cpu.iter().enumerate() {
        let (ids, labels) = letters.batch(TEXTS, SEQ, step as u64);
        trainer.step(&ids, &labels);
        if step % EVERY == 0 || step + 1 == steps {
            let loss = trainer.loss().await?;
            furthest = furthest.max((loss - want).abs());
            let numbers = [want, loss].map(|loss| Cell::Number(short(loss, 4)));
            rows.push([vec![Cell::Number(step.to_string())], numbers.to_vec()].concat());
            cx.progress("training on the GPU", step as u64, steps as u64).await?;
        }
    }
    let (ids, labels) = letters.batch(TEXTS, SEQ, 0);
    let timed = TIMED[usize::from(gpu.is_fallback())];
    let start = gpu::now();
    for _ in 0..timed {
        trainer.step(&ids, &labels);
    }
    trainer.loss().await?;
    let of_gpu = timed as f64 / (gpu::now() - start).max(1e-6);
    let mut cpu = CpuTrainer::new(model.clone(), update);
    let start = gpu::now();
    for _ in 0..timed {
        cpu.step(&ids, &labels, SEQ);
    }
    let by_cpu = timed as f64 / (gpu::now() - start).max(1e-6);
    let adapter = if gpu.name().is_empty() { "not named by the browser" } else { gpu.name() };
    let kind =
        if gpu.is_fallback() { " It is software: your CPU stands in for a GPU." } else { "" };
    let row = |name: &str, value: String| vec![Cell::from(name), Cell::Number(value)];
    Ok(vec![
        View::Table {
            label: "The loss of a step, on the CPU and on your GPU".into(),
            columns: ["step", "CPU", "GPU"].map(Into::into).into(),
            rows,
        },
        View::Table {
            label: "Steps a second".into(),
            columns: ["", "steps/s"].map(Into::into).into(),
            rows: vec![
                row("CPU, one thread", three(by_cpu)),
                row("GPU, one submission a step", three(of_gpu)),
            ],
        },
        View::Prose(vec![
            format!(
                "The two losses are never further apart than {}. A step on the GPU has {} \
                 dispatches.",
                three(furthest),
                trainer.dispatches()
            ),
            format!("Your adapter: {adapter}.{kind}"),
        ]),
    ])
}
