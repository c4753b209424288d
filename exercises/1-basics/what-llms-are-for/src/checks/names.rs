// Names in a text.

/// The names of the golden texts that hold these kinds of words.
fn names_match(texts: impl Fn(&str) -> bool) -> Outcome {
    let golden = Golden::load()?.tags;
    for test in golden.tests.iter().filter(|test| texts(&test.text)) {
        let counts = golden.counts(test);
        let got = subject::tag_entities(&counts, &test.text);
        expect_eq(
            &format!("the names in “{}”", test.text),
            &named(&test.text, &got)?,
            &named(&test.text, &entities(&test.names))?,
        )?;
    }
    Ok(())
}

/// Names as a message shows them.
fn named<'t>(
    text: &'t str,
    names: &[Entity],
) -> Result<Vec<(usize, &'t str, EntityKind)>, Failure> {
    let named = |name: &Entity| {
        let shown = text.get(name.start..name.end).ok_or_else(|| {
            Failure::wrong(format!("“{text}” cannot be cut at bytes {:?}", name.start..name.end))
        })?;
        Ok((name.start, shown, name.kind))
    };
    names.iter().map(named).collect()
}

fn unseen(text: &str) -> bool {
    ["Unknown", "unknown", "Met", "Lamp", "Où"].iter().any(|word| text.contains(word))
}

fn names_match_the_counts() -> Outcome {
    names_match(|text| !unseen(text))
}

fn unseen_words_are_judged_by_their_capital() -> Outcome {
    names_match(unseen)
}

fn neighbors_are_one_name() -> Outcome {
    names_match(|text| text.contains("Mill") || text.contains("rose"))
}

fn names_of_tinytown_are_found() -> Outcome {
    let counts = TagCounts::fit(&examples(town::TRAINING, 500).tagged);
    let held_out = examples(town::HELD_OUT, 250).tagged.into_iter();
    let pairs: Vec<_> =
        held_out.map(|t| (subject::tag_entities(&counts, &t.text), t.entities)).collect();
    within("span F1", metrics::span_f1(&pairs), 0.55, 0.85)
}
