//! Mutants of `unigram_viterbi`.

use crate::solution::unigram_viterbi;
use crate::{Edge, Lattice, LatticeError};

/// The best path by another value of a way and another comparison.
fn viterbi(
    lattice: &Lattice,
    value: impl Fn(f64, &Edge) -> f64,
    is_better: impl Fn(f64, f64) -> bool,
) -> Result<Vec<Edge>, LatticeError> {
    let mut best: Vec<Option<(f64, Option<Edge>)>> = vec![None; lattice.end() + 1];
    best[0] = Some((0.0, None));
    for edge in lattice.edges() {
        let Some((before, _)) = best[edge.start] else { continue };
        let value = value(before, edge);
        if best[edge.end].is_none_or(|(best, _)| is_better(value, best)) {
            best[edge.end] = Some((value, Some(*edge)));
        }
    }
    let (mut path, mut position) = (Vec::new(), lattice.end());
    while position > 0 {
        let edge = best[position].and_then(|(_, edge)| edge).ok_or(LatticeError::NoPath)?;
        path.push(edge);
        position = edge.start;
    }
    path.reverse();
    Ok(path)
}

/// Walks from the beginning, always with the edge that ranks highest.
fn walk(lattice: &Lattice, rank: impl Fn(&Edge) -> f64) -> Result<Vec<Edge>, LatticeError> {
    let (mut path, mut position) = (Vec::new(), 0);
    while position < lattice.end() {
        let from = lattice.edges().iter().filter(|edge| edge.start == position);
        let edge = from.max_by(|a, b| rank(a).total_cmp(&rank(b))).ok_or(LatticeError::NoPath)?;
        path.push(*edge);
        position = edge.end;
    }
    Ok(path)
}

grading::mutants! {
    /// Always takes the longest piece, as WordPiece does.
    cuts_greedily {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            walk(lattice, |edge| edge.end as f64)
        }
    }
    /// Always takes the most likely next piece.
    takes_the_best_next_piece {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            walk(lattice, |edge| edge.log_prob)
        }
    }
    /// The path with the fewest edges.
    takes_the_fewest_edges {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            viterbi(lattice, |before, _| before + 1.0, |value, best| value < best)
        }
    }
    /// The walk from the end is not turned around.
    returns_it_backward {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            let mut path = super::unigram_viterbi(lattice)?;
            path.reverse();
            Ok(path)
        }
    }
    /// `>=` in the place of `>`.
    takes_the_last_of_ties {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            viterbi(lattice, |before, edge| before + edge.log_prob, |value, best| value >= best)
        }
    }
    /// Among equals, the path of more edges.
    takes_short_pieces_of_ties {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            let value = |before: f64, edge: &Edge| before + edge.log_prob + 1e-9;
            viterbi(lattice, value, |value, best| value > best)
        }
    }
    /// Multiplies probabilities, which become zero after a hundred pieces.
    multiplies_until_zero {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            let value = |before: f64, edge: &Edge| {
                let before = if edge.start == 0 { 1.0 } else { before };
                before * edge.log_prob.exp()
            };
            viterbi(lattice, value, |value, best| value > best)
        }
    }
    /// Where there is no path, the path is empty.
    calls_no_path_empty {
        pub fn unigram_viterbi(lattice: &Lattice) -> Result<Vec<Edge>, LatticeError> {
            Ok(super::unigram_viterbi(lattice).unwrap_or_default())
        }
    }
}
