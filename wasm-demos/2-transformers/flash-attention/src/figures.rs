//! The figures of the page.

use demo::figure::{Anchor, Bars, Cells, Drawing, Figure, Ink, WIDTH};
use flash_attention::example::{A100, HEAD, SCORES, TILE, VALUES, after};
use flash_attention::solution::{flash_bytes, merge, unfused_bytes};
use flash_attention::{FlashError, Matrix, Part, Shape};
use grading::numbers::{count, short};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let figures = [Ok(in_memory()), Ok(two_memories()), four_scores(), traffic(), Ok(a_block())];
    figures.into_iter().flatten().collect()
}

/// Mebibytes of so many bytes.
fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What lies in memory for one head, if scores and weights do.
fn in_memory() -> Figure {
    let size = |matrix| {
        let [rows, columns] = HEAD.rows_and_columns(matrix);
        mib(4 * (rows * columns) as u64)
    };
    let scores = mib(4 * (HEAD.t_q * HEAD.t_k) as u64);
    let mut sizes: Vec<f64> = [Matrix::Q, Matrix::K, Matrix::V].map(size).into();
    sizes.extend([scores, scores, size(Matrix::O)]);
    let names = ["q", "k", "v", "scores", "weights", "result"];
    let shown = |x: f64| short(x, 2);
    let told: Vec<String> =
        names.iter().zip(&sizes).map(|(name, size)| format!("{name} {}", shown(*size))).collect();
    Figure {
        name: "in-memory",
        caption: format!(
            "One head over {} tokens, {} numbers wide: MiB in memory. Nobody asked for scores and \
             weights.",
            count(HEAD.t_q as u64),
            HEAD.d
        ),
        text: format!("Six bars, in MiB: {}.", told.join(", ")),
        drawing: Bars::new(&names).series("MiB", &sizes, shown).into(),
    }
}

/// A small, fast memory beside the arithmetic, and a large, slow one.
fn two_memories() -> Figure {
    let middle = WIDTH / 2.0;
    let mut drawing = Drawing::new(168.0);
    let fast = ((middle - 70.0, 8.0), (middle + 70.0, 52.0));
    let slow = ((middle - 150.0, 112.0), (middle + 150.0, 160.0));
    drawing.boxed(fast.0, fast.1, 4.0, Ink::Marked);
    drawing.boxed(slow.0, slow.1, 4.0, Ink::Plain);
    let lines = [
        (26.0, "next to the arithmetic", Ink::Marked),
        (42.0, A100.fast, Ink::Plain),
        (132.0, "memory of the GPU (HBM)", Ink::Plain),
        (148.0, A100.slow, Ink::Plain),
    ];
    for (y, text, ink) in lines {
        drawing.text((middle, y), Anchor::Middle, text, ink);
    }
    drawing.arrow((middle - 20.0, 110.0), (middle - 20.0, 56.0), Ink::Quiet);
    drawing.arrow((middle + 20.0, 54.0), (middle + 20.0, 108.0), Ink::Quiet);
    drawing.text((middle - 28.0, 86.0), Anchor::End, "q, k, v", Ink::Quiet);
    drawing.text((middle + 28.0, 86.0), Anchor::Start, "result", Ink::Quiet);
    Figure {
        name: "two-memories",
        caption: "Two memories of an A100, by Dao and others. Flash attention moves no scores \
                  along the arrows."
            .into(),
        text: format!(
            "Below a wide box, the memory of the GPU: {}. Above it a narrow one, the memory next \
             to the arithmetic: {}. Queries, keys and values go up, the result comes down.",
            A100.slow, A100.fast
        ),
        drawing,
    }
}

/// Four scores in two tiles, by hand.
fn four_scores() -> Result<Figure, FlashError> {
    let number = |x: f32| short(f64::from(x), 3);
    let mut known = Part::empty(1);
    let mut cells = Cells::new();
    let mut told = Vec::new();
    for (i, keys) in [0..2, 2..4].into_iter().enumerate() {
        let tile = after(keys.clone())?;
        let merged = merge(&known, &tile)?;
        let shrink = number((known.m - merged.m).exp());
        let scores: Vec<String> =
            SCORES[keys.clone()].iter().map(|s| short(f64::from(*s), 0)).collect();
        let values: Vec<String> = VALUES[keys].iter().map(|v| short(f64::from(*v), 0)).collect();
        let m = format!("m {}", short(f64::from(merged.m), 0));
        let (l, o) = (format!("l {}", number(merged.l)), format!("o {}", number(merged.o[0])));
        let rule = match i {
            0 => "nothing was known before".into(),
            _ => format!("what was known shrinks: times {shrink}"),
        };
        cells = cells
            .row(
                &format!("tile {}: scores", i + 1),
                scores.iter().map(|text| (text.as_str(), Ink::Plain)),
            )
            .row("values", values.iter().map(|text| (text.as_str(), Ink::Plain)))
            .rule(&rule)
            .add(
                ("known", Ink::Marked),
                [&m, &l, &o].map(|text| (text.as_str(), Ink::Marked)),
                false,
            );
        told.push(format!(
            "Tile {}: scores {}, values {}; {rule}; then {m}, {l}, {o}",
            i + 1,
            scores.join(" and "),
            values.join(" and ")
        ));
        known = merged;
    }
    let result = number(known.o[0] / known.l);
    Ok(Figure {
        name: "four-scores",
        caption: format!(
            "Softmax that does not wait: four scores in two tiles. In the end o / l = {result}."
        ),
        text: format!("{}. In the end o / l = {result}.", told.join(". ")),
        drawing: cells.into(),
    })
}

/// Bytes of both ways, for texts of several lengths.
fn traffic() -> Result<Figure, FlashError> {
    const LENGTHS: [usize; 4] = [256, 512, 1024, 2048];
    let names = LENGTHS.map(|n| count(n as u64));
    let (mut unfused, mut flash) = (Vec::new(), Vec::new());
    for n in LENGTHS {
        let shape = Shape::square(n, HEAD.d);
        unfused.push(mib(unfused_bytes(shape)?));
        flash.push(mib(flash_bytes(shape, TILE, false)?));
    }
    let shown = |x: f64| short(x, 3);
    let told: Vec<String> = (0..LENGTHS.len())
        .map(|i| format!("{} tokens: {} and {}", names[i], shown(unfused[i]), shown(flash[i])))
        .collect();
    Ok(Figure {
        name: "traffic",
        caption: format!(
            "MiB moved for one head of {} numbers: three kernels, and blocks of {} queries.",
            HEAD.d, TILE.queries
        ),
        text: format!("Two bars for each length, in MiB. {}.", told.join("; ")),
        drawing: Bars::new(&names.each_ref().map(String::as_str))
            .series("three kernels", &unfused, shown)
            .series("flash", &flash, shown)
            .into(),
    })
}

/// Which thread of the kernel holds what: four threads, and tiles of three keys.
fn a_block() -> Figure {
    const THREADS: usize = 4;
    const KEYS: usize = 3;
    let (left, top, size) = (96.0, 52.0, 26.0);
    let right = left + size * KEYS as f64;
    let mut drawing = Drawing::new(top + size * THREADS as f64 + 8.0);
    drawing.text((left, 12.0), Anchor::Start, "a tile of keys and values,", Ink::Marked);
    drawing.text((left, 27.0), Anchor::Start, "in workgroup memory", Ink::Marked);
    for j in 0..KEYS {
        let x = left + size * j as f64;
        drawing.filled((x + 2.0, 34.0), (x + size - 2.0, 44.0), Ink::Marked);
    }
    for i in 0..THREADS {
        let y = top + size * i as f64;
        let name = format!("thread {i}: q{i}");
        drawing.text((left - 8.0, y + 17.0), Anchor::End, &name, Ink::Plain);
        for j in 0..KEYS {
            let x = left + size * j as f64;
            drawing.boxed((x + 2.0, y + 2.0), (x + size - 2.0, y + size - 2.0), 2.0, Ink::Quiet);
        }
        drawing.arrow((right + 4.0, y + 13.0), (right + 30.0, y + 13.0), Ink::Quiet);
        drawing.text((right + 36.0, y + 17.0), Anchor::Start, "its m, l, o", Ink::Plain);
    }
    Figure {
        name: "a-block",
        caption: "A workgroup with four queries, a thread each, and a tile of three keys. The \
                  threads fetch the tile together; scores, m, l and o are each thread's own."
            .into(),
        text: "Four rows, one a thread, each with its query on the left and its m, l and o on the \
               right. Between them a grid of four by three scores, and above it the three keys and \
               values of the tile, which all threads read from workgroup memory."
            .into(),
        drawing,
    }
}
