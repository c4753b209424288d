//! What is given: words, sentences, translation, summaries, metrics, and the report card.

use std::collections::HashMap;

use serde::Deserialize;
use tinytown::World;
use what_llms_are_for::evaluate::report;
use what_llms_are_for::metrics::{accuracy, bleu, rouge1_f1, span_f1};
use what_llms_are_for::town::{Examples, Models, SEED, TRAINING};
use what_llms_are_for::{
    Entity, EntityKind, Idf, Pair, SOLUTION, TaskError, TranslationTable, em_round, lower_words,
    sentences, summarize, translate, uniform_table, words,
};

#[derive(Deserialize)]
struct Golden {
    idf: Weights,
    metrics: Vec<Metrics>,
    ibm1: Vec<Ibm1>,
    summaries: Vec<Summary>,
}

/// IBM model 1 after some rounds: every alignment enumerated, and compared with nltk's.
#[derive(Deserialize)]
struct Ibm1 {
    pairs: Vec<(String, String)>,
    rounds: usize,
    table: TranslationTable,
}

impl Ibm1 {
    fn pairs(&self) -> Vec<Pair> {
        self.pairs.iter().map(|(source, target)| Pair::new(source, target)).collect()
    }
}

/// A text and its most typical sentences, by the rules said once more in Python.
#[derive(Deserialize)]
struct Summary {
    text: String,
    n_sentences: usize,
    summary: Vec<String>,
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
fn every_script_with_capitals_has_a_lower_case() {
    assert_eq!(
        lower_words("ÉTÉ Straße ПРИВЕТ 北京 3.5"),
        ["été", "straße", "привет", "北京", "3", "5"]
    );
    let capitals = words("Éva éva Žofie Привет привет ẞ 北京 3rd");
    let capitals: Vec<&str> =
        capitals.iter().filter(|word| word.is_capitalized()).map(|word| word.text).collect();
    assert_eq!(capitals, ["Éva", "Žofie", "Привет", "ẞ"]);
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
fn rounds_of_training_are_those_of_the_definition_and_of_nltk() {
    for golden in golden().ibm1 {
        let pairs = golden.pairs();
        let mut table = uniform_table(&pairs);
        for _ in 0..golden.rounds {
            table = em_round(&pairs, &table);
        }
        let cells = |table: &TranslationTable| {
            let rows = table.iter().flat_map(|(e, row)| row.iter().map(move |(f, t)| (e, f, *t)));
            rows.map(|(e, f, t)| ((e.clone(), f.clone()), t)).collect::<Vec<_>>()
        };
        let (got, want) = (cells(&table), cells(&golden.table));
        assert_eq!(got.len(), want.len());
        for ((got_words, got), (want_words, want)) in got.into_iter().zip(want) {
            assert_eq!(got_words, want_words);
            assert!((got - want).abs() <= 1e-9 * want + 1e-12, "{want_words:?}: {got}, not {want}");
        }
    }
}

#[test]
fn no_round_makes_the_training_text_less_probable() {
    // ln of the probability of the targets, but for a constant: Π_f Σ_e t(f | e).
    let log_likelihood = |pairs: &[Pair], table: &TranslationTable| -> f64 {
        let t = |e: &String, f: &String| table.get(e).and_then(|row| row.get(f)).copied();
        let of_word =
            |pair: &Pair, f: &String| pair.source.iter().filter_map(|e| t(e, f)).sum::<f64>().ln();
        let of_pair = |pair: &Pair| pair.target.iter().map(|f| of_word(pair, f)).sum::<f64>();
        pairs.iter().map(of_pair).sum()
    };
    for golden in golden().ibm1 {
        let pairs = golden.pairs();
        let mut table = uniform_table(&pairs);
        for round in 1..=6 {
            let before = log_likelihood(&pairs, &table);
            table = em_round(&pairs, &table);
            for row in table.values() {
                assert!((row.values().sum::<f64>() - 1.0).abs() < 1e-9);
            }
            // The first round gains much; the later ones must not lose.
            let gain = if round == 1 { 0.1 } else { -1e-9 };
            assert!(log_likelihood(&pairs, &table) - before >= gain);
        }
    }
}

#[test]
fn pairs_of_words_without_a_share_are_left_out() {
    let pairs = [Pair::new("a b", "x y"), Pair::new("c", "x")];
    let row = |cells: &[(&str, f64)]| cells.iter().map(|&(f, t)| (f.to_owned(), t)).collect();
    let table = TranslationTable::from([
        ("a".to_owned(), row(&[("x", 0.5), ("y", 0.0)])),
        ("c".to_owned(), row(&[("x", 0.0)])),
    ]);
    let want = TranslationTable::from([("a".to_owned(), row(&[("x", 1.0)]))]);
    assert_eq!(em_round(&pairs, &table), want);
}

#[test]
fn training_finds_the_dictionary_of_tinytongue() {
    let world = World::new(SEED);
    let models = Models::fit(&Examples::new(&world, TRAINING, 500), &SOLUTION).unwrap();
    for noun in ["owl", "king", "garden", "bird", "teacher", "forest", "flower", "dog", "house"] {
        // The exact translation puts the subject first, without an article.
        let sentence = tinytown::to_tinytongue(&format!("A {noun} slept.")).unwrap();
        let want = sentence.to_lowercase().split(' ').next().map(str::to_owned);
        let got = translate(&models.table, &[noun.to_owned()]).into_iter().next();
        assert_eq!(got, want, "{noun}");
    }
}

#[test]
fn each_word_becomes_its_most_probable_translation() {
    let row = |cells: &[(&str, f64)]| cells.iter().map(|&(f, t)| (f.to_owned(), t)).collect();
    let table = TranslationTable::from([
        ("house".to_owned(), row(&[("das", 0.2), ("haus", 0.7), ("zu", 0.1)])),
        ("the".to_owned(), row(&[("buch", 0.05), ("das", 0.55), ("haus", 0.4)])),
        ("tie".to_owned(), row(&[("a", 0.1), ("b", 0.45), ("c", 0.45)])),
        ("never".to_owned(), row(&[("y", 0.0), ("z", 0.0)])),
        ("empty".to_owned(), row(&[])),
    ]);
    for (source, want) in [
        ("the house", "das haus"),
        ("tie the tie", "b das b"),
        ("ada is the empty house", "ada is das empty haus"),
        ("never", "y"),
    ] {
        assert_eq!(translate(&table, &lower_words(source)), lower_words(want), "{source}");
    }
}

#[test]
fn summaries_have_the_most_typical_sentences() {
    for Summary { text, n_sentences, summary } in golden().summaries {
        assert_eq!(summarize(&text, n_sentences).unwrap(), summary, "{n_sentences} of {text}");
    }
    let text = "Dogs bark. Cats and birds. Dogs!";
    assert_eq!(summarize(text, 2).unwrap(), ["Cats and birds.", "Dogs!"]);
    assert_eq!(summarize(text, 0).unwrap(), [""; 0]);
    assert_eq!(summarize(text, usize::MAX).unwrap().concat(), text.replace(". ", "."));
    for text in ["", "  \n ", "...! — ?"] {
        assert_eq!(summarize(text, 1), Err(TaskError::NoWords), "{text:?}");
    }
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
