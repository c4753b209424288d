//! What is right, computed without the lesson's code: in double precision, or by PyTorch in golden
//! files. The checks compare with it.

use candle_core::{DType, Tensor, Var};
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close};
use rand::RngExt;
use serde::Deserialize;
use tensor_test::flat;

/// f32 numbers of which none cancels another.
pub const F32: Tolerance = Tolerance { rtol: 5e-5, atol: 1e-36 };
/// f64 numbers of which none cancels another.
pub const F64: Tolerance = Tolerance { rtol: 1e-10, atol: 1e-290 };

/// What a norm makes of one tensor, and the gradients of `Σ upstream · y`.
#[derive(Deserialize)]
pub struct NormCase {
    pub name: String,
    pub shape: Vec<usize>,
    pub x: Vec<f64>,
    pub gamma: Vec<f64>,
    pub beta: Vec<f64>,
    pub eps: f64,
    pub y: Vec<f64>,
    pub upstream: Vec<f64>,
    pub d_x: Vec<f64>,
    pub d_gamma: Vec<f64>,
    pub d_beta: Vec<f64>,
}

impl NormCase {
    /// Whether its numbers share a large offset.
    pub fn is_far(&self) -> bool {
        self.x.iter().all(|x| x.abs() > 1e3)
    }

    /// Whether ε decides the result.
    pub fn is_about_eps(&self) -> bool {
        self.name.contains('ε') || self.x.iter().all(|x| x.abs() < 0.1)
    }

    pub fn what(&self) -> String {
        format!("{}, shape {:?}, eps {}", self.name, self.shape, self.eps)
    }

    /// The numbers of a row.
    pub fn cols(&self) -> usize {
        self.gamma.len()
    }
}

pub fn layer_norm_cases() -> Result<Vec<NormCase>, Failure> {
    grading::golden!("layer_norm.json")
}

pub fn rms_norm_cases() -> Result<Vec<NormCase>, Failure> {
    grading::golden!("rms_norm.json")
}

/// Both forms of GELU and their slopes.
#[derive(Deserialize)]
pub struct Activations {
    pub x: Vec<f64>,
    pub gelu_erf: Vec<f64>,
    pub d_gelu_erf: Vec<f64>,
    pub gelu_tanh: Vec<f64>,
    pub d_gelu_tanh: Vec<f64>,
}

pub fn activations() -> Result<Activations, Failure> {
    grading::golden!("activations.json")
}

/// The gate of some tensors, and the gradients of `Σ upstream · y`.
#[derive(Deserialize)]
pub struct GateCase {
    pub name: String,
    pub shape: Vec<usize>,
    pub gate: Vec<f64>,
    pub up: Vec<f64>,
    pub y: Vec<f64>,
    pub upstream: Vec<f64>,
    pub d_gate: Vec<f64>,
    pub d_up: Vec<f64>,
}

impl GateCase {
    /// Whether `exp` of a gate overflows or nearly does.
    pub fn is_far(&self) -> bool {
        self.gate.iter().any(|gate| gate.abs() > 50.0)
    }
}

pub fn gate_cases() -> Result<Vec<GateCase>, Failure> {
    grading::golden!("swiglu.json")
}

/// What flows back from a tensor, times `upstream`, to each of some leaves.
pub fn gradients(
    y: &Tensor,
    upstream: &Tensor,
    leaves: &[(&str, &Var)],
) -> Result<Vec<Vec<f64>>, Failure> {
    let all = (y * upstream.to_dtype(y.dtype())?)?.sum_all()?.backward()?;
    leaves
        .iter()
        .map(|(name, leaf)| match all.get(leaf.as_tensor()) {
            Some(gradient) => Ok(flat(gradient)?),
            None => Err(Failure::wrong(format!(
                "no gradient reaches {name}: something on the way has no backward"
            ))),
        })
        .collect()
}

/// Compares numbers that are sums, in which terms may cancel: how large the terms are says how
/// exact the sums can be.
pub fn expect_sums(
    what: &str,
    shape: &[usize],
    got: &[f64],
    want: &[f64],
    (rtol, terms): (f64, f64),
) -> Outcome {
    expect_close(what, shape, got, want, Tolerance { rtol, atol: rtol * terms })
}

/// The largest number of all, without its sign.
pub fn largest<'a>(numbers: impl IntoIterator<Item = &'a Vec<f64>>) -> f64 {
    numbers.into_iter().flatten().fold(1e-300, |most, v| most.max(v.abs()))
}

/// LayerNorm of one row, in double precision.
pub fn layer_norm_row(x: &[f64], gamma: &[f64], beta: &[f64], eps: f64) -> Vec<f64> {
    let mean = mean(x);
    let centered: Vec<f64> = x.iter().map(|x| x - mean).collect();
    let scaled = rms_norm_row(&centered, gamma, eps);
    scaled.iter().zip(beta).map(|(scaled, beta)| scaled + beta).collect()
}

/// RMSNorm of one row, in double precision.
pub fn rms_norm_row(x: &[f64], gamma: &[f64], eps: f64) -> Vec<f64> {
    let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
    let root = (mean(&squares) + eps).sqrt();
    x.iter().zip(gamma).map(|(x, gamma)| gamma * x / root).collect()
}

pub fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

/// SiLU of a number, in double precision.
pub fn silu(x: f64) -> f64 {
    x / (1.0 + (-x).exp())
}

/// How exact LayerNorm of a row can be: the mean of large numbers is itself rounded.
pub fn allowance(x: &[f64], gamma: &[f64], beta: &[f64], eps: f64, dtype: DType) -> Tolerance {
    let (unit, rtol) =
        if dtype == DType::F32 { (2f64.powi(-24), 2e-5) } else { (2f64.powi(-53), 1e-10) };
    let most = |x: &[f64]| x.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let mean = mean(x);
    let squares: Vec<f64> = x.iter().map(|x| (x - mean).powi(2)).collect();
    let root = (self::mean(&squares) + eps).sqrt();
    let (x, gamma, beta) = (most(x), most(gamma), most(beta));
    Tolerance { rtol, atol: unit * (4.0 * x / root * gamma + 4.0 * gamma + 4.0 * beta) }
}

/// Numbers of both signs up to ±4, the same for the same seed.
pub fn spread(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = seeded(seed);
    (0..count).map(|_| rng.random_range(-4.0_f32..4.0)).collect()
}
