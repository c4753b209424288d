//! How right an answer is: one number a task, each between 0 and 1.

use std::collections::HashMap;

use crate::models::Entity;

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

/// ROUGE-1 F1 of one summary: words in common, repetitions counted, `2 · common / (n + m)`.
///
/// Source: C.-Y. Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004.
pub fn rouge1_f1(got: &[String], want: &[String]) -> f64 {
    let common = overlap(got, want, 1);
    ratio(2 * common, got.len() + want.len())
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

#[cfg(all(test, not(feature = "exercise")))]
mod tests {
    use super::*;
    use crate::golden::Golden;
    use crate::models::EntityKind;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} is not {want}");
    }

    #[test]
    fn bleu_and_rouge_are_those_of_the_libraries() {
        for case in Golden::load().unwrap().metrics {
            let words = |text: &String| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
            let pairs: Vec<_> =
                case.hypotheses.iter().map(words).zip(case.references.iter().map(words)).collect();
            close(bleu(&pairs), case.bleu);
            for ((got, want), rouge) in pairs.iter().zip(case.rouge1) {
                close(rouge1_f1(got, want), rouge);
            }
        }
    }

    #[test]
    fn a_name_counts_if_place_and_kind_are_right() {
        let name = |start, end, kind: EntityKind| Entity { start, end, kind };
        let want = vec![name(0, 3, EntityKind::Person), name(9, 12, EntityKind::Place)];
        let got = vec![
            name(0, 3, EntityKind::Person),
            name(9, 12, EntityKind::Thing),
            name(20, 22, EntityKind::Thing),
        ];
        // Precision 1/3 and recall 1/2.
        close(span_f1(&[(got, want)]), 0.4);
        close(accuracy(&[(1, 1), (2, 3), (4, 4), (5, 5)]), 0.75);
    }
}
