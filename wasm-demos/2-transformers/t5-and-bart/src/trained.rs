//! Encoder-decoder Buddy: natively only, a page does not carry its weights.

use std::collections::HashMap;

use buddy::encoder_decoder::EncoderDecoderBuddy;
use buddy::vocabulary::words;
use buddy::{LossAt, TRAINING, VALIDATION, WORLD, losses};
use demo::figure::{Figure, Plot};
use grading::numbers::short;
use t5_and_bart::example::{SENTENCE, aligned};
use tinytown::World;

use crate::grid::{grid, told};

const LOSSES: &str = include_str!("../../../../models/encoder-decoder-buddy/loss.csv");
/// Words are counted in so many pairs, and judged in so many others.
const PAIRS: [usize; 2] = [4000, 256];

/// Its loss, and that of counts.
pub fn learning() -> Option<Figure> {
    let rows = losses(LOSSES).ok()?;
    let (first, last) = (rows.first()?, rows.last()?);
    let frequencies = by_frequency();
    let held_out = |row: &LossAt| (row.step as f64, row.held_out);
    let most = first.held_out.max(frequencies).ceil();
    Some(Figure {
        name: "learning",
        caption: "Buddy's loss on sentences held out. Dashed, the loss of guessing by how \
                  frequent words are."
            .into(),
        text: format!(
            "A curve falls from {} nats after {} steps to {} after {}. Guessing by frequency \
             loses {} nats.",
            short(first.held_out, 2),
            first.step,
            short(last.held_out, 3),
            last.step,
            short(frequencies, 2)
        ),
        drawing: Plot::new(("step", 0.0, last.step as f64), ("loss, nats", 0.0, most))
            .curve("Buddy", rows.iter().map(held_out))
            .across(frequencies, "frequencies")
            .into(),
    })
}

/// Where it looks while it translates the page's sentence.
pub fn looks() -> Option<Figure> {
    let looks = EncoderDecoderBuddy::kept().ok()?.looks(SENTENCE).ok()?;
    let weights = looks.blocks.last()?;
    let the = looks.output.iter().position(|word| word == "lo").unwrap_or(0);
    let right = aligned(SENTENCE).ok()?.output.join(" ").to_lowercase();
    let is_right = words(&right).eq(looks
        .output
        .iter()
        .filter(|w| w.chars().all(char::is_alphabetic) && *w != "end")
        .cloned());
    let verdict = if is_right { String::new() } else { format!(" Right would be: {right}.") };
    Some(Figure {
        name: "looks",
        caption: format!(
            "Trained cross-attention, the mean over the heads of the last block. In color, a word \
             for “the”.{verdict}"
        ),
        text: format!("A grid of dots. {}.", told(&looks.output, &looks.source, weights)),
        drawing: grid(&looks.output, &looks.source, weights, the),
    })
}

/// The mean of −ln P(word) over the words and ends of translations.
fn by_frequency() -> f64 {
    let world = World::new(WORLD);
    let tokens = |stream, count| -> Vec<String> {
        let pairs = world.translations(stream).take(count);
        let ended = |pair: tinytown::Translation| {
            words(&pair.tinytongue).chain([String::new()]).collect::<Vec<_>>()
        };
        pairs.flat_map(ended).collect()
    };
    let [counted, judged] = [tokens(TRAINING, PAIRS[0]), tokens(VALIDATION, PAIRS[1])];
    let mut counts = HashMap::<&str, f64>::new();
    counted.iter().for_each(|word| *counts.entry(word).or_default() += 1.0);
    let all = counted.len() as f64;
    // A word that was not counted is as rare as one that was counted once.
    let surprise = |word: &String| -(counts.get(word.as_str()).unwrap_or(&1.0) / all).ln();
    judged.iter().map(surprise).sum::<f64>() / judged.len() as f64
}
