//! A network that is trained with the lesson's functions: Bengio's of step 1, on Tinytown's stories.

use std::sync::LazyLock;

use grading::random::seeded;
use neural_language_model::solution::{backward, forward, shift, softmax_loss};
use neural_language_model::{Examples, Model, NetError, Sizes, Town, ln};

use crate::{Answers, Decay, SOLUTION, Schedule, StabilityError};

/// Steps of a run, however long its schedule is.
pub const STEPS: usize = 600;
/// Words guessed in a step.
pub const BATCH: usize = 16;
/// By how much the gradient of a bad batch is too long.
pub const BAD: f32 = 100.0;
/// Words held out that a run is judged by.
const JUDGED: usize = 2000;

/// How a run is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The learning rate.
    pub schedule: Schedule,
    /// What gradients are clipped to; ∞ for no clipping.
    pub max_norm: f64,
    /// A step whose batch has a gradient [`BAD`] times as long as it should be.
    pub bad_step: Option<usize>,
}

impl Settings {
    /// No clipping, and no bad batch.
    pub fn plain(schedule: Schedule) -> Self {
        Self { schedule, max_norm: f64::INFINITY, bad_step: None }
    }
}

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Learning rates, step by step.
    pub rates: Vec<f64>,
    /// The mean loss of each batch before its step, in nats a word.
    pub losses: Vec<f64>,
    /// The norms of the gradients before clipping.
    pub norms: Vec<f64>,
    /// The loss held out after the last step.
    pub held_out: f64,
    /// The network after the last step.
    pub model: Model,
    /// Why it ended early.
    pub refused: Option<StabilityError>,
}

impl Run {
    /// The losses, each with those of the 30 steps before it, as their mean.
    pub fn smooth(&self) -> Vec<f64> {
        let mean = |end: usize| {
            let window = &self.losses[end.saturating_sub(30)..=end];
            window.iter().sum::<f64>() / window.len() as f64
        };
        (0..self.losses.len()).map(mean).collect()
    }
}

/// What every run begins with: the network, examples to learn from, and some held out.
fn start() -> &'static (Model, Examples, Examples) {
    static START: LazyLock<(Model, Examples, Examples)> = LazyLock::new(|| {
        let town = Town::new();
        let sizes = Sizes { context: 3, dim: 8, hidden: 32, ..town.sizes() };
        let model = Model::new(sizes, &mut seeded(1));
        let held_out = &town.held_out[..JUDGED.min(town.held_out.len())];
        let [training, held_out] =
            [&town.training, held_out].map(|tokens| shift(tokens, sizes.context, model.pad()));
        (model, training, held_out)
    });
    &START
}

/// The network before its first step.
pub fn network() -> &'static Model {
    &start().0
}

/// The first examples to learn from.
pub fn examples(range: std::ops::Range<usize>) -> Examples {
    let (context, all) = (start().1.context, &start().1);
    Examples {
        context,
        contexts: all.contexts[range.start * context..range.end * context].to_vec(),
        targets: all.targets[range].to_vec(),
    }
}

/// The loss of a guess that finds all words equally likely.
pub fn blind() -> f64 {
    ln(network().sizes().vocab as f64)
}

/// Trains by plain gradient descent, with the same batches in each run.
///
/// # Errors
/// None with the lesson's functions.
pub fn train(answers: &Answers, settings: &Settings) -> Result<Run, NetError> {
    let (model, training, held_out) = start();
    let (mut model, mut rng) = (model.clone(), seeded(2));
    let [mut rates, mut losses, mut norms] = [const { Vec::new() }; 3];
    let mut refused = None;
    for step in 0..STEPS {
        let (loss, mut gradient) = backward(&model, &training.draw(BATCH, &mut rng))?;
        let mut grads = gradient.parts_mut();
        if settings.bad_step == Some(step) {
            grads.iter_mut().flat_map(|grad| grad.iter_mut()).for_each(|g| *g *= BAD);
        }
        losses.push(loss);
        match (answers.clip_grad_norm)(&mut grads, settings.max_norm) {
            Ok(norm) => norms.push(norm),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
        let rate = (answers.lr_at)(&settings.schedule, step);
        rates.push(rate);
        model.step(&gradient, rate as f32);
    }
    let logits = forward(&model, &held_out.contexts)?.logits;
    let held_out = softmax_loss(&logits, &held_out.targets)?.0;
    Ok(Run { rates, losses, norms, held_out, model, refused })
}

/// The runs of the page. They differ in nothing but what their names say.
#[derive(Clone, Debug)]
pub struct Runs {
    /// A warm-up, a peak of 3, and a cosine.
    pub learns: Run,
    /// The same without the warm-up.
    pub cold: Run,
    /// A rate that rises for too long.
    pub explodes: Run,
    /// A hundredth of the peak.
    pub crawls: Run,
    /// As `learns`, but the rate stays at its peak.
    pub constant: Run,
    /// As `learns`, with a bad batch.
    pub bad: Run,
    /// As `bad`, with clipping.
    pub clipped: Run,
}

/// The step of the bad batch.
pub const BAD_STEP: usize = 300;
/// What the page clips to.
pub const MAX_NORM: f64 = 2.0;

/// The schedule of the run that learns.
pub fn good() -> Schedule {
    Schedule { decay: Decay::Cosine, peak: 3.0, floor: 0.0, warmup: 50, total: STEPS }
}

/// That of the run that explodes: it is still warming up when it ends.
pub fn rising() -> Schedule {
    Schedule { peak: 8.0, warmup: STEPS, ..good() }
}

/// The runs of the page, made once.
///
/// # Panics
/// Never with the lesson's functions.
pub fn runs() -> &'static Runs {
    static RUNS: LazyLock<Runs> = LazyLock::new(|| {
        let run = |settings: Settings| train(&SOLUTION, &settings).expect("the lesson trains");
        let plain = |schedule| run(Settings::plain(schedule));
        let bad = Settings { bad_step: Some(BAD_STEP), ..Settings::plain(good()) };
        Runs {
            learns: plain(good()),
            cold: plain(Schedule { warmup: 0, ..good() }),
            explodes: plain(rising()),
            crawls: plain(Schedule { peak: good().peak / 100.0, ..good() }),
            constant: plain(Schedule { decay: Decay::Constant, ..good() }),
            bad: run(bad),
            clipped: run(Settings { max_norm: MAX_NORM, ..bad }),
        }
    });
    &RUNS
}
