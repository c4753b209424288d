//! What is given does what its docs say.

use corpora::town::{Tally, pages, stages, tally};
use corpora::{C4Rules, CorpusError, LineReason, PageReason, pile};

#[test]
fn lines_are_counted() {
    let tally_of = Tally { good_kept: 6, good_dropped: 2, bad_kept: 3, ..Tally::default() };
    assert_eq!(tally_of.precision(), 6.0 / 9.0);
    assert_eq!(tally_of.recall(), 0.75);
    let pages = pages(40);
    let none = tally(&pages, &C4Rules::none());
    assert_eq!((none.recall(), none.good_dropped, none.bad_dropped), (1.0, 0, 0));
    assert!(pages.iter().all(|page| page.text.lines().count() == page.good.len()));
    let [.., (_, all)] = stages();
    assert_eq!(all, C4Rules::default());
    assert!(tally(&pages, &all).precision() > none.precision());
}

#[test]
fn reasons_and_errors_say_what_is_wrong() {
    assert_eq!(LineReason::TooFewWords { words: 1 }.to_string(), "1 word");
    assert_eq!(PageReason::TooFewSentences { sentences: 2 }.to_string(), "2 sentences left");
    let error = CorpusError::NotEnough { budget: 2000, available: 10 }.to_string();
    assert!(
        error.starts_with("a budget of 2,000 tokens, but the sources may give 10: allow"),
        "{error}"
    );
}

#[test]
fn the_pile_has_its_size() {
    let size: u64 = pile::sources().iter().map(|source| source.tokens).sum();
    // The paper's total is 825.18 GiB; sizes are rounded to hundredths.
    assert!(size.abs_diff(82_518) <= 11, "{size}");
}
