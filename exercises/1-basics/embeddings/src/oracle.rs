//! What the checks expect, computed in another way than the solution does: in f64, with slopes by
//! finite differences; and the answers of gensim.

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close, expect_eq};
use rand::RngExt;
use serde::Deserialize;

use crate::{EmbeddingError, Model, Vectors};

/// `n` numbers between −1.5 and 1.5, none close to zero, so that zero is no good guess for any.
pub fn spread(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = seeded(seed);
    let mut number = || {
        let size = 0.3 + 1.2 * rng.random::<f32>();
        if rng.random::<bool>() { size } else { -size }
    };
    (0..n).map(|_| number()).collect()
}

/// `n` vectors of `dim` numbers.
pub fn spread_rows(n: usize, dim: usize, seed: u64) -> Vec<Vec<f32>> {
    spread(n * dim, seed).chunks(dim).map(<[f32]>::to_vec).collect()
}

/// The loss as the formula has it. `vectors` holds that of the center, of the context, of each
/// negative.
pub fn loss(vectors: &[Vec<f64>]) -> f64 {
    let [center, context, negatives @ ..] = vectors else { return f64::NAN };
    let score = |u: &[f64]| -> f64 { u.iter().zip(center).map(|(a, b)| a * b).sum() };
    let minus_log_sigmoid = |x: f64| (1.0 + (-x).exp()).ln();
    let repelled: f64 = negatives.iter().map(|u| minus_log_sigmoid(-score(u))).sum();
    minus_log_sigmoid(score(context)) + repelled
}

/// The slope of [`loss`] in every coordinate, by central differences.
pub fn slopes(vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
    const H: f64 = 1e-5;
    let mut moved = vectors.to_vec();
    let mut slopes = vectors.to_vec();
    for (k, vector) in vectors.iter().enumerate() {
        for (i, &x) in vector.iter().enumerate() {
            moved[k][i] = x + H;
            let above = loss(&moved);
            moved[k][i] = x - H;
            let below = loss(&moved);
            moved[k][i] = x;
            slopes[k][i] = (above - below) / (2.0 * H);
        }
    }
    slopes
}

pub fn in_f64(vector: &[f32]) -> Vec<f64> {
    vector.iter().map(|&x| f64::from(x)).collect()
}

/// A model in f64.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    pub input: Vec<Vec<f64>>,
    pub output: Vec<Vec<f64>>,
}

impl Tables {
    pub fn of(model: &Model) -> Result<Self, EmbeddingError> {
        let rows = |table: &Vectors| -> Result<Vec<Vec<f64>>, EmbeddingError> {
            (0..table.rows() as u32).map(|id| table.row(id).map(in_f64)).collect()
        };
        Ok(Self { input: rows(&model.input)?, output: rows(&model.output)? })
    }

    /// A step of gradient descent; returns the loss before it.
    pub fn step(&mut self, center: u32, context: u32, negatives: &[u32], rate: f64) -> f64 {
        let mut vectors = vec![self.input[center as usize].clone()];
        let contexts = || std::iter::once(&context).chain(negatives);
        vectors.extend(contexts().map(|&id| self.output[id as usize].clone()));
        let slopes = slopes(&vectors);
        let descend = |row: &mut [f64], slope: &[f64]| {
            row.iter_mut().zip(slope).for_each(|(x, slope)| *x -= rate * slope);
        };
        descend(&mut self.input[center as usize], &slopes[0]);
        for (&id, slope) in contexts().zip(&slopes[1..]) {
            descend(&mut self.output[id as usize], slope);
        }
        loss(&vectors)
    }

    /// All numbers, the input table first.
    pub fn flat(&self) -> Vec<f64> {
        self.input.iter().chain(&self.output).flatten().copied().collect()
    }
}

/// A model of these sizes with no number close to zero.
pub fn model(rows: usize, dim: usize, seed: u64) -> Result<Model, EmbeddingError> {
    Ok(Model {
        input: Vectors::from_rows(&spread_rows(rows, dim, seed))?,
        output: Vectors::from_rows(&spread_rows(rows, dim, seed + 1))?,
    })
}

/// What gensim answers; `golden/make.py` made it.
#[derive(Debug, Deserialize)]
pub struct Golden {
    pub vectors: Vec<Vec<f32>>,
    pub nearest: Vec<Nearest>,
    pub analogies: Vec<Analogy>,
}

#[derive(Debug, Deserialize)]
pub struct Nearest {
    pub word: u32,
    pub k: usize,
    pub ids: Vec<u32>,
    pub cosines: Vec<f64>,
}

#[derive(Debug, Deserialize)]
pub struct Analogy {
    pub abc: [u32; 3],
    pub k: usize,
    pub ids: Vec<u32>,
    pub cosines: Vec<f64>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("golden.json")
}

/// What 3CosAdd answers, for the vectors that the learner's code trained: the judge's own.
pub fn answer(vectors: &Vectors, [a, b, c]: [u32; 3]) -> Result<u32, EmbeddingError> {
    let unit = |id: u32| -> Result<Vec<f64>, EmbeddingError> {
        let row = in_f64(vectors.row(id)?);
        let length = row.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-30);
        Ok(row.into_iter().map(|x| x / length).collect())
    };
    let (va, vb, vc) = (unit(a)?, unit(b)?, unit(c)?);
    let mut best = (a, f64::NEG_INFINITY);
    for id in (0..vectors.rows() as u32).filter(|id| ![a, b, c].contains(id)) {
        let row = unit(id)?;
        let score = (0..row.len()).map(|i| row[i] * (vb[i] - va[i] + vc[i])).sum();
        if score > best.1 {
            best = (id, score);
        }
    }
    Ok(best.0)
}

/// A slope in f32 against a slope by differences in f64.
pub const SLOPE: Tolerance = Tolerance { rtol: 1e-4, atol: 1e-6 };

/// Rows as slices.
pub fn refs(rows: &[Vec<f32>]) -> Vec<&[f32]> {
    rows.iter().map(Vec::as_slice).collect()
}

/// Compares all numbers of a model.
pub fn expect_model(what: &str, model: &Model, want: &Tables) -> Outcome {
    let (rows, dim) = (want.input.len(), model.input.dim());
    let got = Tables::of(model)?.flat();
    let what =
        format!("{what} (rows 0–{} are the input table, the output table follows)", rows - 1);
    expect_close(&what, &[2 * rows, dim], &got, &want.flat(), SLOPE)
}

/// Cosines by numpy in f32.
const COSINE: Tolerance = Tolerance { rtol: 1e-4, atol: 1e-5 };

/// Compares words and their cosines.
pub fn expect_found(what: &str, got: &[(u32, f32)], ids: &[u32], cosines: &[f64]) -> Outcome {
    let (got_ids, got_cosines): (Vec<u32>, Vec<f32>) = got.iter().copied().unzip();
    expect_eq(what, &got_ids, ids)?;
    expect_close(&format!("the cosines of {what}"), &[], &got_cosines, cosines, COSINE)
}
