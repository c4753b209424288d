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

#[cfg(test)]
mod tests {
    use super::*;

    /// Unit vectors that differ much in one hidden direction, less in another, not in the third.
    fn rows() -> Vec<Vec<f32>> {
        let hidden = [(-3.0, 0.5), (-1.0, -1.0), (0.0, 1.5), (1.0, -1.0), (3.0, 0.0)];
        let row = |(a, b): (f32, f32)| vec![10.0, 0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b, 0.0];
        hidden.map(row).into()
    }

    #[test]
    fn the_first_axis_is_that_of_the_largest_spread() {
        let rows = rows();
        let refs: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let plane = Projection::fit(&refs, None);
        let [first, second] = &plane.axes;
        assert!((dot(first, &[0.0, 0.6, 0.8, 0.0])).abs() > 0.99, "{plane:?}");
        assert!((dot(second, &[0.0, -0.8, 0.6, 0.0])).abs() > 0.9, "{plane:?}");
        assert!(dot(first, second).abs() < 1e-9);
        // Scale does not matter, direction does.
        let doubled: Vec<f32> = rows[0].iter().map(|x| 2.0 * x).collect();
        let ((x, y), (x2, y2)) = (plane.place(&rows[0]), plane.place(&doubled));
        assert!((x - x2).abs() < 1e-6 && (y - y2).abs() < 1e-6);
    }

    #[test]
    fn the_next_map_does_not_flip() {
        let rows = rows();
        let refs: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let plane = Projection::fit(&refs, None);
        let turned = Projection {
            mean: plane.mean.clone(),
            axes: plane.axes.clone().map(|axis| axis.iter().map(|x| -x).collect()),
        };
        let again = Projection::fit(&refs, Some(&turned));
        assert!(dot(&again.axes[0], &turned.axes[0]) > 0.999);
    }

    #[test]
    fn nothing_and_zeros_have_a_plane() {
        assert_eq!(Projection::fit(&[], None).place(&[]), (0.0, 0.0));
        let zeros = [0.0; 3];
        assert_eq!(Projection::fit(&[&zeros, &zeros], None).place(&zeros), (0.0, 0.0));
    }
}
