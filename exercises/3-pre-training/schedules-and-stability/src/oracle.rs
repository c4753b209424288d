//! What is right, computed without the lesson's code: by PyTorch and transformers in golden files.

use grading::Failure;
use serde::Deserialize;

use crate::{Decay, LossScaler, MicroBatch, Schedule};

#[derive(Deserialize)]
pub struct RatesCase {
    decay: String,
    steps: usize,
    peak: f64,
    floor: f64,
    warmup: usize,
    total: usize,
    pub rates: Vec<f64>,
}

impl RatesCase {
    pub fn schedule(&self) -> Schedule {
        let &Self { steps, peak, floor, warmup, total, .. } = self;
        let decay = match self.decay.as_str() {
            "Linear" => Decay::Linear,
            "Cosine" => Decay::Cosine,
            "InverseSqrt" => Decay::InverseSqrt,
            "WarmupStableDecay" => Decay::WarmupStableDecay { decay: steps },
            _ => Decay::Constant,
        };
        Schedule { decay, peak, floor, warmup, total }
    }
}

#[derive(Deserialize)]
pub struct ClippedCase {
    pub grads: Vec<Vec<f32>>,
    pub max_norm: f64,
    pub norm: f64,
    pub clipped: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct MicroBatchCase {
    labels: Vec<i64>,
    mean_loss: Option<f64>,
    gradient: Vec<Option<f32>>,
}

#[derive(Deserialize)]
pub struct AccumulatedCase {
    micro_batches: Vec<MicroBatchCase>,
    pub mean_loss: f64,
    pub gradient: Vec<f64>,
    pub tokens: usize,
}

impl AccumulatedCase {
    pub fn micro_batches(&self) -> Vec<MicroBatch> {
        let of = |case: &MicroBatchCase| MicroBatch {
            labels: case.labels.clone(),
            mean_loss: case.mean_loss.unwrap_or(f64::NAN),
            gradient: case.gradient.iter().map(|g| g.unwrap_or(f32::NAN)).collect(),
        };
        self.micro_batches.iter().map(of).collect()
    }
}

/// Settings of a GradScaler; what is not said is as PyTorch has it.
#[derive(Deserialize)]
struct ScalerSettings {
    init_scale: f32,
    growth_factor: Option<f32>,
    backoff_factor: Option<f32>,
    growth_interval: u32,
}

#[derive(Deserialize)]
pub struct ScalesCase {
    settings: ScalerSettings,
    pub finite: Vec<bool>,
    /// Scale and tracker after each step.
    pub after: Vec<(f32, u32)>,
}

impl ScalesCase {
    pub fn scaler(&self) -> LossScaler {
        let ScalerSettings { init_scale, growth_factor, backoff_factor, growth_interval } =
            self.settings;
        LossScaler {
            scale: init_scale,
            growth_factor: growth_factor.unwrap_or(2.0),
            backoff_factor: backoff_factor.unwrap_or(0.5),
            growth_interval,
            growth_tracker: 0,
        }
    }
}

pub fn rates() -> Result<Vec<RatesCase>, Failure> {
    grading::golden!("rates.json")
}

pub fn clipped() -> Result<Vec<ClippedCase>, Failure> {
    grading::golden!("clipped.json")
}

pub fn accumulated() -> Result<Vec<AccumulatedCase>, Failure> {
    grading::golden!("accumulated.json")
}

pub fn scales() -> Result<Vec<ScalesCase>, Failure> {
    grading::golden!("scales.json")
}
