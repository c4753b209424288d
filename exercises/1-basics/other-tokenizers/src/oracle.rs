//! What the checks compare with: brute force over all edges and all paths of small lattices.

use grading::Failure;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::{Edge, Lattice, Unigram};

/// The edges of a text by brute force: every pair of positions is tried.
pub fn all_edges(model: &Unigram, text: &str) -> Vec<Edge> {
    let mut edges = Vec::new();
    for start in 0..text.len() {
        for end in start + 1..=text.len() {
            let Some(piece) = text.get(start..end) else { continue };
            if let Some(log_prob) = model.log_prob(piece) {
                edges.push(Edge { start, end, log_prob, known: true });
            } else if piece.chars().count() == 1 {
                let log_prob = model.unk_log_prob();
                edges.push(Edge { start, end, log_prob, known: false });
            }
        }
    }
    edges
}

/// All paths of a lattice with their log-probabilities, by following every edge from every end.
pub fn all_paths(lattice: &Lattice, to: usize) -> Vec<(Vec<Edge>, f64)> {
    fn extend(
        lattice: &Lattice,
        to: usize,
        path: &[Edge],
        sum: f64,
        out: &mut Vec<(Vec<Edge>, f64)>,
    ) {
        let position = path.last().map_or(0, |edge| edge.end);
        if position == to {
            out.push((path.to_vec(), sum));
            return;
        }
        for edge in lattice.edges().iter().filter(|e| e.start == position && e.end <= to) {
            extend(lattice, to, &[path, &[*edge]].concat(), sum + edge.log_prob, out);
        }
    }
    let mut paths = Vec::new();
    extend(lattice, to, &[], 0.0, &mut paths);
    paths
}

/// A lattice with random edges; every text of `end` bytes has some, though maybe no path.
pub fn random_lattice(rng: &mut StdRng, end: u32, density: f64) -> Result<Lattice, Failure> {
    let mut edges = Vec::new();
    for start in 0..end as usize {
        for stop in start + 1..=(end as usize).min(start + 4) {
            if rng.random::<f64>() < density {
                let log_prob = -0.2 - 5.0 * rng.random::<f64>();
                edges.push(Edge { start, end: stop, log_prob, known: true });
            }
        }
    }
    Ok(Lattice::new(end as usize, edges)?)
}

/// The edges of a path as a message shows them: `[0–2 2–3]`.
pub fn cuts(path: &[Edge]) -> String {
    let ends: Vec<String> =
        path.iter().map(|edge| format!("{}–{}", edge.start, edge.end)).collect();
    format!("[{}]", ends.join(" "))
}

/// The logarithms of the summed weights, by writing all paths down.
pub fn all_sums(lattice: &Lattice, alpha: f64) -> Vec<f64> {
    let sum = |to| all_paths(lattice, to).iter().map(|(_, sum)| (alpha * sum).exp()).sum::<f64>();
    (0..=lattice.end()).map(|to| sum(to).ln()).collect()
}

/// Lattices with several paths of different lengths, and dead ends among the edges.
pub fn lattices_to_draw_from() -> Result<Vec<Lattice>, Failure> {
    let mut rng = StdRng::seed_from_u64(5);
    let mut lattices = Vec::new();
    while lattices.len() < 4 {
        let lattice = random_lattice(&mut rng, 5, 0.75)?;
        let paths = all_paths(&lattice, lattice.end());
        let is_dead = |edge: &Edge| !paths.iter().any(|(path, _)| path.contains(edge));
        if (4..=9).contains(&paths.len()) && lattice.edges().iter().any(is_dead) {
            lattices.push(lattice);
        }
    }
    Ok(lattices)
}
