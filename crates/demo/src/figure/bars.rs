//! Numbers side by side.

use super::drawing::{FONT, width};
use super::{Anchor, Drawing, Ink, WIDTH};

const HEIGHT: f64 = 130.0;
const GAP: f64 = 14.0;

/// Bars in groups, one a category, with a series of bars in each.
///
/// ```
/// use demo::figure::{Bars, Drawing};
///
/// let bars = Bars::new(&["cat", "dog"])
///     .series("T = 1", &[0.7, 0.3], |p| format!("{p:.1}"))
///     .series("T = 2", &[0.6, 0.4], |p| format!("{p:.1}"));
/// let drawing: Drawing = bars.into();
/// ```
#[derive(Clone, Debug)]
pub struct Bars {
    categories: Vec<String>,
    series: Vec<(String, Vec<(f64, String)>)>,
}

impl Bars {
    /// No bars yet over these names.
    pub fn new(categories: &[&str]) -> Self {
        Self { categories: categories.iter().map(|&c| c.into()).collect(), series: Vec::new() }
    }

    /// A bar over each name; `shown` says its number.
    pub fn series(mut self, name: &str, values: &[f64], shown: impl Fn(f64) -> String) -> Self {
        let values = values.iter().map(|&value| (value, shown(value))).collect();
        self.series.push((name.into(), values));
        self
    }
}

impl From<Bars> for Drawing {
    fn from(Bars { categories, series }: Bars) -> Self {
        let top = if series.len() > 1 { 40.0 } else { 20.0 };
        let bottom = top + HEIGHT;
        let mut drawing = Self::new(bottom + 22.0);
        if series.len() > 1 {
            let mut x = 4.0;
            for (i, (name, _)) in series.iter().enumerate() {
                drawing.filled((x, 5.0), (x + 12.0, 15.0), Ink::Curve(i));
                drawing.text((x + 17.0, 5.0 + FONT - 1.0), Anchor::Start, name, Ink::Plain);
                x += width(name) + 34.0;
            }
        }
        let all = series.iter().flat_map(|(_, values)| values);
        let most = all.map(|(value, _)| *value).fold(f64::MIN_POSITIVE, f64::max);
        let group = WIDTH / categories.len().max(1) as f64;
        let bar = (group - GAP) / series.len().max(1) as f64;
        for (c, category) in categories.iter().enumerate() {
            let left = group * c as f64 + GAP / 2.0;
            for (s, (_, values)) in series.iter().enumerate() {
                let Some((value, shown)) = values.get(c) else { continue };
                let (x, height) = (left + bar * s as f64, HEIGHT * value.max(0.0) / most);
                drawing.filled((x + 1.0, bottom - height), (x + bar - 1.0, bottom), Ink::Curve(s));
                let middle = (x + bar / 2.0, bottom - height - 4.0);
                drawing.text(middle, Anchor::Middle, shown, Ink::Plain);
            }
            drawing.text(
                (left + (group - GAP) / 2.0, bottom + 15.0),
                Anchor::Middle,
                category,
                Ink::Plain,
            );
        }
        drawing.line(&[(0.0, bottom), (WIDTH, bottom)], Ink::Quiet);
        drawing
    }
}
