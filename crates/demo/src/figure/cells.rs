//! Rows of words or numbers in columns: windows over a text, matrices.

use super::drawing::width;
use super::{Anchor, Drawing, Ink, WIDTH};

const HEIGHT: f64 = 22.0;
const GAP: f64 = 3.0;

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
    rows: Vec<(String, Vec<(String, Ink)>)>,
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
    pub fn row<'a>(mut self, name: &str, cells: impl IntoIterator<Item = (&'a str, Ink)>) -> Self {
        let cells = cells.into_iter().map(|(text, ink)| (text.into(), ink)).collect();
        self.rows.push((name.into(), cells));
        self
    }
}

impl From<Cells> for Drawing {
    fn from(Cells { head, rows }: Cells) -> Self {
        let names = rows.iter().map(|(name, _)| width(name)).fold(0.0, f64::max);
        let left = if names > 0.0 { names + 10.0 } else { 0.0 };
        let columns = rows.iter().map(|(_, cells)| cells.len()).fold(head.len(), usize::max);
        let mut widths: Vec<f64> = (0..columns)
            .map(|c| {
                let cells = rows.iter().filter_map(|(_, cells)| cells.get(c));
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
        for (name, cells) in &rows {
            drawing.text((left - 8.0, y + 15.0), Anchor::End, name, Ink::Quiet);
            for (c, (text, ink)) in
                cells.iter().enumerate().filter(|(_, (text, _))| !text.is_empty())
            {
                let (x, right) = (at(c), at(c) + widths[c]);
                drawing.boxed((x, y), (right, y + HEIGHT), 4.0, *ink);
                drawing.text(((x + right) / 2.0, y + 15.0), Anchor::Middle, text, *ink);
            }
            y += HEIGHT + GAP;
        }
        drawing.reach(y);
        drawing
    }
}
