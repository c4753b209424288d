//! Weights as dots in a grid, and as arcs between words.

use demo::figure::{Anchor, Arcs, Drawing, Ink};
use demo::format::percent;

/// Where the texts at the left of a row end, and the room of a row.
const LEFT: f64 = 96.0;
const HEAD: f64 = 20.0;
const WIDTH: f64 = demo::figure::WIDTH;
/// A weight below this has no arc.
const FAINT: f64 = 0.005;

/// A row for each word that looks, a column for each that is looked at; the larger a dot, the
/// larger the weight. `looks` is the row in color, and of it a column in a circle.
pub fn grid(words: &[&str], weights: &[Vec<f64>], looks: usize, at: Option<usize>) -> Drawing {
    let step = ((WIDTH - LEFT) / words.len().max(1) as f64).min(24.0);
    let mut drawing = Drawing::new(HEAD + step * words.len() as f64 + 2.0);
    let middle = |place: usize| step * (place as f64 + 0.5);
    for (j, _) in words.iter().enumerate() {
        let ink = if at == Some(j) { Ink::Marked } else { Ink::Quiet };
        let x = LEFT + middle(j);
        drawing.text((x, 12.0), Anchor::Middle, &(j + 1).to_string(), ink);
    }
    for (i, word) in words.iter().enumerate() {
        let ink = if i == looks { Ink::Marked } else { Ink::Quiet };
        let y = HEAD + middle(i);
        let name = format!("{} {word}", i + 1);
        drawing.text((LEFT - 8.0, y + 4.0), Anchor::End, &name, ink);
        drawing.line(&[(LEFT, y), (LEFT + step * words.len() as f64, y)], Ink::Quiet);
        let ink = if i == looks { Ink::Marked } else { Ink::Plain };
        for (j, weight) in weights[i].iter().enumerate() {
            let place = (LEFT + middle(j), y);
            let radius = 0.46 * step * weight.clamp(0.0, 1.0).sqrt();
            if radius > 0.05 {
                drawing.dot(place, radius, ink);
            }
            if i == looks && at == Some(j) {
                drawing.circle(place, 0.5 * step, Ink::Marked);
            }
        }
    }
    drawing
}

/// Arcs from one word to all it takes something from.
pub fn arcs(words: &[&str], weights: &[f64], looks: usize) -> Drawing {
    let mut arcs = Arcs::new(words);
    for (j, &weight) in weights.iter().enumerate() {
        if weight >= FAINT && j != looks {
            arcs = arcs.arc(looks, j, weight, &percent(weight));
        }
    }
    arcs.into()
}

/// What one word takes from all, in words.
pub fn told(words: &[&str], weights: &[f64]) -> String {
    let told: Vec<String> = words
        .iter()
        .zip(weights)
        .enumerate()
        .map(|(j, (word, &weight))| format!("{} from {} {word}", percent(weight), j + 1))
        .collect();
    told.join(", ")
}
