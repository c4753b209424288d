//! Where heads look: a small grid for each, a dot for each pair of words.

use demo::figure::{Anchor, Drawing, Ink, WIDTH};

/// A head: its name, and the weights that each word gives to each, row by row.
pub struct Head {
    pub name: String,
    pub weights: Vec<f64>,
}

const GAP: f64 = 14.0;
const TITLE: f64 = 20.0;
/// Room for the words at the left of a grid.
const LEFT: f64 = 48.0;
/// Letters of a word.
const LETTERS: usize = 7;

/// Two grids in a row. The words stand at the left: those that look; in the same order, from left
/// to right, are those that are looked at. The row `looking` is marked.
pub fn grids(words: &[&str], heads: &[Head], looking: Option<usize>) -> Drawing {
    let n = words.len();
    let width = (WIDTH - GAP) / 2.0;
    let cell = ((width - LEFT) / n.max(1) as f64).min(22.0);
    let height = TITLE + cell * n as f64 + GAP;
    let mut drawing = Drawing::new(height * heads.len().div_ceil(2) as f64);
    for (at, head) in heads.iter().enumerate() {
        let (left, top) = ((at % 2) as f64 * (width + GAP), (at / 2) as f64 * height);
        let (grid, first) = (left + LEFT, top + TITLE);
        drawing.text((grid - 4.0, top + 13.0), Anchor::Start, &head.name, Ink::Plain);
        for (row, word) in words.iter().enumerate() {
            let middle = first + cell * (row as f64 + 0.5);
            let is_marked = looking == Some(row);
            let ink = if is_marked { Ink::Marked } else { Ink::Quiet };
            let shown = shortened(word);
            drawing.text((grid - 4.0, middle + 4.0), Anchor::End, &shown, ink);
            for column in 0..n {
                let x = grid + cell * (column as f64 + 0.5);
                let weight = head.weights.get(row * n + column).copied().unwrap_or(0.0);
                // The area of a dot is the weight.
                let radius = (cell / 2.0 - 1.0) * weight.clamp(0.0, 1.0).sqrt();
                drawing.boxed(
                    (x - cell / 2.0, middle - cell / 2.0),
                    (x + cell / 2.0, middle + cell / 2.0),
                    0.0,
                    Ink::Quiet,
                );
                if radius > 0.4 {
                    let ink = if is_marked { Ink::Marked } else { Ink::Plain };
                    drawing.dot((x, middle), radius, ink);
                }
            }
        }
    }
    drawing
}

fn shortened(word: &str) -> String {
    match word.chars().count() > LETTERS {
        true => word.chars().take(LETTERS - 1).chain(['…']).collect(),
        false => word.to_owned(),
    }
}

/// What one word takes: the words with the largest weights, and how large they are.
pub fn told(words: &[&str], weights: &[f64], row: usize) -> String {
    let n = words.len();
    let mut taken: Vec<(usize, f64)> =
        weights[row * n..(row + 1) * n].iter().copied().enumerate().collect();
    taken.retain(|(_, weight)| *weight >= 0.05);
    taken.sort_by(|a, b| b.1.total_cmp(&a.1));
    let shown = taken.iter().take(3).map(|&(at, weight)| {
        // Which of two equal words it is.
        let is_twice = words.iter().filter(|word| **word == words[at]).count() > 1;
        let place = if is_twice { format!(" (word {})", at + 1) } else { String::new() };
        format!("“{}”{place} {:.0}%", words[at], 100.0 * weight)
    });
    let mut shown: Vec<String> = shown.collect();
    if taken.len() > 3 {
        shown.push("…".into());
    }
    shown.join(", ")
}
