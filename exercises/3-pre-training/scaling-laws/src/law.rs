//! A law of the loss, and the runs that it is fitted to.

use serde::Deserialize;

/// Where the Huber loss turns from a parabola into a line: Hoffmann and others, 2022, section 3.3.
pub const DELTA: f64 = 1e-3;

/// The numbers that a fit moves, in this order: `a = ln A`, `b = ln B`, `e = ln E`, `alpha`, `beta`.
pub type Point = [f64; 5];

/// `loss = E + A / N^alpha + B / D^beta`, in nats a token, of a model with `N` parameters trained on
/// `D` tokens.
#[allow(non_snake_case)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// What no model gets below.
    pub E: f64,
    /// How much a small model costs.
    pub A: f64,
    /// How much few tokens cost.
    pub B: f64,
    /// How quickly a larger model helps.
    pub alpha: f64,
    /// How quickly more tokens help.
    pub beta: f64,
}

/// As published: Hoffmann and others, 2022, equation 10.
pub const HOFFMANN: Law = Law { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 };

/// Fitted again to the same runs, read off a figure: Besiroglu and others, 2024.
pub const BESIROGLU: Law = Law { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 };

impl Law {
    /// The loss of a model with so many parameters after so many tokens.
    pub fn loss(&self, parameters: f64, tokens: f64) -> f64 {
        self.E + self.A * parameters.powf(-self.alpha) + self.B * tokens.powf(-self.beta)
    }

    /// The law at this point.
    pub fn at(&[a, b, e, alpha, beta]: &Point) -> Self {
        Self { E: e.exp(), A: a.exp(), B: b.exp(), alpha, beta }
    }
}

/// A training that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Run {
    /// `N`, the parameters of the model.
    pub parameters: f64,
    /// `D`, the tokens that it was trained on.
    pub tokens: f64,
    /// Its loss at the end, in nats a token.
    pub loss: f64,
}

/// What a fit found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The law.
    pub law: Law,
    /// The value of the objective there.
    pub objective: f64,
    /// From which start, counted from 0.
    pub start: usize,
}

/// Some starts for a fit: a coarser grid than the 4,500 of Hoffmann and others (section D.2 has
/// theirs: `a` and `b` from 0 to 25, `e` from −1 to 1, `alpha` and `beta` from 0 to 2).
pub fn few_starts() -> Vec<Point> {
    let mut starts = Vec::new();
    for a in [2.0, 8.0] {
        for b in [2.0, 8.0] {
            for e in [-0.5, 0.5] {
                starts.extend([0.2, 0.6].map(|beta| [a, b, e, 0.4, beta]));
            }
        }
    }
    starts
}
