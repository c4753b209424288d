//! Mutants of `unigram_sample`.

use rand::{Rng, RngExt};

use crate::solution::unigram_forward;
use crate::{Edge, Lattice, LatticeError};

/// Draws from the end, edge by edge, with these weights of the edges that can be reached.
fn draw(
    lattice: &Lattice,
    alpha: f64,
    rng: &mut impl Rng,
    weight: impl Fn(&Edge, &[f64]) -> f64,
) -> Result<Vec<Edge>, LatticeError> {
    if !alpha.is_finite() || alpha < 0.0 {
        return Err(LatticeError::BadAlpha(alpha));
    }
    let forward = unigram_forward(lattice, alpha);
    let (mut path, mut position) = (Vec::new(), lattice.end());
    while position > 0 {
        let into: Vec<Edge> =
            lattice.edges().iter().copied().filter(|e| e.end == position).collect();
        let reached: Vec<Edge> =
            into.into_iter().filter(|e| forward[e.start].is_finite()).collect();
        let weights: Vec<f64> = reached.iter().map(|edge| weight(edge, &forward)).collect();
        let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
        let chosen = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        let edge = reached.get(chosen.unwrap_or(reached.len().saturating_sub(1)));
        let edge = edge.ok_or(LatticeError::NoPath)?;
        path.push(*edge);
        position = edge.start;
    }
    path.reverse();
    Ok(path)
}

grading::mutants! {
    /// No chance at all.
    samples_the_best {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            draw(lattice, alpha, rng, |_, _| 1.0)?;
            unigram_viterbi(lattice)
        }
    }
    /// All edges into a position are equally likely.
    samples_edges_alike {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            draw(lattice, alpha, rng, |_, _| 1.0)
        }
    }
    /// Weighs an edge by its own probability, whatever lies before it.
    samples_by_the_edge_alone {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            draw(lattice, alpha, rng, |edge, _| (alpha * edge.log_prob).exp())
        }
    }
    /// Walks from the beginning, where dead ends await, by the edge's own probability.
    samples_from_the_left {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            draw(lattice, alpha, rng, |_, _| 1.0)?;
            let (mut path, mut position) = (Vec::new(), 0);
            while position < lattice.end() {
                let from: Vec<&Edge> = lattice.edges().iter().filter(|e| e.start == position).collect();
                let weight = |edge: &Edge| (alpha * edge.log_prob).exp();
                let mut left = rng.random::<f64>() * from.iter().map(|e| weight(e)).sum::<f64>();
                let chosen = from.iter().find(|edge| {
                    left -= weight(edge);
                    left < 0.0
                });
                let edge = **chosen.ok_or(LatticeError::NoPath)?;
                path.push(edge);
                position = edge.end;
            }
            Ok(path)
        }
    }
    /// Alpha is always 1.
    sampling_without_alpha {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            let is_fine = alpha.is_finite() && alpha >= 0.0;
            crate::solution::unigram_sample(lattice, if is_fine { 1.0 } else { alpha }, rng)
        }
    }
    /// Alpha weighs the edge, but not what lies before it.
    alpha_on_the_edge_only {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            let forward = unigram_forward(lattice, 1.0);
            draw(lattice, alpha, rng, |edge, _| {
                (forward[edge.start] + alpha * edge.log_prob - forward[edge.end]).exp()
            })
        }
    }
    /// Takes any alpha for 1 that it cannot use.
    samples_with_any_alpha {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            let is_fine = alpha.is_finite() && alpha >= 0.0;
            crate::solution::unigram_sample(lattice, if is_fine { alpha } else { 1.0 }, rng)
        }
    }
    /// Where there is no path, the sample is empty.
    samples_nothing_without_a_path {
        pub fn unigram_sample(
            lattice: &Lattice, alpha: f64, rng: &mut impl Rng,
        ) -> Result<Vec<Edge>, LatticeError> {
            match crate::solution::unigram_sample(lattice, alpha, rng) {
                Err(LatticeError::NoPath) => Ok(Vec::new()),
                path => path,
            }
        }
    }
}
