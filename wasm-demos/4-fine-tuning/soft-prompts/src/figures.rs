//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, WIDTH};
use small_gpt::Texts;
use soft_prompts::Tables;
use soft_prompts::solution::{prefix_kv, soft_prompt};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![enter()];
    figures.extend([places(), row()].into_iter().flatten());
    figures
}

const BLOCKS: usize = 3;
const LEARNED: usize = 2;
const WORDS: [&str; 3] = ["the", "cat", "sat"];

/// Where what learns enters: a soft prompt at the bottom, a prefix in every block.
fn enter() -> Figure {
    let mut drawing = Drawing::new(236.0);
    let half = WIDTH / 2.0;
    for (side, name) in ["soft prompt", "prefix"].into_iter().enumerate() {
        let left = half * side as f64 + 6.0;
        drawing.text((left + half / 2.0 - 6.0, 14.0), Anchor::Middle, name, Ink::Marked);
        let cell = (half - 18.0) / (LEARNED + WORDS.len()) as f64;
        let at = |i: usize| left + cell * i as f64;
        let own = at(LEARNED);
        for block in 0..BLOCKS {
            let y = 150.0 - 52.0 * block as f64;
            let from = if side == 0 { at(0) } else { own };
            let right = at(LEARNED + WORDS.len()) - 3.0;
            drawing.boxed((from, y), (right, y + 28.0), 4.0, Ink::Plain);
            let middle = (from + right) / 2.0;
            drawing.text((middle, y + 18.0), Anchor::Middle, &format!("block {block}"), Ink::Plain);
            if side == 1 {
                for i in 0..LEARNED {
                    drawing.boxed(
                        (at(i), y + 4.0),
                        (at(i) + cell - 4.0, y + 24.0),
                        2.0,
                        Ink::Marked,
                    );
                    drawing.text(
                        (at(i) + cell / 2.0 - 2.0, y + 18.0),
                        Anchor::Middle,
                        "kv",
                        Ink::Marked,
                    );
                }
            }
            drawing.arrow((middle, y), (middle, y - 20.0), Ink::Quiet);
        }
        let y = 202.0;
        for i in 0..LEARNED + WORDS.len() {
            let is_learned = i < LEARNED;
            if is_learned && side == 1 {
                continue;
            }
            let ink = if is_learned { Ink::Marked } else { Ink::Plain };
            drawing.boxed((at(i), y), (at(i) + cell - 4.0, y + 22.0), 2.0, ink);
            let text = if is_learned { ["s₀", "s₁"][i] } else { WORDS[i - LEARNED] };
            drawing.text((at(i) + cell / 2.0 - 2.0, y + 15.0), Anchor::Middle, text, ink);
        }
        let from = if side == 0 { at(0) } else { own };
        let middle = (from + at(LEARNED + WORDS.len()) - 3.0) / 2.0;
        drawing.arrow((middle, y), (middle, y - 22.0), Ink::Quiet);
    }
    Figure {
        name: "enter",
        caption: "What learns is colored. A soft prompt enters once, below the first block, and goes \
                  through all of them. A prefix enters in every block, as keys and values."
            .into(),
        text: "Two towers of three blocks over the words the, cat, sat. On the left two learned vectors \
               stand before the words at the bottom, and the blocks are as wide as both. On the right \
               two learned pairs of key and value stand beside each of the three blocks."
            .into(),
        drawing,
    }
}

/// Places, positions and labels of an input with a prompt.
fn places() -> Option<Figure> {
    let table = vec![0.0; 16];
    let tables = Tables::new(&table, &table, 1).ok()?;
    let (ids, labels) = ([15, 3, 7], [3, 7, 9]);
    let texts = Texts { ids: &ids, labels: &labels, seq: 3 };
    let input = soft_prompt(&tables, &[0.0; LEARNED], texts).ok()?;
    let words = ["s₀", "s₁", "¶", "Emma", "has"];
    let name = |label: i64| match label {
        3 => "Emma",
        7 => "has",
        9 => "a",
        _ => "−100",
    };
    let positions: Vec<String> = (0..input.seq).map(|t| t.to_string()).collect();
    let ink = |i: usize| if i < LEARNED { Ink::Marked } else { Ink::Plain };
    let row = |texts: Vec<&str>| -> Vec<(String, Ink)> {
        texts.into_iter().enumerate().map(|(i, text)| (text.to_owned(), ink(i))).collect()
    };
    let rows = [
        ("vector", row(words.to_vec())),
        ("position", row(positions.iter().map(String::as_str).collect())),
        ("label", row(input.labels.iter().map(|&label| name(label)).collect())),
    ];
    let mut cells = Cells::new();
    for (name, row) in &rows {
        cells = cells.row(name, row.iter().map(|(text, ink)| (text.as_str(), *ink)));
    }
    let told: Vec<String> = rows
        .iter()
        .map(|(name, row)| {
            let row: Vec<&str> = row.iter().map(|(text, _)| text.as_str()).collect();
            format!("{name}: {}", row.join(", "))
        })
        .collect();
    Some(Figure {
        name: "places",
        caption:
            "Two learned vectors before a text. They take the first positions, and nothing is \
                  asked there. ¶ is the token between two stories."
                .into(),
        text: format!("Three rows of five cells. {}.", told.join("; ")),
        drawing: cells.into(),
    })
}

/// How PEFT keeps a prefix.
fn row() -> Option<Figure> {
    let (n_layer, n) = (2, 3);
    let numbers: Vec<f32> = (0..n * 2 * n_layer).map(|i| i as f32).collect();
    let [keys, values] = prefix_kv(&numbers, n_layer, 1, 1).ok()?;
    let mut cells = Cells::new().head(["key 0", "value 0", "key 1", "value 1"]);
    for (i, row) in numbers.chunks(2 * n_layer).enumerate() {
        let texts: Vec<String> = row.iter().map(|x| format!("{x}")).collect();
        let ink = |x: &f32| match keys.contains(x) || values.contains(x) {
            true => Ink::Marked,
            false => Ink::Plain,
        };
        let row = texts.iter().zip(row).map(|(text, x)| (text.as_str(), ink(x)));
        cells = cells.row(&format!("place {i}"), row);
    }
    let told = |list: &[f32]| list.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(", ");
    Some(Figure {
        name: "matrix",
        caption:
            "The matrix of a prefix with three places, for two blocks of width 1. Colored is what \
                  block 1 gets: a column of keys, a column of values."
                .into(),
        text: format!(
            "Three rows, one a place, and four columns: key and value for block 0, key and value for \
             block 1. The keys of block 1 are {}, its values {}.",
            told(&keys),
            told(&values)
        ),
        drawing: cells.into(),
    })
}
