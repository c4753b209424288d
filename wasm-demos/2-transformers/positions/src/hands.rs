//! Pairs of numbers as the hands of clocks.

use demo::figure::{Anchor, Drawing, Ink};

/// The room of a clock, and its radius.
const HEIGHT: f64 = 50.0;
const RADIUS: f64 = 20.0;
/// Where the texts at the left of a row end.
const LEFT: f64 = 66.0;
const HEAD: f64 = 20.0;
const WIDTH: f64 = demo::figure::WIDTH;

/// A hand: how far its tip is to the right and up, 1 being the rim; its color.
pub type Hand = ([f64; 2], Ink);

/// Rows of clocks with the names of columns and rows.
pub fn clocks(columns: &[String], rows: &[(String, Vec<Vec<Hand>>)]) -> Drawing {
    let mut drawing = Drawing::new(HEAD + HEIGHT * rows.len() as f64);
    let step = (WIDTH - LEFT) / columns.len().max(1) as f64;
    let middle = |column: usize| LEFT + step * (column as f64 + 0.5);
    for (column, name) in columns.iter().enumerate() {
        drawing.text((middle(column), 12.0), Anchor::Middle, name, Ink::Quiet);
    }
    for (row, (name, clocks)) in rows.iter().enumerate() {
        let y = HEAD + HEIGHT * (row as f64 + 0.5);
        drawing.text((LEFT - 8.0, y + 4.0), Anchor::End, name, Ink::Quiet);
        for (column, hands) in clocks.iter().enumerate() {
            let x = middle(column);
            drawing.circle((x, y), RADIUS, Ink::Quiet);
            for &([right, up], ink) in hands {
                drawing.arrow((x, y), (x + RADIUS * right, y - RADIUS * up), ink);
            }
        }
    }
    drawing
}
