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

fn expect_setting(name: &'static str, value: f64, is_right: bool) -> Result<(), OptimizerError> {
    if is_right { Ok(()) } else { Err(OptimizerError::Setting { name, value }) }
}

/// Finite, and not below 0.
fn expect_size(name: &'static str, value: f64) -> Result<(), OptimizerError> {
    expect_setting(name, value, value >= 0.0 && value.is_finite())
}

fn expect_share(name: &'static str, value: f64) -> Result<(), OptimizerError> {
    expect_setting(name, value, (0.0..1.0).contains(&value))
}

fn expect_length(of: &'static str, numbers: usize, weights: usize) -> Result<(), OptimizerError> {
    if numbers == weights {
        return Ok(());
    }
    Err(OptimizerError::Length { of, numbers, weights })
}

impl Sgd {
    /// Whether the settings are in their ranges and the lists go together.
    ///
    /// # Errors
    /// The first that is wrong: a setting, the gradients, the velocity.
    pub fn expect_fits(
        &self,
        weights: &[f32],
        gradients: &[f32],
        velocity: &[f32],
    ) -> Result<(), OptimizerError> {
        expect_size("lr", self.lr)?;
        expect_share("momentum", self.momentum)?;
        expect_size("weight_decay", self.weight_decay)?;
        expect_length("gradients", gradients.len(), weights.len())?;
        expect_length("velocity", velocity.len(), weights.len())
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
    ) -> Result<(), OptimizerError> {
        solution::adamw_step(weights, gradients, groups, state, self)
    }

    /// Whether the settings are in their ranges, the lists go together, and the groups are all
    /// weights, one group after the other.
    ///
    /// # Errors
    /// The first that is wrong: a setting, the gradients, m, v, a group.
    pub fn expect_fits(
        &self,
        weights: &[f32],
        gradients: &[f32],
        groups: &[Group],
        state: &Moments,
    ) -> Result<(), OptimizerError> {
        expect_size("lr", self.lr)?;
        expect_share("beta1", self.beta1)?;
        expect_share("beta2", self.beta2)?;
        expect_size("eps", self.eps)?;
        expect_length("gradients", gradients.len(), weights.len())?;
        expect_length("m", state.m.len(), weights.len())?;
        expect_length("v", state.v.len(), weights.len())?;
        let (mut at, weights) = (0, weights.len());
        for Group { range, weight_decay } in groups {
            expect_size("weight_decay", *weight_decay)?;
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
    /// The first that is wrong: a setting, the gradients, the momentum.
    pub fn expect_fits(
        &self,
        weights: &[f32],
        gradients: &[f32],
        momentum: &[f32],
    ) -> Result<(), OptimizerError> {
        expect_size("lr", self.lr)?;
        expect_share("beta1", self.beta1)?;
        expect_share("beta2", self.beta2)?;
        expect_size("weight_decay", self.weight_decay)?;
        expect_length("gradients", gradients.len(), weights.len())?;
        expect_length("momentum", momentum.len(), weights.len())
    }
}

impl Adafactor {
    /// Whether the settings are in their ranges, and the weights and gradients a matrix of the
    /// state's rows and columns.
    ///
    /// # Errors
    /// The first that is wrong: a setting, the gradients, the state.
    pub fn expect_fits(
        &self,
        weights: &[f32],
        gradients: &[f32],
        state: &Factors,
    ) -> Result<(), OptimizerError> {
        expect_size("lr", self.lr.unwrap_or(0.0))?;
        expect_size("eps1", self.eps1)?;
        expect_size("eps2", self.eps2)?;
        let d = self.clip_threshold;
        expect_setting("clip_threshold", d, d > 0.0 && d.is_finite())?;
        expect_length("gradients", gradients.len(), weights.len())?;
        expect_length("rows × columns", state.rows.len() * state.cols.len(), weights.len())
    }
}
