// The mood of a text.

fn counts_match_scikit_learn() -> Outcome {
    for golden in Golden::load()?.bayes {
        let got = subject::count_classes(&golden.examples(), golden.n_classes)?;
        expect_eq("texts in each class", &got.texts, &golden.texts)?;
        expect_eq("words in each class", &got.words, &golden.words)?;
        let sorted = |counts: std::collections::HashMap<String, Vec<u64>>| {
            let mut counts: Vec<_> = counts.into_iter().collect();
            counts.sort();
            counts
        };
        let want = sorted(golden.of_word);
        expect_eq("words, each with its count in each class", &sorted(got.of_word), &want)?;
    }
    let got = subject::count_classes(&[("The cat. THE CAT!", 1)], 2)?;
    let mut of_word: Vec<_> = got.of_word.into_iter().collect();
    of_word.sort();
    let want = [("cat".to_owned(), vec![0, 2]), ("the".to_owned(), vec![0, 2])];
    expect_eq("the words of “The cat. THE CAT!”", &of_word, &want)
}

fn counting_refuses_bad_examples() -> Outcome {
    let got = subject::count_classes(&[("a b", 2), ("b", 2), ("c", 0)], 3)?;
    expect_eq("three classes, the second without texts: texts", &got.texts, &[1, 0, 2])?;
    expect_error("no examples", subject::count_classes(&[], 2))?;
    for (example, label) in [(1, 2), (0, 7)] {
        let mut examples = [("a", 1), ("b", 0), ("c", 1)];
        examples[example].1 = label;
        let got = subject::count_classes(&examples, 2);
        let want = crate::TaskError::UnknownClass { example, label, n_classes: 2 };
        expect(got.as_ref().err() == Some(&want), || {
            format!(
                "labels {:?} with 2 classes: expected {want:?}, got {got:?}",
                examples.map(|e| e.1)
            )
        })?;
    }
    Ok(())
}

/// Compares the probabilities of the golden texts of this length, in words.
fn probabilities_match(words: std::ops::Range<usize>) -> Outcome {
    for golden in Golden::load()?.bayes {
        for test in &golden.tests {
            let n = crate::words::words(&test.text).len();
            if !words.contains(&n) {
                continue;
            }
            let got = subject::classify(&golden.counts(), &test.text);
            let text: String = test.text.chars().take(40).collect();
            let what = format!("{} classes, the text “{text}” of {n} words", golden.n_classes);
            expect_close(&what, &[], &got, &test.probabilities, EXACT)?;
        }
    }
    Ok(())
}

fn probabilities_match_scikit_learn() -> Outcome {
    probabilities_match(0..100)
}

fn a_long_text_has_probabilities() -> Outcome {
    probabilities_match(100..usize::MAX)
}

/// Fails unless a share of right answers is between what a guess reaches, and more, and what a
/// model of counts can reach: beyond that it has seen the answers.
fn within(what: &str, got: f64, floor: f64, ceiling: f64) -> Outcome {
    expect((floor..=ceiling).contains(&got), || {
        format!("{what}: expected between {floor} and {ceiling}, got {got:.3}")
    })
}

/// Examples of Tinytown, none of which stands in another stream.
fn examples(stream: u64, n: usize) -> Examples {
    Examples::new(&tinytown::World::new(town::SEED), stream, n)
}

fn moods_of_tinytown_are_found() -> Outcome {
    let mut counts = crate::models::ClassCounts::new(2);
    for (text, label) in &examples(town::TRAINING, 500).sentiments {
        counts.texts[*label] += 1;
        for word in crate::words::lower_words(text) {
            counts.words[*label] += 1;
            counts.of_word.entry(word).or_insert(vec![0; 2])[*label] += 1;
        }
    }
    let mut pairs = Vec::new();
    for (text, label) in &examples(town::HELD_OUT, 250).sentiments {
        let p = subject::classify(&counts, text);
        expect(p.len() == 2, || format!("“{text}”: expected 2 probabilities, got {}", p.len()))?;
        pairs.push((usize::from(p[1] > p[0]), *label));
    }
    within("accuracy", metrics::accuracy(&pairs), 0.72, 0.92)
}
