//! The network: its parameters, and what comes out of it.

use rand::{Rng, RngExt};
use serde::Deserialize;

use crate::Matrix;

/// How large a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Sizes {
    /// Tokens in the vocabulary.
    pub vocab: usize,
    /// Tokens in a context, at least 1.
    pub context: usize,
    /// Numbers in the vector of a token, at least 1.
    pub dim: usize,
    /// Neurons of the hidden layer: its width.
    pub hidden: usize,
}

/// The parameters of a network, or a gradient for each of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// `C`, a vector for each token, `(vocab + 1, dim)`. The last is that of [`Model::pad`].
    pub c: Matrix,
    /// `H`, from the vectors of a context to the hidden layer, `(context · dim, hidden)`.
    pub h: Matrix,
    /// `b1`, the biases of the hidden layer, `(hidden)`.
    pub b1: Vec<f32>,
    /// `U`, from the hidden layer to a logit for each token, `(hidden, vocab)`.
    pub u: Matrix,
    /// `b2`, the biases of the logits, `(vocab)`.
    pub b2: Vec<f32>,
}

impl Model {
    /// All parameters zero: no start for training, but for sums.
    pub fn zeros(Sizes { vocab, context, dim, hidden }: Sizes) -> Self {
        Self {
            c: Matrix::zeros(vocab + 1, dim),
            h: Matrix::zeros(context * dim, hidden),
            b1: vec![0.0; hidden],
            u: Matrix::zeros(hidden, vocab),
            b2: vec![0.0; vocab],
        }
    }

    /// A start for training. The vectors are spread evenly from −1 to 1, and the weights of a layer
    /// from `−1/√inputs` to `1/√inputs`, where `inputs` is how many numbers a neuron adds up: so
    /// the sum has about the size of one input, wide layer or narrow. The biases are zero.
    pub fn new(sizes: Sizes, rng: &mut dyn Rng) -> Self {
        let mut model = Self::zeros(sizes);
        let mut spread = |numbers: &mut [f32], inputs: usize| {
            let scale = 1.0 / (inputs as f32).sqrt();
            numbers.iter_mut().for_each(|x| *x = scale * (2.0 * rng.random::<f32>() - 1.0));
        };
        spread(model.c.data_mut(), 1);
        spread(model.h.data_mut(), sizes.context * sizes.dim);
        spread(model.u.data_mut(), sizes.hidden);
        model
    }

    /// How large it is.
    pub fn sizes(&self) -> Sizes {
        let (dim, hidden) = (self.c.shape().1, self.b1.len());
        let context = self.h.shape().0 / dim.max(1);
        Sizes { vocab: self.b2.len(), context, dim, hidden }
    }

    /// What stands in a context for each place before the text begins: the id behind the last
    /// token's. It has a vector, but no logit, since it never comes next.
    pub fn pad(&self) -> u32 {
        self.b2.len() as u32
    }

    /// How many parameters there are.
    pub fn parameters(&self) -> usize {
        self.parts().iter().map(|(_, numbers)| numbers.len()).sum()
    }

    /// All numbers, by the names of the fields.
    pub fn parts(&self) -> [(&'static str, &[f32]); 5] {
        let Self { c, h, b1, u, b2 } = self;
        [("c", c.data()), ("h", h.data()), ("b1", b1), ("u", u.data()), ("b2", b2)]
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> [&mut [f32]; 5] {
        let Self { c, h, b1, u, b2 } = self;
        [c.data_mut(), h.data_mut(), b1, u.data_mut(), b2]
    }

    /// A step of gradient descent: `θ ← θ − rate · ∂L/∂θ` for every parameter.
    pub fn step(&mut self, gradients: &Self, rate: f32) {
        for (numbers, (_, slopes)) in self.parts_mut().into_iter().zip(gradients.parts()) {
            numbers.iter_mut().zip(slopes).for_each(|(x, slope)| *x -= rate * slope);
        }
    }
}

/// What comes out of each layer for `batch` contexts.
#[derive(Clone, Debug, PartialEq)]
pub struct Activations {
    /// The vectors of each context, one after the other, `(batch, context · dim)`.
    pub x: Matrix,
    /// The hidden layer, `tanh(x H + b1)`, `(batch, hidden)`.
    pub hidden: Matrix,
    /// A score for each token, `hidden U + b2`, `(batch, vocab)`.
    pub logits: Matrix,
}

/// A token, drawn from the softmax of these logits with one number from the generator.
pub fn draw_token(logits: &[f32], rng: &mut dyn Rng) -> u32 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f64> = logits.iter().map(|x| f64::from(exp(x - max))).collect();
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    let found = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    // Rounding may leave a rest.
    found.unwrap_or(weights.len().saturating_sub(1)) as u32
}

/// `e^x`, the same on every machine: that of the standard library differs in its last bit, and
/// training would amplify that.
pub fn exp(x: f32) -> f32 {
    libm::expf(x)
}

/// The hyperbolic tangent, the same on every machine.
pub fn tanh(x: f32) -> f32 {
    libm::tanhf(x)
}

/// The natural logarithm, the same on every machine.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}
