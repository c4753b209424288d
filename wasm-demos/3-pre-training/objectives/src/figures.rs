//! The figures of the page.

use demo::figure::{Bars, Figure};
use demo::format;
use objectives::solution::mean;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    mean(&NUMBERS).map(fair_shares).into_iter().collect()
}

const NUMBERS: [f64; 3] = [1.0, 2.0, 6.0];

/// The numbers, and what everybody gets.
fn fair_shares(mean: f64) -> Figure {
    Figure {
        name: "fair-shares",
        caption: "Shared equally, everybody has the mean.".into(),
        text: format!("Three bars of 1, 2 and 6, and beside them three bars of {mean} each."),
        drawing: Bars::new(&["first", "second", "third"])
            .series("before", &NUMBERS, format::number)
            .series("shared equally", &[mean; 3], format::number)
            .into(),
    }
}
