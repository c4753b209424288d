//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/bias-in-data.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade bias-in-data`.
//! - Stuck? `cargo study hint bias-in-data` gives one hint at a time.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;

use bias_in_data::{
    BiasError, Counts, Group, Interval, MOST_SCORE, MOST_SPLIT, RateGap, Splits, TwinGap, Vectors,
    Weat,
};

// The types are in parts.rs and error.rs, beside this file.

/// The rates of a label in two groups, and their difference, each with an interval of `z` standard
/// errors; a `z` of 1.96 makes intervals of 95%.
///
/// With `p = hits / of` and `n = of`, the interval of a rate is Wilson's:
///
/// ```text
/// (p + z²/2n ± z · √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
/// ```
///
/// The difference is `d = p_x − p_y`, and with `l` and `u` for the ends of the intervals above it
/// reaches
///
/// ```text
/// from  d − √((p_x − l_x)² + (u_y − p_y)²)    to  d + √((u_x − p_x)² + (p_y − l_y)²)
/// ```
///
/// # Errors
/// [`BiasError::Counts`] of the first group, x before y, in which `of` is 0 or less than `hits`; then
/// [`BiasError::Width`] unless `z` is from 0 to 100.
///
/// Sources: Wilson, 1927; Newcombe, 1998, *Interval estimation for the difference between independent
/// proportions*, method 10.
pub fn rate_gap(x: Counts, y: Counts, z: f64) -> Result<RateGap, BiasError> {
    todo!("rate_gap")
}

/// How much nearer a word is to the words of `a` than to those of `b`: the mean of its cosines with
/// `a`, less the mean of its cosines with `b`.
///
/// A word that stands in a list twice counts twice, and one that stands in both counts in both.
///
/// # Errors
/// [`BiasError::NoWords`] if a list is empty; then [`BiasError::UnknownWord`] with the first word
/// without a vector: `word`, then those of `a`, then those of `b`.
///
/// Source: Caliskan and others, 2017, `s(w, A, B)`.
pub fn association(
    vectors: &Vectors,
    word: &str,
    a: &[&str],
    b: &[&str],
) -> Result<f64, BiasError> {
    todo!("association")
}

/// The word embedding association test: are the words of `x` nearer to `a`, and those of `y` nearer
/// to `b`?
///
/// With `s` for the [`association`] of a word, and `m` for the mean of all scores of `x` and `y`:
///
/// ```text
/// statistic   = Σ_x s − Σ_y s
/// effect_size = (mean of s over x − mean of s over y) / √(mean of (s − m)² over x and y)
/// ```
///
/// The root is a standard deviation that divides by the number of words, not by one less. If all
/// scores lie within 1e-12, they differ by rounding only, and the effect size is 0.
///
/// # Errors
/// [`BiasError::NoWords`] if one of the four lists is empty; then [`BiasError::Sizes`] if `x` and `y`
/// are not equally long; then the errors of [`association`], for each word of `x`, then of `y`.
///
/// Source: Caliskan and others, 2017, section on methods.
pub fn weat(
    vectors: &Vectors,
    x: &[&str],
    y: &[&str],
    a: &[&str],
    b: &[&str],
) -> Result<Weat, BiasError> {
    todo!("weat")
}

/// How often chance alone makes the first group as large as it is: a one-sided p-value.
///
/// Each score is rounded to a whole number of 2⁻⁴⁰, `(score * 2f64.powi(40)).round() as i64`, so that
/// sums are exact whatever their order. All scores are pooled, and the pool is split into two halves,
/// places and not values being told apart. A split is a *hit* if its first half sums to at least as
/// much as `x_scores` does.
///
/// - [`Splits::All`]: each way to choose the first half is tried once, the one observed among them,
///   and `p = hits / splits`.
/// - [`Splits::Drawn`]: `n` splits are drawn with `rng`, each by itself and all ways equally likely,
///   and `p = (hits + 1) / (n + 1)`, the observed one being counted as well.
///
/// # Errors
/// [`BiasError::Sizes`] if there are no scores or not equally many of both; then [`BiasError::Score`]
/// with the first that is not from −[`MOST_SCORE`] to [`MOST_SCORE`], those of y counted on from those
/// of x; then, for all splits, [`BiasError::TooMany`] if there are more than [`MOST_SPLIT`] a group.
///
/// Sources: Caliskan and others, 2017; Phipson and Smyth, 2010, for the 1 that is added.
pub fn permutation_p(
    x_scores: &[f64],
    y_scores: &[f64],
    splits: Splits<'_>,
) -> Result<f64, BiasError> {
    todo!("permutation_p")
}

/// The twin of a text: each phrase of a pair is replaced by the other of its pair, all at once.
///
/// The text is read from left to right. Where phrases of the list stand, the longest is replaced, and
/// reading goes on behind it. A phrase stands where its characters do, exactly, if neither the
/// character before nor the one behind is a letter or a digit (`char::is_alphanumeric`); so *Rose*
/// stands in *Rose's*, but not in *Rosetta*. Everything else stays as it is.
///
/// A pair also swaps with a capital at the front of both phrases, if that changes both: with
/// `("he", "she")`, *He* becomes *She*. The capital of a letter is its `char::to_uppercase`.
///
/// # Errors
/// [`BiasError::Phrase`] with the first phrase of the list that does not begin and end with a letter
/// or a digit; then [`BiasError::Ambiguous`] with the first phrase that stands in the list already, if
/// it is written as both phrases of each pair followed, where there are any, by both with capitals.
pub fn counterfactual(text: &str, pairs: &[(&str, &str)]) -> Result<String, BiasError> {
    todo!("counterfactual")
}

/// What a model makes of the group alone: its scores of texts beside those of their twins.
///
/// In each pair the first phrase belongs to the hill and the second to the shore. The twin of a text
/// is its [`counterfactual`]. A text that is its own twin is left out. For each other one, in order,
/// the gap is the score of the version for the hill less that of the version for the shore: the text
/// less its twin if the group that comes with it is the hill, else the twin less the text.
///
/// # Errors
/// Those of [`counterfactual`]; then [`BiasError::Score`] with the first text, counted among all,
/// whose score, or that of its twin, is not from −[`MOST_SCORE`] to [`MOST_SCORE`], and that score, the
/// text's own first; then [`BiasError::NoTwins`] if no text is left.
///
/// Source: Kusner and others, 2017, *Counterfactual Fairness*, has the idea.
pub fn twin_gap(
    score: &dyn Fn(&str) -> f64,
    texts: &[(&str, Group)],
    pairs: &[(&str, &str)],
) -> Result<TwinGap, BiasError> {
    todo!("twin_gap")
}

/// How many copies of each example to train on, so that each label is equally frequent in each group.
///
/// An example is its group and its label. Those with the same group and the same label are a cell. Of a
/// cell with `c` examples each gets `per_cell / c` copies, rounded down, and the first `per_cell % c` of
/// them, by their places in the list, get one more. So every cell has `per_cell` in the end: small cells
/// are copied, and large ones lose some. No examples have no copies.
///
/// # Errors
/// [`BiasError::EmptyCell`] if a group that occurs has no example with a label that occurs: the lowest
/// such group, and its lowest such label.
pub fn balance(examples: &[(usize, usize)], per_cell: usize) -> Result<Vec<usize>, BiasError> {
    todo!("balance")
}
