//! How many dot products of a query and a key reading takes, for one head of one layer: counted,
//! not timed. Given.

/// Of `new` tokens behind `past` ones, if these are kept: each new token looks at itself and at all
/// before it.
pub fn with_cache(past: usize, new: usize) -> usize {
    (past + 1..=past + new).sum()
}

/// Of the same if nothing is kept: all are read again, from the first on.
pub fn without_cache(past: usize, new: usize) -> usize {
    with_cache(0, past + new)
}

/// Of writing `tokens` tokens one after the other, with a cache and without.
pub fn writing(tokens: usize) -> [usize; 2] {
    let sum = |of: fn(usize, usize) -> usize| (0..tokens).map(|past| of(past, 1)).sum();
    [sum(with_cache), sum(without_cache)]
}

/// A model and a GPU, as far as they say how long a token takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Weights of the model. Each takes two bytes, and one multiply-add a token.
    pub weights: f64,
    /// Layers.
    pub layers: f64,
    /// Heads of queries.
    pub n_heads: f64,
    /// Heads of keys and values.
    pub n_kv_heads: f64,
    /// Numbers of a query, a key and a value.
    pub d_head: f64,
    /// Bytes that memory gives in a second.
    pub bandwidth: f64,
    /// Multiply-adds a second.
    pub speed: f64,
}

/// Llama 3.1 8B (Llama team, 2024, table 3) on one H100 SXM, by NVIDIA's data sheet: 3.35 TB/s, and
/// 989 · 10¹² operations of bf16 a second, two to a multiply-add.
pub const LLAMA_ON_H100: Machine = Machine {
    weights: 8e9,
    layers: 32.0,
    n_heads: 32.0,
    n_kv_heads: 8.0,
    d_head: 128.0,
    bandwidth: 3.35e12,
    speed: 989e12 / 2.0,
};

impl Machine {
    /// Bytes of the keys and values of one token, two a number.
    pub fn cache_bytes(&self) -> f64 {
        2.0 * 2.0 * self.layers * self.n_kv_heads * self.d_head
    }

    /// Bytes that one step has to read in which each of `texts` texts, `past` tokens long, grows:
    /// the weights once, and the cache of each text.
    pub fn bytes(&self, texts: f64, past: f64) -> f64 {
        2.0 * self.weights + texts * past * self.cache_bytes()
    }

    /// Multiply-adds of the weights and of attention, for `new` tokens behind `past` ones.
    pub fn multiply_adds(&self, past: f64, new: f64) -> f64 {
        let looks = new * past + new * (new + 1.0) / 2.0;
        // A score and a weighted value, of d_head numbers each.
        new * self.weights + looks * 2.0 * self.layers * self.n_heads * self.d_head
    }
}
