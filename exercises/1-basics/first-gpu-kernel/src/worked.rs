//! The numbers of the page.

use grading::Worked;
use grading::numbers::count;

use crate::solution::workgroups;
use crate::{THREADS, WIDEST, halvings, sum_by_one, sum_by_tree};

/// So many numbers to do by hand.
const NUMBERS: u32 = 1000;

/// A number, and how often it is added up.
pub const ADDED: (f32, u32) = (0.1, 1_000_000);

/// What an NVIDIA H100 (SXM) does in a second, by its data sheet: f32 operations, and bytes moved
/// between memory and processor.
const H100_OPERATIONS: f64 = 67e12;
const H100_BYTES: f64 = 3.35e12;

/// The numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();

    let [groups, ..] = workgroups(NUMBERS);
    worked.set("numbers", count(NUMBERS.into()));
    worked.set("groups", groups);
    worked.set("threads", count((groups * THREADS).into()));
    worked.set("idle", groups * THREADS - NUMBERS);
    let line = WIDEST * THREADS;
    worked.set("widest", count(WIDEST.into()));
    worked.set("line", count(line.into()));
    let [width, lines, _] = workgroups(line + 1);
    worked.set("one-more", count(u64::from(line) + 1));
    worked.set("one-more-grid", format!("{} by {lines}", count(width.into())));

    worked.set("steps", halvings(&[0.0; THREADS as usize]).len() - 1);
    worked.set("additions", THREADS - 1);
    let (x, n) = ADDED;
    let rounded = |sum: f32| count(f64::from(sum).round() as u64);
    worked.set("added", x);
    worked.set("times", count(n.into()));
    worked.set("by-one", rounded(sum_by_one(x, n)));
    worked.set("by-tree", rounded(sum_by_tree(x, n)));
    worked.set("by-all", rounded((f64::from(x) * f64::from(n)) as f32));

    let bytes = 4096_u64 * 4096 * 4;
    worked.set("row-kb", format!("{:.0}", bytes as f64 / 4096.0 / 1e3));
    worked.set("matrix-mb", format!("{:.0}", bytes as f64 / 1e6));
    worked.set("clear-mb", format!("{:.0}", 4.0 * bytes as f64 / 1e6));
    worked.set("online-mb", format!("{:.0}", 3.0 * bytes as f64 / 1e6));
    worked.set("fast-mb", format!("{:.0}", 2.0 * bytes as f64 / 1e6));
    worked.set("h100-per-number", format!("{:.0}", 4.0 * H100_OPERATIONS / H100_BYTES));
    worked
}
