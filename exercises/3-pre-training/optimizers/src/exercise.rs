//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/optimizers.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade optimizers`.
//! - Stuck? `cargo study hint optimizers` gives one hint at a time.

use optimizers::{Adafactor, AdamW, Factors, Group, Lion, Moments, OptimizerError, Parameter, Sgd};

/// A step of gradient descent with momentum, in place. For each weight w, its gradient g and its
/// velocity b:
///
/// ```text
/// g ← g + weight_decay · w
/// b ← momentum · b + g
/// w ← w − lr · b                        or, with Nesterov, w ← w − lr · (g + momentum · b)
/// ```
///
/// Before the first step the velocity is 0. A gradient that is NaN or infinite spoils its own weight
/// and no other. Intermediate results may be f32 or f64.
///
/// # Errors
/// Those of [`Sgd::expect_fits`], before anything is changed.
///
/// Source: PyTorch's `SGD` with a dampening of 0; Sutskever and others, 2013.
pub fn sgd_momentum(
    weights: &mut [f32],
    gradients: &[f32],
    velocity: &mut [f32],
    settings: &Sgd,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, velocity)?;
    todo!("sgd_momentum")
}

/// A step of AdamW, in place. The step is number t: 1 for the first. For each weight w and its
/// gradient g:
///
/// ```text
/// w ← w − lr · weight_decay · w         with the decay of its group
/// m ← beta1 · m + (1 − beta1) · g
/// v ← beta2 · v + (1 − beta2) · g²
/// m̂ = m / (1 − beta1^t),   v̂ = v / (1 − beta2^t)
/// w ← w − lr · m̂ / (√v̂ + eps)
/// ```
///
/// `state` is what the step before left; afterwards `state.step` is t. It keeps m and v, not m̂ and
/// v̂. All depends on the arguments alone, so a step from a copy of them has the same bits. A gradient
/// that is NaN or infinite spoils its own weight and no other. Intermediate results may be f32 or
/// f64; gradients are at most 10¹⁵ in size.
///
/// # Errors
/// Those of [`AdamW::expect_fits`], before anything is changed.
///
/// Source: Loshchilov and Hutter, 2017, algorithm 2; the decay times `lr`, as in PyTorch's `AdamW`.
pub fn adamw_step(
    weights: &mut [f32],
    gradients: &[f32],
    groups: &[Group],
    state: &mut Moments,
    settings: &AdamW,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, groups, state)?;
    todo!("adamw_step")
}

/// Which weights decay: tensors lie one after the other in a single list of numbers, in the order of
/// `parameters`.
///
/// A tensor decays by `weight_decay`. Two kinds do not, and have a decay of 0: vectors and single
/// numbers, whose shapes have fewer than two sizes; and whatever is a bias or a norm by its name. For
/// that the name is taken in lower case and split at its dots: it is one if a part is `bias` or `ln`,
/// begins with `ln_`, or has `norm` in it.
///
/// The groups are all numbers in their order. Neighbors with the same decay are one group, and a
/// tensor without numbers is in none: no two groups in a row have the same decay, and none is empty.
pub fn decay_groups(parameters: &[Parameter], weight_decay: f64) -> Vec<Group> {
    todo!("decay_groups")
}

/// A step of Lion, in place. For each weight w, its gradient g and its momentum m:
///
/// ```text
/// c = beta1 · m + (1 − beta1) · g
/// w ← w − lr · (sign(c) + weight_decay · w)
/// m ← beta2 · m + (1 − beta2) · g
/// ```
///
/// sign is 1, −1, or 0 for a 0 of either sign; that of NaN is NaN. Before the first step the momentum
/// is 0. Intermediate results may be f32 or f64, so where the two parts of c nearly cancel, its sign
/// may be any; the parts themselves are 0 or at least 10⁻³⁰ in size.
///
/// # Errors
/// Those of [`Lion::expect_fits`], before anything is changed.
///
/// Source: Chen and others, 2023, algorithm 2.
pub fn lion(
    weights: &mut [f32],
    gradients: &[f32],
    momentum: &mut [f32],
    settings: &Lion,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, momentum)?;
    todo!("lion")
}

/// A step of Adafactor for a matrix W, row-major, in place. It has as many rows and columns as
/// `state`. The step is number t: 1 for the first. With the gradient G:
///
/// ```text
/// β = 1 − t^−0.8
/// rows[i] ← β · rows[i] + (1 − β) · mean over row i of (G² + eps1)
/// cols[j] ← β · cols[j] + (1 − β) · mean over column j of (G² + eps1)
/// U[i][j] = G[i][j] / √(rows[i] · cols[j] / mean(rows))
/// W ← W − α · U / max(1, rms(U) / clip_threshold)
/// ```
///
/// rms(X) is √(mean of X²). α is `lr`, if there is one; else it is max(eps2, rms(W)) · min(0.01, 1/√t),
/// with W as it is before the step. Afterwards `state.step` is t. A matrix without numbers has
/// nothing to move: only `state.step` changes. Gradients are at most 10⁹ in size. Take f64 for what is
/// in between: in f32 the product of two tiny means is 0.
///
/// # Errors
/// Those of [`Adafactor::expect_fits`], before anything is changed.
///
/// Source: Shazeer and Stern, 2018, algorithm 4, as in `Adafactor` of transformers.
pub fn adafactor(
    weights: &mut [f32],
    gradients: &[f32],
    state: &mut Factors,
    settings: &Adafactor,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, state)?;
    todo!("adafactor")
}

/// The source of a kernel that takes a step of AdamW; what it binds is said in the file.
pub fn adamw_wgsl() -> &'static str {
    include_str!("../kernels/exercise/adamw.wgsl")
}
