//! What the checks compare with: the Python library `tokenizers` (`golden/make.py`), and brute
//! force over all edges and all paths of small lattices.

use grading::{Failure, golden};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;

use crate::{Edge, Lattice, Unigram, path_log_prob};

/// What `tokenizers` answers.
#[derive(Deserialize)]
pub struct Golden {
    pub wordpiece: Vec<Words>,
    pub unigram: Vec<Texts>,
}

/// A WordPiece vocabulary, with words and their tokens.
#[derive(Deserialize)]
pub struct Words {
    /// What it tests; several may have one name.
    pub name: String,
    pub pieces: Vec<String>,
    pub max_chars: usize,
    pub words: Vec<(String, Vec<String>)>,
}

/// A unigram model, with texts and their tokens.
#[derive(Deserialize)]
pub struct Texts {
    pub pieces: Vec<(String, f64)>,
    pub texts: Vec<(String, Vec<String>)>,
}

impl Golden {
    pub fn load() -> Result<Self, Failure> {
        golden!("golden.json")
    }
}

pub fn edge(start: usize, end: usize, log_prob: f64) -> Edge {
    Edge { start, end, log_prob, known: true }
}

/// The edges of a path as a message shows them: `[0–2 2–3]`.
pub fn cuts(path: &[Edge]) -> String {
    let ends: Vec<String> =
        path.iter().map(|edge| format!("{}–{}", edge.start, edge.end)).collect();
    format!("[{}]", ends.join(" "))
}

/// The edges of a text by brute force: every pair of positions is tried.
pub fn all_edges(model: &Unigram, text: &str) -> Vec<Edge> {
    let mut edges = Vec::new();
    for start in 0..text.len() {
        for end in start + 1..=text.len() {
            let Some(piece) = text.get(start..end) else { continue };
            if let Some(log_prob) = model.log_prob(piece) {
                edges.push(edge(start, end, log_prob));
            } else if piece.chars().count() == 1 {
                edges.push(Edge { known: false, ..edge(start, end, model.unk_log_prob()) });
            }
        }
    }
    edges
}

/// All paths of a lattice to a position, by following every edge from every end.
pub fn all_paths(lattice: &Lattice, to: usize) -> Vec<Vec<Edge>> {
    let (mut paths, mut open) = (Vec::new(), vec![Vec::<Edge>::new()]);
    while let Some(path) = open.pop() {
        let position = path.last().map_or(0, |edge| edge.end);
        let next = lattice.edges().iter().filter(|e| e.start == position && e.end <= to);
        open.extend(next.map(|edge| [path.as_slice(), &[*edge]].concat()));
        if position == to {
            paths.push(path);
        }
    }
    paths
}

/// The logarithms of the summed weights, by writing all paths down.
pub fn all_sums(lattice: &Lattice, alpha: f64) -> Vec<f64> {
    let weight = |path: &Vec<Edge>| (alpha * path_log_prob(path)).exp();
    let sum = |to| all_paths(lattice, to).iter().map(weight).sum::<f64>();
    (0..=lattice.end()).map(|to| sum(to).ln()).collect()
}

/// A lattice with random edges; every text of `end` bytes has some, though maybe no path.
pub fn random_lattice(rng: &mut StdRng, end: usize, density: f64) -> Result<Lattice, Failure> {
    let mut edges = Vec::new();
    for start in 0..end {
        for stop in start + 1..=end.min(start + 4) {
            if rng.random::<f64>() < density {
                edges.push(edge(start, stop, -0.2 - 5.0 * rng.random::<f64>()));
            }
        }
    }
    Ok(Lattice::new(end, edges)?)
}

/// Lattices with several paths of different lengths, and dead ends among the edges.
pub fn lattices_to_draw_from() -> Result<Vec<Lattice>, Failure> {
    let mut rng = StdRng::seed_from_u64(5);
    let mut lattices = Vec::new();
    while lattices.len() < 4 {
        let lattice = random_lattice(&mut rng, 5, 0.75)?;
        let paths = all_paths(&lattice, lattice.end());
        let is_dead = |edge: &Edge| !paths.iter().any(|path| path.contains(edge));
        if (4..=9).contains(&paths.len()) && lattice.edges().iter().any(is_dead) {
            lattices.push(lattice);
        }
    }
    Ok(lattices)
}

/// Steps of one and two over `n` positions. A step of two is as likely as two of one, so every path
/// has the log-probability `n · log_prob`; the number of paths is a Fibonacci number, F(n + 1).
pub fn steps_of_one_and_two(n: usize, log_prob: f64) -> Result<Lattice, Failure> {
    let ones = (0..n).map(|i| edge(i, i + 1, log_prob));
    let twos = (1..n).map(|i| edge(i - 1, i + 1, 2.0 * log_prob));
    Ok(Lattice::new(n, ones.chain(twos).collect())?)
}

/// The logarithm of F(n + 1), which is φⁿ⁺¹/√5, rounded; beyond n = 40 rounding changes nothing.
pub fn ln_fibonacci(n: usize) -> f64 {
    let phi = (1.0 + 5.0_f64.sqrt()) / 2.0;
    match n {
        0..=40 => (phi.powi(n as i32 + 1) / 5.0_f64.sqrt()).round().ln(),
        _ => (n + 1) as f64 * phi.ln() - 5.0_f64.sqrt().ln(),
    }
}
