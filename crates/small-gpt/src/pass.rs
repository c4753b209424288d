//! Forward through a model, and back.

use crate::attention::{Heads, attention, attention_backward, softmax};
use crate::layers::{
    Moments, add, gelu, gelu_backward, layer_norm, layer_norm_backward, linear, linear_backward,
};
use crate::model::{Of, Pair};
use crate::{Matrix, Model, Products, Sizes};

/// A loss that was summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summed {
    /// The sum of the losses of all tokens, in nats.
    pub loss: f64,
    /// Of so many tokens.
    pub tokens: usize,
}

impl Summed {
    /// The loss of a token.
    pub fn mean(self) -> f64 {
        self.loss / self.tokens as f64
    }
}

impl std::ops::Add for Summed {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { loss: self.loss + other.loss, tokens: self.tokens + other.tokens }
    }
}

/// What a block keeps on the way forward for the way back.
#[derive(Clone, Debug, Default)]
struct Kept {
    /// The residual stream before the block, and before its second half.
    x: [Vec<f32>; 2],
    moments: [Moments; 2],
    /// What both norms say.
    normed: [Vec<f32>; 2],
    qkv: Vec<f32>,
    weights: Vec<f32>,
    found: Vec<f32>,
    /// Inside the feed-forward network, before GELU and behind it.
    inside: [Vec<f32>; 2],
}

/// A way through a model: its buffers are used again by the next.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    ids: Vec<u32>,
    seq: usize,
    blocks: Vec<Kept>,
    /// Behind the last block.
    x: Vec<f32>,
    moments: Moments,
    normed: Vec<f32>,
    logits: Vec<f32>,
    back: Back,
}

/// Slopes of the loss, on the way back.
#[derive(Clone, Debug, Default)]
struct Back {
    x: Vec<f32>,
    wide: Vec<f32>,
    narrow: Vec<f32>,
}

/// So many numbers, whatever they were.
fn of(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    buffer.resize(len, 0.0);
    buffer
}

impl Pass {
    /// The logits of texts of `seq` tokens each, one behind the other in `ids`: a row of `vocab_size`
    /// numbers for each token, for the token that follows it.
    ///
    /// # Panics
    /// If texts are longer than the model has positions, `ids` is no whole number of them, or an id
    /// is none of the vocabulary.
    pub fn forward(
        &mut self,
        model: &Model,
        ids: &[u32],
        seq: usize,
        products: &mut dyn Products,
    ) -> &[f32] {
        let Sizes { n_layer, n_head, n_embd, n_positions, vocab_size } = model.sizes;
        assert!((1..=n_positions).contains(&seq) && ids.len().is_multiple_of(seq));
        let rows = ids.len();
        self.ids.clear();
        self.ids.extend_from_slice(ids);
        self.seq = seq;
        self.blocks.resize_with(n_layer, Kept::default);

        let all = &model.parameters;
        let (tokens, positions) = (&all[model.token_table()], &all[model.position_table()]);
        let x = of(&mut self.x, rows * n_embd);
        for (i, (x, &id)) in x.chunks_exact_mut(n_embd).zip(ids).enumerate() {
            x.copy_from_slice(&tokens[id as usize * n_embd..][..n_embd]);
            add(x, &positions[i % seq * n_embd..][..n_embd]);
        }
        for (i, kept) in self.blocks.iter_mut().enumerate() {
            let Kept { x: [x, mid], moments, normed, qkv, weights, found, inside } = kept;
            let ([normed, normed_mid], [inside, bent]) = (normed, inside);
            let part = |part| model.pair(i, part).of(all);
            std::mem::swap(x, &mut self.x);

            let normed = of(normed, rows * n_embd);
            layer_norm(x, part(Of::Ln1), normed, &mut moments[0]);
            let qkv = of(qkv, rows * 3 * n_embd);
            linear(products, normed, part(Of::Attn), qkv, [n_embd, 3 * n_embd]);
            let (found, weights) = (of(found, rows * n_embd), of(weights, rows * seq * n_head));
            attention(products, qkv, Heads { seq, n_embd, n_head }, weights, found);
            let mid = of(mid, rows * n_embd);
            linear(products, found, part(Of::AttnProj), mid, [n_embd, n_embd]);
            add(mid, x);

            let normed = of(normed_mid, rows * n_embd);
            layer_norm(mid, part(Of::Ln2), normed, &mut moments[1]);
            let (inside, bent) = (of(inside, rows * 4 * n_embd), of(bent, rows * 4 * n_embd));
            linear(products, normed, part(Of::Fc), inside, [n_embd, 4 * n_embd]);
            gelu(inside, bent);
            let x = of(&mut self.x, rows * n_embd);
            linear(products, bent, part(Of::FcProj), x, [4 * n_embd, n_embd]);
            add(x, mid);
        }
        let normed = of(&mut self.normed, rows * n_embd);
        layer_norm(&self.x, model.last_norm().of(all), normed, &mut self.moments);
        let logits = of(&mut self.logits, rows * vocab_size);
        let tokens = Matrix::rows(tokens, n_embd).transposed();
        let sizes = (rows, n_embd, vocab_size);
        products.product(sizes, Matrix::rows(normed, n_embd), tokens, logits, vocab_size, false);
        logits
    }

    /// The weights of attention of the last way forward: in block `block` a square of `seq` rows for
    /// each text and head.
    pub fn attention_weights(&self, block: usize) -> &[f32] {
        &self.blocks[block].weights
    }

    /// The losses of the texts that went forward last, for the tokens that really follow. A label
    /// below 0 does not count.
    ///
    /// # Panics
    /// If there is not a label for each token, or one is none of the vocabulary.
    pub fn loss(&self, labels: &[i64]) -> Summed {
        assert_eq!(labels.len(), self.ids.len());
        let vocab_size = self.logits.len() / labels.len().max(1);
        let mut summed = Summed::default();
        for (logits, &label) in self.logits.chunks_exact(vocab_size.max(1)).zip(labels) {
            if label >= 0 {
                summed.loss += loss(logits, label as usize);
                summed.tokens += 1;
            }
        }
        summed
    }

    /// Goes back the way that was gone forward last: adds to `gradient`, for each number of the model,
    /// the slope of `scale` times the sum of all losses. To use up a way twice is not possible.
    ///
    /// # Panics
    /// As [`Self::loss`], or if `gradient` is not as long as the model.
    pub fn backward(
        &mut self,
        model: &Model,
        labels: &[i64],
        scale: f32,
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) -> Summed {
        let summed = self.loss(labels);
        let Sizes { n_head, n_embd, vocab_size, .. } = model.sizes;
        let (all, rows, seq) = (&model.parameters, self.ids.len(), self.seq);
        assert_eq!(gradient.len(), all.len());
        // A place without a label has no slope.
        for (logits, &label) in self.logits.chunks_exact_mut(vocab_size).zip(labels) {
            if label < 0 {
                logits.fill(0.0);
                continue;
            }
            softmax(logits, 1.0);
            logits[label as usize] -= 1.0;
            for slope in logits {
                *slope *= scale;
            }
        }
        let Back { x: dx, wide, narrow } = &mut self.back;
        let (dx, narrow) = (of(dx, rows * n_embd), of(narrow, rows * n_embd));

        let table = model.token_table();
        let dlogits = Matrix::rows(&self.logits, vocab_size);
        let normed = Matrix::rows(&self.normed, n_embd);
        let sizes = (vocab_size, rows, n_embd);
        let dtable = &mut gradient[table.clone()];
        products.product(sizes, dlogits.transposed(), normed, dtable, n_embd, true);
        let tokens = Matrix::rows(&all[table.clone()], n_embd);
        products.product((rows, vocab_size, n_embd), dlogits, tokens, narrow, n_embd, false);
        dx.fill(0.0);
        let norm = model.last_norm();
        let gain = norm.of(all).0;
        layer_norm_backward(&self.x, gain, &self.moments, narrow, dx, norm.of_mut(gradient));

        for (i, kept) in self.blocks.iter().enumerate().rev() {
            let Kept { x: [x, mid], moments, normed, qkv, weights, found, inside } = kept;
            let ([normed, normed_mid], [inside, bent]) = (normed, inside);
            let slopes = of(wide, rows * 4 * n_embd);
            let part = model.pair(i, Of::FcProj);
            linear_back(products, all, gradient, &part, bent, dx, slopes);
            gelu_backward(inside, slopes);
            let part = model.pair(i, Of::Fc);
            linear_back(products, all, gradient, &part, normed_mid, slopes, narrow);
            let norm = model.pair(i, Of::Ln2);
            let gain = norm.of(all).0;
            layer_norm_backward(mid, gain, &moments[1], narrow, dx, norm.of_mut(gradient));

            let part = model.pair(i, Of::AttnProj);
            linear_back(products, all, gradient, &part, found, dx, narrow);
            let slopes = of(wide, rows * 3 * n_embd);
            attention_backward(
                products,
                qkv,
                Heads { seq, n_embd, n_head },
                weights,
                narrow,
                slopes,
            );
            let part = model.pair(i, Of::Attn);
            linear_back(products, all, gradient, &part, normed, slopes, narrow);
            let norm = model.pair(i, Of::Ln1);
            let gain = norm.of(all).0;
            layer_norm_backward(x, gain, &moments[0], narrow, dx, norm.of_mut(gradient));
        }
        for (i, (dx, &id)) in dx.chunks_exact(n_embd).zip(&self.ids).enumerate() {
            add(&mut gradient[table.start + id as usize * n_embd..][..n_embd], dx);
            let position = model.position_table().start + i % seq * n_embd;
            add(&mut gradient[position..][..n_embd], dx);
        }
        summed
    }
}

/// The derivative of a linear part of the model.
fn linear_back(
    products: &mut dyn Products,
    all: &[f32],
    gradient: &mut [f32],
    part: &Pair,
    x: &[f32],
    dy: &[f32],
    dx: &mut [f32],
) {
    let weight = part.of(all).0;
    let sizes = [part.weight.len() / part.bias.len(), part.bias.len()];
    linear_backward(products, x, weight, dy, dx, part.of_mut(gradient), sizes);
}

/// `log Σ e^z − z_label`, in f64.
fn loss(logits: &[f32], label: usize) -> f64 {
    let largest = logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    let sum = crate::layers::sum(logits, |z| lanes::exp(z - largest));
    libm::log(f64::from(sum)) + f64::from(largest) - f64::from(logits[label])
}
