//! The figures of the page.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink, Plot, WIDTH};
use fused_decode::Precision;
use fused_decode::cost::{H100, seconds, step_bytes};
use fused_decode::solution::{pack_f16, plan};
use gpt::Config;
use grading::numbers::short;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![letters(), crossover(), fours(), half(), phases()]
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

/// Numbers in 16 bits, bit by bit.
fn half() -> Figure {
    let numbers = [("1", 1.0), ("−2", -2.0), ("1/3", 1.0 / 3.0), ("2⁻²⁴", (-24_f32).exp2())];
    let (left, size, gap, step) = (46.0, 18.5, 7.0, 48.0);
    // From bit to bit, from the left, and where each of the three parts ends.
    let at =
        |i: usize| left + size * i as f64 + gap * [1, 6].iter().filter(|&&b| i >= b).count() as f64;
    let middle = |from: usize, to: usize| (at(from) + at(to - 1) + size) / 2.0;
    let parts = [(0, 1, "sign s"), (1, 6, "exponent e"), (6, 16, "fraction f")];
    let mut drawing = Drawing::new(22.0 + step * numbers.len() as f64);
    for (from, to, name) in parts {
        drawing.text((middle(from, to), 12.0), Anchor::Middle, name, Ink::Quiet);
    }
    let mut told = Vec::new();
    for (row, (name, x)) in numbers.into_iter().enumerate() {
        let word = pack_f16(&[x])[0];
        let top = 20.0 + step * row as f64;
        drawing.text((left - 8.0, top + 14.0), Anchor::End, name, Ink::Plain);
        for i in 0..16 {
            let ink = if (1..6).contains(&i) { Ink::Marked } else { Ink::Quiet };
            drawing.boxed((at(i), top), (at(i) + size - 2.5, top + 20.0), 2.0, ink);
            let bit = (word >> (15 - i) & 1).to_string();
            let place = (at(i) + (size - 2.5) / 2.0, top + 14.0);
            drawing.text(place, Anchor::Middle, &bit, Ink::Plain);
        }
        let values = [word >> 15 & 1, word >> 10 & 0x1f, word & 0x3ff];
        for ((from, to, _), value) in parts.into_iter().zip(values) {
            let place = (middle(from, to), top + 34.0);
            drawing.text(place, Anchor::Middle, &value.to_string(), Ink::Quiet);
        }
        let [s, e, f] = values;
        told.push(format!("{name}: sign {s}, exponent {e}, fraction {f}"));
    }
    Figure {
        name: "half",
        caption: "Four numbers in 16 bits, and what their three parts are as whole numbers.".into(),
        text: format!("Four rows of 16 bits, in parts of 1, 5 and 10. {}.", told.join("; ")),
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
            cells = cells.rule("after the last block");
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
