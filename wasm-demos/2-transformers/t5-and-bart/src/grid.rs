//! Who looks at whom, as dots.

use demo::figure::{Anchor, Drawing, Ink, WIDTH};
use demo::format::percent;

/// Where the texts at the left of a row end.
const LEFT: f64 = 92.0;
/// From one letter of a column's name to the next, and the most letters.
const LETTER: f64 = 10.5;
const MOST: usize = 9;

/// A row for each word that looks, a column for each that is looked at, its name upright above it;
/// the larger a dot, the larger the weight. `looks` is the row in color.
pub fn grid(rows: &[String], columns: &[String], weights: &[Vec<f64>], looks: usize) -> Drawing {
    let step = ((WIDTH - LEFT) / columns.len().max(1) as f64).min(26.0);
    let longest = columns.iter().map(|word| word.chars().count().min(MOST)).max().unwrap_or(0);
    let head = LETTER * longest as f64 + 10.0;
    let mut drawing = Drawing::new(head + step * rows.len() as f64 + 2.0);
    let middle = |place: usize| step * (place as f64 + 0.5);
    for (j, word) in columns.iter().enumerate() {
        // Letters below each other: no drawing here turns a text.
        let letters: Vec<char> = word.chars().take(MOST).collect();
        for (k, letter) in letters.iter().enumerate() {
            let y = head - 6.0 - LETTER * (letters.len() - 1 - k) as f64;
            let at = (LEFT + middle(j), y);
            drawing.text(at, Anchor::Middle, &letter.to_string(), Ink::Quiet);
        }
    }
    for (i, word) in rows.iter().enumerate() {
        let ink = if i == looks { Ink::Marked } else { Ink::Quiet };
        let y = head + middle(i);
        drawing.text((LEFT - 8.0, y + 4.0), Anchor::End, &format!("{} {word}", i + 1), ink);
        drawing.line(&[(LEFT, y), (LEFT + step * columns.len() as f64, y)], Ink::Quiet);
        let ink = if i == looks { Ink::Marked } else { Ink::Plain };
        for (j, weight) in weights[i].iter().enumerate() {
            let radius = 0.46 * step * weight.clamp(0.0, 1.0).sqrt();
            if radius > 0.05 {
                drawing.dot((LEFT + middle(j), y), radius, ink);
            }
        }
    }
    drawing
}

/// Each word, and what it takes most of.
pub fn told(rows: &[String], columns: &[String], weights: &[Vec<f64>]) -> String {
    let told = rows.iter().zip(weights).map(|(row, weights)| {
        let (best, most) = largest(weights);
        format!("{row} looks most at {}, {}", columns[best], percent(most))
    });
    told.collect::<Vec<_>>().join("; ")
}

/// The place of the largest weight, and the weight.
pub fn largest(weights: &[f64]) -> (usize, f64) {
    let pairs = weights.iter().copied().enumerate();
    pairs.fold((0, 0.0), |best, (i, weight)| if weight > best.1 { (i, weight) } else { best })
}
