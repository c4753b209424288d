//! The figures of the page.

use demo::figure::{Figure, Ink};
use grading::numbers::short;
use matrix_multiplication::example::{AMOUNTS, BILLS, PRICES};
use matrix_multiplication::solution::matmul;
use matrix_multiplication::{Dims, Kernel, Machine, intensity};

use crate::grids::{Place, grids};
use crate::roof;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [bills(), Some(tiles()), roofline(), Some(block())].into_iter().flatten().collect()
}

/// Amounts times prices.
fn bills() -> Option<Figure> {
    let Dims { k, n, .. } = BILLS;
    let bills = matmul(&AMOUNTS, &PRICES, BILLS).ok()?;
    let (row, col) = (1, 1);
    let place = |x: f32, is_marked| {
        let ink = if is_marked { Ink::Marked } else { Ink::Plain };
        Place::new(short(f64::from(x), 1), ink)
    };
    let list = |x: &[f32]| -> String {
        let rows: Vec<String> = x.iter().map(|x| short(f64::from(*x), 1)).collect();
        rows.join(", ")
    };
    let rows = |x: &[f32], width: usize| -> String {
        let rows: Vec<String> = x.chunks(width).map(list).collect();
        rows.join("; ")
    };
    Some(Figure {
        name: "bills",
        caption: format!(
            "A: what each baker orders, a row a baker. B: prices, a column a mill. C: what each \
             baker would pay at each mill. In color, one bill of {}.",
            short(f64::from(bills[row * n + col]), 1)
        ),
        text: format!(
            "Three tables. A has the rows {}. B has the rows {}. C, at the right of A and below B, \
             has the rows {}. Marked are row {row} of A, column {col} of B, counted from 0, and \
             where they meet in C.",
            rows(&AMOUNTS, k),
            rows(&PRICES, n),
            rows(&bills, n)
        ),
        drawing: grids(
            BILLS,
            [usize::MAX; 2],
            |i, p| place(AMOUNTS[i * k + p], i == row),
            |p, j| place(PRICES[p * n + j], j == col),
            |i, j| place(bills[i * n + j], (i, j) == (row, col)),
        ),
    })
}

/// The tiles of one step, and who fetches what.
fn tiles() -> Figure {
    let (dims, tile, [top, left], start) = (Dims::square(8), 4, [4, 4], 4);
    let within = |x: usize, from: usize| (from..from + tile).contains(&x);
    let thread = |y: usize, x: usize| format!("{x},{y}");
    let place = |text: String, is_now: bool, is_used: bool| match (is_now, is_used) {
        (true, _) => Place::new(text, Ink::Marked),
        (_, true) => Place::new("", Ink::Plain),
        _ => Place::new("", Ink::Quiet),
    };
    Figure {
        name: "tiles",
        caption: "The second step of the last of four workgroups, with tiles of 4 by 4. In color, \
                  what its 16 threads fetch, each place with its thread: its column and its \
                  row in the square. All of C's tile is computed from these 32 numbers before the next \
                  step."
            .into(),
        text: format!(
            "Three matrices of 8 by 8, cut into tiles of 4 by 4. The workgroup computes the tile \
             of C at the bottom right. In its second step thread x, y fetches the number of A in \
             row {top} + y and column {start} + x, and the number of B in row {start} + y and \
             column {left} + x."
        ),
        drawing: grids(
            dims,
            [tile; 2],
            |i, p| {
                let text = thread(i.wrapping_sub(top), p.wrapping_sub(start));
                place(text, within(i, top) && within(p, start), within(i, top))
            },
            |p, j| {
                let text = thread(p.wrapping_sub(start), j.wrapping_sub(left));
                place(text, within(p, start) && within(j, left), within(j, left))
            },
            |i, j| {
                let text = thread(i.wrapping_sub(top), j.wrapping_sub(left));
                place(text, within(i, top) && within(j, left), false)
            },
        ),
    }
}

/// Where the kernels stand under the roof of a graphics card.
fn roofline() -> Option<Figure> {
    let (dims, machine) = (Dims::square(1024), Machine::H100);
    let mut points = Vec::new();
    for kernel in Kernel::ALL {
        let name = kernel.entry().trim_start_matches("matmul_").to_owned();
        points.push((name, intensity(dims, kernel.shared_tile()).ok()?));
    }
    points.push(("each number once".into(), intensity(dims, dims.n).ok()?));
    let tera = |x: f64| short(x / 1e12, 1);
    let told: Vec<String> = points
        .iter()
        .map(|(name, x)| {
            let most = tera(machine.attainable(*x));
            format!("{name}: {} FLOPs for each byte, at most {most} TFLOP/s", short(*x, 2))
        })
        .collect();
    Some(Figure {
        name: "roofline",
        caption: format!(
            "The roof of an H100, {} TFLOP/s and {} TB/s. Up to {} FLOPs for each byte, memory is \
             the limit. Both axes are logarithmic.",
            tera(machine.flops),
            short(machine.bandwidth / 1e12, 2),
            short(machine.ridge(), 0)
        ),
        text: format!(
            "A line that rises up to {} FLOPs for each byte and is flat from there on. On it, for \
             matrices of 1024 by 1024: {}.",
            short(machine.ridge(), 0),
            told.join("; ")
        ),
        drawing: roof::roof(machine, &points),
    })
}

/// What one thread keeps in registers.
fn block() -> Figure {
    let (dims, block, [top, left], p) = (Dims { m: 8, k: 6, n: 8 }, 4, [0, 4], 2);
    let inside = |x: usize, from: usize| (from..from + block).contains(&x);
    let place = |is_now: bool, is_used: bool| match (is_now, is_used) {
        (true, _) => Place::new("•", Ink::Marked),
        (_, true) => Place::new("", Ink::Plain),
        _ => Place::new("", Ink::Quiet),
    };
    Figure {
        name: "block",
        caption:
            "One thread, one step along k: it reads four numbers of A's tile and four of B's, \
                  and adds to all sixteen sums of its block of C."
                .into(),
        text: format!(
            "A thread computes the 16 numbers of C in rows {top} to {} and columns {left} to {}. \
             In step {p} it reads the four numbers of A in those rows and column {p}, and the four \
             of B in row {p} and those columns: eight numbers for sixteen products.",
            top + block - 1,
            left + block - 1
        ),
        drawing: grids(
            dims,
            [block, usize::MAX],
            |i, q| place(inside(i, top) && q == p, inside(i, top)),
            |q, j| place(inside(j, left) && q == p, inside(j, left)),
            |i, j| place(inside(i, top) && inside(j, left), false),
        ),
    }
}
