//! Mutants of `unigram_forward`.

use crate::solution::unigram_forward;
use crate::{Edge, Lattice};

/// Forward values with `add(sum so far, value at the edge's start, edge)` for every edge.
fn forward(lattice: &Lattice, add: impl Fn(f64, f64, &Edge) -> f64) -> Vec<f64> {
    let mut forward = vec![f64::NEG_INFINITY; lattice.end() + 1];
    forward[0] = 0.0;
    for edge in lattice.edges() {
        forward[edge.end] = add(forward[edge.end], forward[edge.start], edge);
    }
    forward
}

fn log_add(a: f64, b: f64) -> f64 {
    let (larger, smaller) = (a.max(b), a.min(b));
    if smaller == f64::NEG_INFINITY { larger } else { larger + (smaller - larger).exp().ln_1p() }
}

grading::mutants! {
    /// The best path instead of all.
    takes_the_maximum {
        pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
            forward(lattice, |sum, before, edge| sum.max(before + alpha * edge.log_prob))
        }
    }
    /// Every edge weighs the same.
    counts_the_paths {
        pub fn unigram_forward(lattice: &Lattice, _: f64) -> Vec<f64> {
            forward(lattice, |sum, before, _| log_add(sum, before))
        }
    }
    /// Adds logarithms where probabilities are to be added.
    adds_the_logarithms {
        pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
            forward(lattice, |sum, before, edge| match sum.is_finite() {
                true => sum + before + alpha * edge.log_prob,
                false => before + alpha * edge.log_prob,
            })
        }
    }
    /// Only the end has the sum of all ways; other positions have that of the best.
    sums_into_the_end_only {
        pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
            forward(lattice, |sum, before, edge| {
                let through = before + alpha * edge.log_prob;
                if edge.end == lattice.end() { log_add(sum, through) } else { sum.max(through) }
            })
        }
    }
    /// Alpha is always 1.
    forward_without_alpha {
        pub fn unigram_forward(lattice: &Lattice, _: f64) -> Vec<f64> {
            super::unigram_forward(lattice, 1.0)
        }
    }
    /// The power of the sum instead of the sum of powers.
    scales_the_sum {
        pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
            let forward = super::unigram_forward(lattice, 1.0).into_iter();
            forward.map(|sum| if sum.is_finite() { alpha * sum } else { sum }).collect()
        }
    }
    /// Leaves the logarithms to add.
    adds_in_the_open {
        pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
            forward(lattice, |sum, before, edge| (sum.exp() + (before + alpha * edge.log_prob).exp()).ln())
        }
    }
    /// Subtracts whatever stands first, −∞ too.
    shifts_by_the_first {
        pub fn unigram_forward(lattice: &Lattice, alpha: f64) -> Vec<f64> {
            forward(lattice, |sum, before, edge| {
                sum + (before + alpha * edge.log_prob - sum).exp().ln_1p()
            })
        }
    }
}
