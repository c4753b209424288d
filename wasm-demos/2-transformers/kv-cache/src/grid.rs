//! Words as boxes, a row a step: those that are kept, and those that are read.

use demo::figure::{Anchor, Drawing, Ink};

/// What a word is in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its key and value are kept from before.
    Kept,
    /// It is read.
    Read,
}

/// Boxes from a corner on, row by row, so wide each.
pub fn boxes(drawing: &mut Drawing, (left, top): (f64, f64), size: f64, rows: &[Vec<Mark>]) {
    let side = size - 3.0;
    for (row, marks) in rows.iter().enumerate() {
        for (column, mark) in marks.iter().enumerate() {
            let (x, y) = (left + size * column as f64, top + size * row as f64);
            match mark {
                Mark::Kept => drawing.boxed((x, y), (x + side, y + side), 2.0, Ink::Plain),
                Mark::Read => drawing.filled((x, y), (x + side, y + side), Ink::Marked),
            };
        }
    }
}

/// A text at the height of a row.
pub fn beside(drawing: &mut Drawing, x: f64, anchor: Anchor, (top, size): (f64, f64), text: &str) {
    drawing.text((x, top + size / 2.0 + 2.5), anchor, text, Ink::Quiet);
}
