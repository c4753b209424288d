//! The figures of the page.

use demo::figure::{Anchor, Drawing, Figure, Ink};
use grading::numbers::{count, percent};
use palm::design::Design;
use palm::published;
use palm::solution::parameters;

use crate::picture::{Block, draw};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![two_blocks(), one_product(), shares()]
}

/// GPT's block and PaLM's.
fn two_blocks() -> Figure {
    let steps =
        |names: &[&str]| names.iter().map(|name| (name.to_string(), String::new())).collect();
    let block =
        |design| Block { design, attention: steps(&["attention"]), mlp: steps(&["feed-forward"]) };
    Figure {
        name: "two-blocks",
        caption: "GPT's block, and PaLM's below it. In color at the left of each, the residual stream."
            .into(),
        text: "Two blocks. GPT: the residual stream passes an exit through a norm to attention, whose result \
               is added; then a second exit, through another norm, to the feed-forward network, \
               whose result is added. PaLM: there is one exit. After its norm the way forks to \
               attention and to the feed-forward network, side by side, and both results are added \
               at one place."
            .into(),
        drawing: draw(&[("GPT", block(Design::GPT)), ("PaLM", block(Design::PALM))]),
    }
}

/// What one product makes of a normalized vector, to scale.
fn one_product() -> Figure {
    let config = &published()[2].config;
    let parts = [
        ("queries", config.n_heads * config.d_head),
        ("key", config.d_head),
        ("value", config.d_head),
        ("gate", config.d_ff),
        ("up", config.d_ff),
    ];
    let all: usize = parts.iter().map(|(_, n)| n).sum();
    let mut drawing = Drawing::new(132.0);
    let (mut from, mut told) = (2.0, Vec::new());
    for (i, (name, n)) in parts.into_iter().enumerate() {
        let to = from + 356.0 * n as f64 / all as f64;
        let ink = if i < 3 { Ink::Marked } else { Ink::Curve(1) };
        drawing.filled((from, 4.0), ((to - 1.0).max(from + 0.8), 26.0), ink);
        let y = 46.0 + 20.0 * i as f64;
        drawing.filled((2.0, y - 9.0), (12.0, y + 1.0), ink);
        drawing.text((18.0, y), Anchor::Start, name, Ink::Plain);
        drawing.text((358.0, y), Anchor::End, &count(n as u64), Ink::Plain);
        told.push(format!("{name} {}", count(n as u64)));
        from = to;
    }
    Figure {
        name: "one-product",
        caption: format!(
            "The {} numbers that one product makes of a vector of {} in PaLM 540B, in order: \
             queries, key, value, gate, up. Key and value are the two thin lines.",
            count(all as u64),
            count(config.d_model as u64)
        ),
        text: format!("A bar of five parts, to scale: {}.", told.join(", ")),
        drawing,
    }
}

/// Parameters by part of the three models.
fn shares() -> Figure {
    let mut drawing = Drawing::new(3.0 * 64.0 - 10.0);
    let inks = [Ink::Curve(0), Ink::Curve(1), Ink::Curve(2)];
    let mut told = Vec::new();
    for (row, model) in published().iter().enumerate() {
        let y = 64.0 * row as f64;
        let parts = parameters(&model.config);
        let total = parts.total() as f64;
        drawing.text((2.0, y + 12.0), Anchor::Start, model.name, Ink::Plain);
        drawing.text((358.0, y + 12.0), Anchor::End, &count(parts.total()), Ink::Plain);
        let (mut from, mut shown) = (2.0, Vec::new());
        // The norms are too thin to be seen.
        for ((name, n), ink) in parts.parts().into_iter().zip(inks) {
            let to = from + 356.0 * n as f64 / total;
            drawing.filled((from, y + 18.0), (to - 1.0, y + 34.0), ink);
            shown.push(format!("{name} {}", percent(n as f64 / total, 0)));
            from = to;
        }
        drawing.text((2.0, y + 49.0), Anchor::Start, &shown.join(", "), Ink::Quiet);
        told.push(format!(
            "{}, {} parameters: {}",
            model.name,
            count(parts.total()),
            shown.join(", ")
        ));
    }
    Figure {
        name: "shares",
        caption:
            "Where the parameters of the three PaLMs are: the table of tokens, attention, and \
                  the feed-forward networks, from left to right."
                .into(),
        text: format!("Three bars of three parts. {}.", told.join("; ")),
        drawing,
    }
}
