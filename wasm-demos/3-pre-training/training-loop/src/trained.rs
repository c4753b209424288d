//! How Buddy learned to write: natively only, a page does not carry its losses.

use buddy::{LossAt, Record, losses};
use demo::figure::{Figure, Plot};
use grading::numbers::short;
use serde_json::Value;

const LOSSES: &str = include_str!("../../../../models/buddy/loss.csv");
const RECORD: &str = include_str!("../../../../models/buddy/training.json");
const CARD: &str = include_str!("../../../../src/report-card.json");

/// Its loss on stories held out, in bits a byte, and that of counts.
pub fn buddy() -> Option<Figure> {
    let rows = losses(LOSSES).ok()?;
    let record: Record = serde_json::from_str(RECORD).ok()?;
    let counts = by_counts(&serde_json::from_str(CARD).ok()?)?;
    let bits_a_nat = record.held_out_bits? / record.held_out_loss;
    let held_out = |row: &LossAt| (row.step as f64, row.held_out * bits_a_nat);
    let (first, last) = (held_out(rows.first()?), held_out(rows.last()?));
    let passed = rows.iter().find(|row| held_out(row).1 < counts)?.step;
    Some(Figure {
        name: "buddy",
        caption:
            "Buddy’s loss on held-out stories while it is pre-trained. The dashed line is that of \
                  n-gram Buddy, which only counts."
                .into(),
        text: format!(
            "A curve falls from {} bits a byte after {} steps to {} after {}. It passes the {} of \
             n-gram Buddy before step {passed}.",
            short(first.1, 2),
            first.0,
            short(last.1, 3),
            last.0,
            short(counts, 3),
        ),
        drawing: Plot::new(("step", 0.0, last.0), ("bits a byte", 0.0, first.1.ceil()))
            .curve("Buddy", rows.iter().map(held_out))
            .across(counts, "n-gram Buddy")
            .into(),
    })
}

/// What n-gram Buddy has on the report card.
fn by_counts(card: &Value) -> Option<f64> {
    let models = card["models"].as_array()?;
    let scores =
        models.iter().find(|model| model["name"] == "n-gram Buddy")?["scores"].as_array()?;
    scores.iter().find(|score| score["metric"] == "bits a byte")?["value"].as_f64()
}
