//! What the functions of this lesson work with.

/// The label of a position that asks for nothing, as PyTorch has it.
pub const IGNORE: i64 = -100;

/// A learning rate that depends on the step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// How it falls after the warm-up.
    pub decay: Decay,
    /// The highest rate; finite, and at least `floor`.
    pub peak: f64,
    /// The rate below which it never falls after the warm-up; finite, at least 0.
    pub floor: f64,
    /// Steps of the warm-up.
    pub warmup: usize,
    /// Steps of the training, warm-up included.
    pub total: usize,
}

/// How a learning rate falls after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decay {
    /// Not at all.
    Constant,
    /// In a straight line.
    Linear,
    /// Along half a wave of the cosine.
    Cosine,
    /// With one over the square root of the step.
    InverseSqrt,
    /// Not at all, until so many steps before the end; then in a straight line.
    WarmupStableDecay {
        /// Steps of that line.
        decay: usize,
    },
}

/// Rows that went through the model together, and what came out.
#[derive(Clone, Debug, PartialEq)]
pub struct MicroBatch {
    /// A label for each position; [`IGNORE`] where nothing is asked.
    pub labels: Vec<i64>,
    /// The mean loss of the positions whose label is not [`IGNORE`]; NaN if there are none.
    pub mean_loss: f64,
    /// The gradient of `mean_loss`, a number for each parameter; if `mean_loss` is a mean of
    /// nothing, it may hold anything.
    pub gradient: Vec<f32>,
}

/// What several micro-batches are together.
#[derive(Clone, Debug, PartialEq)]
pub struct Accumulated {
    /// The mean loss of all positions that are asked something.
    pub mean_loss: f64,
    /// Its gradient.
    pub gradient: Vec<f32>,
    /// How many such positions there are.
    pub tokens: usize,
}

/// By how much a loss is multiplied before the gradients are computed, and when that changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossScaler {
    /// The factor, above 0.
    pub scale: f32,
    /// What `scale` is multiplied by after enough good steps.
    pub growth_factor: f32,
    /// What `scale` is multiplied by after a step that had to be skipped.
    pub backoff_factor: f32,
    /// So many good steps in a row are enough; at least 1.
    pub growth_interval: u32,
    /// Good steps since the scale last changed, below `growth_interval`.
    pub growth_tracker: u32,
}

/// As in PyTorch.
impl Default for LossScaler {
    fn default() -> Self {
        Self {
            scale: 65_536.0,
            growth_factor: 2.0,
            backoff_factor: 0.5,
            growth_interval: 2000,
            growth_tracker: 0,
        }
    }
}
