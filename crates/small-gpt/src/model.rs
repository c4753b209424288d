//! All numbers of a model in one list, and which of them is what.

use std::ops::Range;

use rand::{Rng, RngExt};

use crate::{Layer, Place};

/// The sizes of a model, with the names of Hugging Face transformers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// How many blocks.
    pub n_layer: usize,
    /// How many heads; divides `n_embd`.
    pub n_head: usize,
    /// Numbers of a token's vector.
    pub n_embd: usize,
    /// The longest text, in tokens.
    pub n_positions: usize,
    /// How many tokens there are.
    pub vocab_size: usize,
}

/// A tensor of a model: where its numbers are in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// As GPT-2's checkpoints call it.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers, row by row.
    pub range: Range<usize>,
}

/// The norms of a block, which are its first tensors.
#[derive(Clone, Copy)]
pub(crate) enum Norm {
    Ln1 = 0,
    Ln2 = 2,
}

/// Behind so many tensors of a block its linear layers begin.
const IN_NORMS: usize = 4;
/// So many tensors has a block.
const IN_BLOCK: usize = 12;
/// `wte` and `wpe` come before the blocks.
const BEFORE: usize = 2;

/// A GPT-2.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its sizes.
    pub sizes: Sizes,
    /// All its numbers.
    pub parameters: Vec<f32>,
    tensors: Vec<Tensor>,
}

impl Model {
    /// A model whose numbers are all 0.
    ///
    /// # Panics
    /// If a size is 0, or heads do not divide the width.
    pub fn zeros(sizes: Sizes) -> Self {
        Self::shaped(sizes, false)
    }

    /// As [`Self::zeros`], but the linear layers of its blocks have no weights, though their biases:
    /// for a base whose weights are kept in another form. Its [`tensors`](Self::tensors) say what
    /// shape they would have. Only a [`Tuning`](crate::Tuning) that does without them can run it.
    ///
    /// # Panics
    /// As [`Self::zeros`].
    pub fn hollow(sizes: Sizes) -> Self {
        Self::shaped(sizes, true)
    }

    /// The same model without the weights of linear layers: see [`Self::hollow`].
    pub fn hollowed(&self) -> Self {
        let mut hollow = Self::hollow(self.sizes);
        for (to, from) in hollow.tensors.iter().zip(&self.tensors) {
            if !to.range.is_empty() {
                hollow.parameters[to.range.clone()].copy_from_slice(self.numbers(from));
            }
        }
        hollow
    }

    fn shaped(sizes: Sizes, is_hollow: bool) -> Self {
        let Sizes { n_layer, n_head, n_embd, n_positions, vocab_size } = sizes;
        assert!(
            n_layer * n_head * n_embd * n_positions * vocab_size > 0
                && n_embd.is_multiple_of(n_head),
            "no model has these sizes: {sizes:?}"
        );
        let mut tensors = Vec::with_capacity(BEFORE + IN_BLOCK * n_layer + 2);
        let mut end = 0;
        let mut tensor = |name: String, shape: &[usize]| {
            let start = end;
            let in_block = name.starts_with("h.") && shape.len() > 1;
            if !(is_hollow && in_block) {
                end += shape.iter().product::<usize>();
            }
            tensors.push(Tensor { name, shape: shape.to_vec(), range: start..end });
        };
        tensor("wte.weight".into(), &[vocab_size, n_embd]);
        tensor("wpe.weight".into(), &[n_positions, n_embd]);
        let mut pairs = vec![("ln_1", vec![n_embd]), ("ln_2", vec![n_embd])];
        pairs.extend(Layer::ALL.map(|layer| (layer.name(), layer.sizes(n_embd).to_vec())));
        for i in 0..n_layer {
            for (name, shape) in &pairs {
                tensor(format!("h.{i}.{name}.weight"), shape);
                tensor(format!("h.{i}.{name}.bias"), &shape[shape.len() - 1..]);
            }
        }
        tensor("ln_f.weight".into(), &[n_embd]);
        tensor("ln_f.bias".into(), &[n_embd]);
        Self { sizes, parameters: vec![0.0; end], tensors }
    }

    /// An untrained model, drawn as GPT-2 was before its training: weights of a normal distribution
    /// with deviation 0.02, those that lead back to the residual stream divided by `√(2 · n_layer)`;
    /// gains 1, biases 0.
    ///
    /// Source: Radford and others, 2019, section 2.3; the deviations as in transformers.
    pub fn random(sizes: Sizes, rng: &mut dyn Rng) -> Self {
        let mut model = Self::zeros(sizes);
        let residual = (2.0 * sizes.n_layer as f64).sqrt().recip();
        for Tensor { name, shape, range } in &model.tensors {
            let numbers = &mut model.parameters[range.clone()];
            if shape.len() == 1 {
                numbers.fill(if name.ends_with("bias") { 0.0 } else { 1.0 });
                continue;
            }
            let deviation = if name.ends_with("c_proj.weight") { 0.02 * residual } else { 0.02 };
            for number in numbers {
                *number = (deviation * normal(rng)) as f32;
            }
        }
        model
    }

    /// Its tensors, in the order of the list.
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// The numbers of a tensor.
    pub fn numbers(&self, tensor: &Tensor) -> &[f32] {
        &self.parameters[tensor.range.clone()]
    }

    pub(crate) fn token_table(&self) -> Range<usize> {
        self.tensors[0].range.clone()
    }

    pub(crate) fn position_table(&self) -> Range<usize> {
        self.tensors[1].range.clone()
    }

    /// Gain and shift of a norm of a block.
    pub(crate) fn norm(&self, block: usize, norm: Norm) -> Pair {
        self.pair_at(BEFORE + IN_BLOCK * block + norm as usize)
    }

    /// Weight and bias of a linear layer.
    pub(crate) fn linear(&self, Place { block, layer }: Place) -> Pair {
        self.pair_at(BEFORE + IN_BLOCK * block + IN_NORMS + 2 * layer as usize)
    }

    /// Gain and shift of the last norm.
    pub(crate) fn last_norm(&self) -> Pair {
        self.pair_at(self.tensors.len() - 2)
    }

    fn pair_at(&self, i: usize) -> Pair {
        Pair { weight: self.tensors[i].range.clone(), bias: self.tensors[i + 1].range.clone() }
    }
}

/// A weight and the bias behind it.
pub(crate) struct Pair {
    pub weight: Range<usize>,
    pub bias: Range<usize>,
}

impl Pair {
    /// The two in a list of a model's numbers, or of its gradient.
    pub fn of<'a>(&self, numbers: &'a [f32]) -> (&'a [f32], &'a [f32]) {
        (&numbers[self.weight.clone()], &numbers[self.bias.clone()])
    }

    /// The same to be changed.
    pub fn of_mut<'a>(&self, numbers: &'a mut [f32]) -> (&'a mut [f32], &'a mut [f32]) {
        let both = &mut numbers[self.weight.start..self.bias.end];
        both.split_at_mut(self.weight.len())
    }
}

/// A number from the normal distribution (Box and Muller, 1958).
fn normal(rng: &mut dyn Rng) -> f64 {
    let (radius, turn): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
    libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(std::f64::consts::TAU * turn)
}
