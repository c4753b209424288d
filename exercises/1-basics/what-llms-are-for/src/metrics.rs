//! How right an answer is: one number a task, each between 0 and 1.

use std::collections::HashMap;

use crate::Entity;

/// The share of answers that equal the expected ones exactly. 0 if there are none.
pub fn accuracy<T: PartialEq>(pairs: &[(T, T)]) -> f64 {
    ratio(pairs.iter().filter(|(got, want)| got == want).count(), pairs.len())
}

/// F1 over names, of all texts together: a name counts if start, end and kind are right.
///
/// `2 · right / (found + expected)`, which is the harmonic mean of precision and recall.
pub fn span_f1(pairs: &[(Vec<Entity>, Vec<Entity>)]) -> f64 {
    let right: usize = pairs
        .iter()
        .map(|(got, want)| got.iter().filter(|entity| want.contains(entity)).count())
        .sum();
    ratio(2 * right, pairs.iter().map(|(got, want)| got.len() + want.len()).sum())
}

/// ROUGE-1 F1, the mean over texts: words in common, repetitions counted, `2 · common / (n + m)`.
///
/// Source: C.-Y. Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004.
pub fn rouge1_f1(pairs: &[(Vec<String>, Vec<String>)]) -> f64 {
    let of = |(got, want): &(Vec<String>, Vec<String>)| {
        ratio(2 * overlap(got, want, 1), got.len() + want.len())
    };
    pairs.iter().map(of).sum::<f64>() / pairs.len().max(1) as f64
}

/// BLEU over words, of all sentences together, without smoothing: the geometric mean of the
/// precisions of 1- to 4-grams, times `exp(1 − expected / found)` if fewer words were found than
/// expected. As sacrebleu computes it with `tokenize="none"`, but between 0 and 1.
///
/// Source: K. Papineni and others, BLEU: a Method for Automatic Evaluation of Machine
/// Translation, 2002.
pub fn bleu(pairs: &[(Vec<String>, Vec<String>)]) -> f64 {
    let found: usize = pairs.iter().map(|(got, _)| got.len()).sum();
    let expected: usize = pairs.iter().map(|(_, want)| want.len()).sum();
    let mut log_mean = 0.0;
    for n in 1..=4 {
        let common: usize = pairs.iter().map(|(got, want)| overlap(got, want, n)).sum();
        let all: usize = pairs.iter().map(|(got, _)| (got.len() + 1).saturating_sub(n)).sum();
        log_mean += ratio(common, all).ln() / 4.0;
    }
    let brevity = (1.0 - expected as f64 / found.max(1) as f64).min(0.0);
    (log_mean + brevity).exp()
}

/// How many n-grams two texts have in common, each at most as often as the second has it.
fn overlap(got: &[String], want: &[String], n: usize) -> usize {
    let mut left: HashMap<&[String], usize> = HashMap::new();
    for gram in want.windows(n) {
        *left.entry(gram).or_default() += 1;
    }
    let mut common = 0;
    for gram in got.windows(n) {
        if let Some(left) = left.get_mut(gram).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    common
}

fn ratio(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}
