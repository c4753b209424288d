//! The figures of the page.

use attention::solution::causal_mask;
use demo::figure::{Anchor, Bars, Cells, Drawing, Figure, Ink, Plot, WIDTH};
use grading::numbers::{count, short};
use kv_cache::CacheError;
use kv_cache::cost::writing;
use kv_cache::example::{LETTER, moved_by_the_last};

use crate::grid::{Mark, beside, boxes};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [Ok(rereading()), Ok(dot_products()), moved(), staircase(), Ok(rounds())];
    figures.into_iter().flatten().collect()
}

/// What is read before each word of the letter.
fn rereading() -> Figure {
    let (n, size, top) = (LETTER.len(), 15.0, 22.0);
    let again: Vec<Vec<Mark>> = (1..=n).map(|t| vec![Mark::Read; t]).collect();
    let kept: Vec<Vec<Mark>> =
        (1..=n).map(|t| [vec![Mark::Kept; t - 1], vec![Mark::Read]].concat()).collect();
    let mut drawing = Drawing::new(top + size * n as f64 + 4.0);
    let grid = size * n as f64;
    let (left, right) = (50.0, WIDTH - grid);
    for (row, word) in LETTER.iter().enumerate() {
        let at = (top + size * row as f64, size);
        beside(&mut drawing, left - 6.0, Anchor::End, at, word);
        beside(&mut drawing, right - 6.0, Anchor::End, at, word);
    }
    for (x, name, rows) in [(left, "all read again", &again), (right, "the rest known", &kept)] {
        drawing.text((x, 12.0), Anchor::Start, name, Ink::Plain);
        boxes(&mut drawing, (x, top), size, rows);
    }
    let read =
        |rows: &[Vec<Mark>]| rows.iter().flatten().filter(|&&mark| mark == Mark::Read).count();
    Figure {
        name: "rereading",
        caption: format!(
            "Eight words are written, a row each. In color: the words that are read before the \
             next one. On the left {}, on the right {}.",
            read(&again),
            read(&kept)
        ),
        text: format!(
            "Two grids with a row for each word of “{}”. On the left all boxes of a row are in \
             color, one more in each row: a triangle of {} boxes. On the right only the last box \
             of each row is, a line of {}; the others are outlines.",
            LETTER.join(" "),
            read(&again),
            read(&kept)
        ),
        drawing,
    }
}

/// How dot products add up while a text is written.
fn dot_products() -> Figure {
    const MOST: usize = 100;
    let line = |which: usize| (0..=MOST).map(move |n| (n as f64, writing(n)[which] as f64));
    let [with, without] = writing(MOST).map(|n| n as f64);
    let whole = |n: f64| count(n as u64);
    Figure {
        name: "dot-products",
        caption: format!(
            "Dot products of a query and a key, in all, while {MOST} tokens are written: {} with \
             kept keys, {} without.",
            whole(with),
            whole(without)
        ),
        text: format!(
            "Two curves over the tokens written. If all is read again, the curve bends upward ever \
             more steeply, to {} after half the text and {} at its end. With kept keys it stays \
             near the bottom: {} and {}.",
            whole(writing(MOST / 2)[1] as f64),
            whole(without),
            whole(writing(MOST / 2)[0] as f64),
            whole(with)
        ),
        drawing: Plot::new(("tokens written", 0.0, MOST as f64), ("dot products", 0.0, without))
            .curve("all read again", line(1))
            .curve("keys kept", line(0))
            .into(),
    }
}

/// How far each word's vector moves when one more word comes.
fn moved() -> Result<Figure, CacheError> {
    let (before, last) = (&LETTER[..LETTER.len() - 1], LETTER[LETTER.len() - 1]);
    let (both, back) = (moved_by_the_last(&LETTER, false)?, moved_by_the_last(&LETTER, true)?);
    let told = |moved: &[f64]| {
        let each = before.iter().zip(moved).map(|(word, by)| format!("{word} {}", short(*by, 2)));
        each.collect::<Vec<_>>().join(", ")
    };
    Ok(Figure {
        name: "moved",
        caption: format!(
            "After a layer of attention: how far does each word's vector move when “{last}” is \
             added to the letter? If words look only back, not at all."
        ),
        text: format!(
            "Two bars a word. Words that see both sides move: {}. Words that see what came before: \
             {}.",
            told(&both),
            told(&back)
        ),
        drawing: Bars::new(before)
            .series("sees both sides", &both, |x| short(x, 2))
            .series("looks only back", &back, |x| short(x, 1))
            .into(),
    })
}

/// Who sees whom in a step of three behind five kept ones.
fn staircase() -> Result<Figure, CacheError> {
    let (new, kept) = (3, 5);
    let rows = causal_mask(new, kept + new)?.to_vec2::<u8>()?;
    let names: Vec<String> = (0..kept + new).map(|j| format!("k{j}")).collect();
    let mut cells = Cells::new().head(names.iter().map(String::as_str));
    let mut told = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let cell = |(j, &sees): (usize, &u8)| match (sees, j < kept) {
            (0, _) => ("·", Ink::Quiet),
            (_, true) => ("sees", Ink::Plain),
            (_, false) => ("sees", Ink::Marked),
        };
        cells = cells.row(&format!("q{}", kept + i), row.iter().enumerate().map(cell));
        told.push(format!(
            "query {} sees {} keys",
            kept + i,
            row.iter().filter(|&&s| s == 1).count()
        ));
    }
    Ok(Figure {
        name: "staircase",
        caption: "A step of three tokens behind five that are kept. The new keys are in color: \
                  the last query stands at the last key."
            .into(),
        text: format!("A row a query, a column a key: {}.", told.join("; ")),
        drawing: cells.into(),
    })
}

/// Ten keys, four at a time, with the highest score so far.
fn rounds() -> Figure {
    const THREADS: usize = 4;
    let scores = [1.0_f64, 3.0, 0.0, 2.0, 2.0, 5.0, 1.0, 4.0, 3.0, 0.0];
    let (mut highest, mut total) = (f64::NEG_INFINITY, 0.0);
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (round, part) in scores.chunks(THREADS).enumerate() {
        let before = highest;
        highest = part.iter().copied().fold(highest, f64::max);
        let shrink = (before - highest).exp();
        let weights: Vec<f64> = part.iter().map(|s| (s - highest).exp()).collect();
        total = total * shrink + weights.iter().sum::<f64>();
        let texts: Vec<String> = part.iter().map(|s| short(*s, 0)).collect();
        let weights: Vec<String> = weights.iter().map(|w| short(*w, 2)).collect();
        let inks = part.iter().map(|&s| if s >= highest { Ink::Marked } else { Ink::Plain });
        let name = format!("round {}: scores", round + 1);
        cells = cells
            .row(&name, texts.iter().map(String::as_str).zip(inks))
            .add(("weights", Ink::Quiet), weights.iter().map(|w| (w.as_str(), Ink::Plain)), false)
            .rule(&format!(
                "highest so far {}, old sums × {}, total {}",
                short(highest, 0),
                short(shrink, 2),
                short(total, 2)
            ));
        told.push(format!(
            "round {}: scores {}; the highest so far is {}, old sums are multiplied by {}, the \
             weights are {}, and their total so far is {}",
            round + 1,
            texts.join(", "),
            short(highest, 0),
            short(shrink, 2),
            weights.join(", "),
            short(total, 2)
        ));
    }
    Figure {
        name: "rounds",
        caption: "Ten keys and only four threads: each round takes four scores, and makes up for \
                  a maximum that has grown."
            .into(),
        text: told.join(". ") + ".",
        drawing: cells.into(),
    }
}
