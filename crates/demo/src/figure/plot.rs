//! Axes with curves, points, arrows, guides and contours.

use super::drawing::{FONT, width};
use super::labels::Labels;
use super::{Anchor, At, Drawing, Ink, WIDTH};
use crate::format;
use crate::html::Axis;

/// How high the plotted part is.
const HEIGHT: f64 = 190.0;
const TOP: f64 = 22.0;
const RIGHT: f64 = WIDTH - 14.0;
/// A contour is looked for in so many squares a side.
const SQUARES: usize = 72;

/// A plot of points `(x, y)`.
#[derive(Clone, Debug)]
pub struct Plot {
    x: (String, Axis),
    y: (String, Axis),
    /// Ticks of the axes with names of their own; none: round numbers.
    x_ticks: Vec<(f64, String)>,
    y_ticks: Vec<(f64, String)>,
    marks: Vec<Mark>,
    height: f64,
    bare: bool,
}

#[derive(Clone, Debug)]
enum Mark {
    Curve(String, Vec<At>, Ink),
    Point(At, String, Ink),
    Arrow(At, At, String, Ink),
    Across(f64, String),
    Up(f64, String),
    Contour(Vec<(At, At)>),
    Angle(At, At, String),
}

impl Plot {
    /// Axes with a name, a first and a last value each.
    pub fn new((x, x0, x1): (&str, f64, f64), (y, y0, y1): (&str, f64, f64)) -> Self {
        let axis = |name: &str, from, to| (name.to_owned(), Axis::between(from, to));
        Self {
            x: axis(x, x0, x1),
            y: axis(y, y0, y1),
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
            marks: Vec::new(),
            height: HEIGHT,
            bare: false,
        }
    }

    /// A plane for vectors: as many units up as across, the origin marked, no numbers.
    pub fn plane(x: (f64, f64), y: (f64, f64)) -> Self {
        let mut plot = Self::new(("", x.0, x.1), ("", y.0, y.1));
        plot.bare = true;
        plot.height = (RIGHT - plot.left()) * (y.1 - y.0) / (x.1 - x.0);
        plot.mark(Mark::Point((0.0, 0.0), String::new(), Ink::Quiet))
    }

    /// Names ticks of the first axis, such as powers on an axis of logarithms.
    pub fn x_ticks(mut self, ticks: &[(f64, &str)]) -> Self {
        self.x_ticks = ticks.iter().map(|&(at, name)| (at, name.to_owned())).collect();
        self
    }

    /// The same for the second axis.
    pub fn y_ticks(mut self, ticks: &[(f64, &str)]) -> Self {
        self.y_ticks = ticks.iter().map(|&(at, name)| (at, name.to_owned())).collect();
        self
    }

    /// A curve through these points, named at its end.
    pub fn curve(self, name: &str, points: impl IntoIterator<Item = At>) -> Self {
        let curves = self.marks.iter().filter(|mark| matches!(mark, Mark::Curve(..))).count();
        self.mark(Mark::Curve(name.into(), points.into_iter().collect(), Ink::Curve(curves)))
    }

    /// A point with its name beside it.
    pub fn point(self, at: At, name: &str) -> Self {
        self.mark(Mark::Point(at, name.into(), Ink::Marked))
    }

    /// An arrow, named at its end.
    pub fn arrow(self, from: At, to: At, name: &str) -> Self {
        self.mark(Mark::Arrow(from, to, name.into(), Ink::Marked))
    }

    /// An arrow that is there for comparison.
    pub fn quiet_arrow(self, from: At, to: At, name: &str) -> Self {
        self.mark(Mark::Arrow(from, to, name.into(), Ink::Quiet))
    }

    /// A dashed line across at this height.
    pub fn across(self, y: f64, name: &str) -> Self {
        self.mark(Mark::Across(y, name.into()))
    }

    /// A dashed line from bottom to top.
    pub fn up(self, x: f64, name: &str) -> Self {
        self.mark(Mark::Up(x, name.into()))
    }

    /// The lines on which `f` has these values.
    pub fn contours(self, f: impl Fn(f64, f64) -> f64, levels: &[f64]) -> Self {
        let (x, y) = (&self.x.1, &self.y.1);
        let at =
            |axis: &Axis, i: usize| axis.min + (axis.max - axis.min) * i as f64 / SQUARES as f64;
        let mut pieces = Vec::new();
        for (i, j) in (0..SQUARES).flat_map(|i| (0..SQUARES).map(move |j| (i, j))) {
            let corners =
                [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(|(i, j)| (at(x, i), at(y, j)));
            for &level in levels {
                let crossed: Vec<At> = (0..4)
                    .filter_map(|k| {
                        crossing(corners[k], corners[(k + 1) % 4], |p| f(p.0, p.1) - level)
                    })
                    .collect();
                pieces.extend(crossed.chunks_exact(2).map(|two| (two[0], two[1])));
            }
        }
        self.mark(Mark::Contour(pieces))
    }

    /// The angle between two vectors from the origin.
    pub fn angle(self, a: At, b: At, name: &str) -> Self {
        self.mark(Mark::Angle(a, b, name.into()))
    }

    fn mark(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    fn left(&self) -> f64 {
        let ticks = ticks(&self.y.1, &self.y_ticks);
        let widest = ticks.iter().map(|(_, name)| width(name));
        if self.bare { 14.0 } else { widest.fold(0.0, f64::max) + 14.0 }
    }

    fn place(&self, (x, y): At) -> At {
        let share = |axis: &Axis, v: f64| (v - axis.min) / (axis.max - axis.min);
        let left = self.left();
        (
            left + share(&self.x.1, x) * (RIGHT - left),
            TOP + (1.0 - share(&self.y.1, y)) * self.height,
        )
    }

    fn axes(&self, drawing: &mut Drawing) {
        let (left, bottom) = (self.left(), TOP + self.height);
        if self.bare {
            return;
        }
        // Lines across a map would look like contours.
        let is_map = self.marks.iter().any(|mark| matches!(mark, Mark::Contour(_)));
        let across = if is_map { (left - 4.0, left) } else { (left, RIGHT) };
        if is_map {
            drawing.boxed((left, TOP), (RIGHT, bottom), 0.0, Ink::Quiet);
        }
        for (tick, name) in &ticks(&self.y.1, &self.y_ticks) {
            let (_, y) = self.place((self.x.1.min, *tick));
            drawing.line(&[(across.0, y), (across.1, y)], Ink::Quiet);
            drawing.text((left - 6.0, y + 0.35 * FONT), Anchor::End, name, Ink::Quiet);
        }
        for (tick, name) in &ticks(&self.x.1, &self.x_ticks) {
            let (x, _) = self.place((*tick, self.y.1.min));
            drawing.line(&[(x, bottom), (x, bottom + 4.0)], Ink::Quiet);
            drawing.text((x, bottom + 16.0), Anchor::Middle, name, Ink::Quiet);
        }
        drawing.text((4.0, FONT), Anchor::Start, &self.y.0, Ink::Quiet);
        drawing.text((RIGHT, bottom + 32.0), Anchor::End, &self.x.0, Ink::Quiet);
    }
}

impl From<Plot> for Drawing {
    fn from(plot: Plot) -> Self {
        let bottom = TOP + plot.height;
        let mut drawing = Self::new(bottom + if plot.bare { 14.0 } else { 38.0 });
        let mut labels = Labels::default();
        plot.axes(&mut drawing);
        let place = |at: At| plot.place(at);
        for mark in &plot.marks {
            match mark {
                Mark::Curve(name, points, ink) => {
                    let inside = |&(x, y): &At| {
                        let within = |axis: &Axis, v: f64| v >= axis.min && v <= axis.max;
                        within(&plot.x.1, x) && within(&plot.y.1, y)
                    };
                    let places: Vec<At> =
                        points.iter().copied().filter(inside).map(place).collect();
                    drawing.line(&places, *ink);
                    places.windows(2).for_each(|two| labels.avoid(two[0], two[1]));
                    if let Some(&end) = places.last() {
                        labels.name(end, name, *ink);
                    }
                }
                Mark::Point(at, name, ink) => {
                    let at = place(*at);
                    drawing.dot(at, 3.5, *ink);
                    labels.avoid(at, at);
                    labels.name(at, name, *ink);
                }
                Mark::Arrow(from, to, name, ink) => {
                    let (from, to) = (place(*from), place(*to));
                    drawing.arrow(from, to, *ink);
                    labels.avoid(from, to);
                    labels.avoid_head(from, to);
                    labels.name(to, name, *ink);
                }
                Mark::Across(y, name) => {
                    let (from, to) = (place((plot.x.1.min, *y)), place((plot.x.1.max, *y)));
                    guide(
                        &mut drawing,
                        &mut labels,
                        from,
                        to,
                        (to.0 - width(name) / 2.0, to.1),
                        name,
                    );
                }
                Mark::Up(x, name) => {
                    let (from, to) = (place((*x, plot.y.1.min)), place((*x, plot.y.1.max)));
                    guide(&mut drawing, &mut labels, from, to, (to.0, to.1 + 8.0), name);
                }
                Mark::Contour(pieces) => {
                    let mut d = String::new();
                    for &(a, b) in pieces {
                        let [a, b] = [a, b].map(place).map(|(x, y)| format!("{x:.1} {y:.1}"));
                        d += &format!("M{a}L{b}");
                    }
                    drawing.path(d, "line contour");
                }
                Mark::Angle(a, b, name) => {
                    let turn = |v: &At| v.1.atan2(v.0);
                    let (from, to) = (turn(a), turn(b));
                    let radius = 0.3 * a.0.hypot(a.1).min(b.0.hypot(b.1));
                    let on = |share: f64| {
                        let turn = from + share * (to - from);
                        place((radius * turn.cos(), radius * turn.sin()))
                    };
                    let arc: Vec<At> = (0..=24).map(|i| on(f64::from(i) / 24.0)).collect();
                    drawing.line(&arc, Ink::Plain);
                    arc.windows(2).for_each(|two| labels.avoid(two[0], two[1]));
                    labels.name(on(0.5), name, Ink::Plain);
                }
            }
        }
        labels.write(&mut drawing, TOP - 4.0, bottom + if plot.bare { 12.0 } else { -2.0 });
        drawing
    }
}

/// Where an axis has ticks, and what they are called.
fn ticks(axis: &Axis, named: &[(f64, String)]) -> Vec<(f64, String)> {
    if !named.is_empty() {
        return named.to_vec();
    }
    axis.ticks.iter().map(|&tick| (tick, format::number(tick))).collect()
}

fn guide(drawing: &mut Drawing, labels: &mut Labels, from: At, to: At, named: At, name: &str) {
    let d = format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1);
    drawing.path(d, "line guide");
    labels.avoid(from, to);
    labels.name(named, name, Ink::Quiet);
}

/// Where a function is 0 between two places, if its sign changes there.
fn crossing(a: At, b: At, f: impl Fn(At) -> f64) -> Option<At> {
    let (fa, fb) = (f(a), f(b));
    if (fa < 0.0) == (fb < 0.0) {
        return None;
    }
    let t = fa / (fa - fb);
    Some((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)))
}
