//! Tests of what is given. `cargo test -p other-tokenizers --no-default-features` runs them.

use crate::golden::Golden;
use crate::{
    Edge, Lattice, LatticeError, Unigram, VocabError, WordPiece, metaspace, sample_unigram,
    sample_wordpiece, tokens, words,
};

fn edge(start: usize, end: usize, known: bool) -> Edge {
    Edge { start, end, log_prob: -1.0, known }
}

#[test]
fn words_end_at_spaces_and_ascii_punctuation() {
    let text = " Don't stop\t(naïve)…\n42!? ";
    let cut: Vec<&str> = words(text).collect();
    assert_eq!(cut, ["Don", "'", "t", "stop", "(", "naïve", ")", "…", "42", "!", "?"]);
    assert_eq!(words(" \n").count(), 0);
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
    assert_eq!(
        Unigram::new([("a", -1.0), ("a", -2.0)]).unwrap_err(),
        VocabError::Twice("a".into())
    );
    for bad in [f64::NAN, f64::NEG_INFINITY] {
        let error = Unigram::new([("a", bad)]).unwrap_err();
        assert!(error.to_string().contains("finite"), "{error}");
    }
}

#[test]
fn edges_that_do_not_fit_are_refused() {
    for bad in [edge(2, 2, true), edge(2, 1, true), edge(2, 4, true)] {
        assert_eq!(Lattice::new(3, vec![edge(0, 1, true), bad]), Err(LatticeError::BadEdge(bad)));
    }
    let sorted = Lattice::new(3, vec![edge(1, 3, true), edge(0, 2, true), edge(0, 1, true)]);
    let starts = sorted.unwrap().edges().iter().map(|e| (e.start, e.end)).collect::<Vec<_>>();
    assert_eq!(starts, [(0, 1), (0, 2), (1, 3)]);
}

#[test]
fn the_vocabularies_of_the_demos_are_those_of_the_golden_values() {
    let golden = Golden::load().unwrap();
    let (wordpiece, unigram) = (sample_wordpiece().unwrap(), sample_unigram().unwrap());
    let pieces = golden.wordpiece.iter().find(|case| case.name == "trained").unwrap();
    assert_eq!(wordpiece.size(), pieces.pieces.len() + 1);
    assert!(pieces.pieces.iter().all(|piece| wordpiece.contains(piece)));
    let pieces = golden.unigram.iter().find(|case| case.name == "trained").unwrap();
    assert_eq!(unigram.size(), pieces.pieces.len() + 1);
    for (id, (piece, log_prob)) in (1..).zip(&pieces.pieces) {
        assert_eq!((unigram.id(piece), unigram.log_prob(piece)), (id, Some(*log_prob)));
    }
}
