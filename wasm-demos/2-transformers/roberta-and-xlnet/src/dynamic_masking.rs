//! Which words are hidden, epoch by epoch: with masks drawn once, and drawn anew.

use demo::control::{Choice, Slider, Text, Typed};
use demo::format::{counted, percent};
use demo::{Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::settled;
use grading::random::seeded;
use roberta_and_xlnet::RATE;
use roberta_and_xlnet::solution::dynamic_mask;

use crate::grid::{grid, told};

/// So many words and epochs are shown.
const MOST: usize = 20;
const SHOWN: usize = 8;
/// So many tokens are counted.
const LONG: usize = 2000;
const EPOCHS: usize = 40;

const TEXT: Text = Text::new(
    "text",
    "A sentence",
    "Mila walks to the market and buys a red apple for her brother before the rain begins",
    400,
);
const COPIES: Choice = Choice::new(
    "copies",
    "Masks drawn in advance",
    &[("1", "One mask for each text"), ("10", "Ten masks, in turn")],
);
const SEED: Slider = Slider::new("seed", "Which chance", 1.0, [1.0, 50.0], 1.0);

pub fn demo() -> Demo {
    Demo {
        name: "dynamic-masking",
        title: "Masks drawn once, masks drawn anew",
        lesson: "roberta-and-xlnet",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), COPIES.control(), SEED.control()],
        run: demo::run(run),
    }
}

/// A row for each epoch; from `copies` on, masks come again.
fn masks(n: usize, epochs: usize, copies: usize, seed: u64) -> Vec<Vec<bool>> {
    let mut rng = seeded(seed);
    let mut rows: Vec<Vec<bool>> = Vec::with_capacity(epochs);
    for epoch in 0..epochs {
        let row = match epoch.checked_sub(copies) {
            Some(earlier) => rows[earlier].clone(),
            None => {
                let mut row = vec![false; n];
                dynamic_mask(&vec![true; n], &mut rng).iter().for_each(|&at| row[at] = true);
                row
            }
        };
        rows.push(row);
    }
    rows
}

/// The share that was hidden at least once, after each epoch.
fn ever(rows: &[Vec<bool>]) -> Vec<f64> {
    let mut hidden = vec![false; rows.first().map_or(0, Vec::len)];
    let after = |row: &Vec<bool>| {
        hidden.iter_mut().zip(row).for_each(|(hidden, now)| *hidden |= now);
        let count = hidden.iter().filter(|hidden| **hidden).count();
        settled(count as f64 / hidden.len().max(1) as f64)
    };
    rows.iter().map(after).collect()
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let text = cx.get(&TEXT)?;
    let words: Vec<&str> = text.split_whitespace().take(MOST).collect();
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There is no word to hide: type some."));
    }
    let copies = if cx.get(&COPIES)? == "1" { 1 } else { 10 };
    let seed = cx.get(&SEED)? as u64;
    let names: Vec<String> = (1..=SHOWN).map(|epoch| format!("epoch {epoch}")).collect();
    let mut views = vec![View::Prose(vec![
        words
            .iter()
            .enumerate()
            .map(|(at, word)| format!("{at} {word}"))
            .collect::<Vec<_>>()
            .join(", "),
    ])];
    let mut lines = Vec::new();
    let mut reached = Vec::new();
    for (what, copies) in [("drawn in advance", copies), ("drawn anew", EPOCHS)] {
        let rows = masks(words.len(), SHOWN, copies, seed);
        let shown: Vec<String> =
            names.iter().zip(&rows).map(|(name, row)| format!("{name}: {}", told(row))).collect();
        let label = format!("Hidden words, masks {what}");
        views.push(View::drawing(
            label,
            format!("{}.", shown.join("; ")),
            grid(&names, &rows, None),
        ));
        let shares = ever(&masks(LONG, EPOCHS, copies, seed));
        reached.push(percent(shares[EPOCHS - 1]));
        let points = shares.iter().enumerate().map(|(at, &share)| ((at + 1) as f64, share));
        lines.push(Line { name: what.into(), points: points.collect() });
    }
    let closed = |epoch: usize| settled(1.0 - (1.0 - RATE).powi(epoch as i32));
    let points = (1..=EPOCHS).map(|epoch| (epoch as f64, closed(epoch)));
    lines.push(Line { name: "1 − 0.85ⁿ".into(), points: points.collect() });
    views.push(View::Lines {
        label: format!(
            "Share of {} tokens that were hidden at least once",
            demo::format::count(LONG)
        ),
        x_label: "epoch n".into(),
        y_label: "share".into(),
        lines,
    });
    cx.show(
        format!(
            "After {}, {} of {} tokens were hidden at least once with {}, and {} with masks drawn \
             anew.",
            counted(EPOCHS, "epoch"),
            reached[0],
            demo::format::count(LONG),
            if copies == 1 { "one mask" } else { "ten masks" },
            reached[1]
        ),
        &views,
    );
    Ok(())
}
