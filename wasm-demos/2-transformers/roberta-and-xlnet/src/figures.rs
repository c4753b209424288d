//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, WIDTH};
use grading::random::seeded;
use roberta_and_xlnet::solution::{dynamic_mask, permutation_masks, roberta_positions};

use crate::grid::{grid, name, told};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![gap(), epochs(), positions()];
    figures.extend(masks());
    figures.extend([streams(), shift()]);
    figures
}

/// The sentence of the page, and the order in which it is predicted.
const WORDS: [&str; 5] = ["New", "York", "is", "a", "city"];
const ORDER: [usize; 5] = [2, 4, 3, 0, 1];

/// Two hidden words, guessed apart and one after the other.
fn gap() -> Figure {
    let row = |seen: [bool; 5], at: usize| -> Vec<(&str, Ink)> {
        (0..5)
            .map(|j| match (seen[j], j == at) {
                (true, _) => (WORDS[j], Ink::Plain),
                (_, true) => ("?", Ink::Marked),
                _ => ("▢", Ink::Quiet),
            })
            .collect()
    };
    let rest = [false, false, true, true, true];
    Figure {
        name: "gap",
        caption: "Two hidden words. BERT guesses each without the other; XLNet guesses one after \
                  the other. After Yang and others, 2019, section 2.6."
            .into(),
        text: "BERT guesses New from “is a city”, and York from “is a city”. XLNet guesses New \
               from “is a city”, and York from “New” and “is a city”."
            .into(),
        drawing: Cells::new()
            .rule("BERT")
            .row("New", row(rest, 0))
            .row("York", row(rest, 1))
            .rule("XLNet")
            .row("New", row(rest, 0))
            .row("York", row([true, false, true, true, true], 1))
            .into(),
    }
}

/// The same text in a few epochs.
fn epochs() -> Figure {
    const N: usize = 13;
    let mut rng = seeded(3);
    let mut draw = || {
        let mut row = vec![false; N];
        dynamic_mask(&[true; N], &mut rng).iter().for_each(|&at| row[at] = true);
        row
    };
    let first = draw();
    let mut rows = vec![first.clone(), first.clone(), first.clone(), first];
    rows.extend((0..4).map(|_| draw()));
    let names: Vec<String> = ["once", "anew"]
        .iter()
        .flat_map(|kind| (1..=4).map(move |epoch| format!("{kind}, {epoch}")))
        .collect();
    let text: Vec<String> =
        names.iter().zip(&rows).map(|(name, row)| format!("{name}: {}", told(row))).collect();
    Figure {
        name: "epochs",
        caption: format!(
            "Which of {N} tokens are hidden in four epochs: with a mask drawn once, and with masks \
             drawn anew."
        ),
        text: format!("Hidden places. {}.", text.join("; ")),
        drawing: grid(&names, &rows, None),
    }
}

/// A text with padding on either side.
fn positions() -> Figure {
    const PAD: u32 = 1;
    let rows: [[&str; 6]; 2] = [
        ["<s>", "it", "rains", "</s>", "<pad>", "<pad>"],
        ["<pad>", "<pad>", "<s>", "it", "rains", "</s>"],
    ];
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (side, row) in ["right", "left"].into_iter().zip(rows) {
        // Any other number will do for a token.
        let ids: Vec<u32> =
            row.iter().map(|&token| if token == "<pad>" { PAD } else { 9 }).collect();
        let positions: Vec<String> =
            roberta_positions(&ids, PAD).iter().map(ToString::to_string).collect();
        let ink = |token: &str| if token == "<pad>" { Ink::Quiet } else { Ink::Plain };
        cells = cells.row("token", row.map(|token| (token, ink(token)))).row(
            "position",
            positions.iter().zip(row).map(|(position, token)| {
                let is_pad = token == "<pad>";
                (position.as_str(), if is_pad { Ink::Quiet } else { Ink::Marked })
            }),
        );
        told.push(format!("padding on the {side}: {}", positions.join(", ")));
    }
    Figure {
        name: "positions",
        caption: "RoBERTa's positions of a text with padding on the right and on the left. The id \
                  of padding is 1."
            .into(),
        text: format!("Positions with {}.", told.join("; with ")),
        drawing: cells.into(),
    }
}

/// Both masks of the page's order.
fn masks() -> Option<Figure> {
    let masks = permutation_masks(&ORDER).ok()?;
    let names: Vec<String> = WORDS.iter().enumerate().map(|(at, word)| name(at, word)).collect();
    let lines = |rows: &[Vec<bool>]| -> String {
        let lines: Vec<String> =
            names.iter().zip(rows).map(|(name, row)| format!("{name}: {}", told(row))).collect();
        lines.join("; ")
    };
    let text = format!(
        "Which places a word may look at. Content mask: {}. Query mask: {}.",
        lines(&masks.content),
        lines(&masks.query)
    );
    let mut all = names.iter().map(|name| format!("h {name}")).collect::<Vec<_>>();
    all.extend(names.iter().map(|name| format!("g {name}")));
    let rows = [masks.content, masks.query].concat();
    Some(Figure {
        name: "masks",
        caption: "The masks of the order 2, 4, 3, 0, 1. Each row looks; filled cells are what it \
                  may look at. Rows h are the content mask, rows g the query mask, after the two \
                  streams that will use them."
            .into(),
        text,
        drawing: grid(&all, &rows, None),
    })
}

/// Both streams, through one layer.
fn streams() -> Figure {
    let mut drawing = Drawing::new(236.0);
    let at = |j: usize| 34.0 + (WIDTH - 40.0) / 5.0 * (j as f64 + 0.4);
    let boxed = |drawing: &mut Drawing, (x, y): (f64, f64), text: &str, ink: Ink| {
        drawing.boxed((x - 24.0, y - 11.0), (x + 24.0, y + 11.0), 3.0, ink);
        drawing.text((x, y + 4.0), Anchor::Middle, text, ink);
    };
    // New is predicted after is, city and a.
    let (place, seen) = (0, [2, 3, 4]);
    let (top, middle, low) = (30.0, 112.0, 200.0);
    for (j, word) in WORDS.iter().enumerate() {
        let is_seen = seen.contains(&j);
        let ink = if is_seen || j == place { Ink::Plain } else { Ink::Quiet };
        boxed(&mut drawing, (at(j), middle), word, ink);
        drawing.text((at(j), middle + 25.0), Anchor::Middle, &format!("h{}", subscript(j)), ink);
        if is_seen {
            drawing.arrow((at(j), middle - 12.0), (at(place) + 26.0, top + 6.0), Ink::Marked);
            drawing.arrow((at(j), middle + 30.0), (at(place) + 26.0, low - 6.0), Ink::Plain);
        }
    }
    boxed(&mut drawing, (at(place), top), "new g₀", Ink::Marked);
    boxed(&mut drawing, (at(place), low), "new h₀", Ink::Plain);
    drawing.arrow((at(place), middle + 30.0), (at(place), low - 13.0), Ink::Plain);
    let (x, y) = (at(place) - 2.0, middle - 40.0);
    drawing.text((x, y), Anchor::Middle, "g₀", Ink::Marked);
    drawing.arrow((x, y - 12.0), (x, top + 13.0), Ink::Marked);
    Figure {
        name: "streams",
        caption: "A layer at the place of New, in the order 2, 4, 3, 0, 1. Both streams read the \
                  content of what was predicted before. Only the content stream reads New itself."
            .into(),
        text: "Five content states h₀ to h₄: New, York, is, a, city. The new g₀ is made of g₀ and \
               of h₂, h₃ and h₄. The new h₀ is made of h₀, h₂, h₃ and h₄."
            .into(),
        drawing,
    }
}

fn subscript(n: usize) -> char {
    ['₀', '₁', '₂', '₃', '₄'][n % 5]
}

/// The window of each query in the scores for distances.
fn shift() -> Figure {
    const SEQ: i32 = 4;
    let distances: Vec<String> =
        (0..2 * SEQ).map(|p| (SEQ - p).to_string().replace('-', "−")).collect();
    let mut cells = Cells::new();
    for i in 0..SEQ {
        let row = distances.iter().enumerate().map(|(p, distance)| {
            let j = p as i32 - SEQ + i;
            (distance.as_str(), if (0..SEQ).contains(&j) { Ink::Marked } else { Ink::Quiet })
        });
        cells = cells.row(&format!("query {i}"), row);
    }
    Figure {
        name: "shift",
        caption:
            "Scores of four queries for the distances 4 to −3. In color, what rel_shift takes: \
                  the distances to the keys 0 to 3."
                .into(),
        text: "Four rows of the distances 4 to −3. Query 0 takes 0 to −3, query 1 takes 1 to −2, \
               query 2 takes 2 to −1, query 3 takes 3 to 0."
            .into(),
        drawing: cells.into(),
    }
}
