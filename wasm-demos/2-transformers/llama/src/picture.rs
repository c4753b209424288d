//! Blocks side by side: the residual stream from top to bottom, what leaves it and comes back, and
//! in color what is exchanged.

use demo::figure::{Anchor, Drawing, Ink};
use llama::Exchanges;

/// A step on the way of a part: what it is called, and whether GPT has another in its place.
type Step = (&'static str, bool);

/// The steps of attention and of the feed-forward network, each after its norm.
pub fn steps(design: Exchanges) -> [Vec<Step>; 2] {
    let Exchanges { norms, rope, gate, groups } = design;
    let norm = if norms { ("RMSNorm", true) } else { ("LayerNorm", false) };
    let qkv = if groups { ("q; fewer k, v", true) } else { ("q, k, v", false) };
    let heads = if groups { ("heads in groups", true) } else { ("heads", false) };
    let mut attention = vec![norm, qkv, heads, ("output", false)];
    if rope {
        attention.insert(2, ("turn q and k", true));
    }
    let inside = if gate { ("gate, up", true) } else { ("inside", false) };
    let bend = if gate { ("SwiGLU", true) } else { ("GELU", false) };
    [attention, vec![norm, inside, bend, ("back", false)]]
}

const STEP: f64 = 32.0;
const HALF: f64 = 11.0;
/// A column; two of them are as wide as a figure.
const COLUMN: f64 = 180.0;

/// Blocks beside each other, at most two, each with its name.
pub fn draw(blocks: &[(&str, Exchanges)]) -> Drawing {
    let most = blocks.iter().map(|(_, design)| steps(*design).iter().map(Vec::len).sum::<usize>());
    let most = most.max().unwrap_or(0) as f64;
    let mut drawing = Drawing::new(24.0 + most * STEP + 2.0 * 28.0 + 8.0);
    for (i, (name, design)) in blocks.iter().enumerate() {
        let left = match blocks.len() {
            1 => COLUMN / 2.0,
            _ => COLUMN * i as f64,
        };
        block(&mut drawing, left, name, *design);
    }
    drawing
}

fn block(drawing: &mut Drawing, left: f64, name: &str, design: Exchanges) {
    let (road, x) = (left + 14.0, left + 108.0);
    let half = 58.0;
    drawing.text((left + 34.0, 12.0), Anchor::Start, name, Ink::Plain);
    let parts = steps(design);
    let count: usize = parts.iter().map(Vec::len).sum();
    let end = 24.0 + count as f64 * STEP + 2.0 * 28.0;
    drawing.arrow((road, 4.0), (road, end), Ink::Quiet);
    let mut y = 24.0;
    for part in parts {
        drawing.arrow((road, y + HALF), (x - half, y + HALF), Ink::Plain);
        for (i, (title, is_exchanged)) in part.into_iter().enumerate() {
            if i > 0 {
                drawing.arrow((x, y - STEP + 2.0 * HALF), (x, y), Ink::Plain);
            }
            let ink = if is_exchanged { Ink::Marked } else { Ink::Plain };
            drawing.boxed((x - half, y), (x + half, y + 2.0 * HALF), 3.0, ink);
            drawing.text((x, y + HALF + 4.0), Anchor::Middle, title, ink);
            y += STEP;
        }
        let back = y + 6.0;
        drawing.line(&[(x, y - STEP + 2.0 * HALF), (x, back)], Ink::Plain);
        drawing.arrow((x, back), (road + 7.0, back), Ink::Plain);
        drawing.circle((road, back), 7.0, Ink::Plain);
        drawing.text((road, back + 4.0), Anchor::Middle, "+", Ink::Plain);
        y += 28.0;
    }
}

/// The same in words.
pub fn told(design: Exchanges) -> String {
    let [attention, mlp] = steps(design)
        .map(|part| part.into_iter().map(|(title, _)| title).collect::<Vec<_>>().join(", then "));
    format!(
        "Two exits from the stream, one after the other. The first: {attention}. The second: {mlp}. \
         What comes back is added each time"
    )
}
