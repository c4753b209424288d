//! Trains a head, or a head and the model below it. Given; the page and `examples/measure.rs` use it.

use optimizers::{AdamW, Group, Moments};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use small_gpt::{Full, Model, Pass, Portable};

use crate::oracle::at_last;
use crate::{Answers, Head, HeadError};

/// A text in tokens, and its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its tokens, at least one and no more than the model has positions.
    pub ids: Vec<u32>,
    /// Its class.
    pub label: i64,
}

/// How a model or a head is tuned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The highest learning rate: it warms up for a tenth of the steps, and then falls to 0.
    pub lr: f64,
    /// Steps in all.
    pub steps: usize,
    /// Texts a step.
    pub batch: usize,
    /// Decides which texts a step reads.
    pub seed: u64,
}

/// Which texts each step reads: all once in a drawn order, then all again in another.
pub struct Order {
    rng: StdRng,
    texts: Vec<usize>,
    at: usize,
}

impl Order {
    /// Of so many texts.
    pub fn new(texts: usize, seed: u64) -> Self {
        Self { rng: StdRng::seed_from_u64(seed), texts: (0..texts).collect(), at: texts }
    }

    /// The texts of the next step.
    pub fn next(&mut self, batch: usize) -> Vec<usize> {
        let mut texts = Vec::new();
        while texts.len() < batch.min(self.texts.len()) {
            if self.at == self.texts.len() {
                self.texts.shuffle(&mut self.rng);
                self.at = 0;
            }
            texts.push(self.texts[self.at]);
            self.at += 1;
        }
        texts
    }
}

impl Settings {
    /// AdamW with the learning rate of a step, counted from 0.
    fn adamw(&self, step: usize) -> AdamW {
        let warmup = self.steps as f64 / 10.0;
        let rises = (step as f64 + 1.0) / (warmup + 1.0);
        let falls = 1.0 - step as f64 / self.steps.max(1) as f64;
        AdamW { lr: self.lr * rises.min(1.0) * falls, ..AdamW::default() }
    }
}

/// One step of a head on hidden states that stay as they are, `(texts, n_embd)`. Returns the loss.
///
/// # Errors
/// Those of `head_backward`; [`HeadError::Optimizer`].
pub fn head_step(
    answers: &Answers,
    head: &mut Head,
    moments: &mut [Moments; 2],
    (hidden, labels): (&[f32], &[i64]),
    (settings, step): (&Settings, usize),
) -> Result<f64, HeadError> {
    let slopes = (answers.head_backward)(hidden, labels, head)?;
    let adamw = settings.adamw(step);
    let both = [(&mut head.weight, slopes.weight), (&mut head.bias, slopes.bias)];
    for ((numbers, slopes), moments) in both.into_iter().zip(moments) {
        let groups = Group::all(numbers.len(), 0.0);
        adamw.step(numbers, &slopes, &groups, moments)?;
    }
    Ok(slopes.loss)
}

/// What AdamW remembers of a head.
pub fn moments(head: &Head) -> [Moments; 2] {
    [Moments::new(head.weight.len()), Moments::new(head.bias.len())]
}

/// A model below a head, and what computes with them.
pub struct Tuned {
    /// The model.
    pub model: Model,
    /// The head.
    pub head: Head,
    /// Fills texts up.
    pub pad: u32,
    pass: Pass,
    products: Portable,
    moments: [Moments; 3],
}

/// Texts that go through the model at a time, of lengths that are near each other.
const AT_ONCE: usize = 4;

impl Tuned {
    /// A head that has learned nothing, on a model.
    pub fn new(model: Model, n_classes: usize, pad: u32) -> Self {
        let head = Head::zeros(model.sizes.n_embd, n_classes);
        let [weight, bias] = moments(&head);
        let moments = [Moments::new(model.parameters.len()), weight, bias];
        Self { model, head, pad, pass: Pass::default(), products: Portable::default(), moments }
    }

    /// Texts through the model, filled up on the right: no token looks at what comes after it.
    /// Returns the mask, and how long they are now.
    fn forward(&mut self, texts: &[&Text]) -> (Vec<bool>, usize) {
        let seq = texts.iter().map(|text| text.ids.len()).max().unwrap_or(1);
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        for text in texts {
            ids.extend((0..seq).map(|i| text.ids.get(i).copied().unwrap_or(self.pad)));
            mask.extend((0..seq).map(|i| i < text.ids.len()));
        }
        let Self { model, pass, products, .. } = self;
        pass.forward_hidden(model, &Full::of(model), &ids, seq, products);
        (mask, seq)
    }

    /// The logits of texts, `(texts, n_classes)`.
    ///
    /// # Errors
    /// Those of `cls_head`.
    pub fn logits(&mut self, answers: &Answers, texts: &[&Text]) -> Result<Vec<f32>, HeadError> {
        let mut logits = Vec::new();
        for texts in texts.chunks(AT_ONCE) {
            let (mask, seq) = self.forward(texts);
            logits.extend((answers.cls_head)(self.pass.hidden(), &mask, seq, &self.head)?);
        }
        Ok(logits)
    }

    /// The hidden states of the last tokens of texts, `(texts, n_embd)`.
    ///
    /// # Errors
    /// Those of `last_token`.
    pub fn features(&mut self, answers: &Answers, texts: &[&Text]) -> Result<Vec<f32>, HeadError> {
        let n_embd = self.model.sizes.n_embd;
        let mut features = Vec::new();
        for texts in texts.chunks(AT_ONCE) {
            let (mask, seq) = self.forward(texts);
            for (text, at) in (answers.last_token)(&mask, seq)?.into_iter().enumerate() {
                features.extend(&self.pass.hidden()[(text * seq + at) * n_embd..][..n_embd]);
            }
        }
        Ok(features)
    }

    /// One step of all weights, of the model and of its head. Returns the loss.
    ///
    /// # Errors
    /// Those of `head_backward`; [`HeadError::Optimizer`].
    pub fn step(
        &mut self,
        answers: &Answers,
        texts: &[&Text],
        (settings, step): (&Settings, usize),
    ) -> Result<f64, HeadError> {
        // By length, so that a part has little padding.
        let longest = texts.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let of = |len| texts.iter().copied().filter(move |text| text.ids.len() == len);
        let texts: Vec<&Text> = (0..=longest).flat_map(of).collect();
        let head = &self.head;
        let mut slopes =
            [self.model.parameters.len(), head.weight.len(), head.bias.len()].map(|n| vec![0.0; n]);
        let mut loss = 0.0;
        for part in texts.chunks(AT_ONCE) {
            let (mask, seq) = self.forward(part);
            let labels: Vec<i64> = part.iter().map(|text| text.label).collect();
            let labels = at_last(&mask, seq, &labels);
            let mut of_head = (answers.head_backward)(self.pass.hidden(), &labels, &self.head)?;
            // Each part is a mean over its own texts.
            let share = part.len() as f32 / texts.len() as f32;
            loss += f64::from(share) * of_head.loss;
            of_head.hidden.iter_mut().for_each(|slope| *slope *= share);
            let Self { model, pass, products, .. } = self;
            let of_model = &mut slopes[0];
            pass.backward_hidden(model, &Full::of(model), &of_head.hidden, of_model, products);
            for (all, part) in slopes[1..].iter_mut().zip([of_head.weight, of_head.bias]) {
                all.iter_mut().zip(part).for_each(|(all, part)| *all += share * part);
            }
        }
        let adamw = settings.adamw(step);
        let numbers = [&mut self.model.parameters, &mut self.head.weight, &mut self.head.bias];
        for ((numbers, slopes), moments) in numbers.into_iter().zip(&slopes).zip(&mut self.moments)
        {
            let groups = Group::all(numbers.len(), 0.0);
            adamw.step(numbers, slopes, &groups, moments)?;
        }
        Ok(loss)
    }
}

/// The share of texts whose class has the largest logit, the first of equal ones.
pub fn accuracy(logits: &[f32], texts: &[&Text]) -> f64 {
    let n_classes = logits.len() / texts.len().max(1);
    let right = logits.chunks(n_classes.max(1)).zip(texts).filter(|(logits, text)| {
        let largest = logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
        logits.iter().position(|z| *z == largest) == Some(text.label as usize)
    });
    right.count() as f64 / texts.len().max(1) as f64
}
