//! The same training on the CPU: what the GPU's is compared with.

use optimizers::solution::decay_groups;
use optimizers::{AdamW, Group, Moments, Parameter};
use small_gpt::{Engine, Model, Texts};

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Update {
    /// `w ← w − lr · g`.
    Sgd {
        /// The learning rate.
        lr: f64,
    },
    /// AdamW; matrices decay.
    AdamW {
        /// Its settings.
        settings: AdamW,
        /// λ of the matrices.
        weight_decay: f64,
    },
}

/// Trains a model on the CPU.
pub struct CpuTrainer {
    /// The model as it is now.
    pub model: Model,
    /// The gradient of the last step, in the model's order.
    pub gradient: Vec<f32>,
    update: Update,
    engine: Engine,
    groups: Vec<Group>,
    moments: Moments,
}

impl CpuTrainer {
    /// Of a model.
    pub fn new(model: Model, update: Update) -> Self {
        let named = |tensor: &small_gpt::Tensor| Parameter {
            name: tensor.name.clone(),
            shape: tensor.shape.clone(),
        };
        let parameters: Vec<Parameter> = model.tensors().iter().map(named).collect();
        let decay = match update {
            Update::Sgd { .. } => 0.0,
            Update::AdamW { weight_decay, .. } => weight_decay,
        };
        let numbers = model.parameters.len();
        Self {
            gradient: vec![0.0; numbers],
            update,
            engine: Engine::default(),
            groups: decay_groups(&parameters, decay),
            moments: Moments::new(numbers),
            model,
        }
    }

    /// A step on texts of `seq` tokens each; a label below 0 does not count. Returns the mean loss
    /// before the step.
    pub fn step(&mut self, ids: &[u32], labels: &[i64], seq: usize) -> f64 {
        self.gradient.fill(0.0);
        let asked = labels.iter().filter(|&&label| label >= 0).count();
        let texts = Texts { ids, labels, seq };
        let scale = 1.0 / asked.max(1) as f32;
        let summed = self.engine.gradient(&self.model, texts, scale, &mut self.gradient);
        let weights = &mut self.model.parameters;
        match &self.update {
            Update::Sgd { lr } => {
                for (w, g) in weights.iter_mut().zip(&self.gradient) {
                    *w -= *lr as f32 * g;
                }
            }
            Update::AdamW { settings, .. } => settings
                .step(weights, &self.gradient, &self.groups, &mut self.moments)
                .expect("weights, groups and moments are of one model"),
        }
        summed.loss / asked.max(1) as f64
    }
}
