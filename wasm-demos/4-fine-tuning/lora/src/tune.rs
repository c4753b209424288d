//! Buddy learns a task by LoRA, in the page, beside full fine-tuning.

use std::sync::Mutex;

use demo::control::{Choice, File, Slider, Typed};
use demo::format::{count, counted};
use demo::{Backend, Cell, Context, Demo, DemoError, Device, Line, Offer, Start, View};
use grading::numbers::{percent, settled, short};
use lora::{Answers, Lora, Settings, run_lora};
use page::speed::three;
use peft::{CONFIG, WEIGHTS};
use pocket_buddy::read_weights;
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Layer, Linear, Model, Pass, Place, Portable, Products, Tuning};

use crate::kept::{self, FULL_PEAK};
use crate::saved;
use crate::texts::{self, TEXTS};
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
    let mut run = Run::new(model, learns, steps, peak);
    let first = run.look(&task);
    // A new pair changes nothing: what is there before the first step is Buddy alone.
    let base = match steps {
        0 => Run::new(run.model.clone(), Learns::Everything, 1, 0.0).look(&task),
        _ => first.clone(),
    };
    let all = run.model.parameters.len();
    let looks = vec![first];
    let mut board = Board { steps, numbers: run.numbers(), all, looks, base, is_full };
    for at in 1..=if steps == 0 { 0 } else { LOOKS } {
        cx.show(board.verdict(), &board.views());
        for step in steps * (at - 1) / LOOKS..steps * at / LOOKS {
            cx.progress("training", step as u64, steps as u64).await?;
            if !run.step(&task).is_finite() {
                let what = "The loss is no finite number any more: lower alpha, or raise the rank.";
                return Err(DemoError::Other(what.into()));
            }
        }
        board.looks.push(run.look(&task));
    }
    let mut views = board.views();
    views.push(board.answers(&task));
    cx.show(board.verdict(), &views);
    if let Learns::Lora(lora) = &run.learns {
        offer(&cx, lora, &run.model)?;
        if cx.backend() == Backend::Gpu {
            let measured = on_gpu(&cx, answers, lora, &run.model, &task).await?;
            views.push(View::Measured(measured));
            cx.show(board.verdict(), &views);
        }
    }
    Ok(())
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

    fn views(&self) -> Vec<View> {
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
        views
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

/// What a layer read, listened to on the way forward.
struct Listening<'a> {
    lora: &'a Lora,
    heard: Mutex<Vec<(Place, Vec<f32>)>>,
}

impl Tuning for Listening<'_> {
    fn len(&self) -> usize {
        0
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        if let Ok(mut heard) = self.heard.lock() {
            heard.push((layer.place, layer.x.to_vec()));
        }
        self.lora.linear(layer, y, products);
    }
}

/// Runs the lesson's kernel for every pair on the reader's GPU, and compares with the CPU.
async fn on_gpu(
    cx: &Context,
    answers: Answers,
    lora: &Lora,
    model: &Model,
    task: &Task,
) -> Result<Vec<View>, DemoError> {
    cx.progress("the same pairs on the GPU", 0, 0).await?;
    let gpu = gpu::shared().await?;
    let listening = Listening { lora, heard: Mutex::default() };
    let ids = &task.held_out[0].ids;
    Pass::default().forward_tuned(model, &listening, ids, ids.len(), &mut Portable::default());
    let heard = listening.heard.into_inner().unwrap_or_default();
    let (mut pairs, mut furthest, mut largest) = (0, 0.0_f32, 0.0_f32);
    for (place, x) in &heard {
        let Some(pair) = lora.pair(*place) else { continue };
        let mut by_cpu = vec![0.0; ids.len() * pair.outputs];
        let mut by_gpu = by_cpu.clone();
        (answers.lora_forward)(&pair, x, &mut by_cpu)?;
        run_lora(&gpu, (answers.lora_wgsl)(), &pair, x, &mut by_gpu).await?;
        for (a, b) in by_cpu.iter().zip(&by_gpu) {
            furthest = furthest.max((a - b).abs());
            largest = largest.max(a.abs());
        }
        pairs += 1;
        cx.progress("the same pairs on the GPU", pairs, heard.len() as u64).await?;
    }
    Ok(vec![View::Prose(vec![format!(
        "Your CPU trained; your GPU then ran the kernel of this page for {}, on the {} of a held-out \
         text. What it adds is up to {} in size, and never further from what the CPU adds than {}.",
        counted(pairs as usize, "pair"),
        counted(ids.len(), "token"),
        three(largest.into()),
        three(furthest.into()),
    )])])
}
