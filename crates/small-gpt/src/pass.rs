//! Forward through a model; the way back is in [`back`].

mod back;

use crate::attention::{Heads, attention};
use crate::layers::{Moments, add, gelu, layer_norm};
use crate::model::Norm;
use crate::{Full, Layer, Linear, Matrix, Model, Place, Products, Sizes, Tuning};

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
    /// What a tuning remembers of each linear layer.
    tuning: [Vec<f32>; Layer::ALL.len()],
}

/// A way through a model: its buffers are used again by the next.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    ids: Vec<u32>,
    seq: usize,
    /// Vectors before the tokens of each text, and keys before those in attention.
    before: [usize; 2],
    blocks: Vec<Kept>,
    /// Behind the last block.
    x: Vec<f32>,
    moments: Moments,
    normed: Vec<f32>,
    /// Of the last tokens, so many as were asked for.
    logits: Vec<f32>,
    has_all_logits: bool,
    back: Back,
}

/// Slopes of the loss, on the way back.
#[derive(Clone, Debug, Default)]
struct Back {
    x: Vec<f32>,
    wide: Vec<f32>,
    narrow: Vec<f32>,
    /// Along the prompt, or along keys and values of a prefix.
    before: [Vec<f32>; 2],
    /// Along a norm that does not learn.
    idle: Vec<f32>,
}

/// So many numbers, whatever they were.
fn of(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    buffer.resize(len, 0.0);
    buffer
}

/// So many zeros.
fn zeros(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    buffer.clear();
    of(buffer, len)
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
        self.forward_tuned(model, &Full::of(model), ids, seq, products)
    }

    /// As [`Self::forward`], with what `tuning` adds to the model. Its prompt has no rows in what is
    /// returned.
    ///
    /// # Panics
    /// As [`Self::forward`]; prompt and prefix take positions, too. If prompt or prefix are no whole
    /// rows, or the prefix is not as long in every block.
    pub fn forward_tuned(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        ids: &[u32],
        seq: usize,
        products: &mut dyn Products,
    ) -> &[f32] {
        self.forward_hidden(model, tuning, ids, seq, products);
        self.logits_from(model, 0, products)
    }

    /// Only the logits for the token that follows a text.
    ///
    /// # Panics
    /// As [`Self::forward_tuned`].
    pub fn next_logits(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        ids: &[u32],
        products: &mut dyn Products,
    ) -> &[f32] {
        self.forward_hidden(model, tuning, ids, ids.len(), products);
        self.logits_from(model, ids.len() - 1, products)
    }

    /// As [`Self::forward_tuned`], but without logits: [`Self::hidden`], which a task head begins with.
    ///
    /// # Panics
    /// As [`Self::forward_tuned`].
    pub fn forward_hidden(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        ids: &[u32],
        seq: usize,
        products: &mut dyn Products,
    ) -> &[f32] {
        let Sizes { n_layer, n_head, n_embd, n_positions, .. } = model.sizes;
        let prompt = tuning.prompt();
        let [prompted, prefixed] = [prompt, tuning.prefix(0)[0]].map(|rows| rows.len() / n_embd);
        let len = prompted + seq;
        assert!(
            prefixed + len <= n_positions && seq > 0 && ids.len().is_multiple_of(seq),
            "{} ids are no texts of {seq} tokens, with {prompted} vectors and {prefixed} keys before, \
             for a model of {n_positions} positions",
            ids.len()
        );
        assert_eq!(prompt.len(), prompted * n_embd, "the numbers of a prompt are no whole rows");
        let rows = ids.len() / seq * len;
        self.ids.clear();
        self.ids.extend_from_slice(ids);
        self.seq = seq;
        self.before = [prompted, prefixed];
        self.has_all_logits = false;
        self.blocks.resize_with(n_layer, Kept::default);

        let all = &model.parameters;
        let (tokens, positions) = (&all[model.token_table()], &all[model.position_table()]);
        let x = of(&mut self.x, rows * n_embd);
        for (i, x) in x.chunks_exact_mut(n_embd).enumerate() {
            let (text, at) = (i / len, i % len);
            x.copy_from_slice(match at.checked_sub(prompted) {
                None => &prompt[at * n_embd..][..n_embd],
                Some(at) => &tokens[ids[text * seq + at] as usize * n_embd..][..n_embd],
            });
            add(x, &positions[(prefixed + at) * n_embd..][..n_embd]);
        }
        let heads = Heads { seq: len, n_embd, n_head, prefix: prefixed };
        for (block, kept) in self.blocks.iter_mut().enumerate() {
            let Kept { x: [x, mid], moments, normed, qkv, weights, found, inside, tuning: own } =
                kept;
            let ([normed, normed_mid], [inside, bent]) = (normed, inside);
            std::mem::swap(x, &mut self.x);
            let mut linear =
                |layer: Layer, x: &[f32], y: &mut [f32], products: &mut dyn Products| {
                    let (place, kept) = (Place { block, layer }, &mut own[layer as usize]);
                    tuning.linear(Linear { model, place, x, kept }, y, products);
                };

            let normed = of(normed, rows * n_embd);
            layer_norm(x, model.norm(block, Norm::Ln1).of(all), normed, &mut moments[0]);
            let qkv = of(qkv, rows * 3 * n_embd);
            linear(Layer::Attn, normed, qkv, products);
            let (found, weights) = (of(found, rows * n_embd), of(weights, heads.count(rows)));
            let prefix = tuning.prefix(block);
            assert!(
                prefix.iter().all(|rows| rows.len() == prefixed * n_embd),
                "keys and values before those of block {block} are not {prefixed} rows"
            );
            attention(products, qkv, prefix, heads, weights, found);
            let mid = of(mid, rows * n_embd);
            linear(Layer::AttnProj, found, mid, products);
            add(mid, x);

            let normed = of(normed_mid, rows * n_embd);
            layer_norm(mid, model.norm(block, Norm::Ln2).of(all), normed, &mut moments[1]);
            let (inside, bent) = (of(inside, rows * 4 * n_embd), of(bent, rows * 4 * n_embd));
            linear(Layer::Fc, normed, inside, products);
            gelu(inside, bent);
            let x = of(&mut self.x, rows * n_embd);
            linear(Layer::FcProj, bent, x, products);
            add(x, mid);
        }
        // Nothing is asked of a prompt.
        drop_prompts(&mut self.x, [prompted * n_embd, len * n_embd]);
        let normed = of(&mut self.normed, self.x.len());
        layer_norm(&self.x, model.last_norm().of(all), normed, &mut self.moments);
        normed
    }

    /// The logits of all rows from one on.
    fn logits_from(&mut self, model: &Model, first: usize, products: &mut dyn Products) -> &[f32] {
        let Sizes { n_embd, vocab_size, .. } = model.sizes;
        let rows = self.ids.len() - first;
        self.has_all_logits = first == 0;
        let logits = of(&mut self.logits, rows * vocab_size);
        let tokens = Matrix::rows(&model.parameters[model.token_table()], n_embd).transposed();
        let normed = Matrix::rows(&self.normed[first * n_embd..], n_embd);
        products.product((rows, n_embd, vocab_size), normed, tokens, logits, vocab_size, false);
        logits
    }

    /// What the last norm said on the last way forward: a row of `n_embd` numbers for each token.
    pub fn hidden(&self) -> &[f32] {
        &self.normed
    }

    /// The weights of attention of the last way forward: in block `block` a row for each text, head
    /// and token, with a number for each key that the texts have, of prefix, prompt and tokens.
    pub fn attention_weights(&self, block: usize) -> &[f32] {
        &self.blocks[block].weights
    }

    /// Keys and values of the last way forward in a block: of each token, `n_embd` numbers each.
    pub fn keys_and_values(&self, block: usize) -> impl Iterator<Item = [&[f32]; 2]> {
        let qkv = &self.blocks[block].qkv;
        let n_embd = self.normed.len() / self.ids.len().max(1);
        qkv.chunks_exact(3 * n_embd.max(1)).map(move |row| {
            let (key, value) = row[n_embd..].split_at(n_embd);
            [key, value]
        })
    }

    /// The losses of the texts that went forward last, for the tokens that really follow. A label
    /// below 0 does not count.
    ///
    /// # Panics
    /// If there is not a label for each token, or one is none of the vocabulary; if the last way
    /// forward gave no logits.
    pub fn loss(&self, labels: &[i64]) -> Summed {
        assert!(self.has_all_logits, "the last way forward gave no logits");
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
}

/// Removes the first `prompt` of each `len` numbers.
fn drop_prompts(x: &mut Vec<f32>, [prompt, len]: [usize; 2]) {
    if prompt == 0 {
        return;
    }
    let rest = len - prompt;
    let texts = x.len() / len;
    for text in 0..texts {
        x.copy_within(text * len + prompt..(text + 1) * len, text * rest);
    }
    x.truncate(texts * rest);
}

/// `log Σ e^z − z_label`, in f64.
fn loss(logits: &[f32], label: usize) -> f64 {
    let largest = logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    let sum = crate::layers::sum(logits, |z| lanes::exp(z - largest));
    libm::log(f64::from(sum)) + f64::from(largest) - f64::from(logits[label])
}
