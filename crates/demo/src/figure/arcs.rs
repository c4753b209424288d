//! Words below each other, and which looks at which.

use super::drawing::width;
use super::{Anchor, Drawing, Ink, WIDTH};
use crate::html::short;

const HEIGHT: f64 = 20.0;

/// Words with arcs between them; the heavier, the broader.
///
/// ```
/// use demo::figure::{Arcs, Drawing};
///
/// let drawing: Drawing = Arcs::new(&["the", "keys", "are"]).arc(2, 1, 0.8, "0.8").into();
/// ```
#[derive(Clone, Debug)]
pub struct Arcs {
    words: Vec<String>,
    arcs: Vec<(usize, usize, f64, String)>,
}

impl Arcs {
    /// Words from top to bottom.
    pub fn new(words: &[&str]) -> Self {
        Self { words: words.iter().map(|&word| word.into()).collect(), arcs: Vec::new() }
    }

    /// An arc from one word to another, with a weight from 0 to 1.
    pub fn arc(mut self, from: usize, to: usize, weight: f64, name: &str) -> Self {
        if from < self.words.len() && to < self.words.len() {
            self.arcs.push((from, to, weight, name.into()));
        }
        self
    }
}

impl From<Arcs> for Drawing {
    fn from(Arcs { words, arcs }: Arcs) -> Self {
        let mut drawing = Self::new(HEIGHT * words.len() as f64 + 4.0);
        let right = words.iter().map(|word| width(word)).fold(0.0, f64::max) + 16.0;
        let y = |i: usize| HEIGHT * i as f64 + HEIGHT / 2.0;
        let longest = arcs.iter().map(|(from, to, ..)| from.abs_diff(*to)).max().unwrap_or(1);
        let room = WIDTH - right - 60.0;
        for (i, word) in words.iter().enumerate() {
            let ink = match arcs.iter().any(|&(from, ..)| from == i) {
                true => Ink::Marked,
                false => Ink::Plain,
            };
            drawing.text((right - 8.0, y(i) + 4.0), Anchor::End, word, ink);
        }
        for (from, to, weight, name) in &arcs {
            let reach = right + room * (0.25 + 0.75 * from.abs_diff(*to) as f64 / longest as f64);
            let (y0, y1) = (y(*from), y(*to));
            let d = format!(
                "M{x} {a}C{c} {a} {c} {b} {x} {b}",
                x = short(right),
                a = short(y0),
                b = short(y1),
                c = short(right + (reach - right) * 4.0 / 3.0)
            );
            let class = format!("line marked w{}", (weight * 5.0).round().clamp(0.0, 5.0));
            drawing.path(d, &class);
            drawing.head((right + 20.0, y1), (right, y1), Ink::Marked);
            drawing.text((reach + 5.0, (y0 + y1) / 2.0 + 4.0), Anchor::Start, name, Ink::Plain);
        }
        drawing
    }
}
