//! How encoder Buddy learned: natively only, a page does not carry its losses.

use bert::gap::{Pairs, Sides, TRAINING, split};
use buddy::{LossAt, VALIDATION, WORLD, losses};
use demo::figure::{Figure, Plot};
use grading::numbers::short;
use tinytown::World;

const LOSSES: &str = include_str!("../../../../models/encoder-buddy/loss.csv");
/// Counts are judged on so many bytes of the stories that the training was watched with.
const JUDGED: usize = 20_000;
/// Every so many words is a gap.
const STEP: usize = 7;

/// Its loss, and that of counts.
pub fn learning() -> Option<Figure> {
    let rows = losses(LOSSES).ok()?;
    let last = rows.last()?;
    let pairs = Pairs::tinytown(TRAINING);
    let text = World::new(WORLD).text(VALIDATION, JUDGED);
    let [neither, both] =
        [Sides::Neither, Sides::Both].map(|sides| by_counts(&pairs, &text, sides));
    let held_out = |row: &LossAt| (row.step as f64, row.held_out);
    let most = rows.first()?.held_out.max(neither).ceil();
    Some(Figure {
        name: "learning",
        caption: "Encoder Buddy's loss on stories held out. Dashed, the loss of counts: of how \
                  frequent words are, and of pairs with both neighbors."
            .into(),
        text: format!(
            "A curve falls from {} nats after {} steps to {} after {}. Frequencies alone lose {} \
             nats, pairs with both neighbors {}.",
            short(rows[0].held_out, 2),
            rows[0].step,
            short(last.held_out, 2),
            last.step,
            short(neither, 2),
            short(both, 2)
        ),
        drawing: Plot::new(("step", 0.0, last.step as f64), ("loss, nats", 0.0, most))
            .curve("Buddy", rows.iter().map(held_out))
            .across(neither, "frequencies")
            .across(both, "both neighbors")
            .into(),
    })
}

/// The mean of −ln P(word) over gaps; a word that was never counted is left out.
fn by_counts(pairs: &Pairs, text: &str, sides: Sides) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for line in text.lines() {
        for three in split(line).windows(3).step_by(STEP) {
            let [before, hidden, after] = three else { continue };
            let guess = pairs.guess(Some(before), Some(after), sides);
            if let Some((_, p)) = guess.iter().find(|(word, _)| word == hidden) {
                sum -= p.ln();
                count += 1.0;
            }
        }
    }
    sum / count
}
