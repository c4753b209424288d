//! Tokens as boxes one after the other, and rows of a batch as strips.

use demo::figure::{Anchor, Drawing, Ink, WIDTH};
use demo::format::counted;
use instruction_tuning::{IGNORE, Row};

const HEIGHT: f64 = 22.0;
const GAP: f64 = 3.0;
/// Of a letter, and around a text.
const LETTER: f64 = 6.6;
const AROUND: f64 = 8.0;

/// A token as a person reads it, short enough for a box.
pub fn shown(token: &str) -> String {
    match token {
        "<|im_start|>" => "‹start›".into(),
        "<|im_end|>" => "‹end›".into(),
        "<|endoftext|>" => "‹text end›".into(),
        _ => token.replace('\n', "⏎").replace(' ', "·"),
    }
}

/// Boxes of texts that go on in the next line where one is full. Marked ones are filled.
pub fn boxes(tokens: &[(String, bool)]) -> Drawing {
    let (mut x, mut y) = (1.0, 1.0);
    let mut places: Vec<(f64, f64, f64)> = Vec::new();
    for (text, _) in tokens {
        let width = LETTER * text.chars().count() as f64 + AROUND;
        if x > 1.0 && x + width > WIDTH - 1.0 {
            (x, y) = (1.0, y + HEIGHT + GAP);
        }
        places.push((x, y, width));
        x += width + GAP;
        // A line of a dialogue is a line here.
        if text == "⏎" {
            (x, y) = (1.0, y + HEIGHT + GAP);
        }
    }
    let mut drawing = Drawing::new(places.last().map_or(0.0, |place| place.1 + HEIGHT + 1.0));
    for ((text, is_marked), (x, y, width)) in tokens.iter().zip(places) {
        let ink = if *is_marked { Ink::Marked } else { Ink::Quiet };
        drawing.boxed((x, y), (x + width, y + HEIGHT), 4.0, ink);
        if *is_marked {
            drawing.filled((x + 2.0, y + HEIGHT - 4.0), (x + width - 2.0, y + HEIGHT - 1.5), ink);
        }
        drawing.text((x + width / 2.0, y + 15.0), Anchor::Middle, text, ink);
    }
    drawing
}

/// Rows of a batch, one below the other: given tokens are low, learned ones high, padding is empty.
pub fn strips(rows: &[Row]) -> Drawing {
    const LEFT: f64 = 50.0;
    const STRIP: f64 = 26.0;
    let columns = rows.iter().map(|row| row.ids.len()).max().unwrap_or(0).max(1);
    let step = (WIDTH - LEFT - 1.0) / columns as f64;
    let mut drawing = Drawing::new(STRIP * rows.len() as f64 + 2.0);
    for (at, row) in rows.iter().enumerate() {
        let bottom = 1.0 + STRIP * (at + 1) as f64 - 6.0;
        drawing.text((LEFT - 8.0, bottom - 4.0), Anchor::End, &format!("row {at}"), Ink::Plain);
        let top = bottom - 18.0;
        let right = LEFT + step * row.ids.len() as f64;
        drawing.boxed((LEFT, top), (right, bottom), 1.5, Ink::Quiet);
        let kind = |i: usize| (row.document_ids[i], i > 0 && row.labels[i - 1] != IGNORE);
        let mut start = 0;
        for i in 1..=row.ids.len() {
            if i < row.ids.len() && kind(i) == kind(start) {
                continue;
            }
            if let (Some(document), is_learned) = kind(start) {
                let from = if is_learned { top + 1.0 } else { bottom - 7.0 };
                let (left, right) = (LEFT + step * start as f64, LEFT + step * i as f64);
                drawing.filled((left, from), (right - 0.5, bottom - 1.0), Ink::Curve(document));
            }
            start = i;
        }
    }
    drawing
}

/// Who sees whom in a row: line by line what a position may look at.
pub fn mask(mask: &[Vec<bool>], row: &Row) -> Drawing {
    const SIDE: f64 = 240.0;
    let n = mask.len().max(1);
    let step = SIDE / n as f64;
    let left = (WIDTH - SIDE) / 2.0;
    let mut drawing = Drawing::new(SIDE + 2.0);
    drawing.boxed((left, 1.0), (left + SIDE, 1.0 + SIDE), 1.5, Ink::Quiet);
    for (i, line) in mask.iter().enumerate() {
        let Some(document) = row.document_ids[i] else { continue };
        let Some(first) = line.iter().position(|sees| *sees) else { continue };
        let last = line.iter().rposition(|sees| *sees).unwrap_or(first);
        let x = |at: usize| left + step * at as f64;
        let y = 1.0 + step * i as f64;
        drawing.filled((x(first), y), (x(last + 1), y + step), Ink::Curve(document));
    }
    drawing
}

/// A row in words.
pub fn told(row: &Row) -> String {
    let mut parts: Vec<(Option<usize>, usize, usize)> = Vec::new();
    for (i, &document) in row.document_ids.iter().enumerate() {
        let learned = usize::from(i > 0 && row.labels[i - 1] != IGNORE);
        match parts.last_mut() {
            Some((last, tokens, of)) if *last == document => {
                (*tokens, *of) = (*tokens + 1, *of + learned)
            }
            _ => parts.push((document, 1, learned)),
        }
    }
    let part = |(document, tokens, learned): &(Option<usize>, usize, usize)| match document {
        Some(document) => {
            format!("dialogue {document}, {}, {learned} learned", counted(*tokens, "token"))
        }
        None => format!("{} of padding", counted(*tokens, "place")),
    };
    parts.iter().map(part).collect::<Vec<_>>().join("; ")
}
