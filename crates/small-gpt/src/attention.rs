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
    /// Keys and values that every token sees besides those of its text: so many rows.
    pub prefix: usize,
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

    /// So many keys a token may see.
    fn seen(self) -> usize {
        self.prefix + self.seq
    }

    /// How many weights all heads of so many tokens have.
    pub fn count(self, tokens: usize) -> usize {
        tokens * self.n_head * self.seen()
    }

    /// Where the weights of a head are in those of all texts and heads.
    fn weights(self, text: usize, head: usize) -> std::ops::Range<usize> {
        let size = self.seq * self.seen();
        let first = (text * self.n_head + head) * size;
        first..first + size
    }
}

/// `softmax(Q Kᵀ / √d_head + mask) V` of each head, where keys and values of the prefix come before
/// those of the text. `qkv` has for each token the queries of all heads, then keys, then values;
/// `weights` receives the softmax, a row of `prefix + seq` numbers for each text, head and token.
pub fn attention(
    products: &mut dyn Products,
    qkv: &[f32],
    prefix: [&[f32]; 2],
    heads: Heads,
    weights: &mut [f32],
    found: &mut [f32],
) {
    let Heads { seq, n_embd, n_head, prefix: before } = heads;
    let (d_head, seen) = (heads.d_head(), heads.seen());
    for text in 0..heads.texts(found) {
        for head in 0..n_head {
            let (starts, start) = heads.starts(text, head);
            let [q, k, v] = starts.map(|start| Matrix::rows(&qkv[start..], 3 * n_embd));
            let weights = &mut weights[heads.weights(text, head)];
            let sizes = (seq, d_head, seq);
            products.product(sizes, q, k.transposed(), &mut weights[before..], seen, false);
            if before > 0 {
                let k = Matrix::rows(&prefix[0][head * d_head..], n_embd);
                products.product((seq, d_head, before), q, k.transposed(), weights, seen, false);
            }
            for (i, row) in weights.chunks_exact_mut(seen).enumerate() {
                let (seen, hidden) = row.split_at_mut(before + i + 1);
                softmax(seen, heads.scale());
                hidden.fill(0.0);
            }
            let found = &mut found[start..];
            let own = Matrix::rows(&weights[before..], seen);
            products.product((seq, seq, d_head), own, v, found, n_embd, false);
            if before > 0 {
                let v = Matrix::rows(&prefix[1][head * d_head..], n_embd);
                let weights = Matrix::rows(weights, seen);
                products.product((seq, before, d_head), weights, v, found, n_embd, true);
            }
        }
    }
}

/// From `dfound`, the slope of the loss along what was found, those along `qkv`; those along the
/// prefix, summed over texts, are added to `dprefix`.
pub fn attention_backward(
    products: &mut dyn Products,
    (qkv, dqkv): (&[f32], &mut [f32]),
    (prefix, dprefix): ([&[f32]; 2], [&mut [f32]; 2]),
    heads: Heads,
    weights: &[f32],
    dfound: &[f32],
) {
    let Heads { seq, n_embd, n_head, prefix: before } = heads;
    let (d_head, seen) = (heads.d_head(), heads.seen());
    let mut dscores = vec![0.0; seq * seen];
    let across = 3 * n_embd;
    for text in 0..heads.texts(dfound) {
        for head in 0..n_head {
            let (starts, start) = heads.starts(text, head);
            let [q, k, v] = starts.map(|start| Matrix::rows(&qkv[start..], across));
            let inside = head * d_head;
            let prefix = prefix.map(|rows| Matrix::rows(rows.get(inside..).unwrap_or(&[]), n_embd));
            let dfound = Matrix::rows(&dfound[start..], n_embd);
            let weights = &weights[heads.weights(text, head)];
            let sizes = (seq, d_head, seq);
            products.product(sizes, dfound, v.transposed(), &mut dscores[before..], seen, false);
            if before > 0 {
                let (sizes, v) = ((seq, d_head, before), prefix[1].transposed());
                products.product(sizes, dfound, v, &mut dscores, seen, false);
            }
            let rows = dscores.chunks_exact_mut(seen).zip(weights.chunks_exact(seen)).enumerate();
            for (i, (slopes, weights)) in rows {
                let (seen, hidden) = slopes.split_at_mut(before + i + 1);
                let mean = dot(seen, &weights[..before + i + 1]);
                for (slope, weight) in seen.iter_mut().zip(weights) {
                    *slope = weight * (*slope - mean) * heads.scale();
                }
                hidden.fill(0.0);
            }
            let own = Matrix::rows(&dscores[before..], seen);
            let own_weights = Matrix::rows(&weights[before..], seen).transposed();
            let [dq, dk, dv] = starts;
            let sizes = (seq, seq, d_head);
            products.product(sizes, own, k, &mut dqkv[dq..], across, false);
            products.product(sizes, own.transposed(), q, &mut dqkv[dk..], across, false);
            products.product(sizes, own_weights, dfound, &mut dqkv[dv..], across, false);
            if before > 0 {
                let dscores = Matrix::rows(&dscores, seen);
                let weights = Matrix::rows(weights, seen).transposed();
                let sizes = (seq, before, d_head);
                products.product(sizes, dscores, prefix[0], &mut dqkv[dq..], across, true);
                let (sizes, dkeys) = ((before, seq, d_head), &mut dprefix[0][inside..]);
                products.product(sizes, dscores.transposed(), q, dkeys, n_embd, true);
                products.product(sizes, weights, dfound, &mut dprefix[1][inside..], n_embd, true);
            }
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
