//! What keys and values take: a model, a length, a format, and what sharing saves.

use demo::control::{Choice, Number, Slider, Typed};
use demo::format::{count, counted};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::short;
use multi_head_attention::models::{MODELS, Model};
use multi_head_attention::{Answers, HeadError};

const MODEL: Choice = Choice::new(
    "model",
    "Model",
    &[
        ("Llama 3.1 8B", "Llama 3.1 8B"),
        ("GPT-3 175B", "GPT-3 175B"),
        ("PaLM 540B", "PaLM 540B"),
        ("Llama 2 70B", "Llama 2 70B"),
        ("Llama 3.1 70B", "Llama 3.1 70B"),
        ("Llama 3.1 405B", "Llama 3.1 405B"),
        ("own", "my own, in the four fields below"),
    ],
);
const LAYERS: Number = Number::new("layers", "Own: layers", 4.0, [1.0, 1000.0], 1.0);
const HEADS: Number = Number::new("heads", "Own: heads", 8.0, [1.0, 1024.0], 1.0);
const KV: Number = Number::new("kv", "Own: heads of keys and values", 2.0, [1.0, 1024.0], 1.0);
const D_HEAD: Number = Number::new("d-head", "Own: numbers a head", 16.0, [1.0, 4096.0], 1.0);
const TOKENS: Slider = Slider::new("tokens", "Tokens", 32_768.0, [1024.0, 131_072.0], 1024.0);
const BATCH: Slider = Slider::new("batch", "Texts at once", 1.0, [1.0, 64.0], 1.0);
const FORMAT: Choice = Choice::new(
    "format",
    "A number takes",
    &[("2", "2 bytes: f16, bf16"), ("4", "4 bytes: f32"), ("1", "1 byte: int8")],
);

/// The memory of two machines, as their makers say.
const MACHINES: [(&str, u64); 2] = [("a Pixel 9", 12_000_000_000), ("an H100", 80_000_000_000)];

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "kv-memory",
        title: "What keys and values take",
        lesson: "multi-head-attention",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                MODEL.control(),
                TOKENS.control(),
                BATCH.control(),
                FORMAT.control(),
                LAYERS.control(),
                HEADS.control(),
                KV.control(),
                D_HEAD.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let [tokens, batch] = [cx.get(&TOKENS)?, cx.get(&BATCH)?].map(|n| n as u64);
    let bytes: u64 = cx.get(&FORMAT)?.parse().unwrap_or(2);
    let chosen = cx.get(&MODEL)?;
    let model = match MODELS.into_iter().find(|model| model.name == chosen) {
        Some(model) => model,
        None => own(&cx)?,
    };
    let of = |kv: u64, tokens: u64| -> Result<u64, DemoError> {
        (answers.kv_bytes)(model.layers, kv, model.d_head, tokens, batch, bytes)
            .map_err(|error: HeadError| DemoError::Other(error.to_string()))
    };
    // Own ones, those of the model if it shares them, and one for all.
    let mut kinds = vec![("own", model.n_heads), ("shared", model.n_kv_heads), ("one", 1)];
    kinds.dedup_by_key(|(_, kv)| *kv);

    let (mut bars, mut rows, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, kv) in kinds {
        let (name, total) = (format!("{kind}: {kv}"), of(kv, tokens)?);
        let is_its = if kv == model.n_kv_heads { "yes" } else { "no" };
        bars.push(Bar {
            label: name.clone(),
            value: total as f64,
            shown: size(total),
            muted: false,
        });
        rows.push(vec![
            Cell::from(name.clone()),
            Cell::from(is_its),
            Cell::Number(size(of(kv, 1)? / batch)),
            Cell::Number(size(total)),
        ]);
        let mut points = Vec::new();
        for part in 0..=8 {
            let tokens = tokens * part / 8;
            points.push((tokens as f64, of(kv, tokens)? as f64 / 1e9));
        }
        lines.push(Line { name, points });
    }
    for (name, memory) in MACHINES {
        bars.push(Bar {
            label: name.into(),
            value: memory as f64,
            shown: size(memory),
            muted: false,
        });
    }
    let max = bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let columns = ["Heads of k, v", "This model", "A token", "In all"];
    let views = [
        View::Bars {
            label: "Keys and values with so many heads, and the memory of two machines".into(),
            bars,
            max,
        },
        View::Table {
            label: format!("Of {} in {}", counted(tokens as usize, "token"), text(batch)),
            columns: columns.map(Into::into).into(),
            rows,
        },
        View::Lines {
            label: "Memory while the text grows".into(),
            x_label: "tokens".into(),
            y_label: "GB".into(),
            lines,
        },
    ];
    let total = of(model.n_kv_heads, tokens)?;
    cx.show(
        format!(
            "{}: {} in {} take {} of keys and values.",
            model.name,
            counted(tokens as usize, "token"),
            text(batch),
            size(total)
        ),
        &views,
    );
    Ok(())
}

fn text(batch: u64) -> String {
    match batch {
        1 => "one text".into(),
        n => format!("each of {} texts", count(n as usize)),
    }
}

/// The model of the four fields.
fn own(cx: &Context) -> Result<Model, DemoError> {
    let [layers, n_heads, n_kv_heads, d_head] =
        [cx.get(&LAYERS)?, cx.get(&HEADS)?, cx.get(&KV)?, cx.get(&D_HEAD)?].map(|n| n as u64);
    if n_heads % n_kv_heads != 0 {
        let message = format!(
            "{n_heads} heads cannot share {n_kv_heads} evenly: give a divisor of {n_heads}."
        );
        return Err(DemoError::input(KV.name, message));
    }
    Ok(Model { name: "Your own model", layers, n_heads, n_kv_heads, d_head, context: 0 })
}

/// Bytes with three digits.
fn size(bytes: u64) -> String {
    let x = bytes as f64;
    let (number, unit) = match x {
        1e12.. => (x / 1e12, "TB"),
        1e9.. => (x / 1e9, "GB"),
        1e6.. => (x / 1e6, "MB"),
        1e3.. => (x / 1e3, "KB"),
        _ => return counted(bytes as usize, "byte"),
    };
    let digits = if number < 10.0 {
        2
    } else if number < 100.0 {
        1
    } else {
        0
    };
    format!("{} {unit}", short(number, digits))
}
