//! Answers out of a text.

use grading::{Failure, Outcome, expect};
use serde::Deserialize;

use super::golden;
use crate::{Answers, Asked, Candidate, Idf};

/// Texts to count words in, and questions.
#[derive(Deserialize)]
struct Questions {
    texts: Vec<String>,
    tests: Vec<Question>,
}

type Stretch = (usize, usize, String);

#[derive(Deserialize)]
struct Question {
    context: String,
    candidates: Vec<Stretch>,
    question: String,
    answer: Option<Stretch>,
}

/// The answers to the golden questions of this kind.
fn answers_match(answers: &Answers, questions: impl Fn(&str) -> bool) -> Outcome {
    let Questions { texts, tests } = golden::<Questions>("answers")?;
    let idf = Idf::fit(texts.iter().map(String::as_str));
    let candidate = |&(start, end, ref word): &Stretch| {
        let asked = Asked::of(word).ok_or_else(|| Failure::wrong(format!("{word}?")))?;
        Ok::<_, Failure>(Candidate { start, end, asked })
    };
    for test in tests.iter().filter(|test| questions(&test.question)) {
        let Question { context, question, .. } = test;
        let candidates = test.candidates.iter().map(candidate).collect::<Result<Vec<_>, _>>()?;
        let got = (answers.answer)(&idf, context, &candidates, question);
        let want = test.answer.as_ref().map(candidate).transpose()?;
        expect(got == want, || {
            let shown = |answer: Option<Candidate>| match answer {
                Some(c) => format!("“{}”", context.get(c.start..c.end).unwrap_or("?")),
                None => "no answer".to_owned(),
            };
            let (want, got) = (shown(want), shown(got));
            format!("“{question}” of “{context}”: expected {want}, got {got}")
        })?;
    }
    Ok(())
}

pub fn answers_come_from_the_closest_sentence(answers: &Answers) -> Outcome {
    answers_match(answers, |question| Asked::of(question) != Some(Asked::Who))
}

pub fn answers_are_what_is_asked_for(answers: &Answers) -> Outcome {
    answers_match(answers, |question| Asked::of(question).is_some())
}
