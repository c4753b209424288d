//! What is given: words, sentences, metrics, and the report card.

use std::collections::HashMap;

use serde::Deserialize;
use what_llms_are_for::evaluate::report;
use what_llms_are_for::metrics::{accuracy, bleu, rouge1_f1, span_f1};
use what_llms_are_for::{Entity, EntityKind, Idf, sentences, words};

#[derive(Deserialize)]
struct Golden {
    idf: Weights,
    metrics: Vec<Metrics>,
}

/// `TfidfVectorizer` of scikit-learn.
#[derive(Deserialize)]
struct Weights {
    texts: Vec<String>,
    idf: HashMap<String, f64>,
}

/// sacrebleu and rouge-score.
#[derive(Deserialize)]
struct Metrics {
    references: Vec<String>,
    hypotheses: Vec<String>,
    bleu: f64,
    rouge1: Vec<f64>,
}

fn golden() -> Golden {
    grading::golden!("golden.json").unwrap()
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} is not {want}");
}

#[test]
fn words_keep_what_is_inside_them() {
    let text = "“Don't!” said Ada-May, 'well' - 3 naïve cats'.";
    let found: Vec<&str> = words(text).iter().map(|w| w.text).collect();
    assert_eq!(found, ["Don't", "said", "Ada-May", "well", "3", "naïve", "cats"]);
    assert!(words(text).iter().all(|w| &text[w.start..w.end()] == w.text));
}

#[test]
fn sentences_end_with_their_marks() {
    let text = "Ada ran. “Why?” asked Ben!\n\nNobody knew… 3.5 times?  ...";
    let found: Vec<&str> = sentences(text).into_iter().map(|s| &text[s]).collect();
    assert_eq!(found, ["Ada ran.", "“Why?”", "asked Ben!", "Nobody knew… 3.5 times?"]);
    assert!(sentences("").is_empty());
}

#[test]
fn idf_is_that_of_scikit_learn() {
    let Weights { texts, idf: weights } = golden().idf;
    let idf = Idf::fit(texts.iter().map(String::as_str));
    weights.into_iter().for_each(|(word, want)| close(idf.of(&word), want));
}

#[test]
fn bleu_and_rouge_are_those_of_the_libraries() {
    for case in golden().metrics {
        let cut = |text: &String| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let pairs: Vec<_> =
            case.hypotheses.iter().map(cut).zip(case.references.iter().map(cut)).collect();
        close(bleu(&pairs), case.bleu);
        close(rouge1_f1(&pairs), case.rouge1.iter().sum::<f64>() / pairs.len() as f64);
    }
}

#[test]
fn a_name_counts_if_place_and_kind_are_right() {
    let names = |names: &[(usize, EntityKind)]| -> Vec<Entity> {
        names.iter().map(|&(start, kind)| Entity { start, end: start + 3, kind }).collect()
    };
    let (person, place, thing) = (EntityKind::Person, EntityKind::Place, EntityKind::Thing);
    let got = names(&[(0, person), (9, thing), (20, thing)]);
    // Precision 1/3 and recall 1/2.
    close(span_f1(&[(got, names(&[(0, person), (9, place)]))]), 0.4);
    close(accuracy(&[(1, 1), (2, 3), (4, 4), (5, 5)]), 0.75);
}

#[test]
fn every_model_beats_its_floor_and_two_reports_are_equal() {
    let scores = report().unwrap();
    for score in &scores {
        let gain = score.value - score.baseline_floor;
        let better = if score.task == "generation" { -gain } else { gain };
        assert!(better > 0.0, "{score:?}");
    }
    assert_eq!(scores, report().unwrap());
}
