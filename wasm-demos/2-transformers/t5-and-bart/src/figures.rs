//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink};
use t5_and_bart::SeqError;
use t5_and_bart::example::{SENTENCE, aligned};
use t5_and_bart::solution::{shift_right, t5_bucket};

use crate::grid::{grid, told};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let computed = [translated(), shifted(), buckets()].into_iter().flatten();
    let drawn = std::iter::once(machine()).chain(computed);
    #[cfg(not(target_family = "wasm"))]
    let drawn =
        drawn.chain([crate::trained::learning(), crate::trained::looks()].into_iter().flatten());
    drawn.collect()
}

/// A sentence and its translation.
fn translated() -> Option<Figure> {
    let it = aligned(SENTENCE).ok()?;
    Some(Figure {
        name: "translated",
        caption: "Cross-attention: a row for each word of the output, a column for each word of \
                  the source. The larger a dot, the more is taken. Each row adds up to 100%. In \
                  color, a word for “the”, which the source has twice."
            .into(),
        text: format!("A grid of dots. {}.", told(&it.output, &it.source, &it.weights)),
        drawing: grid(&it.output, &it.source, &it.weights, 1),
    })
}

/// Two stacks side by side.
fn machine() -> Figure {
    let mut drawing = Drawing::new(318.0);
    let (left, right) = (2.0, 194.0);
    let wide = 150.0;
    let boxed = |drawing: &mut Drawing, x: f64, y: f64, text: &str, ink: Ink| {
        drawing.boxed((x, y), (x + wide, y + 26.0), 4.0, ink);
        drawing.text((x + wide / 2.0, y + 17.0), Anchor::Middle, text, ink);
    };
    let down = |drawing: &mut Drawing, x: f64, from: f64, to: f64| {
        drawing.arrow((x + wide / 2.0, from), (x + wide / 2.0, to), Ink::Plain);
    };
    for (x, name) in [(left, "encoder, reads"), (right, "decoder, writes")] {
        drawing.text((x, 13.0), Anchor::Start, name, Ink::Quiet);
    }
    let stacks = [
        (left, "source", ["attention: to all", "", "feed-forward"]),
        (right, "output so far", ["attention: to the past", "cross-attention", "feed-forward"]),
    ];
    for (x, name, parts) in stacks {
        boxed(&mut drawing, x, 22.0, name, Ink::Plain);
        down(&mut drawing, x, 48.0, 76.0);
        let mut from = 102.0;
        for (i, part) in parts.into_iter().enumerate() {
            let y = 76.0 + 44.0 * i as f64;
            if part.is_empty() {
                continue;
            }
            if i > 0 {
                down(&mut drawing, x, from, y);
            }
            boxed(&mut drawing, x, y, part, if i == 1 { Ink::Marked } else { Ink::Plain });
            from = y + 26.0;
        }
        down(&mut drawing, x, 190.0, 214.0);
        boxed(&mut drawing, x, 214.0, "… more such blocks", Ink::Quiet);
        down(&mut drawing, x, 240.0, 264.0);
    }
    boxed(&mut drawing, left, 264.0, "a vector a token", Ink::Marked);
    boxed(&mut drawing, right, 264.0, "logits", Ink::Plain);
    drawing.text((right, 308.0), Anchor::Start, "for the next token", Ink::Quiet);
    // From the encoder's vectors to each block of the decoder.
    let road = 173.0;
    drawing.line(&[(left + wide, 277.0), (road, 277.0), (road, 133.0)], Ink::Marked);
    drawing.arrow((road, 133.0), (right, 133.0), Ink::Marked);
    drawing.arrow((road, 227.0), (right, 227.0), Ink::Marked);
    Figure {
        name: "machine",
        caption: "An encoder and a decoder. In color, what is new: the vectors that the encoder \
                  makes of the source, and the part of each decoder block that looks at them."
            .into(),
        text: "Two columns of boxes. Left, the encoder: the source goes through blocks of \
               attention, in which each token looks at all, and a feed-forward network; at the \
               end there is a vector for each token. Right, the decoder: the output so far goes \
               through blocks of attention, in which each token looks at the past, \
               cross-attention, and a feed-forward network; at the end there are logits for the \
               next token. From the encoder's vectors a line leads to the cross-attention of each \
               decoder block, and none leads back."
            .into(),
        drawing,
    }
}

/// What is read, and what is to be written.
fn shifted() -> Option<Figure> {
    let output = aligned(SENTENCE).ok()?.output;
    let words = [output[0].as_str(), &output[1], &output[2], "end"];
    let labels = candle_core::Tensor::new(&[[0_i64, 1, 2, 3]], &candle_core::Device::Cpu).ok()?;
    let read = shift_right(&labels, 4, 4).ok()?.to_vec2::<u32>().ok()?.concat();
    let name = |id: &u32| words.get(*id as usize).copied().unwrap_or("start");
    let read: Vec<&str> = read.iter().map(name).collect();
    Some(Figure {
        name: "shifted",
        caption: "Four labels, and what the decoder reads to learn them: at each place the label \
                  is what should come next."
            .into(),
        text: format!(
            "The decoder reads {}; the labels are {}.",
            read.join(", "),
            words.join(", ")
        ),
        drawing: Cells::new()
            .row("reads", read.iter().map(|&word| (word, Ink::Plain)))
            .row("label", words.map(|word| (word, Ink::Marked)))
            .into(),
    })
}

/// The buckets of one side, on an axis of logarithms.
fn buckets() -> Option<Figure> {
    let (far, width, left) = (150_u32, 340.0, 8.0);
    let bucket = |d: u32| t5_bucket(-i64::from(d), true, 32, 128);
    let mut runs: Vec<(usize, u32, u32)> = Vec::new();
    for d in 0..=far {
        let its = bucket(d).map_err(|_: SeqError| ()).ok()?;
        match runs.last_mut() {
            Some((last, _, to)) if *last == its => *to = d,
            _ => runs.push((its, d, d)),
        }
    }
    // Distance 0 has no logarithm: all are moved by one.
    let log = |d: f64| left + width * (d + 1.0).ln() / f64::from(far + 2).ln();
    let even = |d: f64| left + width * d / f64::from(far + 1);
    let mut drawing = Drawing::new(150.0);
    for (y, name, place) in [
        (16.0, "distances as they are", &even as &dyn Fn(f64) -> f64),
        (88.0, "on an axis of logarithms", &log),
    ] {
        drawing.text((left, y - 4.0), Anchor::Start, name, Ink::Quiet);
        for &(its, from, to) in &runs {
            let (a, b) = (place(f64::from(from)), place(f64::from(to + 1)));
            let ink = if its >= 8 { Ink::Marked } else { Ink::Plain };
            drawing.boxed((a, y + 2.0), (b, y + 26.0), 0.0, ink);
            if b - a > 13.0 {
                let at = ((a + b) / 2.0, y + 18.0);
                drawing.text(at, Anchor::Middle, &its.to_string(), ink);
            }
        }
        for d in [0_u32, 8, 16, 32, 64, 128] {
            if d != 8 || y > 50.0 {
                let at = (place(f64::from(d)), y + 40.0);
                drawing.text(at, Anchor::Middle, &d.to_string(), Ink::Quiet);
            }
        }
    }
    let told = |&(its, from, to): &(usize, u32, u32)| match to {
        to if to == far => format!("{its}: {from} and more"),
        to if to == from => format!("{its}: {from}"),
        to => format!("{its}: {from} to {to}"),
    };
    Some(Figure {
        name: "buckets",
        caption: "The 16 buckets of what comes before, in T5's encoder: eight for one distance \
                  each, and, in color, eight that become wider and wider."
            .into(),
        text: format!(
            "Distances by bucket. {}.",
            runs.iter().map(told).collect::<Vec<_>>().join("; ")
        ),
        drawing,
    })
}
