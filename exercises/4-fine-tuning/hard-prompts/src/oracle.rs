//! Losses that are small enough to be tried in full.

use grading::Failure;
use grading::random::seeded;
use rand::RngExt;
use serde::Deserialize;

use crate::{Loss, Table};

/// PyTorch's slopes and what they foretell.
#[derive(Debug, Deserialize)]
pub struct Golden {
    pub width: usize,
    pub table: Vec<f32>,
    pub cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
pub struct Case {
    pub ids: Vec<u32>,
    pub slopes: Vec<f32>,
    pub scores: Vec<f64>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("scores.json")
}

/// What was asked of a loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Loss(Vec<u32>),
    Slopes(Vec<u32>),
}

/// A loss that bends: the squared distance of what the prompt's embeddings add up to, each with a
/// factor of its place, from a goal, with a wave on it. It writes down what it is asked.
#[derive(Clone, Debug)]
pub struct Bent {
    pub table: Vec<f32>,
    pub width: usize,
    pub goal: Vec<f64>,
    pub wave: f64,
    /// Prompts with this token have no loss.
    pub hole: Option<u32>,
    /// The loss is as large as it is, times this.
    pub scale: f64,
    pub asked: Vec<Asked>,
}

impl Bent {
    pub fn new(seed: u64, vocab_size: usize, width: usize, wave: f64) -> Self {
        let mut rng = seeded(seed);
        // Halves and quarters, so that sums are exact and ties are ties.
        let mut numbers = |n: usize| -> Vec<f64> {
            (0..n).map(|_| f64::from(rng.random_range(-6..=6_i8)) / 4.0).collect()
        };
        let table = numbers(vocab_size * width).into_iter().map(|x| x as f32).collect();
        Self { table, width, goal: numbers(width), wave, hole: None, scale: 1.0, asked: Vec::new() }
    }

    pub fn table(&self) -> Table<'_> {
        Table { numbers: &self.table, width: self.width }
    }

    fn distance(&self, ids: &[u32]) -> Vec<f64> {
        let mut sum: Vec<f64> = self.goal.iter().map(|goal| -goal).collect();
        for (place, &id) in ids.iter().enumerate() {
            for (sum, &x) in sum.iter_mut().zip(self.table().row(id)) {
                *sum += factor(place) * f64::from(x);
            }
        }
        sum
    }

    /// The loss, without writing it down.
    pub fn of(&self, ids: &[u32]) -> f64 {
        if self.hole.is_some_and(|hole| ids.contains(&hole)) {
            return f64::NAN;
        }
        let bent = self.distance(ids).into_iter().map(|d| d * d + self.wave * (3.0 * d).sin());
        self.scale * bent.sum::<f64>()
    }

    /// Its slopes, without writing it down.
    pub fn slopes_of(&self, ids: &[u32]) -> Vec<f32> {
        let along = self.distance(ids);
        let along: Vec<f64> = along
            .iter()
            .map(|d| self.scale * (2.0 * d + 3.0 * self.wave * (3.0 * d).cos()))
            .collect();
        let places = 0..ids.len();
        places.flat_map(|p| along.iter().map(move |d| (factor(p) * d) as f32)).collect()
    }
}

fn factor(place: usize) -> f64 {
    [1.0, -0.5, 0.25, 1.5][place % 4]
}

impl Loss for Bent {
    fn loss(&mut self, ids: &[u32]) -> f64 {
        self.asked.push(Asked::Loss(ids.to_vec()));
        self.of(ids)
    }

    fn slopes(&mut self, ids: &[u32]) -> Vec<f32> {
        self.asked.push(Asked::Slopes(ids.to_vec()));
        self.slopes_of(ids)
    }
}

/// The scores of all swaps, each a difference of two dot products.
pub fn brute_scores(table: &Table<'_>, ids: &[u32], slopes: &[f32]) -> Vec<f64> {
    let dot = |id: u32, place: usize| -> f64 {
        let slopes = &slopes[place * table.width..][..table.width];
        table.row(id).iter().zip(slopes).map(|(&x, &g)| f64::from(x) * f64::from(g)).sum()
    };
    let vocab_size = table.vocab_size() as u32;
    (0..ids.len())
        .flat_map(|at| (0..vocab_size).map(move |id| (at, id)))
        .map(|(at, id)| dot(id, at) - dot(ids[at], at))
        .collect()
}

/// The best swaps, picked one after the other.
pub fn brute_swaps(scores: &[f64], ids: &[u32], forbidden: &[u32], k: usize) -> Vec<(usize, u32)> {
    let vocab_size = scores.len() / ids.len().max(1);
    let mut left: Vec<usize> = (0..scores.len())
        .filter(|&at| {
            let (place, id) = (at / vocab_size, (at % vocab_size) as u32);
            ids[place] != id && !forbidden.contains(&id) && !scores[at].is_nan()
        })
        .collect();
    let mut found = Vec::new();
    while found.len() < k && !left.is_empty() {
        let mut best = 0;
        for at in 1..left.len() {
            if scores[left[at]] < scores[left[best]] {
                best = at;
            }
        }
        let at = left.remove(best);
        found.push((at / vocab_size, (at % vocab_size) as u32));
    }
    found
}
