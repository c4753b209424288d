//! The figures of the page.

use demo::figure::{Anchor, Drawing, Figure, Ink, Plot, WIDTH};
use grading::numbers::{count, percent, short};
use lora::solution::lora_parameters;
use small_gpt::{Layer, Place};

use crate::kept::{MOST, full, held, ranks};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let kept = [by_rank(), change()];
    [pair(), places()].into_iter().chain(kept.into_iter().flatten()).collect()
}

/// A large weight, and two narrow matrices beside it.
fn pair() -> Figure {
    let [inputs, outputs] = Layer::Attn.sizes(128);
    let weight = format!("{inputs} × {outputs} = {}", count((inputs * outputs) as u64));
    let numbers = count(lora_parameters(&[[inputs, outputs]], 8) as u64);
    let both = format!("8 · ({inputs} + {outputs}) = {numbers}");
    let mut drawing = Drawing::new(300.0);
    let (left, right) = (0.28 * WIDTH, 0.76 * WIDTH);
    let middle = 0.5 * WIDTH;
    drawing.text((middle, 292.0), Anchor::Middle, &format!("x: {inputs} numbers"), Ink::Plain);
    drawing.arrow((middle - 10.0, 276.0), (left, 246.0), Ink::Quiet);
    drawing.arrow((middle + 10.0, 276.0), (right, 246.0), Ink::Marked);
    let wide = 0.24 * WIDTH;
    drawing.boxed((left - wide, 90.0), (left + wide, 240.0), 3.0, Ink::Plain);
    drawing.text((left, 155.0), Anchor::Middle, "W, frozen", Ink::Plain);
    drawing.text((left, 178.0), Anchor::Middle, &weight, Ink::Quiet);
    // A narrows, B widens.
    let (narrow, broad) = (0.05 * WIDTH, 0.19 * WIDTH);
    let funnel = |drawing: &mut Drawing, low: f64, high: f64, from: f64, to: f64| {
        let corners = [
            (right - from, low),
            (right + from, low),
            (right + to, high),
            (right - to, high),
            (right - from, low),
        ];
        drawing.line(&corners, Ink::Marked);
    };
    funnel(&mut drawing, 240.0, 178.0, 0.7 * broad, narrow);
    funnel(&mut drawing, 152.0, 90.0, narrow, broad);
    drawing.text((right, 215.0), Anchor::Middle, "A", Ink::Marked);
    drawing.text((right, 169.0), Anchor::Middle, "8", Ink::Plain);
    drawing.text((right, 125.0), Anchor::Middle, "B", Ink::Marked);
    drawing.text((right, 72.0), Anchor::Middle, &both, Ink::Marked);
    drawing.arrow((left, 86.0), (middle - 14.0, 44.0), Ink::Quiet);
    drawing.arrow((right - 20.0, 58.0), (middle + 14.0, 44.0), Ink::Marked);
    drawing.circle((middle, 38.0), 12.0, Ink::Plain);
    drawing.text((middle, 43.0), Anchor::Middle, "+", Ink::Plain);
    drawing.text((middle, 14.0), Anchor::Middle, &format!("y: {outputs} numbers"), Ink::Plain);
    Figure {
        name: "pair",
        caption: "The layer attn.c_attn of Buddy, read from below. On the left its weight, which stays \
                  as it is. On the right a pair of narrow matrices that learns; what it makes of x is \
                  added."
            .into(),
        text: format!(
            "Below, x has {inputs} numbers. An arrow leads to a large box, W, frozen: {weight} numbers. \
             Another leads to A, which narrows to 8 numbers, and on to B, which widens to {outputs}; \
             together they have {both} numbers. Both results are added and make y, with {outputs} \
             numbers."
        ),
        drawing,
    }
}

/// Where a bottleneck adapter sits, and where LoRA does.
fn places() -> Figure {
    let mut drawing = Drawing::new(330.0);
    let column = |drawing: &mut Drawing, middle: f64, title: &str, boxes: &[(&str, bool, bool)]| {
        drawing.text((middle, 14.0), Anchor::Middle, title, Ink::Plain);
        let wide = 0.15 * WIDTH;
        for (i, &(name, learns, beside)) in boxes.iter().enumerate() {
            let y = 290.0 - 52.0 * i as f64;
            let ink = if learns { Ink::Marked } else { Ink::Plain };
            drawing.boxed((middle - wide, y), (middle + wide, y + 30.0), 3.0, ink);
            drawing.text((middle, y + 20.0), Anchor::Middle, name, ink);
            if beside {
                let x = middle + wide + 8.0;
                drawing.boxed((x, y), (x + 26.0, y + 30.0), 3.0, Ink::Marked);
                drawing.text((x + 13.0, y + 20.0), Anchor::Middle, "AB", Ink::Marked);
            }
            if i + 1 < boxes.len() {
                drawing.arrow((middle, y - 2.0), (middle, y - 18.0), Ink::Quiet);
            }
        }
    };
    column(
        &mut drawing,
        0.24 * WIDTH,
        "Adapters, 2019",
        &[
            ("attn.c_attn", false, false),
            ("attn.c_proj", false, false),
            ("adapter", true, false),
            ("mlp", false, false),
            ("adapter", true, false),
        ],
    );
    column(
        &mut drawing,
        0.72 * WIDTH,
        "LoRA, 2021",
        &[
            ("attn.c_attn", false, true),
            ("attn.c_proj", false, true),
            ("mlp.c_fc", false, true),
            ("mlp.c_proj", false, true),
        ],
    );
    Figure {
        name: "places",
        caption: "A block, read from below. Adapters stand in the way: a token passes through them \
                  after attention and after the feed-forward network. LoRA’s pairs stand beside \
                  layers, all of them or some."
            .into(),
        text: "On the left attn.c_attn, attn.c_proj, an adapter, the feed-forward network, and another \
               adapter follow each other. On the right the four layers attn.c_attn, attn.c_proj, \
               mlp.c_fc and mlp.c_proj follow each other, each with a pair A B beside it."
            .into(),
        drawing,
    }
}

/// What LoRA reaches, by its rank.
fn by_rank() -> Option<Figure> {
    let found = ranks();
    let full = full(80).last()?.loss;
    let (first, last) = (found.first()?, found.last()?);
    let top = found.iter().map(|of| of.1).fold(full, f64::max);
    let points = found.iter().map(|&(rank, loss, _)| ((rank as f64).log2(), loss));
    let told: Vec<String> = found
        .iter()
        .map(|(rank, loss, right)| {
            format!("rank {rank}: {}, {} right", short(*loss, 2), short(*right, 1))
        })
        .collect();
    let ticks: Vec<(f64, String)> =
        found.iter().map(|of| ((of.0 as f64).log2(), of.0.to_string())).collect();
    let ticks: Vec<(f64, &str)> = ticks.iter().map(|(x, name)| (*x, name.as_str())).collect();
    Some(Figure {
        name: "by-rank",
        caption:
            "The loss of 50 held-out answers after 80 steps, by rank, with alpha twice the rank; the mean of four starts. \
                  The dashed line is full fine-tuning."
                .into(),
        text: format!("{}. Every weight: {}.", told.join("; "), short(full, 2)),
        drawing: Plot::new(
            ("rank", (first.0 as f64).log2(), (last.0 as f64).log2()),
            ("nats an answer", 0.0, (top * 5.0).ceil() / 5.0),
        )
        .x_ticks(&ticks)
        .curve("LoRA", points)
        .across(full, "every weight")
        .into(),
    })
}

/// What a full fine-tuning changed, by its directions.
fn change() -> Option<Figure> {
    let place = Place { block: 3, layer: Layer::Attn };
    let [weight, change] = held(place)?;
    let [of_weight, of_change] = [weight[8], change[8]].map(|share| percent(share, 0));
    let curve = |shares: Vec<f64>| {
        shares.into_iter().enumerate().map(|(r, share)| (r as f64, 100.0 * share))
    };
    Some(Figure {
        name: "change",
        caption: "How much of h.3.attn.c_attn its best matrix of rank r holds: of what a full \
                  fine-tuning changed, and of the weight itself."
            .into(),
        text: format!("Rank 8 holds {of_change} of the change and {of_weight} of the weight."),
        drawing: Plot::new(("rank r", 0.0, MOST as f64), ("share, %", 0.0, 100.0))
            .curve("the change", curve(change))
            .curve("the weight", curve(weight))
            .into(),
    })
}
