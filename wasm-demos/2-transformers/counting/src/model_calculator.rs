//! A model by its name or its sizes: parameters, operations, cache, training.

use counting::{
    Answers, Architecture, CountError, Family, Kept, Pairs, Positions, Sharded, Step, published,
};
use demo::control::{Choice, Number, Slider, Typed};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::{count, percent, short};

use crate::figures::ADAM;

const MODEL: Choice = Choice::new(
    "model",
    "Model",
    &[
        ("Llama 3.1 8B", "Llama 3.1 8B"),
        ("Llama 3.1 70B", "Llama 3.1 70B"),
        ("GPT-2 small", "GPT-2 small"),
        ("GPT-2 XL", "GPT-2 XL"),
        ("GPT-3 175B", "GPT-3 175B"),
        ("PaLM 8B", "PaLM 8B"),
        ("PaLM 540B", "PaLM 540B"),
        ("BERT base", "BERT base"),
        ("BERT large", "BERT large"),
        ("T5 base", "T5 base"),
        ("T5 11B", "T5 11B"),
        ("own", "my own, in the last six fields"),
    ],
);
const TOKENS: Slider =
    Slider::new("tokens", "Tokens of a text", 8192.0, [1024.0, 131_072.0], 1024.0);
const TEXTS: Slider = Slider::new("texts", "Texts at once", 1.0, [1.0, 64.0], 1.0);
const DEVICES: Number = Number::new("devices", "Devices that train", 8.0, [1.0, 10_000.0], 1.0);
const SHARDED: Choice = Choice::new(
    "sharded",
    "They share out",
    &[
        ("nothing", "nothing"),
        ("optimizer", "what the optimizer keeps"),
        ("gradients", "gradients, too"),
        ("weights", "weights, too"),
    ],
);
const LAYERS: Number = Number::new("layers", "Own: layers", 4.0, [1.0, 1000.0], 1.0);
const WIDTH: Number = Number::new("width", "Own: d_model", 128.0, [1.0, 100_000.0], 1.0);
const HEADS: Number = Number::new("heads", "Own: heads", 8.0, [1.0, 1024.0], 1.0);
const KV: Number = Number::new("kv", "Own: heads of keys and values", 8.0, [1.0, 1024.0], 1.0);
const INSIDE: Number = Number::new("inside", "Own: d_ff", 512.0, [1.0, 1_000_000.0], 1.0);
const VOCAB: Number = Number::new("vocab", "Own: tokens it knows", 512.0, [1.0, 1_000_000.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "model-calculator",
        title: "What a model costs",
        lesson: "counting",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            let own = [LAYERS, WIDTH, HEADS, KV, INSIDE, VOCAB].map(|number| number.control());
            let first = [
                MODEL.control(),
                TOKENS.control(),
                TEXTS.control(),
                DEVICES.control(),
                SHARDED.control(),
            ];
            first.into_iter().chain(own).collect()
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let name = cx.get(&MODEL)?;
    let architecture = match published().into_iter().find(|model| model.name == name) {
        Some(model) => model.architecture,
        None => own(&cx)?,
    };
    let [tokens, texts, devices] =
        [cx.get(&TOKENS)?, cx.get(&TEXTS)?, cx.get(&DEVICES)?].map(|n| n as u64);
    let sharded = match cx.get(&SHARDED)? {
        "optimizer" => Sharded::Optimizer,
        "gradients" => Sharded::Gradients,
        "weights" => Sharded::Weights,
        _ => Sharded::Nothing,
    };
    let recipe = counting::Recipe { devices, sharded, ..ADAM };
    let (views, summary) = show(answers, &architecture, tokens, texts, &recipe).map_err(problem)?;
    cx.show(summary, &views);
    Ok(())
}

fn problem(error: CountError) -> DemoError {
    DemoError::Other(error.to_string())
}

fn show(
    answers: Answers,
    architecture: &Architecture,
    tokens: u64,
    texts: u64,
    recipe: &counting::Recipe,
) -> Result<(Vec<View>, String), CountError> {
    let params = (answers.params)(architecture)?;
    let total = params.total()?;
    // What an encoder-decoder reads is as long as what it writes.
    let step = Step { texts: 1, source: tokens, tokens, past: 0, pairs: Pairs::Causal };
    let read = (answers.flops)(architecture, &step)?;
    let share = |n: u64| percent(n as f64 / total.max(1) as f64, 1);
    let bars = params.parts().map(|(name, n)| Bar {
        label: name.into(),
        value: n as f64,
        shown: format!("{} ({})", count(n), share(n)),
        muted: false,
    });
    let kept = |tokens: u64| {
        let kept = Kept { texts, source: tokens, tokens, bytes: 2 };
        (answers.kv_bytes)(architecture, &kept)
    };
    let memory = (answers.training_bytes)(total, recipe)?;

    let a_token = |n: u64| size(n as f64 / tokens as f64, "FLOPs");
    let row = |name: &str, value: String| vec![Cell::from(name), Cell::Number(value)];
    let mut rows = vec![
        row("Parameters", count(total)),
        row("Weights, 2 bytes each", bytes(2 * total)),
        row("To read the text once", size(read.total()? as f64, "FLOPs")),
        row("For each of its tokens", a_token(read.total()?)),
        row("… products with weights", a_token(read.weights + read.logits)),
        row("… … of these, logits", a_token(read.logits)),
        row("… attention", a_token(read.attention)),
        row("To train, for each token", size(3.0 * read.total()? as f64 / tokens as f64, "FLOPs")),
        row("By the rule, 6 × parameters", size(6.0 * total as f64, "FLOPs")),
    ];
    let cache = kept(tokens)?;
    if cache > 0 {
        rows.push(row("Cache, all texts", bytes(cache)));
    }
    rows.push(row("Training, on each device", bytes(memory.total()?)));

    let max = |bars: &[Bar]| bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let mut views = vec![
        View::Bars { label: "Parameters by part".into(), max: max(&bars), bars: bars.into() },
        View::Table {
            label: format!("A text of {} tokens, causal", count(tokens)),
            columns: ["", ""].map(Into::into).into(),
            rows,
        },
    ];
    if cache > 0 {
        let mut points = Vec::new();
        for part in 0..=8 {
            let tokens = 131_072 * part / 8;
            points.push((tokens as f64 / 1024.0, kept(tokens)? as f64 / 1e9));
        }
        let weights = 2.0 * total as f64 / 1e9;
        views.push(View::Lines {
            label: "Memory while texts grow".into(),
            x_label: "thousand tokens, 1,024 each".into(),
            y_label: "GB".into(),
            lines: vec![
                Line { name: "cache".into(), points },
                Line { name: "weights".into(), points: vec![(0.0, weights), (128.0, weights)] },
            ],
        });
    }
    let bars = memory.parts().map(|(name, n)| Bar {
        label: name.into(),
        value: n as f64,
        shown: bytes(n),
        muted: false,
    });
    views.push(View::Bars {
        label: "Training with AdamW in mixed precision, on each device".into(),
        max: max(&bars),
        bars: bars.into(),
    });
    let summary = format!(
        "{} parameters; {} for each token of this text; training keeps {} on each device.",
        count(total),
        a_token(read.total()?),
        bytes(memory.total()?)
    );
    Ok((views, summary))
}

/// A decoder as Llama is, of the sizes in the fields.
fn own(cx: &Context) -> Result<Architecture, DemoError> {
    let get = |number: &Number| cx.get(number).map(|n| n as u64);
    let (n_heads, n_kv_heads, d_model) = (get(&HEADS)?, get(&KV)?, get(&WIDTH)?);
    if !n_heads.is_multiple_of(n_kv_heads) {
        let message = format!(
            "{n_heads} heads cannot share {n_kv_heads} evenly: give a divisor of {n_heads}."
        );
        return Err(DemoError::input(KV.name, message));
    }
    if !d_model.is_multiple_of(n_heads) {
        let message =
            format!("{d_model} numbers cannot be shared out to {n_heads} heads: give a multiple.");
        return Err(DemoError::input(WIDTH.name, message));
    }
    Ok(Architecture {
        family: Family::Decoder,
        vocab_size: get(&VOCAB)?,
        d_model,
        n_layers: get(&LAYERS)?,
        n_heads,
        n_kv_heads,
        d_head: d_model / n_heads,
        d_ff: get(&INSIDE)?,
        positions: Positions::Rotary,
        is_tied: true,
        has_biases: false,
        is_gated: true,
        is_parallel: false,
    })
}

fn bytes(n: u64) -> String {
    size(n as f64, "B")
}

/// Three digits or so, and the power of a thousand by its letter.
fn size(x: f64, unit: &str) -> String {
    let mut number = x;
    for prefix in ["", "k", "M", "G", "T", "P", "E"] {
        if number < 999.5 || prefix == "E" {
            let digits = if number < 10.0 { 2 } else { usize::from(number < 100.0) };
            let prefix = if unit == "B" && prefix == "k" { "K" } else { prefix };
            return format!("{} {prefix}{unit}", short(number, digits));
        }
        number /= 1000.0;
    }
    String::new()
}
