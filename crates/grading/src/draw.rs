//! What differential checks draw: strategies that know the corners of their type.
//!
//! They are strategies of the crate `proptest`, and combine as those do: a tuple of strategies draws
//! tuples, [`Strategy::prop_map`] makes something else of a value, [`prop_oneof!`] chooses,
//! [`option`] adds `None`. Every one shrinks toward what is short and zero. Each documents the
//! corners it knows; of about 20 corners a check meets each one.
//!
//! ```
//! use grading::draw::{self, Strategy};
//! use grading::{differential, expect};
//!
//! #[derive(Debug)]
//! struct Sampling { temperature: f64, top_k: Option<usize> }
//!
//! fn samplings() -> impl Strategy<Value = Sampling> {
//!     (draw::parameter(0.0..=2.0), draw::setting(1..=70))
//!         .prop_map(|(temperature, top_k)| Sampling { temperature, top_k })
//! }
//! let outcome = differential((draw::logits(64), samplings()), |(logits, sampling)| {
//!     expect(sampling.top_k < Some(10) || logits.is_empty(), || "10 are too many".into())
//! });
//! assert!(outcome.unwrap_err().message().starts_with("10 are too many, for the input ([0.0], "));
//! ```

mod arrays;
mod list;
mod numbers;
mod sequences;
mod settings;
mod text;

pub use arrays::{Array, Matrix, arrays, matrices, shapes};
pub use list::{Lengths, List, ListTree, lengths, list};
pub use numbers::{
    Counts, FloatTree, Floats, any_f32, any_f64, any_u64, between, between_f32, count, finite_f32,
    finite_f64, probability,
};
pub use proptest::option::of as option;
pub use proptest::prop_oneof;
pub use proptest::sample::{select, subsequence};
pub use proptest::strategy::{BoxedStrategy, Just, Strategy};
pub use sequences::{
    any_logits, choose, counts, distribution, indices, indices_or_beyond, logits, permutation,
    tokens, tokens_or_beyond, vector, vector_f32,
};
pub use settings::{Setting, parameter, setting};
pub use text::{bytes, plain_text, text, word, words};

use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::Rng;

use crate::random::seeded;

/// Values of a strategy without a check, for example to look at them; the same seed draws the same.
///
/// ```
/// use grading::draw;
/// assert_eq!(draw::values(&draw::any_f64(), 5, 1).len(), 5);
/// ```
///
/// # Panics
/// If a filter in the strategy accepts nothing.
pub fn values<S: Strategy>(strategy: &S, count: usize, seed: u64) -> Vec<S::Value> {
    let mut runner = runner(seed);
    let draw = || strategy.new_tree(&mut runner).expect("the strategy accepts something").current();
    std::iter::repeat_with(draw).take(count).collect()
}

/// What proptest draws with.
pub(crate) fn runner(seed: u64) -> TestRunner {
    // proptest starts a generator of its own for every alternative that it does not take: with
    // ChaCha a third of all time went into that.
    let mut bytes = [0; 16];
    seeded(seed).fill_bytes(&mut bytes);
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
}
