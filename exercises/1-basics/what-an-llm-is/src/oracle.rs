//! What is right, computed without the lesson's code: by NLTK, extended by the floor
//! (`golden/make.py`), or by scanning the text again for every number. The checks compare with it.

use grading::{Failure, golden};
use rand::RngExt;
use rand::rngs::StdRng;
use serde::Deserialize;

use crate::{Ngram, NgramError};

/// A training text, and what NLTK's model of it says.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub order: usize,
    pub vocab_size: usize,
    /// The training text.
    pub tokens: Vec<u32>,
    pub contexts: Vec<Vec<u32>>,
    /// For each context, the probability of every token.
    pub probs: Vec<Vec<f64>>,
    /// Another text.
    pub held_out: Vec<u32>,
    pub perplexity: f64,
    pub perplexity_of_training: f64,
}

/// Each with a model of the counts of its training text.
pub fn cases() -> Result<Vec<(Case, Ngram)>, Failure> {
    let cases: Vec<Case> = golden!("golden.json")?;
    let with_model = |case: Case| {
        let model = counted(&case.tokens, case.order, case.vocab_size)?;
        Ok((case, model))
    };
    cases.into_iter().map(with_model).collect()
}

/// A model with the counts of a text, made window by window.
pub fn counted(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
    let mut model = Ngram::new(order, vocab_size)?;
    for gram in (1..=order).flat_map(|n| tokens.windows(n)) {
        if let Some((&token, context)) = gram.split_last() {
            model.after_mut(context).add(token);
        }
    }
    Ok(model)
}

/// How often `token` stands after `context` in the text, by looking at every place.
pub fn count(tokens: &[u32], context: &[u32], token: u32) -> u64 {
    let ends = (0..tokens.len()).filter(|&i| tokens[i] == token);
    ends.filter(|&i| tokens[..i].ends_with(context)).count() as u64
}

/// The part of a context that a model of this order looks at.
pub fn end(context: &[u32], order: usize) -> &[u32] {
    &context[context.len().saturating_sub(order - 1)..]
}

/// Witten–Bell as Chen and Goodman write it, by scanning the text:
/// `P(w|h) = λ c(h,w)/c(h) + (1 − λ) P(w|h′)` with `1 − λ = T(h) / (T(h) + c(h))`. One row for each
/// of the `ids`, all of the text among them, with a part for each length of context: first what
/// the `floor` below all counts gives, then the empty context, and so on; the sum of a row is the
/// probability.
pub fn parts(tokens: &[u32], context: &[u32], floor: f64, ids: &[u32]) -> Vec<Vec<f64>> {
    let counts: Vec<f64> = ids.iter().map(|&id| count(tokens, context, id) as f64).collect();
    let (total, distinct) =
        (counts.iter().sum::<f64>(), counts.iter().filter(|&&c| c > 0.0).count());
    let back_off = if total > 0.0 { distinct as f64 / (distinct as f64 + total) } else { 1.0 };
    let mut rows = match context.split_first() {
        Some((_, shorter)) => parts(tokens, shorter, floor, ids),
        None => vec![vec![floor]; ids.len()],
    };
    for (row, count) in rows.iter_mut().zip(counts) {
        row.iter_mut().for_each(|part| *part *= back_off);
        row.push(if total > 0.0 { (1.0 - back_off) * count / total } else { 0.0 });
    }
    rows
}

/// The probabilities of all tokens after the end of a context, by scanning the text.
pub fn scanned(tokens: &[u32], context: &[u32], order: usize, vocab_size: usize) -> Vec<f64> {
    let ids: Vec<u32> = (0..vocab_size as u32).collect();
    let rows = parts(tokens, end(context, order), 1.0 / vocab_size as f64, &ids);
    rows.iter().map(|row| row.iter().sum()).collect()
}

/// `len` tokens below `vocab_size`, small ones more often than large ones.
pub fn tokens(rng: &mut StdRng, len: usize, vocab_size: usize) -> Vec<u32> {
    let mut below = || rng.random_range(0..vocab_size as u32);
    (0..len).map(|_| below().min(below())).collect()
}
