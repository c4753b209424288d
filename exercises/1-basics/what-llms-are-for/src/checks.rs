use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_eq, expect_error};

use crate::golden::{Golden, candidates, entities};
use crate::metrics;
use crate::models::{
    AnswerCounts, Asked, Candidate, Entity, EntityKind, Pair, Rarity, Table, TagCounts, uniform_table,
};
use crate::town::{self, Examples};

grading::checks! {
    "Texts and words are counted as scikit-learn counts them" => counts_match_scikit_learn {
        points: 2, section: "counting", hints: [
            "Three counts grow with each example: its class has one text more, its class has so many words more, and each word was seen in that class.",
            "A word that stands in a text twice counts twice. `lower_words(text)` yields it twice.",
            "`counts.of_word.entry(word).or_insert_with(|| vec![0; n_classes])[label] += 1`."
        ]
    }
    "Counting refuses examples that it cannot count" => counting_refuses_bad_examples {
        points: 1, section: "counting", hints: [
            "An index that is too large panics: check the label before you use it.",
            "`examples.iter().enumerate()` tells you which example it is.",
            "`return Err(TaskError::UnknownClass { example, label, n_classes })`, and `Err(TaskError::NoExamples)` if `examples.is_empty()`."
        ]
    }
    "Probabilities are those of scikit-learn's naive Bayes" => probabilities_match_scikit_learn {
        points: 3, section: "sentiment", hints: [
            "Start each class with the logarithm of its share of the texts, and add one logarithm for each word of the text.",
            "The smoothed share of a word is (n + 1) / (words + V). V is `counts.of_word.len()`, the same for all classes. A word that `counts.of_word` does not have is skipped.",
            "At the end, `(score - max).exp()` for each class, divided by their sum."
        ]
    }
    "A long text has probabilities too" => a_long_text_has_probabilities {
        points: 1, section: "sentiment", hints: [
            "A product of 3,000 numbers below one is 0 to a computer, and 0 / 0 is NaN.",
            "Sums of logarithms do not get too small, but `exp` of -9,000 does.",
            "Subtract the largest score from all scores before `exp`: it cancels in the division."
        ]
    }
    "The moods of Tinytown are found as often as counts allow" => moods_of_tinytown_are_found {
        points: 1, section: "sentiment", hints: [
            "Whoever always answers “good” is right about half of the time.",
            "The class with the larger probability should be the mood. Are bad and good in the order of their labels?",
            "If the checks above pass, this one does: 250 texts, counted in 500 others."
        ]
    }
    "Each word gets its most frequent tag" => names_match_the_counts {
        points: 2, section: "named-entities", hints: [
            "`counts.of_word.get(word.text)` is `[no name, person, place, thing]`: find the largest of the four.",
            "Offsets are bytes, and `word.start` and `word.end()` have them. If the largest is the first of the four, the word is no name.",
            "Among equals the earliest wins, but `max_by_key` returns the last: go through the indices in reverse."
        ]
    }
    "A word never seen is judged by its capital" => unseen_words_are_judged_by_their_capital {
        points: 1, section: "named-entities", hints: [
            "Sentences begin with a capital, too: `begins_sentence(text, &word)` tells you that.",
            "At the beginning of a sentence, look the word up in lower case before you believe the capital.",
            "Then, if `word.is_capitalized()`, take the tag that is largest in `counts.capitalized`; otherwise the word is no name."
        ]
    }
    "Neighboring words of one kind are one name" => neighbors_are_one_name {
        points: 1, section: "named-entities", hints: [
            "Keep a list of names. A word may make the last one longer instead of starting a new one.",
            "In “Ada, Ben” there are two names. What stands between the words tells you.",
            "If the last name has the same kind and `&text[last.end..word.start] == \" \"`, set `last.end = word.end()`."
        ]
    }
    "The names of Tinytown are found as often as counts allow" => names_of_tinytown_are_found {
        points: 1, section: "named-entities", hints: [
            "Many names in these texts are new: what do you do with a word that was never counted?",
            "A name counts if its start, its end and its kind are right.",
            "If the checks above pass, this one does: 250 texts, counted in 500 others."
        ]
    }
    "The answer stands in the sentence that is closest to the question" => answers_come_from_the_closest_sentence {
        points: 2, section: "question-answering", hints: [
            "Score every sentence first: for each distinct word of the question that stands in it, add `rarity.of(word)`.",
            "Compare in lower case: `lower_words` of both. Sort by the score, largest first; a stable sort keeps equals in order.",
            "If the best sentence has no candidate that fits, go on with the next: `find_map` over the sorted sentences."
        ]
    }
    "The answer is what was asked for, and new" => answers_are_what_is_asked_for {
        points: 2, section: "question-answering", hints: [
            "“Who saw Ada?” is not answered by “Ada”: what stands in the question tells nothing.",
            "A candidate is new if at least one of its words, in lower case, is not in the question.",
            "`Asked::of(question)` is `None` if any candidate will do: `asked.is_none_or(|asked| candidate.asked == asked)`."
        ]
    }
    "Questions about Tinytown are answered as often as overlap allows" => questions_about_tinytown_are_answered {
        points: 1, section: "question-answering", hints: [
            "The first candidate of a text is right one time in five. Does your answer look at the question?",
            "Three people are in each text. Their names are what the sentences differ in.",
            "If the checks above pass, this one does: 250 questions."
        ]
    }
    "A round of training gives the table of the definition, and of nltk" => em_rounds_match_the_definition {
        points: 3, section: "translation", hints: [
            "Go through all pairs, all target words, all source words: three loops, and two sums to keep, one a pair of words and one a source word.",
            "The share of a source word is its `t(f | e)` divided by the sum of `t(f | e')` over the source words of this sentence.",
            "After all pairs, divide each shared sum by the total of its source word `e`, not of `f`."
        ]
    }
    "A round makes the translations more probable" => em_rounds_raise_the_likelihood {
        points: 1, section: "translation", hints: [
            "Expectation maximization has a guarantee: no round makes the training text less probable.",
            "Read all probabilities from the old table and write all sums to a new one.",
            "A source word that stands in a sentence twice is two candidates for each target word."
        ]
    }
    "Training finds the dictionary of Tinytongue" => training_finds_the_dictionary {
        points: 1, section: "translation", hints: [
            "“The” stands beside every word. After a few rounds it has its own translation, and the others are free for theirs.",
            "If every word becomes “lo”, the shares of the source words are equal in each round.",
            "If the checks above pass, this one does: six rounds over 400 sentences."
        ]
    }
    "Each word becomes its most probable translation" => words_become_their_best_translation {
        points: 1, section: "translation", hints: [
            "`table.get(word)` is a row: find the target word with the largest probability.",
            "Among equals the first in the alphabet wins. A `BTreeMap` goes in that order, and `max_by` returns the last of equals.",
            "A word that the table does not have stays as it is: a name, perhaps."
        ]
    }
    "A summary has the most typical sentences" => summaries_match_the_rules {
        points: 3, section: "summarization", hints: [
            "First the probability of each word that is no stop word: its count, divided by the count of all of them.",
            "A sentence scores the mean over its words, so a long one has no advantage. Take the best, the first among equals.",
            "Square the probability of each distinct word of the sentence that you took, and only then score the others again. Sort what you took by its place in the text."
        ]
    }
    "Summaries of Tinytown's stories share words with the right ones" => summaries_of_tinytown_share_words {
        points: 1, section: "summarization", hints: [
            "The whole story shares all words, and far too many others: return `n_sentences` of them.",
            "The first sentence of a story says who it is about, but not what happens.",
            "If the check above passes, this one does: 150 stories, one sentence each."
        ]
    }
    "A summary of nothing is an error" => a_summary_of_nothing_is_an_error {
        points: 1, section: "summarization", hints: [
            "Which share of no words is a word?",
            "`sentences(text)` leaves out what has no words: it is empty for an empty text.",
            "`if places.is_empty() { return Err(TaskError::NoWords); }`"
        ]
    }
}

/// Libraries compute in double precision, in another order.
const EXACT: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };

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
            format!("labels {:?} with 2 classes: expected {want:?}, got {got:?}", examples.map(|e| e.1))
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
fn named<'t>(text: &'t str, names: &[Entity]) -> Result<Vec<(usize, &'t str, EntityKind)>, Failure> {
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

/// The answers to the golden questions of this kind.
fn answers_match(questions: impl Fn(&str) -> bool) -> Outcome {
    let golden = Golden::load()?.answers;
    let rarity = Rarity::fit(golden.texts.iter().map(String::as_str));
    for test in golden.tests.iter().filter(|test| questions(&test.question)) {
        let context = test.context.as_str();
        let got = subject::answer(&rarity, context, &candidates(&test.candidates), &test.question);
        let want = test.answer.as_ref().map(|answer| (answer.0, answer.1));
        let shown = |answer: Option<(usize, usize)>| match answer {
            Some((start, end)) => format!("{:?}", context.get(start..end).unwrap_or("?")),
            None => "no answer".to_owned(),
        };
        let got = got.map(|Candidate { start, end, .. }| (start, end));
        expect(got == want, || {
            let (got, want) = (shown(got), shown(want));
            format!("“{}” of “{context}”: expected {want}, got {got}", test.question)
        })?;
    }
    Ok(())
}

fn answers_come_from_the_closest_sentence() -> Outcome {
    answers_match(|question| Asked::of(question) != Some(Asked::Who))
}

fn answers_are_what_is_asked_for() -> Outcome {
    answers_match(|question| Asked::of(question).is_some())
}

fn questions_about_tinytown_are_answered() -> Outcome {
    let training = examples(town::TRAINING, 500).questions;
    let rarity = Rarity::fit(training.iter().map(|q| q.context.as_str()));
    let answers = AnswerCounts::fit(&training);
    let mut pairs = Vec::new();
    for q in examples(town::HELD_OUT, 250).questions {
        let candidates = answers.candidates(&q.context);
        let got = subject::answer(&rarity, &q.context, &candidates, &q.question);
        let text = got.and_then(|c| q.context.get(c.start..c.end)).map(str::to_owned);
        pairs.push((text, Some(q.answer)));
    }
    within("exact match", metrics::accuracy(&pairs), 0.35, 0.65)
}

fn em_rounds_match_the_definition() -> Outcome {
    for golden in Golden::load()?.ibm1 {
        let pairs = golden.pairs();
        let mut table = uniform_table(&pairs);
        for _ in 0..golden.rounds {
            table = subject::em_round(&pairs, &table);
        }
        let flat = |table: &Table| -> Vec<(String, f64)> {
            let cell = |e: &str, f: &str| format!("t({f} | {e})");
            table.iter().flat_map(|(e, row)| row.iter().map(move |(f, &t)| (cell(e, f), t))).collect()
        };
        let (got, want) = (flat(&table), flat(&golden.table));
        let what = format!("the table of “{}” after {} rounds", golden.name, golden.rounds);
        let names = |cells: &[(String, f64)]| cells.iter().map(|c| c.0.clone()).collect::<Vec<_>>();
        expect_eq(&what, &names(&got), &names(&want))?;
        for ((name, got), (_, want)) in got.iter().zip(&want) {
            expect(EXACT.accepts(*got, *want), || {
                format!("{what}: expected {name} = {want:.7}, got {got:.7}")
            })?;
        }
    }
    Ok(())
}

/// ln of the probability of the targets, but for a constant: Π_f Σ_e t(f | e) / |e|.
fn log_likelihood(pairs: &[Pair], table: &Table) -> f64 {
    let t = |e: &String, f: &String| table.get(e).and_then(|row| row.get(f)).copied();
    let of_pair = |pair: &Pair| -> f64 {
        let of_word = |f| pair.source.iter().filter_map(|e| t(e, f)).sum::<f64>();
        pair.target.iter().map(|f| (of_word(f) / pair.source.len() as f64).ln()).sum()
    };
    pairs.iter().map(of_pair).sum()
}

fn em_rounds_raise_the_likelihood() -> Outcome {
    for golden in Golden::load()?.ibm1 {
        let pairs = golden.pairs();
        let mut table = uniform_table(&pairs);
        let mut before = log_likelihood(&pairs, &table);
        for round in 1..=6 {
            table = subject::em_round(&pairs, &table);
            let what = format!("“{}”, round {round}", golden.name);
            for (e, row) in &table {
                let sum: f64 = row.values().sum();
                expect_close(&format!("{what}: the sum of t(f | {e})"), &[], &[sum], &[1.0], EXACT)?;
            }
            let after = log_likelihood(&pairs, &table);
            // The first round gains much; the later ones must not lose.
            let gain = if round == 1 { 0.1 } else { -1e-9 };
            expect(after - before >= gain, || {
                format!("{what}: the log-likelihood went from {before:.6} to {after:.6}")
            })?;
            before = after;
        }
    }
    Ok(())
}

fn training_finds_the_dictionary() -> Outcome {
    let pairs = examples(town::TRAINING, 400).pairs();
    let mut table = uniform_table(&pairs);
    for _ in 0..town::ROUNDS {
        table = subject::em_round(&pairs, &table);
    }
    for noun in ["owl", "king", "garden", "bird", "teacher", "forest", "flower", "dog", "house"] {
        // The exact translation puts the subject first, without an article.
        let sentence = tinytown::to_tinytongue(&format!("A {noun} slept."))?.to_lowercase();
        let want = sentence.split(' ').next().map(str::to_owned);
        let row = table.get(noun).into_iter().flatten();
        let got = row.max_by(|a, b| a.1.total_cmp(b.1)).map(|(f, _)| f.clone());
        expect(got == want, || {
            format!("the most probable translation of “{noun}”: expected {want:?}, got {got:?}")
        })?;
    }
    Ok(())
}

fn words_become_their_best_translation() -> Outcome {
    let row = |cells: &[(&str, f64)]| cells.iter().map(|&(f, t)| (f.to_owned(), t)).collect();
    let table = Table::from([
        ("house".to_owned(), row(&[("das", 0.2), ("haus", 0.7), ("zu", 0.1)])),
        ("the".to_owned(), row(&[("buch", 0.05), ("das", 0.55), ("haus", 0.4)])),
        ("tie".to_owned(), row(&[("a", 0.1), ("b", 0.45), ("c", 0.45)])),
        ("null".to_owned(), row(&[("x", 1.0)])),
    ]);
    for (source, want) in [
        ("the house", "das haus"),
        ("tie the tie", "b das b"),
        ("Ada is the house", "ada is das haus"),
    ] {
        let got = subject::translate(&table, &crate::words::lower_words(source));
        expect_eq(&format!("“{source}”"), &got, &crate::words::lower_words(want))?;
    }
    // Rows of the golden tables that have no ties.
    for golden in Golden::load()?.ibm1.iter().filter(|g| g.rounds == 9) {
        for (e, row) in &golden.table {
            let mut sorted: Vec<(&String, f64)> = row.iter().map(|(f, &t)| (f, t)).collect();
            sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
            if let [(best, p), (_, q), ..] = sorted[..] && p - q > 1e-6 {
                let got = subject::translate(&golden.table, std::slice::from_ref(e));
                expect_eq(&format!("the translation of “{e}”"), &got, std::slice::from_ref(best))?;
            }
        }
    }
    Ok(())
}

fn summaries_match_the_rules() -> Outcome {
    for golden in Golden::load()?.summaries {
        let got = subject::summarize(&golden.text, golden.n_sentences)?;
        let what = format!("{} sentences of “{}”", golden.n_sentences, golden.text);
        let want: Vec<&str> = golden.summary.iter().map(String::as_str).collect();
        expect_eq(&what, &got, &want)?;
    }
    Ok(())
}

fn summaries_of_tinytown_share_words() -> Outcome {
    let (mut sum, n) = (0.0, 150);
    for example in examples(town::HELD_OUT, n).summaries {
        let got = subject::summarize(&example.text, 1)?.join(" ");
        let words = |text: &str| crate::words::lower_words(text);
        sum += metrics::rouge1_f1(&words(&got), &words(&example.summary));
    }
    within("mean ROUGE-1 F1", sum / n as f64, 0.25, 0.45)
}

fn a_summary_of_nothing_is_an_error() -> Outcome {
    // An answer that always fails must not pass.
    let got = subject::summarize("Dogs bark. Cats and birds. Dogs!", 2)?;
    expect_eq("2 sentences of “Dogs bark. Cats and birds. Dogs!”", &got, &["Cats and birds.", "Dogs!"])?;
    for text in ["", "  \n ", "...! — ?"] {
        expect_error(&format!("the text {text:?}"), subject::summarize(text, 1))?;
    }
    Ok(())
}
