//! Questions whose answers the reference computes.

use grading::{Keys, pick, position};

use crate::solution::{softmax_wgsl, workgroups};
use crate::worked::ADDED;
use crate::{THREADS, halvings, sum_by_one, sum_by_tree};

/// The quiz of the page.
pub fn keys() -> Keys {
    Keys::default()
        .key("idle", || {
            let [width, lines, _] = workgroups(700);
            position(&[0, 68, 188], &(width * lines * THREADS - 700))
        })
        .key("columns", || {
            let of_thread_3: Vec<usize> = (3..600).step_by(THREADS as usize).collect();
            let choices = [vec![9, 10, 11], vec![3, 259, 515], vec![3]];
            position(&choices, &of_thread_3)
        })
        .key("steps", || {
            let steps = |slots: usize| halvings(&vec![0.0; slots]).len() - 1;
            // Four times as many slots.
            position(&[0, 2, 24], &(steps(1024) - steps(256)))
        })
        .key("digits", || {
            let off =
                |sum: f32, x: f32, n: u32| (f64::from(sum) - f64::from(x) * f64::from(n)).abs();
            let one = |x, n| off(sum_by_one(x, n), x, n);
            let tree = |x, n| off(sum_by_tree(x, n), x, n);
            let (x, n) = ADDED;
            pick([
                tree(x, n) == 0.0,
                tree(x, n) < one(x, n) && [0.3, 0.7, 1.1].iter().all(|&x| tree(x, n) < one(x, n)),
                one(x, n) < tree(x, n),
            ])
        })
        .key("passes", || {
            // Reads and the write, as they stand in the source.
            let transfers = softmax_wgsl().matches("[start + col]").count();
            position(&[3, 4, 2], &(transfers / 2))
        })
}
