//! The figures of the page.

use counting::solution::{flops, kv_bytes, params, training_bytes};
use counting::{Architecture, CountError, Kept, Pairs, Recipe, Sharded, Step, published};
use demo::figure::{Anchor, Drawing, Figure, Ink, Layers, Plot};
use grading::numbers::short;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [fits(), Ok(one_weight()), crossing(), stages()];
    figures.into_iter().flatten().collect()
}

/// The model of the page.
fn llama() -> Architecture {
    let found = published().into_iter().find(|model| model.name == "Llama 3.1 8B");
    found.expect("the model is among them").architecture
}

/// Mixed precision with AdamW.
pub const ADAM: Recipe = Recipe {
    weight_bytes: 2,
    gradient_bytes: 2,
    has_master: true,
    moments: 2,
    devices: 1,
    sharded: Sharded::Nothing,
};

fn gb(bytes: u64) -> String {
    format!("{} GB", short(bytes as f64 / 1e9, usize::from(bytes < 10_000_000_000)))
}

/// Bars of parts that are put together, and a line that they should not cross.
fn bars(rows: &[(&str, Vec<(&str, u64)>)], limit: u64, shown: &str) -> (Drawing, String) {
    let most = rows.iter().map(|(_, parts)| parts.iter().map(|(_, n)| n).sum::<u64>()).max();
    let scale = 356.0 / most.unwrap_or(1).max(limit) as f64;
    let mut drawing = Drawing::new(56.0 * rows.len() as f64 + 14.0);
    let mut told = Vec::new();
    for (row, (name, parts)) in rows.iter().enumerate() {
        let y = 56.0 * row as f64;
        let total: u64 = parts.iter().map(|(_, n)| n).sum();
        let ink = if total > limit { Ink::Wrong } else { Ink::Plain };
        drawing.text((2.0, y + 12.0), Anchor::Start, name, Ink::Plain);
        drawing.text((358.0, y + 12.0), Anchor::End, &gb(total), ink);
        let mut from = 2.0;
        let mut list = Vec::new();
        for (i, (part, n)) in parts.iter().enumerate() {
            let to = from + scale * *n as f64;
            drawing.filled((from, y + 17.0), ((to - 1.0).max(from + 0.5), y + 31.0), Ink::Curve(i));
            list.push(format!("{part} {}", gb(*n)));
            from = to;
        }
        drawing.text((2.0, y + 44.0), Anchor::Start, &list.join(", "), Ink::Quiet);
        told.push(format!("{name}, {}: {}", gb(total), list.join(", ")));
    }
    let x = 2.0 + scale * limit as f64;
    let end = 56.0 * rows.len() as f64;
    drawing.line(&[(x, 15.0), (x, end)], Ink::Quiet);
    drawing.text((x.min(270.0), end + 11.0), Anchor::Middle, shown, Ink::Quiet);
    (drawing, told.join(". "))
}

/// One model, three things to do with it, one GPU.
fn fits() -> Result<Figure, CountError> {
    let llama = llama();
    let n = params(&llama)?.total()?;
    let kept = |texts| Kept { texts, source: 0, tokens: 131_072, bytes: 2 };
    let memory = training_bytes(n, &ADAM)?;
    let rows = [
        ("write, one long text", vec![("weights", 2 * n), ("cache", kv_bytes(&llama, &kept(1))?)]),
        (
            "write, four long texts",
            vec![("weights", 2 * n), ("cache", kv_bytes(&llama, &kept(4))?)],
        ),
        ("train, before anything is read", memory.parts().into()),
    ];
    let (drawing, told) = bars(&rows, 80_000_000_000, "80 GB, an H100");
    Ok(Figure {
        name: "fits",
        caption: "Llama 3.1 8B, its weights of 2 bytes each, and the memory of one GPU. A long \
                  text has 131,072 tokens."
            .into(),
        text: format!("Bars, and a line at 80 GB, the memory of an H100. {told}."),
        drawing,
    })
}

/// What one weight does in reading and in learning.
fn one_weight() -> Figure {
    let layers = Layers::new()
        .boxes(&[("x · w", "forward: 1 product, 1 sum")])
        .note("2 FLOPs")
        .boxes(&[("g · w", "back: what x gets"), ("g · x", "back: what w gets")])
        .mark(0)
        .mark(1)
        .note("2 + 2");
    Figure {
        name: "one-weight",
        caption:
            "What one weight w does for one token: with its input x when the model reads, and \
                  with the gradient g of its output when it learns."
                .into(),
        text: "On top, forward: x times w, added to a sum, 2 FLOPs. Below it, back: g times w is \
               added to the gradient of x, 2 FLOPs, and g times x to the gradient of w, 2 FLOPs."
            .into(),
        drawing: layers.into(),
    }
}

/// FLOPs of a token, as the text before it grows.
fn crossing() -> Result<Figure, CountError> {
    let llama = llama();
    let of = |past: u64| {
        let step = Step { texts: 1, source: 0, tokens: 1, past, pairs: Pairs::Causal };
        flops(&llama, &step)
    };
    let (mut weights, mut attention) = (Vec::new(), Vec::new());
    for thousands in (0..=128).step_by(8) {
        let flops = of(1024 * thousands)?;
        let x = thousands as f64;
        weights.push((x, (flops.weights + flops.logits) as f64 / 1e9));
        attention.push((x, flops.attention as f64 / 1e9));
    }
    let first = weights[0].1;
    let last = attention[attention.len() - 1].1;
    let text = format!(
        "Two lines over the tokens before, from 0 to 131,072. Products with weights take {} billion \
         FLOPs for a token, always. Attention begins near 0 and rises along a straight line to {} \
         billion.",
        short(first, 0),
        short(last, 0)
    );
    Ok(Figure {
        name: "crossing",
        caption: "What Llama 3.1 8B computes for one token, and how many came before it.".into(),
        text,
        drawing: Plot::new(("thousand tokens before", 0.0, 128.0), ("billion FLOPs", 0.0, 75.0))
            .curve("weights", weights)
            .curve("attention", attention)
            .into(),
    })
}

/// What a device keeps when more and more is shared out.
fn stages() -> Result<Figure, CountError> {
    let mut rows = Vec::new();
    for (name, sharded) in [
        ("a copy of all", Sharded::Nothing),
        ("optimizer shared out", Sharded::Optimizer),
        ("gradients, too", Sharded::Gradients),
        ("weights, too", Sharded::Weights),
    ] {
        let recipe = Recipe { devices: 64, sharded, ..ADAM };
        rows.push((name, training_bytes(7_500_000_000, &recipe)?.parts().to_vec()));
    }
    let (drawing, told) = bars(&rows, 32_000_000_000, "32 GB, a V100");
    Ok(Figure {
        name: "stages",
        caption: "What each of 64 devices keeps of 7.5 billion parameters in training, as in \
                  figure 1 of the paper on ZeRO."
            .into(),
        text: format!("Bars, and a line at 32 GB, the memory of a V100. {told}."),
        drawing,
    })
}
