//! Pairs of numbers as the hands of clocks.

use demo::figure::{Anchor, Drawing, Ink};

/// Where the texts at the left of a row end.
const LEFT: f64 = 72.0;
const HEAD: f64 = 20.0;
const GAP: f64 = 10.0;
const WIDTH: f64 = demo::figure::WIDTH;

/// A hand: how far its tip is to the right and up, 1 being the rim; its color.
pub type Hand = ([f64; 2], Ink);

/// Rows of clocks of a radius, with the names of columns, and of rows if they have one.
pub fn clocks(radius: f64, columns: &[String], rows: &[(String, Vec<Vec<Hand>>)]) -> Drawing {
    let height = 2.0 * radius + GAP;
    let mut drawing = Drawing::new(HEAD + height * rows.len() as f64);
    let left = if rows.iter().all(|(name, _)| name.is_empty()) { 0.0 } else { LEFT };
    let step = (WIDTH - left) / columns.len().max(1) as f64;
    let middle = |column: usize| left + step * (column as f64 + 0.5);
    for (column, name) in columns.iter().enumerate() {
        drawing.text((middle(column), 12.0), Anchor::Middle, name, Ink::Quiet);
    }
    for (row, (name, clocks)) in rows.iter().enumerate() {
        let y = HEAD + height * (row as f64 + 0.5);
        drawing.text((left - 8.0, y + 4.0), Anchor::End, name, Ink::Quiet);
        for (column, hands) in clocks.iter().enumerate() {
            let x = middle(column);
            drawing.circle((x, y), radius, Ink::Quiet);
            for &([right, up], ink) in hands {
                drawing.arrow((x, y), (x + radius * right, y - radius * up), ink);
            }
        }
    }
    drawing
}
