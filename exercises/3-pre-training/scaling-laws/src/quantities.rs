//! What the functions take and return, and how large numbers are written.

use grading::numbers::{power, short};

/// The best that a budget can buy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimum {
    /// `N_opt`.
    pub parameters: f64,
    /// `D_opt`.
    pub tokens: f64,
}

/// The lowest point of a parabola.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vertex {
    /// The parameters `N`, not their logarithm.
    pub parameters: f64,
    /// The loss there, in nats a token.
    pub loss: f64,
}

/// What was measured of gradients over batches of one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SquaredNorm {
    /// Examples a batch.
    pub batch: usize,
    /// The squared length of a batch's mean gradient, itself averaged over batches.
    pub mean: f64,
}

/// How gradients of single examples scatter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// `|G|²`, the squared length of the true gradient, as estimated; an estimate may be negative.
    pub squared_gradient: f64,
    /// `tr Σ`, the variances of all numbers of an example's gradient, added up, as estimated.
    pub trace: f64,
}

impl Noise {
    /// `B_simple = tr Σ / |G|²`, in examples. None where the estimates say nothing: if `|G|²` is not
    /// above 0, or the trace is below.
    pub fn scale(&self) -> Option<f64> {
        let says = self.squared_gradient > 0.0 && self.trace >= 0.0;
        says.then(|| self.trace / self.squared_gradient)
    }
}

/// What a training up to a given loss takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// `S`, its steps one after the other.
    pub steps: f64,
    /// `E`, the examples of all its steps.
    pub examples: f64,
}

impl Cost {
    /// `B_crit = E_min / S_min`, in examples, where `self` has the least of each.
    pub fn critical_batch(&self) -> f64 {
        self.examples / self.steps
    }
}

/// A large number as one says it, in three digits: `280 B` for 280 billion, `k`, `M`, `B` and `T` for
/// the powers of a thousand, and powers of ten beyond.
pub fn big(x: f64) -> String {
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    let units = [(1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " k"), (0.0, "")];
    let unit = units.into_iter().find(|unit| rounded >= unit.0);
    match unit {
        Some((size, name)) if rounded < 1e15 => {
            let share = if size > 0.0 { rounded / size } else { rounded };
            let digits = if share < 10.0 { 2 } else { usize::from(share < 100.0) };
            format!("{}{name}", short(share, digits))
        }
        _ => power(x, 2),
    }
}
