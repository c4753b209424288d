//! Where texts go: beside what they name, and over nothing else.

use super::drawing::{FONT, LINE, width};
use super::{Anchor, At, Drawing, Ink, WIDTH};

/// Texts that wait for a place, and what they must not cover.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    wanted: Vec<(At, String, Ink)>,
    /// Points that are drawn.
    drawn: Vec<At>,
}

#[derive(Clone, Copy)]
struct Rect {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Rect {
    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn holds(&self, (x, y): At) -> bool {
        (self.left..self.right).contains(&x) && (self.top..self.bottom).contains(&y)
    }
}

impl Labels {
    /// Names what is at this place.
    pub fn name(&mut self, at: At, text: &str, ink: Ink) {
        if !text.is_empty() {
            self.wanted.push((at, text.into(), ink));
        }
    }

    /// Keeps texts off a line.
    pub fn avoid(&mut self, from: At, to: At) {
        let steps = ((to.0 - from.0).hypot(to.1 - from.1) / 4.0).ceil().max(1.0) as usize;
        let at = |i: usize| i as f64 / steps as f64;
        let between = |i| (from.0 + at(i) * (to.0 - from.0), from.1 + at(i) * (to.1 - from.1));
        self.drawn.extend((0..=steps).map(between));
    }

    /// Keeps texts off the head of an arrow, and a little more.
    pub fn avoid_head(&mut self, from: At, to: At) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-6);
        let (ux, uy) = (dx / length, dy / length);
        let at =
            |back: f64, side: f64| (to.0 - back * ux - side * uy, to.1 - back * uy + side * ux);
        for side in [-6.0, -3.0, 3.0, 6.0] {
            self.avoid(at(9.0, side), at(-3.0, side / 2.0));
        }
    }

    /// Writes every text where it covers least, the first first. `top` and `bottom` bound the paper.
    pub fn write(self, drawing: &mut Drawing, top: f64, bottom: f64) {
        let paper = Rect { left: 2.0, top, right: WIDTH - 2.0, bottom };
        let mut written: Vec<Rect> = Vec::new();
        for (at, text, ink) in &self.wanted {
            let (width, up) = (width(text), FONT);
            let cost = |rect: &Rect, distance: f64| {
                let outside = rect.left < paper.left
                    || rect.right > paper.right
                    || rect.top < paper.top
                    || rect.bottom > paper.bottom;
                let texts = written.iter().filter(|other| rect.overlaps(other)).count();
                let lines = self.drawn.iter().filter(|&&point| rect.holds(point)).count();
                1e3 * f64::from(u8::from(outside))
                    + 100.0 * texts as f64
                    + 4.0 * lines as f64
                    + distance
            };
            let mut best: Option<(f64, Rect, f64)> = None;
            for distance in [5.0, 10.0, 16.0, 24.0, 34.0, 46.0] {
                // How far left and up the text reaches from its anchor, in its own widths and heights.
                for (left, above) in [
                    (0.0, 0.5),
                    (0.0, 1.0),
                    (0.0, 0.0),
                    (0.5, 1.0),
                    (0.5, 0.0),
                    (1.0, 0.5),
                    (1.0, 1.0),
                    (1.0, 0.0),
                ] {
                    let (dx, dy) = (distance * (1.0 - 2.0 * left), distance * (1.0 - 2.0 * above));
                    let (x, y) = (at.0 + dx - left * width, at.1 + dy - above * LINE);
                    let rect = Rect { left: x, top: y, right: x + width, bottom: y + LINE };
                    let cost = cost(&rect, distance);
                    if best.is_none_or(|(least, ..)| cost < least) {
                        best = Some((cost, rect, left));
                    }
                }
            }
            let Some((_, rect, left)) = best else { continue };
            // Widths are guesses: the end beside what is named is the one that is sure.
            let anchor = match left {
                0.0 => Anchor::Start,
                0.5 => Anchor::Middle,
                _ => Anchor::End,
            };
            drawing.text((rect.left + left * width, rect.top + up), anchor, text, *ink);
            written.push(rect);
        }
    }
}
