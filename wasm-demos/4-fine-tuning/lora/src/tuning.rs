//! Buddy learns to tell how a text of Tinytown is meant: the task, and a run of a training.

use lora::Lora;
use optimizers::{AdamW, Group, Moments};
use small_gpt::{Engine, Frozen, Full, Model, Pass, Portable, Texts, Tuning};

/// Texts of a step, and texts held out.
pub const BATCH: usize = 4;
pub const HELD_OUT: usize = 50;
/// Looks at what is held out, besides the one before the first step.
pub const LOOKS: usize = 5;

/// A text with its question in tokens, and whether somebody was pleased.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The text, if it is held out.
    pub text: String,
    pub ids: Vec<u32>,
    pub is_good: bool,
}

/// Texts to learn from, texts held out, and the tokens that begin the two answers, bad and good.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub train: Vec<Example>,
    pub held_out: Vec<Example>,
    pub answers: [u32; 2],
}

/// What is held out, after so many steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub step: usize,
    /// The mean loss of the answer's first token, in nats.
    pub loss: f64,
    /// How many answers are right.
    pub right: usize,
    /// For each text whether the answer is “good”.
    pub says_good: Vec<bool>,
}

impl Look {
    /// Another held-out text: what is said behind it, and the loss of its answer.
    pub fn add(&mut self, task: &Task, example: &Example, logits: &[f32], loss: f64) {
        let [bad, good] = task.answers.map(|id| logits[id as usize]);
        self.says_good.push(good > bad);
        self.right += usize::from((good > bad) == example.is_good);
        self.loss += loss / task.held_out.len() as f64;
    }
}

impl Task {
    /// The token that is asked for.
    pub fn answer(&self, example: &Example) -> u32 {
        self.answers[usize::from(example.is_good)]
    }
}

/// What learns: pairs beside the layers, or the model itself.
pub enum Learns {
    Lora(Lora),
    Everything,
}

/// A training that goes on.
pub struct Run {
    pub model: Model,
    pub learns: Learns,
    step: usize,
    steps: usize,
    peak: f64,
    moments: Moments,
    engine: Engine,
}

impl Run {
    /// Of so many steps, at this peak of the learning rate.
    pub fn new(model: Model, learns: Learns, steps: usize, peak: f64) -> Self {
        let numbers = match &learns {
            Learns::Lora(lora) => lora.numbers.len(),
            Learns::Everything => model.parameters.len(),
        };
        let moments = Moments::new(numbers);
        Self { model, learns, step: 0, steps, peak, moments, engine: Engine::default() }
    }

    /// How many numbers learn.
    pub fn numbers(&self) -> usize {
        self.moments.m.len()
    }

    /// The texts of the next step, and its learning rate: it rises for five steps, then falls in a
    /// line to 0.
    pub fn next<'a>(&self, task: &'a Task) -> (&'a [Example], f64) {
        let warm = ((self.step + 1) as f64 / 5.0).min(1.0);
        let left = 1.0 - self.step as f64 / self.steps as f64;
        (&task.train[self.step * BATCH..][..BATCH], self.peak * warm * left)
    }

    /// The next step was taken.
    pub fn taken(&mut self) {
        self.step += 1;
    }

    /// A step on the next texts; returns the loss of their answers.
    pub fn step(&mut self, task: &Task) -> f64 {
        let (batch, lr) = self.next(task);
        let seq = batch.iter().map(|example| example.ids.len()).max().unwrap_or(1);
        let (mut ids, mut labels) = (Vec::new(), Vec::new());
        for example in batch {
            // Whatever stands behind a text is not seen by it, and nothing is asked there.
            let mut row = example.ids.clone();
            row.resize(seq, 0);
            let mut asked = vec![-100; seq];
            asked[example.ids.len() - 1] = i64::from(task.answer(example));
            ids.extend(row);
            labels.extend(asked);
        }
        let texts = Texts { ids: &ids, labels: &labels, seq };
        let scale = 1.0 / BATCH as f32;
        let mut gradient = vec![0.0; self.numbers()];
        let full = Full::of(&self.model);
        let tuning: &dyn Tuning = match &self.learns {
            Learns::Lora(lora) => lora,
            Learns::Everything => &full,
        };
        let summed = self.engine.gradient_tuned(&self.model, tuning, texts, scale, &mut gradient);
        let numbers = match &mut self.learns {
            Learns::Lora(lora) => &mut lora.numbers,
            Learns::Everything => &mut self.model.parameters,
        };
        AdamW { lr, ..AdamW::default() }
            .step(numbers, &gradient, &Group::all(gradient.len(), 0.0), &mut self.moments)
            .expect("numbers, gradient and moments are of one training");
        self.taken();
        summed.mean()
    }

    /// A look at nothing so far.
    pub fn blank(&self) -> Look {
        Look { step: self.step, loss: 0.0, right: 0, says_good: Vec::new() }
    }

    /// How it does on what is held out.
    pub fn look(&self, task: &Task) -> Look {
        let tuning: &dyn Tuning = match &self.learns {
            Learns::Lora(lora) => lora,
            Learns::Everything => &Frozen,
        };
        let (mut pass, mut products) = (Pass::default(), Portable::default());
        let mut look = self.blank();
        for example in &task.held_out {
            let ids = &example.ids;
            let logits = pass.forward_tuned(&self.model, tuning, ids, ids.len(), &mut products);
            let last = &logits[logits.len() - self.model.sizes.vocab_size..];
            let last = last.to_vec();
            let mut labels = vec![-100; ids.len()];
            labels[ids.len() - 1] = i64::from(task.answer(example));
            look.add(task, example, &last, pass.loss(&labels).loss);
        }
        look
    }
}
