//! The mood of a text: counts, and the probability of each class.

use std::ops::Range;

use grading::{Outcome, Tolerance, expect, expect_close, expect_eq};
use serde::Deserialize;

use super::{EXACT, golden};
use crate::{Answers, ClassCounts, TaskError, lower_words};

/// `CountVectorizer` and `MultinomialNB` of scikit-learn.
#[derive(Deserialize)]
struct Bayes {
    n_classes: usize,
    examples: Vec<(String, usize)>,
    #[serde(flatten)]
    counts: ClassCounts,
    tests: Vec<Probabilities>,
}

/// A text and `predict_proba`.
#[derive(Deserialize)]
struct Probabilities {
    text: String,
    probabilities: Vec<f64>,
}

pub fn counts_match_scikit_learn(answers: &Answers) -> Outcome {
    for Bayes { n_classes, examples, counts, .. } in golden::<Vec<Bayes>>("bayes")? {
        let examples: Vec<_> = examples.iter().map(|(text, c)| (text.as_str(), *c)).collect();
        same_counts("", &(answers.count_classes)(&examples, n_classes)?, &counts)?;
    }
    let want = [("cat".to_owned(), vec![0, 2]), ("the".to_owned(), vec![0, 2])];
    let want = ClassCounts { texts: vec![0, 1], words: vec![0, 4], of_word: want.into() };
    let text = "The cat. THE CAT!";
    same_counts(&format!("“{text}”: "), &(answers.count_classes)(&[(text, 1)], 2)?, &want)
}

pub fn same_counts(what: &str, got: &ClassCounts, want: &ClassCounts) -> Outcome {
    expect_eq(&format!("{what}texts in each class"), &got.texts, &want.texts)?;
    expect_eq(&format!("{what}words in each class"), &got.words, &want.words)?;
    let [got, want] = [got, want].map(|counts| {
        let mut of_word: Vec<_> = counts.of_word.iter().collect();
        of_word.sort();
        of_word
    });
    expect_eq(&format!("{what}words, each with its count in each class"), &got, &want)
}

pub fn counting_refuses_bad_examples(answers: &Answers) -> Outcome {
    let got = (answers.count_classes)(&[("a b", 2), ("b", 2), ("c", 0)], 3)?;
    expect_eq("three classes, the second without texts: texts", &got.texts, &[1, 0, 2])?;
    let unknown = |example, label| TaskError::UnknownClass { example, label, n_classes: 2 };
    for (labels, want) in [
        (vec![], TaskError::NoExamples),
        (vec![1, 2, 1], unknown(1, 2)),
        (vec![7, 0, 9], unknown(0, 7)),
    ] {
        let examples: Vec<_> = labels.iter().map(|label| ("a", *label)).collect();
        let got = (answers.count_classes)(&examples, 2);
        expect(got.as_ref().err() == Some(&want), || {
            format!("labels {labels:?} with 2 classes: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

/// Compares the probabilities of the golden texts of this length, in words.
fn probabilities_match(answers: &Answers, lengths: Range<usize>) -> Outcome {
    for Bayes { n_classes, counts, tests, .. } in golden::<Vec<Bayes>>("bayes")? {
        for Probabilities { text, probabilities } in tests {
            let n = lower_words(&text).len();
            if lengths.contains(&n) {
                let shown: String = text.chars().take(40).collect();
                let what = format!("{n_classes} classes, the text “{shown}” of {n} words");
                let got = (answers.classify)(&counts, &text);
                expect_close(&what, &[], &got, &probabilities, EXACT)?;
            }
        }
    }
    Ok(())
}

pub fn probabilities_match_scikit_learn(answers: &Answers) -> Outcome {
    probabilities_match(answers, 0..100)
}

pub fn a_long_text_has_probabilities(answers: &Answers) -> Outcome {
    probabilities_match(answers, 100..usize::MAX)?;
    // A vote for one class is 2 : 1, and one for the other 1 : 2: all but one cancel.
    let of_word = [("so".to_owned(), vec![3, 1]), ("not".to_owned(), vec![1, 3])];
    let counts = ClassCounts { texts: vec![5, 5], words: vec![4, 4], of_word: of_word.into() };
    for votes in [500, 3000] {
        let text = "so ".repeat(votes + 1) + &"not ".repeat(votes);
        let what = format!("{} words for one class, then {votes} for the other", votes + 1);
        let close = Tolerance { rtol: 1e-8, atol: 0.0 };
        let want = [2.0 / 3.0, 1.0 / 3.0];
        expect_close(&what, &[], &(answers.classify)(&counts, &text), &want, close)?;
    }
    Ok(())
}
