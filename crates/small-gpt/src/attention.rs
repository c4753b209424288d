//! Causal attention of all heads, and its derivative.

use crate::layers::{dot, sum};
use crate::{Matrix, Products};

/// Where the numbers of attention are.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    /// Tokens of a text.
    pub seq: usize,
    /// Numbers of a token's vector.
    pub n_embd: usize,
    /// Heads that share them.
    pub n_head: usize,
}

impl Heads {
    fn d_head(self) -> usize {
        self.n_embd / self.n_head
    }

    /// `1 / √d_head`.
    fn scale(self) -> f32 {
        (self.d_head() as f32).sqrt().recip()
    }

    /// How many texts a list of vectors holds, and heads in all of them.
    fn texts(self, found: &[f32]) -> usize {
        found.len() / (self.seq * self.n_embd)
    }

    /// Where query, key and value of a head of a text begin in `qkv`, and its result in `found`.
    fn starts(self, text: usize, head: usize) -> ([usize; 3], usize) {
        let (first, inside) = (text * self.seq, head * self.d_head());
        let part = |part| 3 * self.n_embd * first + part * self.n_embd + inside;
        ([part(0), part(1), part(2)], self.n_embd * first + inside)
    }

    /// Weights of the head before, of all texts and heads.
    fn weights(self, text: usize, head: usize) -> std::ops::Range<usize> {
        let square = self.seq * self.seq;
        let first = (text * self.n_head + head) * square;
        first..first + square
    }
}

/// `softmax(Q Kᵀ / √d_head + mask) V` of each head. `qkv` has for each token the queries of all heads,
/// then keys, then values; `weights` receives the softmax, a square for each text and head.
pub fn attention(
    products: &mut dyn Products,
    qkv: &[f32],
    heads: Heads,
    weights: &mut [f32],
    found: &mut [f32],
) {
    let Heads { seq, n_embd, n_head } = heads;
    let d_head = heads.d_head();
    for text in 0..heads.texts(found) {
        for head in 0..n_head {
            let (starts, start) = heads.starts(text, head);
            let [q, k, v] = starts.map(|start| Matrix::rows(&qkv[start..], 3 * n_embd));
            let weights = &mut weights[heads.weights(text, head)];
            products.product((seq, d_head, seq), q, k.transposed(), weights, seq, false);
            for (i, row) in weights.chunks_exact_mut(seq).enumerate() {
                let (seen, hidden) = row.split_at_mut(i + 1);
                softmax(seen, heads.scale());
                hidden.fill(0.0);
            }
            let weights = Matrix::rows(weights, seq);
            products.product((seq, seq, d_head), weights, v, &mut found[start..], n_embd, false);
        }
    }
}

/// From `dfound`, the slope of the loss along what was found, that along `qkv`.
pub fn attention_backward(
    products: &mut dyn Products,
    qkv: &[f32],
    heads: Heads,
    weights: &[f32],
    dfound: &[f32],
    dqkv: &mut [f32],
) {
    let Heads { seq, n_embd, n_head } = heads;
    let d_head = heads.d_head();
    let mut dscores = vec![0.0; seq * seq];
    let across = 3 * n_embd;
    for text in 0..heads.texts(dfound) {
        for head in 0..n_head {
            let (starts, start) = heads.starts(text, head);
            let [q, k, v] = starts.map(|start| Matrix::rows(&qkv[start..], across));
            let dfound = Matrix::rows(&dfound[start..], n_embd);
            let weights = &weights[heads.weights(text, head)];
            products.product((seq, d_head, seq), dfound, v.transposed(), &mut dscores, seq, false);
            let rows = dscores.chunks_exact_mut(seq).zip(weights.chunks_exact(seq)).enumerate();
            for (i, (slopes, weights)) in rows {
                let (seen, hidden) = slopes.split_at_mut(i + 1);
                let mean = dot(seen, &weights[..=i]);
                for (slope, weight) in seen.iter_mut().zip(weights) {
                    *slope = weight * (*slope - mean) * heads.scale();
                }
                hidden.fill(0.0);
            }
            let dscores = Matrix::rows(&dscores, seq);
            let weights = Matrix::rows(weights, seq).transposed();
            let [dq, dk, dv] = starts;
            let sizes = (seq, seq, d_head);
            products.product(sizes, dscores, k, &mut dqkv[dq..], across, false);
            products.product(sizes, dscores.transposed(), q, &mut dqkv[dk..], across, false);
            products.product(sizes, weights, dfound, &mut dqkv[dv..], across, false);
        }
    }
}

/// Softmax of a row, each number times `scale` before it.
pub fn softmax(row: &mut [f32], scale: f32) {
    let largest = row.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b)) * scale;
    for number in &mut *row {
        *number = lanes::exp(*number * scale - largest);
    }
    let factor = 1.0 / sum(row, |number| number);
    for number in row {
        *number *= factor;
    }
}
