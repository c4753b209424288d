//! Rows of words or numbers in columns: windows over a text, matrices.

use super::drawing::width;
use super::{Anchor, Drawing, Ink, WIDTH};

const HEIGHT: f64 = 22.0;
const GAP: f64 = 3.0;
const RULE: f64 = 19.0;

/// Cells, row by row.
///
/// ```
/// use demo::figure::{Cells, Drawing, Ink};
///
/// let words = ["the", "cat", "sat"];
/// let window = |at: usize| words.iter().enumerate().map(move |(i, &word)| {
///     (word, if i == at { Ink::Marked } else { Ink::Quiet })
/// });
/// let drawing: Drawing = Cells::new().row("step 1", window(0)).row("step 2", window(1)).into();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cells {
    head: Vec<String>,
    rows: Vec<Row>,
}

/// What stands below each other.
#[derive(Clone, Debug)]
enum Row {
    /// Cells with their name; each in a box or without one.
    Cells { name: (String, Ink), cells: Vec<(String, Ink)>, boxed: bool },
    /// A line across, with a text.
    Rule(String),
}

impl Row {
    fn name(&self) -> &str {
        match self {
            Self::Cells { name: (name, _), .. } => name,
            Self::Rule(_) => "",
        }
    }

    fn cells(&self) -> &[(String, Ink)] {
        match self {
            Self::Cells { cells, .. } => cells,
            Self::Rule(_) => &[],
        }
    }
}

impl Cells {
    /// No rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names of the columns.
    pub fn head<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.head = names.into_iter().map(Into::into).collect();
        self
    }

    /// A row with its name; a cell that is empty is no cell.
    pub fn row<'a>(self, name: &str, cells: impl IntoIterator<Item = (&'a str, Ink)>) -> Self {
        self.add((name, Ink::Quiet), cells, true)
    }

    /// A row with its name in an ink of its own, in boxes or without.
    pub fn add<'a>(
        mut self,
        (name, ink): (&str, Ink),
        cells: impl IntoIterator<Item = (&'a str, Ink)>,
        boxed: bool,
    ) -> Self {
        let cells = cells.into_iter().map(|(text, ink)| (text.into(), ink)).collect();
        self.rows.push(Row::Cells { name: (name.into(), ink), cells, boxed });
        self
    }

    /// A line across, which keeps the rows above apart from those below.
    pub fn rule(mut self, text: &str) -> Self {
        self.rows.push(Row::Rule(text.into()));
        self
    }
}

impl From<Cells> for Drawing {
    fn from(Cells { head, rows }: Cells) -> Self {
        let names = rows.iter().map(|row| width(row.name())).fold(0.0, f64::max);
        let left = if names > 0.0 { names + 10.0 } else { 0.0 };
        let columns = rows.iter().map(|row| row.cells().len()).fold(head.len(), usize::max);
        let mut widths: Vec<f64> = (0..columns)
            .map(|c| {
                let cells = rows.iter().filter_map(|row| row.cells().get(c));
                let texts = cells.map(|(text, _)| text).chain(head.get(c));
                texts.map(|text| width(text) + 12.0).fold(0.0, f64::max)
            })
            .collect();
        // What is too wide is squeezed, what is narrow stays so.
        let total: f64 = widths.iter().map(|w| w + GAP).sum();
        let room = WIDTH - left;
        if total > room {
            widths.iter_mut().for_each(|w| *w *= room / total);
        }
        let mut drawing = Self::new(0.0);
        let mut y = 2.0;
        let at = |c: usize| left + widths[..c].iter().map(|w| w + GAP).sum::<f64>();
        if !head.is_empty() {
            for (c, name) in head.iter().enumerate() {
                let middle = (at(c) + widths[c] / 2.0, y + 12.0);
                drawing.text(middle, Anchor::Middle, name, Ink::Quiet);
            }
            y += HEIGHT - 4.0;
        }
        for row in &rows {
            y += match row {
                Row::Cells { name: (name, ink), cells, boxed } => {
                    drawing.text((left - 8.0, y + 15.0), Anchor::End, name, *ink);
                    for (c, (text, ink)) in cells.iter().enumerate() {
                        if text.is_empty() {
                            continue;
                        }
                        let (x, right) = (at(c), at(c) + widths[c]);
                        if *boxed {
                            drawing.boxed((x, y), (right, y + HEIGHT), 4.0, *ink);
                        }
                        drawing.text(((x + right) / 2.0, y + 15.0), Anchor::Middle, text, *ink);
                    }
                    HEIGHT + GAP
                }
                Row::Rule(text) => {
                    let (half, level) = (width(text) / 2.0 + 6.0, y + 8.0);
                    for [from, to] in [[0.0, WIDTH / 2.0 - half], [WIDTH / 2.0 + half, WIDTH]] {
                        drawing.line(&[(from, level), (to, level)], Ink::Plain);
                    }
                    drawing.text((WIDTH / 2.0, y + 12.0), Anchor::Middle, text, Ink::Plain);
                    RULE
                }
            };
        }
        drawing.reach(y);
        drawing
    }
}
