//! Rows of small squares, one a position, with the letter of the story that it belongs to.

use demo::figure::{Anchor, Drawing, Ink, WIDTH};

/// As wide as a square becomes.
const MOST: f64 = 24.0;
const HEIGHT: f64 = 24.0;
const BAR: f64 = 4.0;

/// What stands at a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Square {
    /// Nothing.
    Empty,
    /// A token of this story, and what is written for it.
    Story(usize, String),
    /// Filled: a token of this story is seen.
    Seen(usize),
    /// A token of another story is seen.
    Across,
}

impl Square {
    /// A token, by its story's letter; a stroke for the token that ends the story.
    pub fn token(story: usize, is_end: bool) -> Self {
        Self::Story(story, if is_end { "|".into() } else { letter(story) })
    }
}

/// How a story is called.
pub fn letter(story: usize) -> String {
    char::from(b'A' + (story % 26) as u8).to_string()
}

/// Rows with a name each.
pub fn squares(rows: &[(String, Vec<Square>)]) -> Drawing {
    let names = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let left = if names == 0 { 1.0 } else { 6.5 * names as f64 + 10.0 };
    let columns = rows.iter().map(|(_, row)| row.len()).max().unwrap_or(0).max(1);
    let step = ((WIDTH - left - 1.0) / columns as f64).min(MOST);
    let height = step.min(HEIGHT);
    let mut drawing = Drawing::new(height * rows.len() as f64 + 2.0);
    for (at, (name, row)) in rows.iter().enumerate() {
        let y = 1.0 + height * at as f64;
        let base = y + height / 2.0 + 3.0;
        drawing.text((left - 7.0, base), Anchor::End, name, Ink::Quiet);
        for (column, square) in row.iter().enumerate() {
            let x = left + step * column as f64;
            let (from, to) = ((x + 1.0, y + 1.0), (x + step - 1.0, y + height - 1.0));
            match square {
                Square::Empty => {
                    drawing.boxed(from, to, 1.5, Ink::Quiet);
                }
                Square::Story(story, text) => {
                    let ink = Ink::Curve(*story);
                    drawing.boxed(from, to, 1.5, Ink::Quiet);
                    drawing.filled((from.0, to.1 - BAR), to, ink);
                    drawing.text((x + step / 2.0, base - 2.0), Anchor::Middle, text, Ink::Plain);
                }
                Square::Seen(story) => {
                    drawing.filled(from, to, Ink::Curve(*story));
                }
                Square::Across => {
                    drawing.boxed(from, to, 1.5, Ink::Wrong);
                }
            }
        }
    }
    drawing
}

/// A row in words: what stands there, and how often in a row.
pub fn told(row: &[Square]) -> String {
    let name = |square: &Square| match square {
        Square::Empty => "empty".to_owned(),
        Square::Story(story, text) if text == "|" => format!("end of {}", letter(*story)),
        Square::Story(_, text) => text.clone(),
        Square::Seen(story) => letter(*story),
        Square::Across => "another story".to_owned(),
    };
    let mut runs: Vec<(String, usize)> = Vec::new();
    for square in row {
        let name = name(square);
        match runs.last_mut() {
            Some((last, n)) if *last == name => *n += 1,
            _ => runs.push((name, 1)),
        }
    }
    let shown = |(name, n): &(String, usize)| match n {
        1 => name.clone(),
        _ => format!("{n} × {name}"),
    };
    if runs.is_empty() {
        "nothing".into()
    } else {
        runs.iter().map(shown).collect::<Vec<_>>().join(", ")
    }
}
