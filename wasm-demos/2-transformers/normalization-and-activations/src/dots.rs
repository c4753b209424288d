//! Numbers as dots on axes below each other.

use demo::figure::{Anchor, Drawing, Ink};
use demo::format;

const LEFT: f64 = 76.0;
const RIGHT: f64 = 346.0;
/// From one axis to the next, and where the first is.
const STEP: f64 = 52.0;
const TOP: f64 = 26.0;
/// Names that come closer than this are written as one.
const CLOSE: f64 = 9.0;

/// An axis with its name and the numbers on it.
pub struct Axis<'a> {
    pub name: &'a str,
    pub values: &'a [f64],
    pub from: f64,
    pub to: f64,
}

/// The name of a number by its place: a, b, c, …
pub fn letter(place: usize) -> char {
    char::from(b'a' + (place % 26) as u8)
}

/// Axes with dots, the same letter for the same place.
pub fn drawing(axes: &[Axis]) -> Drawing {
    let mut drawing = Drawing::new(TOP + STEP * axes.len() as f64 - 24.0);
    for (i, axis) in axes.iter().enumerate() {
        let y = TOP + STEP * i as f64;
        let span = (axis.to - axis.from).max(f64::MIN_POSITIVE);
        let place = |v: f64| LEFT + (v - axis.from) / span * (RIGHT - LEFT);
        drawing.text((LEFT - 12.0, y + 4.0), Anchor::End, axis.name, Ink::Plain);
        drawing.line(&[(LEFT, y), (RIGHT, y)], Ink::Quiet);
        let mut ticks = vec![axis.from, axis.to];
        if axis.from < 0.0 && axis.to > 0.0 {
            ticks.push(0.0);
        }
        for tick in ticks {
            drawing.line(&[(place(tick), y), (place(tick), y + 5.0)], Ink::Quiet);
            let shown = format::number(tick);
            drawing.text((place(tick), y + 17.0), Anchor::Middle, &shown, Ink::Quiet);
        }
        let mut dots: Vec<(f64, char)> =
            axis.values.iter().enumerate().map(|(i, v)| (place(*v), letter(i))).collect();
        dots.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut names: Vec<(f64, String)> = Vec::new();
        for (x, name) in dots {
            drawing.dot((x, y), 4.0, Ink::Marked);
            match names.last_mut() {
                Some((last, names)) if x - *last < CLOSE => names.push(name),
                _ => names.push((x, name.to_string())),
            }
        }
        for (x, name) in names {
            drawing.text((x, y - 9.0), Anchor::Middle, &name, Ink::Marked);
        }
    }
    drawing
}
