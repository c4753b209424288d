//! An interval, who owns which stretch of it, and what falls where.

use super::labels::Labels;
use super::{Anchor, Drawing, Ink, WIDTH};
use crate::format;
use crate::html::Axis;

const LEFT: f64 = 14.0;
const RIGHT: f64 = WIDTH - 14.0;
const TOP: f64 = 34.0;
const HEIGHT: f64 = 30.0;

/// A number line.
///
/// ```
/// use demo::figure::{Drawing, NumberLine};
///
/// let line = NumberLine::new(0.0, 1.0).stretch("the", 0.7).stretch("a", 0.3).mark(0.81, "0.81: a");
/// let drawing: Drawing = line.into();
/// ```
#[derive(Clone, Debug)]
pub struct NumberLine {
    axis: Axis,
    stretches: Vec<(String, f64)>,
    marks: Vec<(f64, String)>,
}

impl NumberLine {
    /// From one number to another.
    pub fn new(from: f64, to: f64) -> Self {
        Self { axis: Axis::between(from, to), stretches: Vec::new(), marks: Vec::new() }
    }

    /// A stretch of this length, behind those before it.
    pub fn stretch(mut self, name: &str, length: f64) -> Self {
        self.stretches.push((name.into(), length));
        self
    }

    /// An arrow to a number.
    pub fn mark(mut self, at: f64, name: &str) -> Self {
        self.marks.push((at, name.into()));
        self
    }
}

impl From<NumberLine> for Drawing {
    fn from(line: NumberLine) -> Self {
        let axis = &line.axis;
        let place = |v: f64| LEFT + (v - axis.min) / (axis.max - axis.min) * (RIGHT - LEFT);
        let bottom = TOP + HEIGHT;
        let mut drawing = Self::new(bottom + 24.0);
        let mut labels = Labels::default();
        let mut from = axis.min;
        for (i, (name, length)) in line.stretches.iter().enumerate() {
            let to = from + length;
            let ink = if i % 2 == 0 { Ink::Plain } else { Ink::Quiet };
            drawing.boxed((place(from), TOP), (place(to), bottom), 0.0, ink);
            let middle = (place((from + to) / 2.0), TOP + HEIGHT / 2.0 + 4.0);
            drawing.text(middle, Anchor::Middle, name, Ink::Plain);
            from = to;
        }
        drawing.line(&[(LEFT, bottom), (RIGHT, bottom)], Ink::Plain);
        for &tick in &axis.ticks {
            let x = place(tick);
            drawing.line(&[(x, bottom), (x, bottom + 4.0)], Ink::Plain);
            drawing.text((x, bottom + 16.0), Anchor::Middle, &format::number(tick), Ink::Quiet);
        }
        for (at, name) in &line.marks {
            let x = place(*at);
            drawing.arrow((x, TOP - 18.0), (x, TOP), Ink::Marked);
            labels.avoid((x, TOP - 18.0), (x, TOP));
            labels.name((x, TOP - 14.0), name, Ink::Marked);
        }
        labels.write(&mut drawing, 0.0, TOP);
        drawing
    }
}
