//! The tiles of the grid, one after another: what one query knows, and what was moved.

use std::ops::Range;

use demo::control::{Slider, Toggle, Typed};
use demo::format::{bytes, counted};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use flash_attention::{Answers, FlashError, Hbm, Matrix, Part, Shape, Tile, example};
use grading::numbers::{settled, short};

use crate::grid::{Place, grid};

const TOKENS: Slider = Slider::new("tokens", "Tokens", 12.0, [2.0, 12.0], 1.0);
const QUERIES: Slider = Slider::new("queries", "Queries of a block", 4.0, [2.0, 12.0], 1.0);
const KEYS: Slider = Slider::new("keys", "Keys of a tile", 3.0, [2.0, 12.0], 1.0);
const CAUSAL: Toggle = Toggle::new("causal", "Causal: no query sees what comes later", true);
const FOLLOWED: Slider = Slider::new("query", "Query to follow", 6.0, [0.0, 11.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "tiles-at-work",
        title: "Tiles at work",
        lesson: "flash-attention",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                TOKENS.control(),
                QUERIES.control(),
                KEYS.control(),
                CAUSAL.control(),
                FOLLOWED.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

fn other(error: FlashError) -> DemoError {
    DemoError::Other(error.to_string())
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let tokens = cx.get(&TOKENS)? as usize;
    let tile = Tile { queries: cx.get(&QUERIES)? as usize, keys: cx.get(&KEYS)? as usize };
    let causal = cx.get(&CAUSAL)?;
    let followed = (cx.get(&FOLLOWED)? as usize).min(tokens - 1);
    let shape = Shape { d_v: 1, ..Shape::square(tokens, 4) };
    let numbers = example::numbers(shape);
    let [q, k, v] = numbers.each_ref().map(Vec::as_slice);
    let mut hbm = Hbm::new([q, k, v], shape).map_err(other)?;
    (answers.flash)(&mut hbm, tile, causal).map_err(other)?;

    let all: Vec<Place> = tiles(tokens, tile.queries)
        .flat_map(|queries| tiles(tokens, tile.keys).map(move |keys| (queries.clone(), keys)))
        .collect();
    let (mut done, mut known) = (Vec::<Place>::new(), Part::empty(1));
    let (mut moved, mut block) = (0, 0..0);
    let mut frames = Vec::new();
    for step in hbm.moves() {
        moved += step.bytes;
        match step.matrix {
            Matrix::Q => block = step.rows.clone(),
            Matrix::V => {
                let keys = step.rows.clone();
                if block.contains(&followed) {
                    let seen = shape.seen(followed, causal).saturating_sub(keys.start);
                    let seen = seen.min(keys.len());
                    let (from, to) = (keys.start, keys.start + seen);
                    let q = &q[followed * shape.d..][..shape.d];
                    let (k, v) = (&k[from * shape.d..to * shape.d], &v[from..to]);
                    let part = (answers.part)(q, k, v, seen, 1).map_err(other)?;
                    known = (answers.merge)(&known, &part).map_err(other)?;
                }
                done.push((block.clone(), keys));
                frames.push(frame(shape, &all, &done, causal, (followed, &known), (moved, "")));
            }
            // A block is stored at its last tile.
            Matrix::O => {
                if let Some(last) = frames.last_mut() {
                    let moved = (moved, ", then the block is stored");
                    *last = frame(shape, &all, &done, causal, (followed, &known), moved);
                }
            }
            Matrix::K => {}
        }
    }
    let unfused = (answers.unfused_bytes)(shape).map_err(other)?;
    let skipped = all.len().saturating_sub(done.len());
    let bar = |label: &str, value: u64| Bar {
        label: label.into(),
        value: value as f64,
        shown: bytes(value as usize),
        muted: false,
    };
    let mut views = Vec::new();
    if !frames.is_empty() {
        let start = frames.len() / 2;
        views.push(View::Steps { label: "Tile after tile".into(), frames, start });
    }
    views.push(View::Bars {
        label: "Moved from and to memory, in all".into(),
        bars: vec![bar("in tiles", moved), bar("three kernels", unfused)],
        max: unfused.max(moved) as f64,
    });
    let result = hbm.out().get(followed).map_or(f64::NAN, |&x| f64::from(x));
    views.push(View::Prose(vec![format!(
        "In the end query {followed} gets o / l = {}. Queries and keys have four numbers here, \
         values one.",
        short(settled(result), 3)
    )]));
    cx.show(
        format!(
            "{} of {} by {}, {skipped} skipped: {} moved. Three kernels move {}.",
            counted(done.len(), "tile"),
            tile.queries,
            tile.keys,
            bytes(moved as usize),
            bytes(unfused as usize)
        ),
        &views,
    );
    Ok(())
}

/// Ranges of this length; the last may be shorter.
fn tiles(count: usize, length: usize) -> impl Iterator<Item = Range<usize>> {
    (0..count).step_by(length).map(move |start| start..count.min(start + length))
}

/// What is known after a tile.
fn frame(
    shape: Shape,
    all: &[Place],
    done: &[Place],
    causal: bool,
    (followed, known): (usize, &Part),
    (moved, stored): (u64, &str),
) -> (String, Vec<View>) {
    let names = |one: &str, several: &str, range: &Range<usize>| match range.len() {
        1 => format!("{one} {}", range.start),
        _ => format!("{several} {} to {}", range.start, range.end.saturating_sub(1)),
    };
    let (queries, keys) = done.last().cloned().unwrap_or((0..0, 0..0));
    let (queries, keys) = (names("query", "queries", &queries), names("key", "keys", &keys));
    let caption = format!(
        "Tile {}: {queries}, {keys}{stored}. {} moved so far.",
        done.len(),
        bytes(moved as usize)
    );
    let text = format!(
        "A grid of {} queries by {} keys in tiles. {} done, the last of them {queries} and {keys}.",
        shape.t_q,
        shape.t_k,
        counted(done.len(), "tile")
    );
    let number = |x: f32| short(settled(f64::from(x)), 3);
    let m = if known.l == 0.0 { "−∞".into() } else { number(known.m) };
    let row = |name: &str, value: String| vec![Cell::from(name), Cell::Number(value)];
    let label = match causal {
        true => {
            "Filled: this tile. Outlined: done. Faint: not fetched yet, or never. Right of the \
                 stairs: hidden"
        }
        false => "Filled: this tile. Outlined: done. Faint: not fetched yet",
    };
    let drawing = grid(shape, all.iter().cloned(), done, causal, Some(followed));
    let views = vec![
        View::drawing(label, text, drawing),
        View::Table {
            label: format!("What query {followed} knows"),
            columns: ["", "so far"].map(Into::into).into(),
            rows: vec![
                row("highest score m", m),
                row("sum of weights l", number(known.l)),
                row("weighted values o", number(known.o.first().copied().unwrap_or(0.0))),
            ],
        },
    ];
    (caption, views)
}
