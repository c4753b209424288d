//! Three matrices as they meet: A at the left of C, and B above it.

use demo::figure::{Anchor, Drawing, Ink, WIDTH};
use matrix_multiplication::Dims;

const GAP: f64 = 14.0;
const HEAD: f64 = 16.0;
/// No number is drawn larger than so wide.
const WIDEST: f64 = 34.0;

/// A number in its place: its text, its color, and whether its place is filled.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// May be empty.
    pub text: String,
    /// Of the text and of the box around it.
    pub ink: Ink,
}

impl Place {
    pub fn new(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), ink }
    }
}

/// Draws A, B and C with what each place holds. There is a wider gap every `tile` rows and columns
/// of C, and every `depth` steps along k.
pub fn grids(
    Dims { m, k, n }: Dims,
    [tile, depth]: [usize; 2],
    a: impl Fn(usize, usize) -> Place,
    b: impl Fn(usize, usize) -> Place,
    c: impl Fn(usize, usize) -> Place,
) -> Drawing {
    let gaps = |size: usize, every: usize| 3.0 * (size.saturating_sub(1) / every) as f64;
    let room = WIDTH - GAP - gaps(n, tile) - gaps(k, depth) - 2.0;
    let side = (room / (k + n).max(1) as f64).min(WIDEST);
    let from = |i: usize, every: usize| side * i as f64 + 3.0 * (i / every) as f64;
    let long = side * k as f64 + gaps(k, depth);
    let (left, top) = (long + GAP, HEAD + long + GAP);
    let mut drawing = Drawing::new(top + side * m as f64 + gaps(m, tile) + 2.0);
    let mut grid = |name: &str,
                    size: [usize; 2],
                    at: &dyn Fn(usize, usize) -> [f64; 2],
                    of: &dyn Fn(usize, usize) -> Place| {
        let [x, y] = at(0, 0);
        drawing.text((x + 1.0, y - 4.0), Anchor::Start, name, Ink::Plain);
        // What stands out lies on top of its neighbors.
        for marked in [false, true] {
            for (i, j) in (0..size[0]).flat_map(|i| (0..size[1]).map(move |j| (i, j))) {
                let Place { text, ink } = of(i, j);
                if (ink == Ink::Marked) != marked {
                    continue;
                }
                let [x, y] = at(i, j);
                drawing.boxed((x + 1.0, y), (x + side, y + side - 1.0), 2.0, ink);
                let middle = (x + side / 2.0 + 0.5, y + side / 2.0 + 3.5);
                drawing.text(middle, Anchor::Middle, &text, ink);
            }
        }
    };
    grid("A", [m, k], &|i, p| [from(p, depth), top + from(i, tile)], &a);
    grid("B", [k, n], &|p, j| [left + from(j, tile), HEAD + from(p, depth)], &b);
    grid("C", [m, n], &|i, j| [left + from(j, tile), top + from(i, tile)], &c);
    drawing
}
