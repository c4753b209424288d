//! How often each number of A and B is read, workgroup after workgroup.

use demo::control::{Choice, Slider, Typed};
use demo::figure::Ink;
use demo::format::{count, counted};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use matrix_multiplication::readers::{Reads, Sharing, read_tile, tiles};
use matrix_multiplication::{Answers, Dims, Kernel};

use crate::grids::{Place, grids};

const KERNEL: Choice = Choice::new(
    "kernel",
    "Kernel",
    &[("naive", "naive"), ("tiled", "tiled"), ("blocked", "blocked, 2 by 2 a thread")],
);
const THREADS: Choice =
    Choice::new("threads", "Threads of a workgroup", &[("4", "4 by 4"), ("2", "2 by 2")]);
const M: Slider = Slider::new("m", "m: rows of A", 8.0, [1.0, 9.0], 1.0);
const K: Slider = Slider::new("k", "k: columns of A, rows of B", 8.0, [1.0, 9.0], 1.0);
const N: Slider = Slider::new("n", "n: columns of B", 8.0, [1.0, 9.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "who-reads-what",
        title: "Who reads what",
        lesson: "matrix-multiplication",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![KERNEL.control(), THREADS.control(), M.control(), K.control(), N.control()]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let [m, k, n] = [cx.get(&M)?, cx.get(&K)?, cx.get(&N)?].map(|size| size as usize);
    let dims = Dims { m, k, n };
    let threads: usize = cx.get(&THREADS)?.parse().unwrap_or(4);
    let (kernel, tile, sharing) = match cx.get(&KERNEL)? {
        "tiled" => (Kernel::Tiled, threads, Sharing::Tiles { depth: threads, block: 1 }),
        "blocked" => (Kernel::Blocked, 2 * threads, Sharing::Tiles { depth: threads, block: 2 }),
        _ => (Kernel::Naive, threads, Sharing::Nothing),
    };
    let all = tiles(dims, tile);
    let mut reads = Reads::none(dims);
    let mut frames = Vec::new();
    for (done, one) in (1..).zip(&all) {
        read_tile(&mut reads, dims, tile, one, sharing);
        let caption = format!(
            "Workgroup {done} of {}: {} from A and B so far.",
            all.len(),
            counted(reads.total() as usize, "read")
        );
        frames.push((caption, vec![drawing(dims, tile, &reads, done)]));
    }
    let products = (m * k * n) as u64;
    let row = |what: &str, n: u64| {
        vec![
            Cell::from(what),
            Cell::Number(count(n as usize)),
            Cell::Number(demo::format::number(n as f64 / products as f64)),
        ]
    };
    let shared = if sharing == Sharing::Nothing { 1 } else { tile };
    let computed = (answers.numbers_read)(dims, shared)
        .map_err(|error| DemoError::Other(error.to_string()))?;
    let start = frames.len() - 1;
    let views = [
        View::Steps { label: "Reads, workgroup after workgroup".into(), frames, start },
        View::Table {
            label: "All workgroups together".into(),
            columns: ["", "numbers", "for each product"].map(Into::into).into(),
            rows: vec![
                row("products", products),
                row("read from A and B", reads.total()),
                row("by the formula of numbers_read", computed),
                row("read from tiles in workgroup memory", reads.workgroup),
            ],
        },
    ];
    let name = kernel.entry().trim_start_matches("matmul_");
    cx.show(
        format!(
            "The {name} kernel reads {} from A and B, which have {}.",
            counted(reads.total() as usize, "number"),
            count(m * k + k * n)
        ),
        &views,
    );
    Ok(())
}

/// How often each number was read; what the last workgroup read, and what it computed, is marked.
fn drawing(dims: Dims, tile: usize, reads: &Reads, done: usize) -> View {
    let Dims { k, n, .. } = dims;
    let all = tiles(dims, tile);
    let last = done.checked_sub(1).and_then(|last| all.get(last)).cloned();
    let [rows, cols] = last.unwrap_or([0..0, 0..0]);
    let number = |times: u64, is_marked: bool| match (times, is_marked) {
        (0, _) => Place::new("0", Ink::Quiet),
        (_, true) => Place::new(times.to_string(), Ink::Marked),
        (_, false) => Place::new(times.to_string(), Ink::Plain),
    };
    let told = |reads: &[u64], width: usize| -> String {
        let row = |row: &[u64]| row.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        reads.chunks(width).map(row).collect::<Vec<_>>().join("; ")
    };
    View::drawing(
        "How often each number of A and B was read. In color: the last workgroup",
        format!(
            "{done} of {} workgroups are done. Reads of A, row by row: {}. Reads of B: {}.",
            all.len(),
            told(&reads.a, k),
            told(&reads.b, n)
        ),
        grids(
            dims,
            [tile, usize::MAX],
            |i, p| number(reads.a[i * k + p], rows.contains(&i)),
            |p, j| number(reads.b[p * n + j], cols.contains(&j)),
            |i, j| {
                let is_done = all[..done].iter().any(|[r, c]| r.contains(&i) && c.contains(&j));
                match (rows.contains(&i) && cols.contains(&j), is_done) {
                    (true, _) => Place::new("•", Ink::Marked),
                    (_, true) => Place::new("•", Ink::Plain),
                    _ => Place::new("", Ink::Quiet),
                }
            },
        ),
    )
}
