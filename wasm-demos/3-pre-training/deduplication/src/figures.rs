//! The figures of the page.

use std::collections::BTreeSet;

use deduplication::hash;
use deduplication::solution::{collision_probability, minhash, shingles};
use deduplication::worked::{CARDS, COPY, STORY};
use demo::figure::{Cells, Figure, Ink};

use crate::curve::{axes, points};
use crate::overlap::{boxes, runs};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [Some(overlap()), Some(deck()), sieve(), Some(curves())].into_iter().flatten().collect()
}

/// The triples of two texts.
fn overlap() -> Figure {
    let [a, b] = [STORY, COPY].map(|text| runs(text, 3));
    let part = |of: &[(String, u64)], other: &[(String, u64)], is_in: bool| -> Vec<String> {
        let there =
            |run: &&(String, u64)| other.iter().any(|(_, number)| *number == run.1) == is_in;
        of.iter().filter(there).map(|(run, _)| run.clone()).collect()
    };
    let parts = [part(&a, &b, false), part(&a, &b, true), part(&b, &a, false)];
    Figure {
        name: "overlap",
        caption: "Every three words in a row, from both pages. In the middle: what both have."
            .into(),
        text: format!(
            "Two boxes that overlap. Only on the first page: {}. On both: {}. Only on the second: {}.",
            parts[0].join("; "),
            parts[1].join("; "),
            parts[2].join("; ")
        ),
        drawing: boxes(["first page", "second page"], [&parts[0], &parts[1], &parts[2]]),
    }
}

/// Five cards, shuffled again and again.
fn deck() -> Figure {
    let sets = CARDS.map(|cards| cards.iter().copied().collect::<BTreeSet<u64>>());
    let mut cells = Cells::new().head(["top"]);
    let mut told = Vec::new();
    for seed in 0..6 {
        let mut deck: Vec<u64> = sets[0].union(&sets[1]).copied().collect();
        deck.sort_by_key(|&card| hash(card, seed));
        let is_in_both = |card: &u64| sets.iter().all(|set| set.contains(card));
        let names: Vec<String> = deck.iter().map(ToString::to_string).collect();
        let verdict = if is_in_both(&deck[0]) { "the same first card" } else { "another one" };
        let ink = |(at, card): (usize, &u64)| match (at, is_in_both(card)) {
            (0, true) => Ink::Marked,
            (0, false) => Ink::Wrong,
            _ => Ink::Quiet,
        };
        let inks: Vec<Ink> = deck.iter().enumerate().map(ink).collect();
        let row = names.iter().map(String::as_str).zip(inks).chain([(verdict, Ink::Plain)]);
        cells = cells.row(&format!("shuffle {seed}"), row);
        told.push(format!("shuffle {seed}: {}, {verdict}", names.join(" ")));
    }
    Figure {
        name: "deck",
        caption: "Anna has the cards 1, 2, 3, 4, and Ben 1, 2, 3, 5. In each shuffle of all five, \
                  both look for the first card that they have. It is the same one whenever the top \
                  card is in both hands."
            .into(),
        text: format!("{}.", told.join("; ")),
        drawing: cells.into(),
    }
}

/// Signatures of the two texts, cut into bands.
fn sieve() -> Option<Figure> {
    const ROWS: usize = 3;
    let seeds: Vec<u64> = (0..12).collect();
    let sets = [shingles(STORY, 3).ok()?, shingles(COPY, 3).ok()?];
    let [a, b] = sets.map(|set| minhash(&set, &seeds));
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (band, (a, b)) in a.chunks(ROWS).zip(b.chunks(ROWS)).enumerate() {
        let verdict = if a == b { "they meet" } else { "they miss" };
        cells = cells.rule(&format!("band {band}: {verdict}"));
        let mut tell = Vec::new();
        for (name, own, other) in [("first page", a, b), ("second page", b, a)] {
            let shown: Vec<String> =
                own.iter().map(|value| format!("…{:04}", value % 10_000)).collect();
            let ink =
                own.iter().zip(other).map(|(x, y)| if x == y { Ink::Marked } else { Ink::Plain });
            let row: Vec<(&str, Ink)> = shown.iter().map(String::as_str).zip(ink).collect();
            cells = cells.row(name, row);
            tell.push(shown.join(" "));
        }
        told.push(format!("band {band}: {} and {}, {verdict}", tell[0], tell[1]));
    }
    Some(Figure {
        name: "sieve",
        caption: "The signatures of both pages, the last four digits of each number, in bands of \
                  three rows, which lie side by side here. Equal numbers are marked; one band of \
                  equal numbers is enough to meet."
            .into(),
        text: format!("{}.", told.join("; ")),
        drawing: cells.into(),
    })
}

/// How likely pairs meet, for cuts of 128 numbers.
fn curves() -> Figure {
    let cuts = [(128, 1), (32, 4), (16, 8), (8, 16)];
    let mut plot = axes();
    let mut told = Vec::new();
    for (bands, rows) in cuts {
        let probability = |s: f64| collision_probability(s, bands, rows).unwrap_or(f64::NAN);
        let half = (1.0 - 0.5_f64.powf(1.0 / bands as f64)).powf(1.0 / rows as f64);
        let name = format!("{bands} × {rows}");
        told.push(format!("{name} passes one half at {half:.2}"));
        // All end in one corner: named where they are apart.
        plot = plot.curve("", points(probability)).point((half, 0.5), &name);
    }
    Figure {
        name: "curves",
        caption: "How likely two pages meet in at least one band: 128 numbers, cut in four ways, \
                  bands × rows. The longer the bands, the later the curve rises. The dashed line \
                  is a threshold of 0.8."
            .into(),
        text: format!("Four S-shaped curves: {}.", told.join("; ")),
        drawing: plot.up(0.8, "").into(),
    }
}
