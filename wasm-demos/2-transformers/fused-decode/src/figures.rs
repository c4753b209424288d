//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, Plot, WIDTH};
use fused_decode::Precision;
use fused_decode::cost::{H100, seconds, step_bytes};
use fused_decode::solution::plan;
use gpt::Config;
use grading::numbers::short;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![letters(), crossover(), fours(), phases()]
}

/// Buddy of another width.
fn buddy(n_embd: usize) -> Config {
    Config { n_embd, ..gpt::buddy() }
}

/// Microseconds of one dispatch and of many, and how many these are.
fn microseconds(n_embd: usize) -> ([f64; 2], usize) {
    let config = buddy(n_embd);
    let launches = plan(&config).len();
    let bytes = step_bytes(&config, Precision::F32, 0);
    (seconds(&H100, bytes, launches).map(|s| 1e6 * s), launches)
}

/// A step of a small Buddy in time: launches, and reading.
fn letters() -> Figure {
    let width = 32;
    let ([one, many], launches) = microseconds(width);
    let launch = 1e6 * H100.launch;
    let (left, right, height) = (2.0, WIDTH - 2.0, 22.0);
    let at = |us: f64| left + (right - left) * us / many;
    let mut drawing = Drawing::new(118.0);
    let row = |drawing: &mut Drawing, top: f64, name: &str, parts: usize, read: f64| {
        drawing.text((left, top), Anchor::Start, name, Ink::Plain);
        let mut start = 0.0;
        for _ in 0..parts {
            let end = start + launch;
            drawing.boxed(
                (at(start), top + 6.0),
                (at(end) - 1.0, top + 6.0 + height),
                1.5,
                Ink::Quiet,
            );
            // What is read takes at least a hair.
            let (from, to) = (at(end) - 1.0, at(end + read / parts as f64).max(at(end) + 0.2));
            drawing.filled((from, top + 6.0), (to, top + 6.0 + height), Ink::Marked);
            start = end + read / parts as f64;
        }
    };
    let read_many = many - launches as f64 * launch;
    let shown = |us: f64| format!("{} µs", short(us, 1));
    row(
        &mut drawing,
        14.0,
        &format!("{launches} dispatches: {}", shown(many)),
        launches,
        read_many,
    );
    row(&mut drawing, 72.0, &format!("1 dispatch: {}", shown(one)), 1, one - launch);
    Figure {
        name: "letters",
        caption: format!(
            "A token of a Buddy that is {width} numbers wide, in time, as a simple model of an \
             H100 has it. Outlined: setting up a dispatch. In color: reading weights."
        ),
        text: format!(
            "Two lines of time. With {launches} dispatches, {} pass, of which reading weights takes \
             {}; the rest are {launches} gaps of {}. With one dispatch there is one gap, and one \
             workgroup reads for {}: {} in all.",
            shown(many),
            shown(read_many),
            shown(launch),
            shown(one - launch),
            shown(one)
        ),
        drawing,
    }
}

/// Time by width.
fn crossover() -> Figure {
    let widths = (1..=32).map(|i| 8 * i);
    let line = |which: usize| {
        widths.clone().map(move |width| (width as f64, microseconds(width).0[which]))
    };
    let crossing = widths.clone().find(|&width| {
        let ([one, many], _) = microseconds(width);
        one > many
    });
    let crossing = crossing.unwrap_or(256);
    let [narrow, wide] = [32, 256].map(|width| microseconds(width).0.map(|us| short(us, 0)));
    let top = microseconds(256).0[0];
    Figure {
        name: "crossover",
        caption: format!(
            "A token of Buddies of many widths. From about {crossing} numbers on, one workgroup \
             takes longer than all launches."
        ),
        text: format!(
            "Two curves over the width. That of many dispatches is nearly flat: {} microseconds at \
             32 numbers, {} at 256. That of one dispatch rises with the square of the width: {} at \
             32, {} at 256. They cross at about {crossing}.",
            narrow[1], wide[1], narrow[0], wide[0]
        ),
        drawing: Plot::new(("numbers a vector", 0.0, 256.0), ("µs a token", 0.0, top))
            .curve("one dispatch", line(0))
            .curve("many dispatches", line(1))
            .into(),
    }
}

/// Three rows of five numbers, in fours.
fn fours() -> Figure {
    let (rows, cols, size, left) = (3_usize, 5_usize, 34.0, 56.0);
    let wide = cols.div_ceil(4);
    let mut drawing = Drawing::new(24.0 + size * rows as f64);
    for four in 0..wide {
        let middle = left + size * (4.0 * four as f64 + 2.0);
        drawing.text((middle, 12.0), Anchor::Middle, ["one four", "the next"][four], Ink::Quiet);
    }
    for row in 0..rows {
        let top = 20.0 + size * row as f64;
        let name = format!("row {row}");
        drawing.text((left - 8.0, top + size / 2.0 + 3.0), Anchor::End, &name, Ink::Plain);
        for c in 0..4 * wide {
            let x = left + size * c as f64 + if c >= 4 { 4.0 } else { 0.0 };
            let ink = if c < cols { Ink::Marked } else { Ink::Quiet };
            drawing.boxed((x, top), (x + size - 4.0, top + size - 6.0), 2.0, ink);
            let text = if c < cols { format!("{row},{c}") } else { "0".into() };
            let middle = (x + (size - 4.0) / 2.0, top + size / 2.0 + 1.0);
            drawing.text(
                middle,
                Anchor::Middle,
                &text,
                if c < cols { Ink::Plain } else { Ink::Quiet },
            );
        }
    }
    Figure {
        name: "fours",
        caption: format!(
            "A tensor of {rows} rows with {cols} numbers each, as it lies in the buffer: {} fours.",
            rows * wide
        ),
        text: format!(
            "{rows} rows of {} boxes, four and four. In each row the first {cols} boxes hold a \
             number, and the last {} a zero.",
            4 * wide,
            4 * wide - cols
        ),
        drawing,
    }
}

/// What a thread is, from barrier to barrier.
fn phases() -> Figure {
    let phases = [
        ("embed", "a column", "wte, wpe", "x"),
        ("norm", "a column", "x", "a"),
        ("qkv", "four columns", "a", "own four"),
        ("hand on", "four columns", "own four", "a, cache"),
        ("scores", "head and key", "a, cache", "scores"),
        ("values", "a column", "scores, cache", "a"),
        ("project", "four columns", "a", "x"),
        ("norm", "a column", "x", "a"),
        ("widen", "four columns", "a", "own four"),
        ("hand on", "four columns", "own four", "a"),
        ("narrow", "four columns", "a", "x"),
        ("norm", "a column", "x", "a"),
        ("logits", "a token", "a, wte", "logits"),
    ];
    let mut cells = Cells::new().head(["a thread is", "reads", "writes"]);
    let mut told = Vec::new();
    for (i, (name, thread, reads, writes)) in phases.iter().enumerate() {
        if i == 1 {
            cells = cells.rule("in each block");
        }
        if i == 11 {
            cells = cells.rule("behind the last block");
        }
        let row = [(*thread, Ink::Plain), (*reads, Ink::Quiet), (*writes, Ink::Marked)];
        cells = cells.row(name, row);
        told.push(format!("{name}: a thread is {thread}, reads {reads}, writes {writes}"));
    }
    Figure {
        name: "phases",
        caption:
            "The phases of the kernel. Between each two of them all threads meet at a barrier."
                .into(),
        text: format!(
            "From top to bottom, with a barrier between each two. {}. The second to the eleventh \
             are repeated for each block.",
            told.join("; ")
        ),
        drawing: cells.into(),
    }
}
