//! The grid of scores, tile by tile: a row a query, a column a key.

use std::ops::Range;

use demo::figure::{Anchor, Drawing, Ink, WIDTH};
use flash_attention::Shape;

/// Queries and keys of a tile.
pub type Place = (Range<usize>, Range<usize>);

/// The grid with its tiles: those that are done are outlined in full, the last of them is filled,
/// the others are faint. A stair shows what is hidden, a dot the row that is followed.
pub fn grid(
    shape: Shape,
    tiles: impl Iterator<Item = Place>,
    done: &[Place],
    causal: bool,
    followed: Option<usize>,
) -> Drawing {
    let (left, top) = (64.0, 20.0);
    let size = ((WIDTH - left - 40.0) / shape.t_k.max(1) as f64).min(18.0);
    let x = |key: usize| left + size * key as f64;
    let y = |query: usize| top + size * query as f64;
    let mut drawing = Drawing::new(y(shape.t_q) + 6.0);
    drawing.text((left, 12.0), Anchor::Start, "keys", Ink::Quiet);
    let place = |(queries, keys): &Place| {
        let from = (x(keys.start) + 1.0, y(queries.start) + 1.0);
        (from, (x(keys.end) - 1.0, y(queries.end) - 1.0))
    };
    for tile in tiles.filter(|tile| !done.contains(tile)) {
        let (from, to) = place(&tile);
        drawing.boxed(from, to, 1.0, Ink::Quiet);
    }
    for (i, tile) in done.iter().enumerate() {
        let (from, to) = place(tile);
        match i + 1 == done.len() {
            true => drawing.filled(from, to, Ink::Marked),
            false => drawing.boxed(from, to, 1.0, Ink::Plain),
        };
    }
    if causal {
        let mut stair = vec![(x(shape.seen(0, true)), y(0))];
        for i in 0..shape.t_q {
            stair.extend([(x(shape.seen(i, true)), y(i)), (x(shape.seen(i, true)), y(i + 1))]);
        }
        drawing.line(&stair, Ink::Curve(1));
    }
    if let Some(i) = followed {
        drawing.dot((left - 8.0, y(i) + size / 2.0), 3.0, Ink::Marked);
        let text = format!("query {i}");
        drawing.text((left - 14.0, y(i) + size / 2.0 + 4.0), Anchor::End, &text, Ink::Plain);
    }
    drawing
}
