//! What is right, computed without the lesson's code: golden files, and plain ways to the same.

use grading::Failure;
use grading::random::seeded;
use rand::RngExt;
use serde::Deserialize;

use crate::{Law, Point, Run};

/// What PyTorch's objective and its gradient are at some points.
#[derive(Deserialize)]
pub struct Objectives {
    pub runs: Vec<[f64; 3]>,
    pub cases: Vec<ObjectiveCase>,
}

#[derive(Deserialize)]
pub struct ObjectiveCase {
    pub point: Point,
    pub value: f64,
    pub gradient: Point,
}

/// The best law that SciPy finds for some runs.
#[derive(Deserialize)]
pub struct FitCase {
    pub runs: Vec<[f64; 3]>,
    pub point: Point,
    pub value: f64,
}

/// The lowest point of NumPy's parabola.
#[derive(Deserialize)]
pub struct ParabolaCase {
    pub points: Vec<(f64, f64)>,
    pub parameters: f64,
    pub loss: f64,
}

pub fn objectives_golden() -> Result<Objectives, Failure> {
    grading::golden!("objectives.json")
}

pub fn fits_golden() -> Result<Vec<FitCase>, Failure> {
    grading::golden!("fits.json")
}

pub fn parabolas_golden() -> Result<Vec<ParabolaCase>, Failure> {
    grading::golden!("parabolas.json")
}

pub fn runs(rows: &[[f64; 3]]) -> Vec<Run> {
    rows.iter().map(|&[parameters, tokens, loss]| Run { parameters, tokens, loss }).collect()
}

/// Runs that keep to a law exactly: each of these sizes on each of these texts.
pub fn exact_runs(law: &Law, sizes: &[f64], texts: &[f64]) -> Vec<Run> {
    let run = |&parameters: &f64| {
        texts.iter().map(move |&tokens| Run {
            parameters,
            tokens,
            loss: law.loss(parameters, tokens),
        })
    };
    sizes.iter().flat_map(run).collect()
}

/// How badly a law fits: the sum of Huber losses, term by term as the docs have it.
pub fn misfit(law: &Law, runs: &[Run]) -> f64 {
    let huber = |run: &Run| {
        let r = (law.loss(run.parameters, run.tokens) / run.loss).ln().abs();
        if r <= 1e-3 { r * r / 2.0 } else { 1e-3 * (r - 5e-4) }
    };
    runs.iter().map(huber).sum()
}

/// Numbers of the standard normal distribution, by Box and Muller.
pub fn normals(seed: u64) -> impl FnMut() -> f64 {
    let mut rng = seeded(seed);
    move || {
        let (u, v) = (1.0 - rng.random::<f64>(), rng.random::<f64>());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}
