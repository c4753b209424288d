//! Trajectories of other people's optimizers, and single steps in double precision.

use grading::{Failure, Outcome, Tolerance, expect_close, expect_same};
use serde::Deserialize;

use crate::{AdamW, Lion, Sgd};

/// Settings as numbers; `nesterov` is SGD's, rows and columns are Adafactor's.
#[derive(Deserialize)]
pub struct Settings {
    pub numbers: Vec<f64>,
    #[serde(default)]
    pub nesterov: bool,
    #[serde(default)]
    pub rows: usize,
    #[serde(default)]
    pub cols: usize,
}

/// Weights after each step, and what the optimizer keeps at the end.
#[derive(Deserialize)]
pub struct Trajectory {
    pub name: String,
    pub settings: Settings,
    pub start: Vec<f32>,
    pub gradients: Vec<Vec<f32>>,
    pub weights: Vec<Vec<f64>>,
    pub kept: Vec<Vec<f64>>,
}

/// Names and shapes of a model, and which of them transformers' trainer decays.
#[derive(Deserialize)]
pub struct Model {
    pub name: String,
    pub parameters: Vec<(String, Vec<usize>, bool)>,
}

#[derive(Deserialize)]
pub struct Golden {
    pub sgd: Vec<Trajectory>,
    pub adamw: Vec<Trajectory>,
    pub lion: Vec<Trajectory>,
    pub adafactor: Vec<Trajectory>,
    pub models: Vec<Model>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("trajectories.json")
}

/// Compares number by number within bounds of their own; what is expected to be no finite number
/// must be none.
pub fn expect_within(
    what: impl Fn(usize) -> String,
    got: &[f32],
    want: &[f64],
    bound: impl Fn(usize) -> f64,
) -> Outcome {
    expect_same(&format!("{}: how many there are", what(0)), &got.len(), &want.len())?;
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        if want.is_finite() {
            let tolerance = Tolerance { rtol: 0.0, atol: bound(i) };
            expect_close(&what(i), &[], &[*got], &[*want], tolerance)?;
        } else if got.is_finite() {
            return Err(Failure::wrong(format!("{}: expected {want}, got {got}", what(i))));
        }
    }
    Ok(())
}

impl Trajectory {
    /// Fails unless `step` goes the same way, and leaves what `kept` then shows.
    pub fn expect<S>(
        &self,
        mut state: S,
        step: impl Fn(&mut [f32], &[f32], &mut S) -> Outcome,
        kept: impl Fn(&S) -> Vec<&[f32]>,
    ) -> Outcome {
        let mut weights = self.start.clone();
        let mut before: Vec<f64> = weights.iter().map(|&w| w.into()).collect();
        // How far each weight has gone, and how large it was at most: rounding is relative to it.
        let mut path = vec![0.0; weights.len()];
        let mut most: Vec<f64> = before.iter().map(|w| w.abs()).collect();
        let steps = self.gradients.len();
        for (at, (gradients, want)) in self.gradients.iter().zip(&self.weights).enumerate() {
            step(&mut weights, gradients, &mut state)?;
            for i in 0..want.len() {
                path[i] += (want[i] - before[i]).abs();
                most[i] = f64::max(most[i], want[i].abs());
            }
            let what = |i: usize| format!("{}, step {} of {steps}: weight {i}", self.name, at + 1);
            let bound = |i: usize| 2e-5 * path[i] + 4e-7 * most[i] + 1e-30;
            expect_within(what, &weights, want, bound)?;
            before.clone_from(want);
        }
        for (at, (got, want)) in kept(&state).into_iter().zip(&self.kept).enumerate() {
            // The first list of all but Adafactor adds up gradients, which may cancel.
            let is_sum = at == 0 && self.settings.rows == 0;
            let terms = |i: usize| self.gradients.iter().map(move |g| f64::from(g[i]).abs());
            let largest = |i: usize| if is_sum { terms(i).fold(0.0, f64::max) } else { 0.0 };
            let what = |i: usize| {
                format!("{}, after {steps} steps: list {at} of what is kept, number {i}", self.name)
            };
            expect_within(what, got, want, |i| 2e-5 * want[i].abs() + 2e-6 * largest(i) + 1e-40)?;
        }
        Ok(())
    }
}

/// A weight after a step and the one or two numbers kept for it, each with how far rounding may
/// carry it.
pub struct Stepped {
    pub weight: [f64; 2],
    pub kept: Vec<[f64; 2]>,
}

/// What single precision leaves of a number, relative to the terms it is made of.
const ROUNDED: f64 = 1e-6;
/// Below the smallest numbers of f32.
const TINY: f64 = 1e-43;

pub fn sgd(w: f64, g: f64, b: f64, settings: &Sgd) -> Stepped {
    let &Sgd { lr, momentum, nesterov, weight_decay } = settings;
    let decayed = g + weight_decay * w;
    let new = momentum * b + decayed;
    let step = if nesterov { decayed + momentum * new } else { new };
    let terms = 2.0 * g.abs() + 2.0 * weight_decay * w.abs() + b.abs();
    let rounded = ROUNDED * terms + TINY;
    Stepped {
        weight: [w - lr * step, ROUNDED * w.abs() + lr * rounded + TINY],
        kept: vec![[new, rounded]],
    }
}

pub fn adamw(w: f64, g: f64, [m, v]: [f64; 2], t: u64, decay: f64, settings: &AdamW) -> Stepped {
    let &AdamW { lr, beta1, beta2, eps } = settings;
    // ε inside of nothing, means corrected: the formula as it stands on the page.
    let t = t as f64;
    let mean = beta1 * m + (1.0 - beta1) * g;
    let square = beta2 * v + (1.0 - beta2) * g * g;
    let below = (square / (1.0 - beta2.powf(t))).sqrt() + eps;
    let step_size = lr / (1.0 - beta1.powf(t));
    let step = step_size * mean / below;
    let rounded = ROUNDED * (m.abs() + g.abs()) + TINY;
    let of_step = 2e-5 * step.abs() + (step_size * rounded + TINY) / below;
    Stepped {
        weight: [w - lr * decay * w - step, ROUNDED * w.abs() + of_step + TINY],
        kept: vec![[mean, rounded], [square, 2e-5 * square + TINY]],
    }
}

pub fn lion(w: f64, g: f64, m: f64, settings: &Lion) -> Stepped {
    let &Lion { lr, beta1, beta2, weight_decay } = settings;
    let (kept, new) = (beta1 * m, (1.0 - beta1) * g);
    let c = kept + new;
    let sign = if c == 0.0 { 0.0 } else { c.signum() };
    let parts = kept.abs() + new.abs();
    // Where the parts cancel, or hardly exist, any sign is right.
    let is_open = parts > 0.0 && (c.abs() < ROUNDED * parts || parts < 1e-30);
    let of_sign = if is_open { 2.0 * lr } else { ROUNDED * lr };
    let rounded = ROUNDED * (m.abs() + g.abs()) + TINY;
    Stepped {
        weight: [w - lr * (sign + weight_decay * w), ROUNDED * w.abs() + of_sign + TINY],
        kept: vec![[beta2 * m + (1.0 - beta2) * g, rounded]],
    }
}
