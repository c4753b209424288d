//! What learns beside a model, or in place of it.

use std::ops::Range;

use crate::layers::{linear, linear_backward};
use crate::{Matrix, Model, Products};

/// A linear layer of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Queries, keys and values side by side: `attn.c_attn`.
    Attn,
    /// Back to the residual stream behind attention: `attn.c_proj`.
    AttnProj,
    /// Into the feed-forward network: `mlp.c_fc`.
    Fc,
    /// Back from it: `mlp.c_proj`.
    FcProj,
}

impl Layer {
    /// In the order in which a token meets them.
    pub const ALL: [Self; 4] = [Self::Attn, Self::AttnProj, Self::Fc, Self::FcProj];

    /// As GPT-2's checkpoints call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attn => "attn.c_attn",
            Self::AttnProj => "attn.c_proj",
            Self::Fc => "mlp.c_fc",
            Self::FcProj => "mlp.c_proj",
        }
    }

    /// How many numbers go in, and how many come out: the shape of its weight.
    pub fn sizes(self, n_embd: usize) -> [usize; 2] {
        match self {
            Self::Attn => [n_embd, 3 * n_embd],
            Self::AttnProj => [n_embd, n_embd],
            Self::Fc => [n_embd, 4 * n_embd],
            Self::FcProj => [4 * n_embd, n_embd],
        }
    }
}

/// A linear layer of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Of which block, counted from 0.
    pub block: usize,
    /// Which of that block.
    pub layer: Layer,
}

impl Place {
    /// All places of a model with so many blocks, from the first that a token meets to the last.
    pub fn all(n_layer: usize) -> impl Iterator<Item = Self> {
        (0..n_layer).flat_map(|block| Layer::ALL.map(|layer| Self { block, layer }))
    }

    /// As GPT-2's checkpoints call it: `h.0.attn.c_attn`.
    pub fn name(self) -> String {
        format!("h.{}.{}", self.block, self.layer.name())
    }

    /// Where [`Self::all`] has it.
    pub fn index(self) -> usize {
        Layer::ALL.len() * self.block + self.layer as usize
    }
}

/// A linear layer at work: what a hook of [`Tuning`] is told.
#[derive(Debug)]
pub struct Linear<'a> {
    /// The model it belongs to.
    pub model: &'a Model,
    /// Which layer it is.
    pub place: Place,
    /// What goes in: rows of `sizes()[0]` numbers, one for each token of all texts.
    pub x: &'a [f32],
    /// A buffer of this place in this pass. Whatever [`Tuning::linear`] leaves there,
    /// [`Tuning::linear_backward`] finds.
    pub kept: &'a mut Vec<f32>,
}

impl Linear<'_> {
    /// How many numbers of a row go in, and how many come out.
    pub fn sizes(&self) -> [usize; 2] {
        self.place.layer.sizes(self.model.sizes.n_embd)
    }

    /// How many rows go in.
    pub fn rows(&self) -> usize {
        self.x.len() / self.sizes()[0]
    }

    /// `Y = X W + b` with the model's own weight.
    ///
    /// # Panics
    /// If the model is [hollow](Model::hollow).
    pub fn base(&self, y: &mut [f32], products: &mut dyn Products) {
        let pair = (self.model.weight(self.place), self.model.bias(self.place));
        linear(products, self.x, pair, y, self.sizes());
    }

    /// Writes the slope along `X` into `dx`: `dX = dY Wᵀ`. The weight is frozen: there is no product
    /// for its slope.
    ///
    /// # Panics
    /// If the model is [hollow](Model::hollow).
    pub fn base_backward(&self, dy: &[f32], dx: &mut [f32], products: &mut dyn Products) {
        let [inputs, outputs] = self.sizes();
        let weight = Matrix::rows(self.model.weight(self.place), outputs).transposed();
        let dy = Matrix::rows(dy, outputs);
        products.product((self.rows(), outputs, inputs), dy, weight, dx, inputs, false);
    }

    /// As [`Self::base_backward`], and adds the slopes along `W` and `b` to `gradient`, which begins
    /// with those of all numbers of the model.
    ///
    /// # Panics
    /// If the model is [hollow](Model::hollow).
    pub fn full_backward(
        &self,
        dy: &[f32],
        dx: &mut [f32],
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) {
        let weight = self.model.weight(self.place);
        let own = self.model.linear(self.place).of_mut(gradient);
        linear_backward(products, self.x, weight, dy, dx, own, self.sizes());
    }
}

/// What learns beside a model, or in place of it: a list of numbers, and how they take part.
///
/// By default a model's numbers are frozen, and nothing else takes part. Whoever implements this says
/// where: at linear layers ([`Self::linear`] with its derivative), as vectors before each text
/// ([`Self::prompt`]), or as keys and values that every token sees ([`Self::prefix`]). All slopes go
/// into one gradient of [`Self::len`] numbers, in an order of the implementation's own.
///
/// Several threads share it, each with a pass of its own: what a hook has to remember on the way back
/// belongs into [`Linear::kept`].
pub trait Tuning: Sync {
    /// How many numbers learn.
    fn len(&self) -> usize;

    /// Whether nothing learns.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the model's own numbers learn, too: then their slopes are the first
    /// `model.parameters.len()` of the gradient.
    fn learns_model(&self) -> bool {
        false
    }

    /// Writes what the layer says into `y`.
    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        layer.base(y, products);
    }

    /// The derivative of [`Self::linear`]. From `dy`, the slope along what was said, that along
    /// `layer.x` is written into `dx`; those along the numbers that learn are added to `gradient`.
    fn linear_backward(
        &self,
        layer: Linear<'_>,
        dy: &[f32],
        dx: &mut [f32],
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) {
        match self.learns_model() {
            true => layer.full_backward(dy, dx, gradient, products),
            false => layer.base_backward(dy, dx, products),
        }
    }

    /// Vectors of `n_embd` numbers that each text begins with, before the embeddings of its tokens.
    /// They have the positions from 0 on, and the tokens those that follow, as in prompt tuning of
    /// Hugging Face's PEFT.
    fn prompt(&self) -> &[f32] {
        &[]
    }

    /// Adds the slopes along [`Self::prompt`], summed over all texts, to `gradient`.
    fn prompt_backward(&self, _slopes: &[f32], _gradient: &mut [f32]) {}

    /// Keys and values of a block, each rows of `n_embd` numbers, that every token sees besides those
    /// before it: as many rows in every block. They take the first positions: tokens have those
    /// from `rows` on, as with `past_key_values` in transformers, and so in prefix tuning of PEFT.
    fn prefix(&self, _block: usize) -> [&[f32]; 2] {
        [&[], &[]]
    }

    /// Adds the slopes along [`Self::prefix`], summed over all texts, to `gradient`.
    fn prefix_backward(&self, _block: usize, _slopes: [&[f32]; 2], _gradient: &mut [f32]) {}
}

/// Full fine-tuning, and pre-training: all numbers of the model learn, and nothing else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    parameters: usize,
}

impl Full {
    /// Of a model.
    pub fn of(model: &Model) -> Self {
        Self { parameters: model.parameters.len() }
    }
}

impl Tuning for Full {
    fn len(&self) -> usize {
        self.parameters
    }

    fn learns_model(&self) -> bool {
        true
    }
}

/// Nothing learns: the model as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frozen;

impl Tuning for Frozen {
    fn len(&self) -> usize {
        0
    }
}

impl Model {
    /// The weight of a linear layer, `[inputs, outputs]`.
    ///
    /// # Panics
    /// If there is no such place, or the model is [hollow](Self::hollow).
    pub fn weight(&self, place: Place) -> &[f32] {
        let weight = &self.parameters[self.linear(place).weight];
        assert!(!weight.is_empty(), "a hollow model has no weight at {}", place.name());
        weight
    }

    /// Where [`Self::weight`] is in the model's numbers; an empty range in a hollow one.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn weight_range(&self, place: Place) -> Range<usize> {
        self.linear(place).weight
    }

    /// The bias of a linear layer.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn bias(&self, place: Place) -> &[f32] {
        &self.parameters[self.linear(place).bias]
    }
}
