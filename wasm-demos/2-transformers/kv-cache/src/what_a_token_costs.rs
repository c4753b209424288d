//! How long a step takes at least, by what it has to read and to multiply.

use demo::control::{Choice, Slider, Typed};
use demo::format::{count, counted};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::{settled, short};
use kv_cache::cost::{LLAMA_ON_H100, Machine};

const PAST: Slider =
    Slider::new("past", "Tokens so far, in each text", 8192.0, [0.0, 131_072.0], 1024.0);
const TEXTS: Slider = Slider::new("texts", "Texts at once", 1.0, [1.0, 512.0], 1.0);
const GPU: Choice = Choice::new(
    "gpu",
    "On one",
    &[("h100", "NVIDIA H100 SXM"), ("a100", "NVIDIA A100 SXM, 80 GB")],
);

pub fn demo() -> Demo {
    Demo {
        name: "what-a-token-costs",
        title: "What the next token costs",
        lesson: "kv-cache",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![PAST.control(), TEXTS.control(), GPU.control()],
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (past, texts) = (cx.get(&PAST)?, cx.get(&TEXTS)?);
    let machine = match cx.get(&GPU)? {
        "a100" => Machine { bandwidth: 2.039e12, speed: 312e12 / 2.0, ..LLAMA_ON_H100 },
        _ => LLAMA_ON_H100,
    };
    let weights = machine.bytes(0.0, 0.0);
    let kept = machine.bytes(texts, past) - weights;
    let products = texts * machine.multiply_adds(past, 1.0);
    let again = texts * machine.multiply_adds(0.0, past + 1.0);
    let ms = |seconds: f64| 1e3 * settled(seconds);
    let (read_weights, read_kept) = (ms(weights / machine.bandwidth), ms(kept / machine.bandwidth));
    let (compute, compute_again) = (ms(products / machine.speed), ms(again / machine.speed));
    let with = (read_weights + read_kept).max(compute);
    let without = read_weights.max(compute_again);

    let shown = |ms: f64| format!("{} ms", digits(ms));
    let bar = |label: &str, value: f64| Bar {
        label: label.into(),
        value,
        shown: shown(value),
        muted: false,
    };
    let over = |of: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        (0..=26_u32).map(|i| 5.0 * f64::from(i)).map(|x| (x, settled(of(1000.0 * x)))).collect()
    };
    let reading = over(&|past| 1e3 * machine.bytes(texts, past) / machine.bandwidth);
    let computing = over(&|past| 1e3 * texts * machine.multiply_adds(past, 1.0) / machine.speed);
    let row = |name: &str, with: String, without: String| {
        vec![Cell::from(name), Cell::Number(with), Cell::Number(without)]
    };
    let billions = |products: f64| count((products / 1e9).round() as usize);
    let gigabytes = |bytes: f64| format!("{} GB", digits(bytes / 1e9));
    let views = [
        View::Bars {
            label: "One step with the cache: what reading takes at least, and multiplying".into(),
            bars: vec![
                bar("weights", read_weights),
                bar("keys, values", read_kept),
                bar("products", compute),
            ],
            max: read_weights.max(read_kept).max(compute),
        },
        View::Table {
            label: "The next token of each text".into(),
            columns: ["", "With the cache", "Without"].map(Into::into).into(),
            rows: vec![
                row("Billion multiply-adds", billions(products), billions(again)),
                row("They take", shown(compute), shown(compute_again)),
                row("To read", gigabytes(weights + kept), gigabytes(weights)),
                row("Reading takes", shown(read_weights + read_kept), shown(read_weights)),
                row("The step, at least", shown(with), shown(without)),
            ],
        },
        View::Lines {
            label: format!("One step for {}, with the cache", counted(texts as usize, "text")),
            x_label: "thousand tokens so far".into(),
            y_label: "ms".into(),
            lines: vec![
                Line { name: "reading".into(), points: reading },
                Line { name: "multiplying".into(), points: computing },
            ],
        },
        View::Prose(vec![
            "Llama 3.1 8B with two bytes a number, by the GPU's data sheet. Reading and \
             multiplying go on at the same time, so a step takes at least the longer of the two; a \
             real program takes longer. Whether all this fits into the GPU's 80 GB is not asked."
                .into(),
        ]),
    ];
    cx.show(
        format!(
            "{} at {} tokens: at least {} for the next token, of which {} to read what is kept. \
             Without a cache: {}.",
            counted(texts as usize, "text"),
            count(past as usize),
            shown(with),
            shown(read_kept),
            shown(without)
        ),
        &views,
    );
    Ok(())
}

/// Three digits or so.
fn digits(x: f64) -> String {
    if x >= 1000.0 { count(x.round() as usize) } else { short(x, if x < 1.0 { 3 } else { 1 }) }
}
