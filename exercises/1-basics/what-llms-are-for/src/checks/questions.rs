// Answers out of a text.

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
