//! A model reads tokens on the reader's GPU, in one dispatch each or in many; the page tells the time.

use demo::control::{Choice, Slider, Typed};
use demo::format::{count, counted};
use demo::{Backend, Cell, Context, Demo, DemoError, Device, Start, View};
use fused_decode::cost::step_bytes;
use fused_decode::example::Reader;
use fused_decode::solution::{decode_step_wgsl, plan};
use fused_decode::{Handing, ManyDispatches, Model, OneDispatch, Precision};
use gpt::Config;
use grading::numbers::short;

const WAY: Choice = Choice::new(
    "way",
    "A token is",
    &[
        ("one", "one dispatch"),
        ("together", "many dispatches, submitted together"),
        ("apart", "many dispatches, submitted one by one"),
    ],
);
const WIDTH: Choice = Choice::new(
    "width",
    "Numbers a vector",
    &[("32", "32"), ("64", "64"), ("128", "128: Buddy's")],
);
const STORED: Choice = Choice::new("stored", "Weights in", &[("32", "32 bits"), ("16", "16 bits")]);
const TOKENS: Slider = Slider::new("tokens", "Tokens to read", 64.0, [1.0, 128.0], 1.0);

/// So many logits are shown.
const SHOWN: usize = 5;

pub fn demo() -> Demo {
    Demo {
        name: "one-dispatch-or-many",
        title: "One dispatch a token, or many",
        lesson: "fused-decode",
        has_yours: false,
        device: Device::CpuOrGpu,
        start: Start::OnRun,
        controls: || vec![WAY.control(), WIDTH.control(), STORED.control(), TOKENS.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (way, tokens) = (cx.get(&WAY)?, cx.get(&TOKENS)? as usize);
    let n_embd = if cx.get(&WIDTH)? == "32" {
        32
    } else if cx.get(&WIDTH)? == "64" {
        64
    } else {
        128
    };
    let precision = if cx.get(&STORED)? == "16" { Precision::F16 } else { Precision::F32 };
    let config = Config { n_embd, ..gpt::buddy() };
    let model = Model::drawn(config, 0.2, 3);
    let config = &model.config;
    // Any tokens will do.
    let ids: Vec<u32> = (0..tokens).map(|i| (i * 37 % config.vocab_size) as u32).collect();

    cx.progress("reading", 0, 0).await?;
    let logits = match cx.backend() {
        Backend::Cpu => {
            let mut reader = Reader::new(&model, precision);
            let mut logits = Vec::new();
            for (position, &id) in ids.iter().enumerate() {
                logits = reader.step(id as usize, position);
            }
            logits
        }
        Backend::Gpu => on_gpu(way, &model, precision, &ids).await?,
    };

    let launches = plan(config);
    let [dispatches, submissions, workgroups] = match way {
        "one" => [1, 1, 1],
        way => {
            let submissions = if way == "apart" { launches.len() } else { 1 };
            [launches.len(), submissions, launches.iter().map(|launch| launch.workgroups).sum()]
        }
    };
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    let row = |name: &str, value: String| vec![Cell::from(name), Cell::Number(value)];
    let kilobytes = step_bytes(config, precision, tokens - 1) / 1e3;
    let views = [
        View::Table {
            label: "A token".into(),
            columns: ["", "this way"].map(Into::into).into(),
            rows: vec![
                row("dispatches", dispatches.to_string()),
                row("submissions", submissions.to_string()),
                row("workgroups, in all", workgroups.to_string()),
                row("KB of weights, keys and values", count(kilobytes.round() as usize)),
            ],
        },
        View::Table {
            label: "The highest logits after the last token".into(),
            columns: ["token", "logit"].map(Into::into).into(),
            rows: order
                .iter()
                .take(SHOWN)
                .map(|&v| row(&v.to_string(), short(logits[v], 4)))
                .collect(),
        },
    ];
    cx.show(
        format!(
            "{} read. Each is {} in {}, and reads {} KB or less of weights, keys and values.",
            counted(tokens, "token"),
            if dispatches == 1 { "1 dispatch".into() } else { format!("{dispatches} dispatches") },
            counted(submissions, "submission"),
            count(kilobytes.round() as usize)
        ),
        &views,
    );
    Ok(())
}

/// Reads all tokens, and only then asks for the logits.
async fn on_gpu(
    way: &str,
    model: &Model,
    precision: Precision,
    ids: &[u32],
) -> Result<Vec<f64>, DemoError> {
    let gpu = gpu::shared().await?;
    let logits = if way == "one" {
        let one = OneDispatch::new(&gpu, decode_step_wgsl(), model, precision).await?;
        for (position, &id) in ids.iter().enumerate() {
            one.step(id, position)?;
        }
        one.logits().await?
    } else {
        let handing = if way == "apart" { Handing::OneByOne } else { Handing::Together };
        let many = ManyDispatches::new(&gpu, model, precision).await?;
        for (position, &id) in ids.iter().enumerate() {
            many.step(id, position, handing)?;
        }
        many.logits().await?
    };
    Ok(logits.into_iter().map(f64::from).collect())
}
