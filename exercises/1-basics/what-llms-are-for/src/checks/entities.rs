//! Names in a text.

use std::collections::HashMap;

use grading::{Outcome, expect_eq};
use serde::Deserialize;

use super::golden;
use crate::{Answers, TagCounts};

#[derive(Deserialize)]
struct Tags {
    of_word: HashMap<String, [u64; 4]>,
    tests: Vec<Test>,
}

/// A text with its names: `(start, end, kind)`.
#[derive(Deserialize)]
struct Test {
    capitalized: [u64; 4],
    text: String,
    names: Vec<(usize, usize, String)>,
}

/// The names of the golden texts that hold these kinds of words.
fn names_match(answers: &Answers, texts: impl Fn(&str) -> bool) -> Outcome {
    let Tags { of_word, tests } = golden::<Tags>("tags")?;
    for Test { capitalized, text, names } in tests.into_iter().filter(|test| texts(&test.text)) {
        let counts = TagCounts { of_word: of_word.clone(), capitalized };
        let got = (answers.tag_entities)(&counts, &text);
        let shown = |start, end, kind| (start, text.get(start..end), end, kind);
        let got: Vec<_> = got.iter().map(|e| shown(e.start, e.end, e.kind.name())).collect();
        let want: Vec<_> = names.iter().map(|(start, end, k)| shown(*start, *end, k)).collect();
        expect_eq(&format!("the names in “{text}”"), &got, &want)?;
    }
    Ok(())
}

fn unseen(text: &str) -> bool {
    ["Unknown", "unknown", "Met", "Lamp", "Où"].iter().any(|word| text.contains(word))
}

pub fn names_match_the_counts(answers: &Answers) -> Outcome {
    names_match(answers, |text| !unseen(text))
}

pub fn unseen_words_are_judged_by_their_capital(answers: &Answers) -> Outcome {
    names_match(answers, unseen)
}

pub fn neighbors_are_one_name(answers: &Answers) -> Outcome {
    names_match(answers, |text| text.contains("Mill") || text.contains("rose"))
}
