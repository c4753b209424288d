//! What the checks expect, computed in another way than the solution does: in f64, one number at a
//! time, with slopes by finite differences; and the answers of PyTorch.

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close, expect_same};
use rand::RngExt;
use serde::Deserialize;

use crate::{Examples, Matrix, Model, NetError, Sizes};

/// A number in f32 against one in f64.
pub const CLOSE: Tolerance = Tolerance { rtol: 1e-4, atol: 2e-6 };

/// What PyTorch answers; `golden/make.py` made it.
#[derive(Deserialize)]
pub struct Golden {
    pub losses: Vec<LossCase>,
    pub networks: Vec<NetworkCase>,
}

/// The loss of some rows and its gradient.
#[derive(Deserialize)]
pub struct LossCase {
    pub logits: Flat,
    pub targets: Vec<u32>,
    pub loss: f64,
    pub gradient: Flat,
}

/// A network with what comes out and the gradients of all that went in.
#[derive(Deserialize)]
pub struct NetworkCase {
    pub sizes: Sizes,
    pub parameters: Parameters,
    pub contexts: Vec<u32>,
    pub targets: Vec<u32>,
    pub logits: Flat,
    pub loss: f64,
    pub gradients: Parameters,
}

#[derive(Deserialize)]
pub struct Flat {
    pub rows: usize,
    pub cols: usize,
    pub data: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Parameters {
    c: Vec<f64>,
    h: Vec<f64>,
    b1: Vec<f64>,
    u: Vec<f64>,
    b2: Vec<f64>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("golden.json")
}

impl Flat {
    /// As the matrix that goes in.
    pub fn matrix(&self) -> Result<Matrix, NetError> {
        Matrix::new(self.rows, self.cols, self.data.iter().map(|&x| x as f32).collect())
    }
}

impl Parameters {
    /// All in one list, in the order of [`Model::parts`].
    pub fn numbers(&self) -> Vec<f64> {
        [&self.c[..], &self.h, &self.b1, &self.u, &self.b2].concat()
    }
}

impl NetworkCase {
    pub fn batch(&self) -> Examples {
        let (contexts, targets) = (self.contexts.clone(), self.targets.clone());
        Examples { context: self.sizes.context, contexts, targets }
    }
}

/// A model of these numbers, in the order of [`Model::parts`].
pub fn model_of(sizes: Sizes, numbers: &[f64]) -> Model {
    let mut model = Model::zeros(sizes);
    let mut numbers = numbers.iter();
    for part in model.parts_mut() {
        part.iter_mut().zip(&mut numbers).for_each(|(x, &number)| *x = number as f32);
    }
    model
}

/// The numbers of a model in one list.
pub fn numbers_of(model: &Model) -> Vec<f64> {
    model.parts().iter().flat_map(|(_, part)| part.iter().map(|&x| f64::from(x))).collect()
}

/// A model with no number close to zero, and none above `scale`.
pub fn random_model(sizes: Sizes, scale: f64, seed: u64) -> Model {
    let mut rng = seeded(seed);
    let count = Model::zeros(sizes).parameters();
    let number = |_| {
        let size = scale * rng.random_range(0.2..1.0);
        if rng.random::<bool>() { size } else { -size }
    };
    model_of(sizes, &(0..count).map(number).collect::<Vec<f64>>())
}

/// So many examples for such a network; a context may reach back before the text.
pub fn random_examples(sizes: Sizes, count: usize, seed: u64) -> Examples {
    let mut rng = seeded(seed);
    let mut ids = |n: usize, below: usize| -> Vec<u32> {
        (0..n).map(|_| rng.random_range(0..below as u32)).collect()
    };
    let contexts = ids(count * sizes.context, sizes.vocab + 1);
    Examples { context: sizes.context, contexts, targets: ids(count, sizes.vocab) }
}

/// The loss of one row of logits.
fn surprise(logits: &[f64], target: u32) -> f64 {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|x| (x - max).exp()).sum();
    sum.ln() + max - logits[target as usize]
}

/// The mean loss of a table of logits, `(vocab, vocab)`, on pairs.
pub fn bigram_loss(table: &[f64], vocab: usize, tokens: &[u32], targets: &[u32]) -> f64 {
    let row = |token: u32| &table[token as usize * vocab..][..vocab];
    let pairs = tokens.iter().zip(targets);
    let sum: f64 = pairs.map(|(&token, &target)| surprise(row(token), target)).sum();
    sum / tokens.len() as f64
}

/// The mean loss of a network, from its formula.
pub fn loss(sizes: Sizes, numbers: &[f64], examples: &Examples) -> f64 {
    let Sizes { vocab, context, dim, hidden } = sizes;
    let (c, rest) = numbers.split_at((vocab + 1) * dim);
    let (h, rest) = rest.split_at(context * dim * hidden);
    let (b1, rest) = rest.split_at(hidden);
    let (u, b2) = rest.split_at(hidden * vocab);
    let mut sum = 0.0;
    for (i, &target) in examples.targets.iter().enumerate() {
        let of_token = |&token: &u32| &c[token as usize * dim..][..dim];
        let x: Vec<f64> = examples.context_of(i).iter().flat_map(of_token).copied().collect();
        let neuron = |j: usize| {
            let sum: f64 = (0..x.len()).map(|k| x[k] * h[k * hidden + j]).sum();
            (b1[j] + sum).tanh()
        };
        let active: Vec<f64> = (0..hidden).map(neuron).collect();
        let logit = |word: usize| {
            b2[word] + (0..hidden).map(|j| active[j] * u[j * vocab + word]).sum::<f64>()
        };
        sum += surprise(&(0..vocab).map(logit).collect::<Vec<f64>>(), target);
    }
    sum / examples.len() as f64
}

/// The slope of a loss along every number, by central differences.
pub fn slopes(numbers: &[f64], loss: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const H: f64 = 1e-5;
    let mut moved = numbers.to_vec();
    let slope = |i: usize| {
        let x = numbers[i];
        moved[i] = x + H;
        let above = loss(&moved);
        moved[i] = x - H;
        let below = loss(&moved);
        moved[i] = x;
        (above - below) / (2.0 * H)
    };
    (0..numbers.len()).map(slope).collect()
}

/// Compares all numbers of a model, field by field.
pub fn expect_model(
    what: &str,
    got: &Model,
    want: &[f64],
    sizes: Sizes,
    close: Tolerance,
) -> Outcome {
    let shapes = |model: &Model| {
        let Model { c, h, b1, u, b2 } = model;
        [c.shape(), h.shape(), (1, b1.len()), u.shape(), (1, b2.len())]
    };
    let mut rest = want;
    let all = shapes(got).into_iter().zip(shapes(&Model::zeros(sizes)));
    for ((name, numbers), (has, should)) in got.parts().into_iter().zip(all) {
        expect_same(&format!("{what}: the shape of {name}"), &has, &should)?;
        let (own, others) = rest.split_at(should.0 * should.1);
        rest = others;
        expect_close(&format!("{what}: {name}"), &[should.0, should.1], numbers, own, close)?;
    }
    Ok(())
}
