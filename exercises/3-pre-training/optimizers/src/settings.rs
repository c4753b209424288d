//! The settings of the optimizers, and what they keep from step to step. Given.

use std::ops::Range;

use crate::{OptimizerError, solution};

/// Settings of SGD with momentum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// The learning rate η.
    pub lr: f64,
    /// The momentum μ; 0 is plain gradient descent.
    pub momentum: f64,
    /// Whether a step looks ahead, as Nesterov's does.
    pub nesterov: bool,
    /// The weight decay λ, added to the gradient.
    pub weight_decay: f64,
}

// ANCHOR: adamw
/// Settings of AdamW; the weight decay is that of each [`Group`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// The learning rate η.
    pub lr: f64,
    /// How much of its mean of gradients a step keeps.
    pub beta1: f64,
    /// How much of its mean of squared gradients.
    pub beta2: f64,
    /// What keeps the division finite, ε.
    pub eps: f64,
}

/// What AdamW keeps: all that a checkpoint needs, besides the weights, to go on as if nothing had
/// been.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    /// The mean of the gradients, one number a weight.
    pub m: Vec<f32>,
    /// The mean of their squares, one number a weight.
    pub v: Vec<f32>,
    /// How many steps were taken.
    pub step: u64,
}

/// Neighbors among the weights that decay alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Which weights.
    pub range: Range<usize>,
    /// Their weight decay λ.
    pub weight_decay: f64,
}
// ANCHOR_END: adamw

/// A tensor among the weights of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name in a checkpoint, such as `h.0.ln_1.weight`.
    pub name: String,
    /// Its shape; a single number has an empty one.
    pub shape: Vec<usize>,
}

/// Settings of Lion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lion {
    /// The learning rate η: how far every weight goes.
    pub lr: f64,
    /// How much of the momentum counts in this step.
    pub beta1: f64,
    /// How much of it is kept.
    pub beta2: f64,
    /// The weight decay λ, apart from the gradient.
    pub weight_decay: f64,
}

/// Settings of Adafactor for a matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adafactor {
    /// The learning rate; without one, steps are a share of the matrix's own size.
    pub lr: Option<f64>,
    /// What is added to each squared gradient, ε₁.
    pub eps1: f64,
    /// The least size that a matrix counts as, ε₂.
    pub eps2: f64,
    /// The largest root mean square of an update, d.
    pub clip_threshold: f64,
}

/// What Adafactor keeps of a matrix.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factors {
    /// A mean of squares for each row.
    pub rows: Vec<f32>,
    /// And for each column.
    pub cols: Vec<f32>,
    /// How many steps were taken.
    pub step: u64,
}

impl Default for AdamW {
    /// PyTorch's.
    fn default() -> Self {
        Self { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 }
    }
}

impl Default for Adafactor {
    /// That of the paper.
    fn default() -> Self {
        Self { lr: None, eps1: 1e-30, eps2: 1e-3, clip_threshold: 1.0 }
    }
}

impl Moments {
    /// Those of so many weights before the first step.
    pub fn new(weights: usize) -> Self {
        Self { m: vec![0.0; weights], v: vec![0.0; weights], step: 0 }
    }
}

impl Factors {
    /// Those of a matrix before the first step.
    pub fn new(rows: usize, cols: usize) -> Self {
        Self { rows: vec![0.0; rows], cols: vec![0.0; cols], step: 0 }
    }
}

impl Group {
    /// All of so many weights in one group.
    pub fn all(weights: usize, weight_decay: f64) -> [Self; 1] {
        [Self { range: 0..weights, weight_decay }]
    }
}

type Fits = Result<(), OptimizerError>;

/// Fails unless sizes are finite and not below 0, shares are from 0 to below 1, and lists are as
/// long as the weights.
fn expect_fits(
    sizes: &[(&'static str, f64)],
    shares: &[(&'static str, f64)],
    weights: &[f32],
    lists: &[(&'static str, usize)],
) -> Fits {
    let is_size = |value: f64| value >= 0.0 && value.is_finite();
    let wrong = sizes.iter().find(|(_, value)| !is_size(*value));
    let wrong = wrong.or(shares.iter().find(|(_, value)| !(0.0..1.0).contains(value)));
    if let Some(&(name, value)) = wrong {
        return Err(OptimizerError::Setting { name, value });
    }
    match lists.iter().find(|(_, numbers)| *numbers != weights.len()) {
        Some(&(of, numbers)) => Err(OptimizerError::Length { of, numbers, weights: weights.len() }),
        None => Ok(()),
    }
}

impl Sgd {
    /// Whether the settings are in their ranges and the lists go together.
    ///
    /// # Errors
    /// The first that does not.
    pub fn expect_fits(&self, weights: &[f32], gradients: &[f32], velocity: &[f32]) -> Fits {
        let sizes = [("lr", self.lr), ("weight_decay", self.weight_decay)];
        let lists = [("gradients", gradients.len()), ("velocity", velocity.len())];
        expect_fits(&sizes, &[("momentum", self.momentum)], weights, &lists)
    }
}

impl AdamW {
    /// One step of the reference, in place and without an allocation.
    ///
    /// # Errors
    /// As [`expect_fits`](Self::expect_fits).
    pub fn step(
        &self,
        weights: &mut [f32],
        gradients: &[f32],
        groups: &[Group],
        state: &mut Moments,
    ) -> Fits {
        solution::adamw_step(weights, gradients, groups, state, self)
    }

    /// Whether the settings are in their ranges, the lists go together, and the groups are all
    /// weights, one group after the other.
    ///
    /// # Errors
    /// The first that does not.
    pub fn expect_fits(
        &self,
        weights: &[f32],
        gradients: &[f32],
        groups: &[Group],
        state: &Moments,
    ) -> Fits {
        let shares = [("beta1", self.beta1), ("beta2", self.beta2)];
        let lists = [("gradients", gradients.len()), ("m", state.m.len()), ("v", state.v.len())];
        expect_fits(&[("lr", self.lr), ("eps", self.eps)], &shares, weights, &lists)?;
        let (mut at, weights) = (0, weights.len());
        for Group { range, weight_decay } in groups {
            expect_fits(&[("weight_decay", *weight_decay)], &[], &[], &[])?;
            if range.start != at || range.end < at || range.end > weights {
                return Err(OptimizerError::Groups { at, weights });
            }
            at = range.end;
        }
        if at == weights { Ok(()) } else { Err(OptimizerError::Groups { at, weights }) }
    }
}

impl Lion {
    /// Whether the settings are in their ranges and the lists go together.
    ///
    /// # Errors
    /// The first that does not.
    pub fn expect_fits(&self, weights: &[f32], gradients: &[f32], momentum: &[f32]) -> Fits {
        let sizes = [("lr", self.lr), ("weight_decay", self.weight_decay)];
        let shares = [("beta1", self.beta1), ("beta2", self.beta2)];
        let lists = [("gradients", gradients.len()), ("momentum", momentum.len())];
        expect_fits(&sizes, &shares, weights, &lists)
    }
}

impl Adafactor {
    /// Whether the settings are in their ranges, and the weights and gradients a matrix of the
    /// state's rows and columns.
    ///
    /// # Errors
    /// The first that does not.
    pub fn expect_fits(&self, weights: &[f32], gradients: &[f32], state: &Factors) -> Fits {
        let d = ("clip_threshold", self.clip_threshold);
        let sizes = [("lr", self.lr.unwrap_or(0.0)), ("eps1", self.eps1), ("eps2", self.eps2), d];
        let numbers = state.rows.len() * state.cols.len();
        let lists = [("gradients", gradients.len()), ("rows × columns", numbers)];
        expect_fits(&sizes, &[], weights, &lists)?;
        if d.1 > 0.0 { Ok(()) } else { Err(OptimizerError::Setting { name: d.0, value: d.1 }) }
    }
}
