//! The figures of the page: which thread reads and writes what. Their workgroups are small.

use demo::figure::{Anchor, Cells, Drawing, Figure, Ink};
use grading::numbers::{settled, short};

use first_gpu_kernel::{halvings, softmax_rows};

/// Numbers to double, and the threads of a workgroup.
const NUMBERS: [u8; 10] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
const THREADS: usize = 4;
/// Workgroups, and how many fit side by side.
const GROUPS: usize = 10;
const WIDEST: usize = 4;
/// The first numbers in the slots of the tree.
const SLOTS: [f32; 8] = [3.0, 1.0, 9.0, 0.0, 4.0, 2.0, 6.0, 5.0];
/// A row of logits.
const LOGITS: [f32; 3] = [2.0, 1.0, 0.0];

/// Where cells stand: the first, how high, the first row.
const LEFT: f64 = 56.0;
const CELL: f64 = 22.0;
const TOP: f64 = 20.0;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![threads(), lines(), strides(), tree(), passes()]
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// A cell around the middle of its upper edge.
fn cell(drawing: &mut Drawing, (x, y): (f64, f64), text: &str, ink: Ink) {
    drawing.boxed((x - 11.0, y), (x + 11.0, y + CELL), 4.0, ink);
    drawing.text((x, y + 15.0), Anchor::Middle, text, ink);
}

fn threads() -> Figure {
    const STEP: f64 = 25.0;
    const ROWS: [f64; 3] = [8.0, 66.0, 138.0];
    let groups = NUMBERS.len().div_ceil(THREADS);
    let all = groups * THREADS;
    let middle = |i: usize| LEFT + STEP * (i as f64 + 0.5);
    let mut drawing = Drawing::new(ROWS[2] + CELL + 4.0);
    for (name, y) in ["x", "thread", "y"].into_iter().zip(ROWS) {
        drawing.text((LEFT - 8.0, y + 15.0), Anchor::End, name, Ink::Plain);
    }
    for group in 0..groups {
        let (from, to) = (middle(group * THREADS) - 12.0, middle((group + 1) * THREADS - 1) + 12.0);
        drawing.boxed((from, ROWS[1] - 5.0), (to, ROWS[1] + CELL + 19.0), 6.0, Ink::Quiet);
        let name = format!("workgroup {group}");
        let below = ((from + to) / 2.0, ROWS[1] + CELL + 14.0);
        drawing.text(below, Anchor::Middle, &name, Ink::Quiet);
    }
    for i in 0..all {
        let (x, number) = (middle(i), NUMBERS.get(i));
        let ink = if number.is_some() { Ink::Marked } else { Ink::Quiet };
        drawing.circle((x, ROWS[1] + 11.0), 10.0, ink);
        drawing.text((x, ROWS[1] + 15.0), Anchor::Middle, &i.to_string(), ink);
        if let Some(number) = number {
            cell(&mut drawing, (x, ROWS[0]), &number.to_string(), Ink::Plain);
            cell(&mut drawing, (x, ROWS[2]), &(2 * number).to_string(), Ink::Plain);
            drawing.arrow((x, ROWS[0] + CELL), (x, ROWS[1]), Ink::Plain);
            drawing.arrow((x, ROWS[1] + CELL + 19.0), (x, ROWS[2]), Ink::Plain);
        }
    }
    let idle = all - NUMBERS.len();
    Figure {
        name: "threads",
        caption: format!(
            "{} numbers are doubled. Every thread reads one and writes one; the last {idle} have \
             nothing to do.",
            NUMBERS.len()
        ),
        text: format!(
            "{all} threads in {groups} workgroups of {THREADS}. Thread i reads number i of x and \
             writes number i of y, twice as large: {} become {}. Threads {} have no number.",
            list(NUMBERS),
            list(NUMBERS.map(|number| 2 * number)),
            list(NUMBERS.len()..all)
        ),
        drawing,
    }
}

fn lines() -> Figure {
    let lines = GROUPS.div_ceil(WIDEST);
    let numbers: Vec<String> = (0..lines * WIDEST).map(|i| i.to_string()).collect();
    let heads: Vec<String> = (0..WIDEST).map(|x| format!("x = {x}")).collect();
    let mut cells = Cells::new().head(heads.iter().map(String::as_str));
    for (y, line) in numbers.chunks(WIDEST).enumerate() {
        let ink = |i: usize| if y * WIDEST + i < GROUPS { Ink::Marked } else { Ink::Quiet };
        let line = line.iter().enumerate().map(|(i, number)| (number.as_str(), ink(i)));
        cells = cells.row(&format!("y = {y}"), line);
    }
    Figure {
        name: "lines",
        caption: format!(
            "If only {WIDEST} workgroups fit side by side, {GROUPS} of them take {lines} lines. What \
             is gray has nothing to do."
        ),
        text: format!(
            "Workgroups in lines of {WIDEST}, counted through: line y = 1 begins with number \
             {WIDEST}. {GROUPS} are needed; numbers {} of the last line are not.",
            list(GROUPS..lines * WIDEST)
        ),
        drawing: cells.into(),
    }
}

fn strides() -> Figure {
    let columns: Vec<String> = (0..NUMBERS.len()).map(|col| col.to_string()).collect();
    let mut cells = Cells::new().head(columns.iter().map(String::as_str));
    let mut told = Vec::new();
    for thread in 0..THREADS {
        let rounds: Vec<String> = (0..NUMBERS.len())
            .map(|col| match col % THREADS == thread {
                true => (col / THREADS + 1).to_string(),
                false => String::new(),
            })
            .collect();
        let inks = rounds
            .iter()
            .map(|round| (round.as_str(), if round == "1" { Ink::Marked } else { Ink::Plain }));
        cells = cells.row(&format!("thread {thread}"), inks);
        told.push(format!("thread {thread} {}", list((thread..NUMBERS.len()).step_by(THREADS))));
    }
    Figure {
        name: "strides",
        caption: format!(
            "{THREADS} threads read a row of {} columns. The number says in which round: in each, \
             neighbors read neighboring columns.",
            NUMBERS.len()
        ),
        text: format!(
            "A table of threads and columns. In rounds, a thread reads every {THREADS}th column: {}.",
            told.join("; ")
        ),
        drawing: cells.into(),
    }
}

fn tree() -> Figure {
    const STEP: f64 = 37.5;
    const PITCH: f64 = 64.0;
    let steps = halvings(&SLOTS);
    // A slot keeps its number when its thread has stopped.
    let mut slots = SLOTS;
    let middle = |slot: usize| LEFT + STEP * (slot as f64 + 0.5);
    let top = |row: usize| TOP + PITCH * row as f64;
    let right = LEFT + STEP * SLOTS.len() as f64;
    let mut drawing = Drawing::new(top(steps.len()) - PITCH + CELL + 4.0);
    drawing.text((LEFT - 6.0, 12.0), Anchor::End, "thread", Ink::Quiet);
    for slot in 0..SLOTS.len() {
        drawing.text((middle(slot), 12.0), Anchor::Middle, &slot.to_string(), Ink::Quiet);
    }
    for (row, step) in steps.iter().enumerate() {
        let (y, live) = (top(row), step.len());
        slots[..live].copy_from_slice(step);
        let name = if row == 0 { "slots".to_owned() } else { format!("{live} add") };
        if row > 0 {
            let (above, between) = (y - PITCH + CELL, y - (PITCH - CELL) / 2.0);
            drawing.line(&[(LEFT, between), (right, between)], Ink::Quiet);
            drawing.text((LEFT - 6.0, between + 4.0), Anchor::End, "barrier", Ink::Quiet);
            for thread in 0..live {
                let x = middle(thread);
                drawing.arrow((x, above), (x, y), Ink::Plain);
                drawing.arrow((middle(thread + live), above), (x + 6.0, y), Ink::Marked);
            }
        }
        drawing.text((LEFT - 6.0, y + 15.0), Anchor::End, &name, Ink::Plain);
        for (slot, number) in slots.iter().enumerate() {
            let ink = if slot < live { Ink::Marked } else { Ink::Quiet };
            cell(&mut drawing, (middle(slot), y), &number.to_string(), ink);
        }
    }
    let told = steps
        .iter()
        .skip(1)
        .map(|step| format!("{} threads add and leave {}", step.len(), list(step)));
    Figure {
        name: "tree",
        caption: format!(
            "In each of {} steps, half of the threads that still work add the number of a partner to \
             their own. Nobody reads a gray slot again.",
            steps.len() - 1
        ),
        text: format!(
            "{} slots, one a thread, hold {}. In each step, after a barrier, the first half of the \
             threads that still work add to their own number that of their partner in the second \
             half: {}.",
            SLOTS.len(),
            list(SLOTS),
            told.collect::<Vec<_>>().join("; ")
        ),
        drawing,
    }
}

fn passes() -> Figure {
    let max = LOGITS.into_iter().fold(f32::MIN, f32::max);
    let weights = LOGITS.map(|x| f64::from(x - max).exp());
    let shown = |x: f64| short(settled(x), 3);
    let of = |numbers: &[f64]| numbers.iter().map(|&x| shown(x)).collect::<Vec<_>>();
    let (sum, shares) = (weights.iter().sum::<f64>(), softmax_rows(&LOGITS, LOGITS.len()));
    let rows = [
        ("x".to_owned(), of(&LOGITS.map(f64::from)), Ink::Plain),
        ("1 · maximum".to_owned(), of(&[max.into()]), Ink::Marked),
        (format!("2 · exp(x − {max})"), of(&weights), Ink::Plain),
        ("sum".to_owned(), of(&[sum]), Ink::Marked),
        (format!("3 · divided by {}", shown(sum)), of(&shares), Ink::Plain),
    ];
    let mut cells = Cells::new();
    for (name, numbers, ink) in &rows {
        cells = cells.row(name, numbers.iter().map(|number| (number.as_str(), *ink)));
    }
    let told = rows.iter().map(|(name, numbers, _)| format!("{name}: {}", numbers.join(", ")));
    Figure {
        name: "passes",
        caption: "The row is read three times. What is marked, a tree makes of the numbers of all \
             threads, and every thread needs it."
            .into(),
        text: format!("Softmax of a row in three passes. {}.", told.collect::<Vec<_>>().join("; ")),
        drawing: cells.into(),
    }
}
