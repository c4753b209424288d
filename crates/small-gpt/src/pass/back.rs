//! The way back.

use crate::attention::{Heads, attention_backward, softmax};
use crate::layers::{add, gelu_backward, layer_norm_backward};
use crate::model::{Norm, Pair};
use crate::pass::{Back, Kept, Pass, Summed, drop_prompts, of, zeros};
use crate::{Full, Layer, Linear, Matrix, Model, Place, Products, Sizes, Tuning};

impl Pass {
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
        self.backward_tuned(model, &Full::of(model), labels, scale, gradient, products)
    }

    /// As [`Self::backward`], for each number that learns with `tuning`, which the way forward must
    /// have had, too.
    ///
    /// # Panics
    /// As [`Self::loss`], or if `gradient` is not as long as the tuning.
    pub fn backward_tuned(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        labels: &[i64],
        scale: f32,
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) -> Summed {
        let summed = self.loss(labels);
        let Sizes { n_embd, vocab_size, .. } = model.sizes;
        let (all, rows) = (&model.parameters, self.ids.len());
        assert_eq!(gradient.len(), tuning.len());
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
        let table = model.token_table();
        let dlogits = Matrix::rows(&self.logits, vocab_size);
        if tuning.learns_model() {
            let normed = Matrix::rows(&self.normed, n_embd);
            let sizes = (vocab_size, rows, n_embd);
            let dtable = &mut gradient[table.clone()];
            products.product(sizes, dlogits.transposed(), normed, dtable, n_embd, true);
        }
        let tokens = Matrix::rows(&all[table], n_embd);
        let dnormed = of(&mut self.back.narrow, rows * n_embd);
        products.product((rows, vocab_size, n_embd), dlogits, tokens, dnormed, n_embd, false);
        self.back(model, tuning, gradient, products);
        summed
    }

    /// Goes back from [`Self::hidden`], for a task head that stands there instead of the logits:
    /// `slopes` are those along it.
    ///
    /// # Panics
    /// If there are not as many slopes, or `gradient` is not as long as the tuning.
    pub fn backward_hidden(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        slopes: &[f32],
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) {
        assert_eq!(slopes.len(), self.normed.len());
        assert_eq!(gradient.len(), tuning.len());
        self.back.narrow.clear();
        self.back.narrow.extend_from_slice(slopes);
        self.back(model, tuning, gradient, products);
    }

    /// The slopes of the last way back along what went into the first block: for each token `n_embd`
    /// numbers, along the sum of its embedding and its position's.
    pub fn input_slopes(&self) -> &[f32] {
        &self.back.x
    }

    /// The way back from the slopes along what the last norm said, which are in `self.back.narrow`.
    fn back(
        &mut self,
        model: &Model,
        tuning: &dyn Tuning,
        gradient: &mut [f32],
        products: &mut dyn Products,
    ) {
        let Sizes { n_head, n_embd, .. } = model.sizes;
        let (all, [prompted, prefixed]) = (&model.parameters, self.before);
        let len = prompted + self.seq;
        let rows = self.ids.len() / self.seq * len;
        let learns_model = tuning.learns_model();
        let Back { x: dx, wide, narrow, before, idle } = &mut self.back;

        zeros(dx, self.x.len());
        let norm = model.last_norm();
        let own_slopes = norm_slopes(learns_model, &norm, gradient, idle);
        layer_norm_backward(&self.x, norm.of(all).0, &self.moments, narrow, dx, own_slopes);
        insert_prompts(dx, [prompted * n_embd, len * n_embd]);
        let narrow = of(narrow, rows * n_embd);

        let heads = Heads { seq: len, n_embd, n_head, prefix: prefixed };
        for (block, kept) in self.blocks.iter_mut().enumerate().rev() {
            let Kept { x: [x, mid], moments, normed, qkv, weights, found, inside, tuning: kept } =
                kept;
            let ([normed, normed_mid], [inside, bent]) = (normed, inside);
            let mut linear = |layer: Layer,
                              x: &[f32],
                              dy: &[f32],
                              dx: &mut [f32],
                              gradient: &mut [f32],
                              products: &mut dyn Products| {
                let (place, kept) = (Place { block, layer }, &mut kept[layer as usize]);
                let layer = Linear { model, place, x, kept };
                tuning.linear_backward(layer, dy, dx, gradient, products);
            };
            let slopes = of(wide, rows * 4 * n_embd);
            linear(Layer::FcProj, bent, dx, slopes, gradient, products);
            gelu_backward(inside, slopes);
            linear(Layer::Fc, normed_mid, slopes, narrow, gradient, products);
            let norm = model.norm(block, Norm::Ln2);
            let own_slopes = norm_slopes(learns_model, &norm, gradient, idle);
            layer_norm_backward(mid, norm.of(all).0, &moments[1], narrow, dx, own_slopes);

            linear(Layer::AttnProj, found, dx, narrow, gradient, products);
            let slopes = of(wide, rows * 3 * n_embd);
            let [keys, values] = before;
            let along = [keys, values].map(|slopes| zeros(slopes, prefixed * n_embd));
            let prefix = (tuning.prefix(block), along);
            attention_backward(products, (qkv, slopes), prefix, heads, weights, narrow);
            if prefixed > 0 {
                tuning.prefix_backward(block, before.each_ref().map(Vec::as_slice), gradient);
            }
            linear(Layer::Attn, normed, slopes, narrow, gradient, products);
            let norm = model.norm(block, Norm::Ln1);
            let own_slopes = norm_slopes(learns_model, &norm, gradient, idle);
            layer_norm_backward(x, norm.of(all).0, &moments[0], narrow, dx, own_slopes);
        }
        if learns_model {
            let (table, positions) = (model.token_table().start, model.position_table().start);
            for (i, dx) in dx.chunks_exact(n_embd).enumerate() {
                let (text, at) = (i / len, i % len);
                if let Some(token) = at.checked_sub(prompted) {
                    let id = self.ids[text * self.seq + token] as usize;
                    add(&mut gradient[table + id * n_embd..][..n_embd], dx);
                }
                add(&mut gradient[positions + (prefixed + at) * n_embd..][..n_embd], dx);
            }
        }
        if prompted > 0 {
            let slopes = zeros(&mut before[0], prompted * n_embd);
            for dx in dx.chunks_exact(len * n_embd) {
                add(slopes, dx);
            }
            tuning.prompt_backward(slopes, gradient);
            drop_prompts(dx, [prompted * n_embd, len * n_embd]);
        }
    }
}

/// Where the slopes along a norm go: into the gradient, or nowhere.
fn norm_slopes<'a>(
    learns_model: bool,
    norm: &Pair,
    gradient: &'a mut [f32],
    idle: &'a mut Vec<f32>,
) -> (&'a mut [f32], &'a mut [f32]) {
    match learns_model {
        true => norm.of_mut(gradient),
        false => zeros(idle, norm.weight.len() + norm.bias.len()).split_at_mut(norm.weight.len()),
    }
}

/// Puts zeros where [`drop_prompts`] removed numbers.
fn insert_prompts(x: &mut Vec<f32>, [prompt, len]: [usize; 2]) {
    if prompt == 0 {
        return;
    }
    let rest = len - prompt;
    let texts = x.len() / rest;
    x.resize(texts * len, 0.0);
    for text in (0..texts).rev() {
        x.copy_within(text * rest..(text + 1) * rest, text * len + prompt);
        x[text * len..text * len + prompt].fill(0.0);
    }
}
