//! From many dimensions to the two of a screen.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The plane on which vectors are spread out most: the first two principal components.
///
/// Found by power iteration, in f64, with nothing but `+ − × ÷ √`: the same on every machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    mean: Vec<f64>,
    axes: [Vec<f64>; 2],
}

/// More turns change nothing that can be seen.
const TURNS: usize = 60;

impl Projection {
    /// The plane of these vectors, each first scaled to length 1, so that their directions count.
    /// An axis has no natural sign: it points as the axis of `before` does, so a map that is drawn
    /// again and again does not flip; else so that its largest coordinate is positive.
    pub fn fit(vectors: &[&[f32]], before: Option<&Self>) -> Self {
        let units: Vec<Vec<f64>> = vectors.iter().map(|vector| unit(vector)).collect();
        let dim = units.first().map_or(0, Vec::len);
        let mut mean = vec![0.0; dim];
        for row in &units {
            add(&mut mean, row, 1.0 / units.len() as f64);
        }
        let centered = |row: &Vec<f64>| {
            let mut row = row.clone();
            add(&mut row, &mean, -1.0);
            row
        };
        let rows: Vec<Vec<f64>> = units.iter().map(centered).collect();
        let first = axis(&rows, dim, None, before.map(|p| &p.axes[0]));
        let second = axis(&rows, dim, Some(&first), before.map(|p| &p.axes[1]));
        Self { mean, axes: [first, second] }
    }

    /// Where a vector lies on the plane.
    pub fn place(&self, vector: &[f32]) -> (f64, f64) {
        let mut row = unit(vector);
        add(&mut row, &self.mean, -1.0);
        (dot(&row, &self.axes[0]), dot(&row, &self.axes[1]))
    }
}

/// The direction in which the rows vary most, among those at right angles to `other`.
fn axis(
    rows: &[Vec<f64>],
    dim: usize,
    other: Option<&Vec<f64>>,
    before: Option<&Vec<f64>>,
) -> Vec<f64> {
    let mut rng = StdRng::seed_from_u64(2);
    let random = || rng.random::<f64>() - 0.5;
    let mut axis: Vec<f64> = match before {
        Some(before) => before.clone(),
        None => std::iter::repeat_with(random).take(dim).collect(),
    };
    for _ in 0..TURNS {
        // One turn multiplies with the covariance matrix, Σ row rowᵀ.
        let mut next = vec![0.0; dim];
        for row in rows {
            add(&mut next, row, dot(row, &axis));
        }
        if let Some(other) = other {
            let along = dot(&next, other);
            add(&mut next, other, -along);
        }
        let length = dot(&next, &next).sqrt();
        if length <= 1e-12 {
            break;
        }
        axis = next.into_iter().map(|x| x / length).collect();
    }
    let points_back = match before {
        Some(before) => dot(&axis, before) < 0.0,
        None => {
            axis.iter().fold(0.0_f64, |most, &x| if x.abs() > most.abs() { x } else { most }) < 0.0
        }
    };
    if points_back {
        axis.iter_mut().for_each(|x| *x = -*x);
    }
    axis
}

fn unit(vector: &[f32]) -> Vec<f64> {
    let row: Vec<f64> = vector.iter().map(|&x| f64::from(x)).collect();
    let length = dot(&row, &row).sqrt();
    if length > 0.0 { row.iter().map(|x| x / length).collect() } else { row }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(sum: &mut [f64], row: &[f64], factor: f64) {
    sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += factor * x);
}
