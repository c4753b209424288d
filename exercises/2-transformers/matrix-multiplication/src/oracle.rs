//! What is right, computed without the lesson's code: in double precision, by the definition. The
//! checks compare with it.

use std::collections::BTreeSet;

use grading::random::seeded;
use grading::{Outcome, Tolerance, expect, expect_close};
use rand::RngExt;

use crate::Dims;

/// What a multiplication or an addition of f32 may be off by, as WGSL allows: it need not round to
/// the nearest.
const ROUNDED: f64 = 1.2e-7;

/// Small and large numbers, whose products f32 still holds.
pub const SCALES: [[f32; 2]; 4] = [[1e-15, 1e-15], [1e15, 1e15], [1e-30, 1e20], [1e20, 1e-30]];

/// Two matrices.
#[derive(Clone, Debug)]
pub struct Job {
    pub dims: Dims,
    pub a: Vec<f32>,
    pub b: Vec<f32>,
    /// Of whole numbers, whose sums f32 holds exactly, in any order.
    is_whole: bool,
}

impl Job {
    /// Whole numbers from −9 to 9: what is left out, or counted twice, shows however long the sum.
    pub fn whole([m, k, n]: [usize; 3], seed: u64) -> Self {
        let mut rng = seeded(seed);
        let mut draw = |count| (0..count).map(|_| f32::from(rng.random_range(-9_i8..=9))).collect();
        Self { dims: Dims { m, k, n }, a: draw(m * k), b: draw(k * n), is_whole: true }
    }

    /// Numbers of both signs up to ±4, times a scale for `a` and one for `b`; some are 0.
    pub fn reals([m, k, n]: [usize; 3], [of_a, of_b]: [f32; 2], seed: u64) -> Self {
        let mut rng = seeded(seed);
        let mut draw = |count: usize, scale: f32| -> Vec<f32> {
            let number = |i| if i % 7 == 3 { 0.0 } else { scale * rng.random_range(-4.0_f32..4.0) };
            (0..count).map(number).collect()
        };
        Self { dims: Dims { m, k, n }, a: draw(m * k, of_a), b: draw(k * n, of_b), is_whole: false }
    }

    /// Whole numbers where there is no scale.
    pub fn drawn(sizes: [usize; 3], scales: Option<[f32; 2]>, seed: u64) -> Self {
        match scales {
            None => Self::whole(sizes, seed),
            Some(scales) => Self::reals(sizes, scales, seed),
        }
    }

    /// What a failure says of it.
    pub fn shown(&self) -> String {
        let Dims { m, k, n } = self.dims;
        format!("the product of ({m}, {k}) and ({k}, {n})")
    }

    /// Fails unless these are the numbers of the product, each as exact as f32 sums can be.
    pub fn expect(&self, what: &str, got: &[f32]) -> Outcome {
        let Dims { m, k, n } = self.dims;
        expect(got.len() == m * n, || {
            format!("{what}: expected {m} rows of {n} numbers, got {} numbers", got.len())
        })?;
        let bound = if self.is_whole { 0.0 } else { ROUNDED * (k as f64 + 1.0) };
        for i in 0..m {
            for j in 0..n {
                let product =
                    |p: usize| f64::from(self.a[i * k + p]) * f64::from(self.b[p * n + j]);
                let want: f64 = (0..k).map(product).sum();
                let got = f64::from(got[i * n + j]);
                if want.is_nan() && got.is_nan() {
                    continue;
                }
                // f32 sums may be wrong by this share of the largest sum on their way.
                let size: f64 = (0..k).map(|p| product(p).abs()).sum();
                let atol = if size.is_finite() { bound * size } else { 0.0 };
                let tolerance = Tolerance { rtol: 0.0, atol };
                let what = format!("{what}, at [{i}, {j}]");
                expect_close(&what, &[], &[got], &[want], tolerance)?;
            }
        }
        Ok(())
    }
}

/// How many different numbers all workgroups need, each for the tile of `C` that is its own.
pub fn numbers_needed(Dims { m, k, n }: Dims, tile: usize) -> u64 {
    let mut needed = BTreeSet::new();
    for i in 0..m {
        for j in 0..n {
            let workgroup = (i / tile, j / tile);
            for p in 0..k {
                needed.insert((workgroup, 'a', i, p));
                needed.insert((workgroup, 'b', p, j));
            }
        }
    }
    needed.len() as u64
}
