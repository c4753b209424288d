//! What the page looks at: values on a plane, and heads that are set by hand, not learned.

use candle_core::{Device, Tensor};

use crate::oracle::Layer;
use crate::{HeadError, Linear, Mha};

/// Values of two numbers each: who it is, and when. The mean of baker and dawn is that of miller
/// and noon.
pub const BAKER: [f64; 2] = [1.8, 0.4];
/// See [`BAKER`].
pub const DAWN: [f64; 2] = [0.2, 1.6];
/// See [`BAKER`].
pub const MILLER: [f64; 2] = [0.5, 0.2];
/// See [`BAKER`].
pub const NOON: [f64; 2] = [1.5, 1.8];

/// A sentence with a word that comes twice.
pub const SENTENCE: &str = "the baker left the mill before dawn";

/// How much the score of what a head looks for is above the others, on the page.
pub const SHARPNESS: f64 = 4.0;

/// What a head looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The word before; the first word looks at itself.
    Previous,
    /// The same word, wherever it stands.
    Same,
    /// The first word of the text.
    First,
    /// Nothing special.
    All,
}

impl Look {
    /// In the order of the page.
    pub const ALL: [Self; 4] = [Self::Previous, Self::Same, Self::First, Self::All];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Previous => "the word before",
            Self::Same => "the same word",
            Self::First => "the first word",
            Self::All => "no word in particular",
        }
    }

    /// Adds its question to the weights of a query, `(2n, 2n)` for `n` words: which word it is
    /// comes first, and its place behind.
    fn ask(self, n: usize, score: f64, weights: &mut [f64]) {
        let mut set = |from: usize, to: usize| weights[from * 2 * n + to] += score;
        for i in 0..n {
            match self {
                Self::Previous => set(n + i, n + i.saturating_sub(1)),
                Self::Same => set(i, i),
                Self::First => set(n + i, n),
                Self::All => {}
            }
        }
    }
}

/// A layer whose heads ask these questions, each head all of its own, and the words that go in,
/// `(1, n, 2n)`. All heads share one head of keys and values: a key says which word it is and where
/// it stands, a value only where. The last matrix changes nothing, so number `h · n + j` of what
/// comes out is the weight that head `h` gave to word `j`.
///
/// # Errors
/// If candle has no memory for them.
pub fn hand_set(
    words: &[&str],
    heads: &[Vec<Look>],
    sharpness: f64,
) -> Result<(Mha, Tensor), HeadError> {
    let n = words.len();
    let same = |i: usize| words.iter().position(|w| w.to_lowercase() == words[i].to_lowercase());
    let mut x = vec![0.0; n * 2 * n];
    for i in 0..n {
        x[i * 2 * n + same(i).unwrap_or(i)] = 1.0;
        x[i * 2 * n + n + i] = 1.0;
    }
    // Attention divides by the root of d_head, 2n here.
    let score = sharpness * (2.0 * n as f64).sqrt();
    let mut queries = Vec::new();
    for looks in heads {
        let mut weights = vec![0.0; 4 * n * n];
        looks.iter().for_each(|look| look.ask(n, score, &mut weights));
        queries.push(Tensor::from_vec(weights, (2 * n, 2 * n), &Device::Cpu)?);
    }
    let linear = |w: Tensor| Linear { w, b: None };
    // Plain numbers: `Tensor::eye` compares, and so makes the page's program larger.
    let one = |rows: usize, columns: usize, skipped: usize| {
        let numbers = (0..rows * columns).map(|at| at / columns == at % columns + skipped);
        let numbers: Vec<f64> = numbers.map(|is_one| f64::from(u8::from(is_one))).collect();
        Tensor::from_vec(numbers, (rows, columns), &Device::Cpu)
    };
    let mha = Mha {
        n_heads: heads.len(),
        n_kv_heads: 1,
        w_q: linear(Tensor::cat(&queries, 1)?),
        w_k: linear(one(2 * n, 2 * n, 0)?),
        w_v: linear(one(2 * n, n, n)?),
        w_o: linear(one(heads.len() * n, heads.len() * n, 0)?),
    };
    Ok((mha, Tensor::from_vec(x, (1, n, 2 * n), &Device::Cpu)?))
}

/// A layer head by head, without products of matrices: those of candle, and its choice by a mask,
/// would make up a third of what a reader of the page downloads. Of drawn numbers, all f64, both
/// are the same, as a test says; what does not fit is for [`forward`](crate::solution::forward).
///
/// # Errors
/// If a tensor is not of type f64, or the mask not of type u8.
pub fn head_by_head(
    mha: &Mha,
    x: &Tensor,
    context: Option<&Tensor>,
    mask: Option<&Tensor>,
) -> Result<Tensor, HeadError> {
    let layer = Layer::read(mha, x, context, mask)?;
    Ok(Tensor::from_vec(layer.output(), &layer.shape()[..], &Device::Cpu)?)
}
