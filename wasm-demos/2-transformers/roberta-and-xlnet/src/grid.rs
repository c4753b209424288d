//! Grids of cells that are filled or not.

use demo::figure::{Anchor, Drawing, Ink, WIDTH};

/// Where the texts at the left of a row end.
const LEFT: f64 = 96.0;
const HEAD: f64 = 20.0;
/// As wide as a cell becomes.
const MOST: f64 = 24.0;

/// How wide the cells are, if there are so many beside each other.
fn step(columns: usize) -> f64 {
    ((WIDTH - LEFT) / columns.max(1) as f64).min(MOST)
}

/// A row with a name for each list, numbered columns, and a filled cell where the list says so. The
/// row `marked` is in color.
pub fn grid(names: &[String], rows: &[Vec<bool>], marked: Option<usize>) -> Drawing {
    let columns = rows.first().map_or(0, Vec::len);
    let step = step(columns);
    let mut drawing = Drawing::new(HEAD + step * rows.len() as f64 + 2.0);
    for j in 0..columns {
        let x = LEFT + step * (j as f64 + 0.5);
        drawing.text((x, 12.0), Anchor::Middle, &j.to_string(), Ink::Quiet);
    }
    for (i, (name, row)) in names.iter().zip(rows).enumerate() {
        let ink = if marked == Some(i) { Ink::Marked } else { Ink::Plain };
        let y = HEAD + step * i as f64;
        drawing.text((LEFT - 8.0, y + step / 2.0 + 4.0), Anchor::End, name, ink);
        for (j, &is_filled) in row.iter().enumerate() {
            let x = LEFT + step * j as f64;
            let (from, to) = ((x + 1.5, y + 1.5), (x + step - 1.5, y + step - 1.5));
            if is_filled {
                drawing.filled(from, to, ink);
            } else {
                drawing.boxed(from, to, 1.5, Ink::Quiet);
            }
        }
    }
    drawing
}

/// Which columns of a row are filled, in words.
pub fn told(row: &[bool]) -> String {
    let filled: Vec<String> = (0..row.len()).filter(|&j| row[j]).map(|j| j.to_string()).collect();
    if filled.is_empty() { "none".into() } else { filled.join(", ") }
}

/// A name that fits beside a grid.
pub fn name(place: usize, word: &str) -> String {
    const LONGEST: usize = 10;
    if word.chars().count() <= LONGEST {
        return format!("{place} {word}");
    }
    let short: String = word.chars().take(LONGEST - 1).collect();
    format!("{place} {short}…")
}
