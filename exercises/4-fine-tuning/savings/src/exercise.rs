//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/4-fine-tuning/savings.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade savings`.
//! - Stuck? `cargo study hint savings` gives one hint at a time.

use savings::{Method, Point, SavingsError, Shape, Target, Training};

/// How many numbers learn.
///
/// ```text
/// Head        classes · (n_embd + 1)
/// SoftPrompt  tokens · n_embd
/// Prefix      tokens · 2 · n_layer · n_embd
/// Lora        n_layer · rank · (sum of inputs + outputs over the targets)
/// Full        (vocab_size + n_positions) · n_embd
///             + n_layer · (weights and biases of the four layers + 4 · n_embd) + 2 · n_embd
/// ```
///
/// A linear layer has `inputs · outputs` weights and `outputs` biases, see [`Target::sizes`]. A norm
/// has `2 · n_embd` numbers: there are two in a block and one behind the last. The output layer shares
/// the numbers of the token embeddings and is not counted again. Any size may be 0. Results fit into
/// a u64.
///
/// Sources: Radford and others, 2019 (GPT-2); Hu and others, 2021, section 4.2; Lester and others,
/// 2021; Li and Liang, 2021.
pub fn trainable(shape: &Shape, method: &Method) -> u64 {
    todo!("trainable")
}

/// Bytes of weights, slopes and AdamW's moments:
///
/// ```text
/// (frozen · frozen_bits + learned · (learned_bits + slope_bits + 2 · moment_bits)) / 8
/// ```
///
/// Not rounded: 4.127 bits are an average. What is frozen has no slopes and no moments. What the
/// layers keep of a text for the way back is not counted.
///
/// # Errors
/// [`SavingsError::Bits`] for the first of `frozen_bits`, `learned_bits`, `slope_bits` and
/// `moment_bits`, by these names and in this order, that is below 0, infinite or NaN. −0 is 0.
///
/// Sources: Rajbhandari and others, 2020, section 3.1; Dettmers and others, 2023, section 3 (4.127).
pub fn training_bytes(training: &Training) -> Result<f64, SavingsError> {
    todo!("training_bytes")
}

/// By which share the perplexity of old texts rose, from losses in nats a token before and after.
///
/// ```text
/// exp(after) / exp(before) − 1  =  exp(after − before) − 1
/// ```
///
/// 0.25 means a quarter more; below 0 the model got better. Exact to about 1e-12 of the result also
/// where the losses are nearly equal (`exp_m1`), or so large that their perplexities overflow. If the
/// result is too large for an f64, it is ∞.
///
/// # Errors
/// [`SavingsError::Loss`] for `before`, then for `after`, if it is below 0, infinite or NaN.
///
/// Source: the definition of perplexity; Biderman and others, 2024, for losses of old texts as a
/// measure of forgetting.
pub fn forgotten(before: f64, after: f64) -> Result<f64, SavingsError> {
    todo!("forgotten")
}

/// The **Pareto front**: places of all points that no other point beats, by rising cost.
///
/// Another point beats one if it costs no more and scores no less, and is better in at least one of
/// the two. Points that are equal in both don't beat each other. −0 equals 0; ±∞ are costs and scores
/// like any other. Places of equal cost come in the order of the list.
///
/// # Errors
/// [`SavingsError::NotANumber`] at the first point with a NaN.
pub fn pareto_front(points: &[Point]) -> Result<Vec<usize>, SavingsError> {
    todo!("pareto_front")
}

/// From how many tasks on it takes less room to keep one base and a small file for each task than to
/// keep a whole model for each: the least `tasks` from 1 on with
///
/// ```text
/// base + tasks · file < tasks · whole
/// ```
///
/// All are bytes, below 2⁶². Equal is not less. [`None`] if a file is as large as a whole model or
/// larger: then no number of tasks is enough.
pub fn break_even(base: u64, file: u64, whole: u64) -> Option<u64> {
    todo!("break_even")
}
