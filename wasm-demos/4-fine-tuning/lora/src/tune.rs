//! Buddy learns a task by LoRA, in the page, beside full fine-tuning.

use demo::control::{Choice, File, Slider, Typed};
use demo::format::{count, counted};
use demo::{Backend, Cell, Context, Demo, DemoError, Device, Line, Offer, Start, View};
use gpu::Gpu;
use grading::numbers::{percent, settled, short};
use lora::{Answers, Lora, Settings};
use peft::{CONFIG, WEIGHTS};
use pocket_buddy::read_weights;
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Layer, Model};

use crate::kept::{self, FULL_PEAK};
use crate::saved;
use crate::texts::{self, TEXTS};
use crate::trainer::Trainer;
use crate::tuning::{Example, HELD_OUT, LOOKS, Learns, Look, Run, Task};

const ASSETS: &[&str] = &["buddy/model.safetensors", TEXTS];

const LEARNS: Choice =
    Choice::new("learns", "What learns", &[("lora", "LoRA"), ("all", "every weight of Buddy")]);
const STEPS: Slider = Slider::new("steps", "Steps", 80.0, [40.0, 320.0], 40.0);
const RANK: Slider = Slider::new("rank", "Rank r", 8.0, [1.0, 32.0], 1.0);
const ALPHA: Slider = Slider::new("alpha", "Alpha", 16.0, [1.0, 64.0], 1.0);
const TARGETS: Choice = Choice::new(
    "targets",
    "Layers with a pair",
    &[
        ("attn", "attn.c_attn"),
        ("attention", "both of attention"),
        ("mlp", "both of the feed-forward network"),
        ("all", "all four of a block"),
    ],
);
const ADAPTER_CONFIG: File =
    File::new("config", "A saved adapter: adapter_config.json", ".json", 1 << 16);
const ADAPTER: File =
    File::new("weights", "and its adapter_model.safetensors", ".safetensors", 4 << 20);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "lora-tune",
        title: "Fine-tune Buddy with LoRA",
        lesson: "lora",
        has_yours: true,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || {
            vec![
                LEARNS.control(),
                STEPS.control(),
                RANK.control(),
                ALPHA.control(),
                TARGETS.control(),
                ADAPTER_CONFIG.control(),
                ADAPTER.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers))
            .with_assets(ASSETS)
            .tried_with(&[("steps", "40")]),
    }
}

fn targets(choice: &str) -> (Vec<Layer>, f64) {
    match choice {
        "attn" => (vec![Layer::Attn], 0.01),
        "attention" => (vec![Layer::Attn, Layer::AttnProj], 0.005),
        "mlp" => (vec![Layer::Fc, Layer::FcProj], 0.005),
        _ => (Layer::ALL.to_vec(), 0.005),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let steps = cx.get(&STEPS)? as usize;
    let (targets, peak) = targets(cx.get(&TARGETS)?);
    let settings = Settings {
        rank: cx.get(&RANK)? as usize,
        alpha: cx.get(&ALPHA)?,
        rank_stabilized: false,
        targets,
    };
    let is_full = cx.get(&LEARNS)? == "all";
    let saved = (cx.file(&ADAPTER_CONFIG), cx.file(&ADAPTER));
    cx.progress("fetching Buddy", 0, 0).await?;
    let [weights, task] = [cx.asset(ASSETS[0]).await?, cx.asset(ASSETS[1]).await?];
    let sizes = kept::SIZES;
    let model = read_weights(sizes, &weights)?;
    let task = texts::read(&task).map_err(DemoError::Other)?;
    let (learns, steps) = match saved {
        (Some(config), Some(weights)) => {
            let lora = saved::read(answers, [&config.1, &weights.1], sizes);
            (Learns::Lora(lora.map_err(|why| DemoError::input(ADAPTER.name, why))?), 0)
        }
        (Some(_), None) => return Err(missing(&ADAPTER)),
        (None, Some(_)) => return Err(missing(&ADAPTER_CONFIG)),
        (None, None) if is_full => (Learns::Everything, steps),
        (None, None) => {
            let mut rng = StdRng::seed_from_u64(1);
            (Learns::Lora(Lora::new(answers, sizes, settings, &mut rng)?), steps)
        }
    };
    let peak = if is_full { FULL_PEAK } else { peak };
    let (all, run) = (model.parameters.len(), Run::new(model, learns, steps, peak));
    let (first, numbers) = (run.look(&task), run.numbers());
    // A new pair changes nothing: what is there before the first step is Buddy alone.
    let base = match steps {
        0 => Run::new(run.model.clone(), Learns::Everything, 1, 0.0).look(&task),
        _ => first.clone(),
    };
    let mut board = Board { steps, numbers, all, looks: vec![first], base, is_full };
    let gpu = match cx.backend() {
        Backend::Gpu => Some(gpu::shared().await?),
        Backend::Cpu => None,
    };
    let is_program = gpu.as_ref().is_some_and(Gpu::is_fallback);
    let mut trainer = match gpu {
        Some(gpu) if steps > 0 && !is_full && !is_program => {
            cx.show(board.verdict(), &board.views(&[]));
            cx.progress("preparing your GPU", 0, 0).await?;
            Trainer::on_gpu(&gpu, run, (answers.lora_wgsl)(), &task).await?
        }
        _ => Trainer::on_cpu(run),
    };
    for at in 1..=if steps == 0 { 0 } else { LOOKS } {
        cx.show(board.verdict(), &board.views(&[]));
        for step in steps * (at - 1) / LOOKS..steps * at / LOOKS {
            cx.progress("training", step as u64, steps as u64).await?;
            if !trainer.step(&task).await?.is_finite() {
                let what = "The loss is no finite number any more: lower alpha, or raise the rank.";
                return Err(DemoError::Other(what.into()));
            }
        }
        board.looks.push(trainer.look(&task).await?);
    }
    let dispatches = trainer.dispatches();
    let run = trainer.finish().await?;
    let mut views = board.views(&[board.answers(&task)]);
    if cx.backend() == Backend::Gpu {
        views.push(View::Measured(vec![View::Prose(vec![by_whom(dispatches, is_program)])]));
    }
    cx.show(board.verdict(), &views);
    match &run.learns {
        Learns::Lora(lora) => offer(&cx, lora, &run.model),
        Learns::Everything => Ok(()),
    }
}

/// Who trained, where a GPU was asked for.
fn by_whom(dispatches: Option<usize>, is_program: bool) -> String {
    match dispatches {
        Some(dispatches) => format!(
            "Your GPU trained: each step was {}, sent together, this page’s kernel among them once \
             for every pair.",
            counted(dispatches, "run of a kernel"),
        ),
        None if is_program => {
            "Your CPU did this: what answers to WebGPU here is a program that runs on it, too, and \
             is far slower."
        }
        .into(),
        None => "Your CPU did this: the GPU only trains LoRA’s pairs.".into(),
    }
}

fn missing(control: &File) -> DemoError {
    DemoError::input(control.name, "An adapter is two files: choose this one, too.")
}

/// What was seen so far.
struct Board {
    steps: usize,
    numbers: usize,
    /// How many numbers Buddy has.
    all: usize,
    looks: Vec<Look>,
    /// Buddy as it was pre-trained.
    base: Look,
    is_full: bool,
}

impl Board {
    fn verdict(&self) -> String {
        let (base, Some(last)) = (&self.base, self.looks.last()) else { return String::new() };
        let after = match self.steps {
            0 => "With the loaded adapter".into(),
            _ => format!("After {}", counted(last.step, "step")),
        };
        format!(
            "{after}, {} of {HELD_OUT} held-out answers are right; Buddy alone has {}. Their loss is \
             {} instead of {} nats.",
            last.right,
            base.right,
            short(last.loss, 2),
            short(base.loss, 2),
        )
    }

    /// What was seen, and more of the same training.
    fn views(&self, more: &[View]) -> Vec<View> {
        let points = |looks: &[Look]| {
            looks.iter().map(|look| (look.step as f64, settled(look.loss))).collect()
        };
        let name = if self.is_full { "this run" } else { "LoRA" };
        let mut lines = vec![Line { name: name.into(), points: points(&self.looks) }];
        let full = kept::full(self.steps);
        if !full.is_empty() {
            lines.push(Line { name: "every weight, kept".into(), points: points(&full) });
        }
        let row = |name: &str, numbers: usize, look: &Look| {
            let share = percent(numbers as f64 / self.all as f64, 2);
            let told = [count(numbers), share, short(look.loss, 2), look.right.to_string()];
            [vec![name.into()], told.map(Cell::Number).to_vec()].concat()
        };
        let mut rows = vec![row("Buddy alone", 0, &self.base)];
        rows.extend(self.looks.last().map(|look| row(name, self.numbers, look)));
        rows.extend(full.last().map(|look| row("every weight, kept", self.all, look)));
        let mut views = vec![View::Table {
            label: format!("On {HELD_OUT} held-out texts, at the end"),
            columns: ["", "learn", "share", "loss", "right"].map(String::from).into(),
            rows,
        }];
        if self.steps > 0 {
            views.insert(
                0,
                View::Lines {
                    label: "Loss of held-out answers".into(),
                    x_label: "step".into(),
                    y_label: "nats an answer".into(),
                    lines,
                },
            );
        }
        views.extend_from_slice(more);
        vec![View::Trained(views)]
    }

    /// Some of the texts, with what Buddy says before and after.
    fn answers(&self, task: &Task) -> View {
        let said = |look: &Look, i: usize| {
            look.says_good.get(i).map_or("", |good| if *good { "good" } else { "bad" }).into()
        };
        let last = self.looks.last().unwrap_or(&self.base);
        // Those that changed first.
        let all = 0..task.held_out.len();
        let (changed, same): (Vec<usize>, Vec<usize>) =
            all.partition(|&i| self.base.says_good.get(i) != last.says_good.get(i));
        let row = |&i: &usize| {
            let Example { text, is_good, .. } = &task.held_out[i];
            let meant = if *is_good { "good" } else { "bad" };
            vec![text.as_str().into(), meant.into(), said(&self.base, i), said(last, i)]
        };
        View::Table {
            label: "“It was …”: good or bad?".into(),
            columns: ["Text", "meant", "before", "after"].map(String::from).into(),
            rows: changed.iter().chain(&same).take(6).map(row).collect(),
        }
    }
}

/// The adapter in PEFT's two files, for the reader to save.
fn offer(cx: &Context, lora: &Lora, model: &Model) -> Result<(), DemoError> {
    let (config, weights) = saved::written(lora, model.sizes)?;
    cx.offer(&Offer { name: CONFIG, label: "what the adapter is", bytes: config.as_bytes() });
    cx.offer(&Offer { name: WEIGHTS, label: "its numbers", bytes: &weights });
    Ok(())
}
