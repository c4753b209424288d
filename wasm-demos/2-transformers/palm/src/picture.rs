//! A block on its road: the residual stream from top to bottom, what leaves it and comes back.

use demo::figure::{Anchor, At, Drawing, Ink};
use palm::design::Design;

/// Where the road is.
const ROAD: f64 = 22.0;
const HALF: f64 = 15.0;

/// The steps of a part, in the order in which they follow each other: what each is, and what it
/// makes of one token.
pub type Steps = Vec<(String, String)>;

/// What stands in the picture.
pub struct Block {
    pub design: Design,
    pub attention: Steps,
    pub mlp: Steps,
}

/// Blocks under each other, each with its name if it has one.
pub fn draw(blocks: &[(&str, Block)]) -> Drawing {
    let height = paint(&mut Drawing::new(0.0), blocks);
    let mut drawing = Drawing::new(height);
    paint(&mut drawing, blocks);
    drawing
}

fn paint(drawing: &mut Drawing, blocks: &[(&str, Block)]) -> f64 {
    let mut y = 0.0;
    for (name, block) in blocks {
        if !name.is_empty() {
            drawing.text((2.0, y + 12.0), Anchor::Start, name, Ink::Plain);
            y += 18.0;
        }
        let parts = if block.design.is_parallel { parallel } else { serial };
        // The road first, and what stands on it over it.
        let end = parts(&mut Drawing::new(0.0), y, block);
        drawing.arrow((ROAD, y), (ROAD, end), Ink::Marked);
        y = parts(drawing, y, block) + 16.0;
    }
    y - 14.0
}

const STEP: f64 = 46.0;

fn boxed(drawing: &mut Drawing, (x, y): At, half: f64, (title, detail): (&str, &str), ink: Ink) {
    drawing.boxed((x - half, y), (x + half, y + 2.0 * HALF), 4.0, ink);
    let first = if detail.is_empty() { y + HALF + 4.0 } else { y + 12.5 };
    drawing.text((x, first), Anchor::Middle, title, ink);
    if !detail.is_empty() {
        drawing.text((x, y + 25.5), Anchor::Middle, detail, Ink::Quiet);
    }
}

/// A column of steps under each other; returns the middle of the last box's lower edge.
fn column(drawing: &mut Drawing, (x, mut y): At, half: f64, steps: &Steps) -> At {
    for (i, (title, detail)) in steps.iter().enumerate() {
        if i > 0 {
            drawing.arrow((x, y - STEP + 2.0 * HALF), (x, y), Ink::Plain);
        }
        boxed(drawing, (x, y), half, (title, detail), Ink::Marked);
        y += STEP;
    }
    (x, y - STEP + 2.0 * HALF)
}

/// The way back to the road, and the plus where it ends.
fn back(drawing: &mut Drawing, from: At, y: f64) {
    drawing.line(&[from, (from.0, y)], Ink::Plain);
    drawing.arrow((from.0, y), (ROAD + 7.0, y), Ink::Plain);
    drawing.circle((ROAD, y), 7.0, Ink::Marked);
    drawing.text((ROAD, y + 4.0), Anchor::Middle, "+", Ink::Plain);
}

/// The way from the road through a norm; returns where the box of the norm ends.
fn norm(drawing: &mut Drawing, y: f64) -> f64 {
    drawing.arrow((ROAD, y + HALF), (48.0, y + HALF), Ink::Plain);
    boxed(drawing, (70.0, y), 22.0, ("norm", ""), Ink::Plain);
    92.0
}

fn parallel(drawing: &mut Drawing, top: f64, block: &Block) -> f64 {
    let (left, right, half) = (168.0, 292.0, 58.0);
    let y = top + 10.0;
    let end = norm(drawing, y);
    // One norm, and from it a way to each part.
    let fork = y + HALF;
    let first = y + 2.0 * HALF + 16.0;
    drawing.line(&[(end, fork), (right, fork)], Ink::Plain);
    for x in [left, right] {
        drawing.arrow((x, fork), (x, first), Ink::Plain);
    }
    let a = column(drawing, (left, first), half, &block.attention);
    let b = column(drawing, (right, first), half, &block.mlp);
    let join = a.1.max(b.1) + 18.0;
    drawing.line(&[b, (right, join), (left, join)], Ink::Plain);
    back(drawing, a, join);
    join + 24.0
}

fn serial(drawing: &mut Drawing, top: f64, block: &Block) -> f64 {
    let (middle, half) = (230.0, 90.0);
    let mut y = top + 10.0;
    for steps in [&block.attention, &block.mlp] {
        let end = norm(drawing, y);
        drawing.arrow((end, y + HALF), (middle - half, y + HALF), Ink::Plain);
        let last = column(drawing, (middle, y), half, steps);
        back(drawing, last, last.1 + 16.0);
        y = last.1 + 34.0;
    }
    y + 6.0
}
