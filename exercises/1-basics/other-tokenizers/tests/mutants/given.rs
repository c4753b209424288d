//! What is given does what its docs say.

use grading::golden;
use other_tokenizers::*;
use serde::Deserialize;

fn edge(start: usize, end: usize, known: bool) -> Edge {
    Edge { start, end, log_prob: -1.0, known }
}

/// What BERT takes for a word: `golden/words.json`.
#[derive(Deserialize)]
struct Golden {
    /// The first and the last character of each run.
    words_of_their_own: Vec<(u32, u32)>,
    /// Each with its words.
    texts: Vec<(String, Vec<String>)>,
}

#[test]
fn words_are_those_of_bert() {
    let golden: Golden = golden!("words.json").unwrap();
    assert!(!golden.texts.is_empty());
    for (text, want) in golden.texts {
        assert_eq!(words(&text).collect::<Vec<_>>(), want, "{text:?}");
    }
}

#[test]
fn every_character_of_unicode_is_judged_as_by_bert() {
    let golden: Golden = golden!("words.json").unwrap();
    for c in '\0'..=char::MAX {
        let code = u32::from(c);
        let runs = &golden.words_of_their_own;
        let after = runs.partition_point(|&(first, _)| first <= code);
        let is_own = after > 0 && code <= runs[after - 1].1;
        let (text, own) = (format!("a{c}{c}b"), c.to_string());
        let want = match (is_own, c.is_whitespace()) {
            (true, _) => vec!["a", own.as_str(), own.as_str(), "b"],
            (false, true) => vec!["a", "b"],
            (false, false) => vec![text.as_str()],
        };
        assert_eq!(words(&text).collect::<Vec<_>>(), want, "U+{code:04X}");
    }
}

#[test]
fn every_word_gets_its_space_in_front() {
    assert_eq!(metaspace(" the  cat,\nsat ").collect::<Vec<_>>(), ["▁the", "▁cat,", "▁sat"]);
    assert_eq!(metaspace("").count(), 0);
}

#[test]
fn unknown_neighbors_become_one_token() {
    let path = [edge(0, 1, false), edge(1, 3, false), edge(3, 4, true), edge(4, 5, false)];
    assert_eq!(tokens("xébq", &path), ["xé", "b", "q"]);
    assert_eq!(tokens("é", &[edge(0, 1, true), edge(1, 9, false)]), [""; 0]);
}

#[test]
fn what_makes_no_vocabulary_is_refused() {
    assert_eq!(WordPiece::new([""; 0]).unwrap_err(), VocabError::NoPieces);
    assert_eq!(WordPiece::new(["a", ""]).unwrap_err(), VocabError::EmptyPiece);
    assert_eq!(WordPiece::new(["a", "b", "a"]).unwrap_err(), VocabError::Twice("a".into()));
    for bad in [f64::NAN, f64::NEG_INFINITY] {
        let error = Unigram::new([("b", -1.0), ("a", bad)]).unwrap_err().to_string();
        assert!(error.contains("“a”") && error.contains("finite"), "{error}");
    }
}

#[test]
fn edges_that_do_not_fit_are_refused() {
    for bad in [edge(2, 2, true), edge(2, 1, true), edge(2, 4, true)] {
        assert_eq!(Lattice::new(3, vec![edge(0, 1, true), bad]), Err(LatticeError::BadEdge(bad)));
    }
    let sorted = Lattice::new(3, vec![edge(1, 3, true), edge(0, 2, true), edge(0, 1, true)]);
    let ends: Vec<_> = sorted.unwrap().edges().iter().map(|e| (e.start, e.end)).collect();
    assert_eq!(ends, [(0, 1), (0, 2), (1, 3)]);
}

#[test]
fn the_vocabularies_of_the_demos_are_whole() {
    let sizes = (sample_wordpiece().unwrap().size(), sample_unigram().unwrap().size());
    assert_eq!(sizes, (500 + 1, 422 + 1));
}
