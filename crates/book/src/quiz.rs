//! A quiz: the Markdown beside a lesson's page, and the keys that the lesson's code computed.
//!
//! A heading `## id` begins a question; its text follows, and then a list of the choices: what a
//! choice says, and in a second paragraph why it is right or wrong.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use scores::content_hash;

use crate::stills::{Key, Lesson};

/// A quiz.
#[derive(Clone, Debug, PartialEq)]
pub struct Quiz {
    /// Of the questions.
    pub hash: String,
    /// In the order they are asked.
    pub questions: Vec<Question>,
}

/// A question with one right choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Unique in the lesson.
    pub id: String,
    /// Markdown.
    pub prompt: String,
    /// In the order they are shown.
    pub choices: Vec<Choice>,
    /// The index of the right choice.
    pub answer: usize,
}

/// A choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Markdown.
    pub text: String,
    /// Why it is right or wrong; Markdown.
    pub why: String,
}

impl Quiz {
    /// Reads the quiz of a lesson, `src/<step>/<lesson>.quiz.md`, and puts in the keys.
    ///
    /// # Errors
    /// With file and line, if the text is not a quiz or does not fit the keys.
    pub fn of(root: &Path, lesson: &Lesson) -> Result<Self> {
        let file = format!("src/{}/{}.quiz.md", lesson.step(), lesson.name());
        let text = fs::read_to_string(root.join(&file))
            .with_context(|| format!("{file} cannot be read"))?;
        parse(&text, &lesson.keys).map_err(|(line, why)| anyhow::anyhow!("{file}:{line}: {why}"))
    }
}

/// What is wrong, and in which line.
type Problem = (usize, String);

fn parse(text: &str, keys: &[Key]) -> Result<Quiz, Problem> {
    let mut questions: Vec<(usize, Question)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(id) = line.strip_prefix("## ") {
            let id = id.trim().to_owned();
            questions.push((number, Question { id, ..Question::default() }));
            continue;
        }
        // The title of the file is above the first question.
        let Some((_, question)) = questions.last_mut() else { continue };
        if let Some(text) = line.strip_prefix("- ") {
            question.choices.push(Choice { text: text.trim().into(), why: String::new() });
        } else if line.trim().is_empty() {
            continue;
        } else if let Some(choice) = question.choices.last_mut() {
            if !line.starts_with("  ") {
                return Err((number, "indent what belongs to a choice by two spaces".into()));
            }
            append(&mut choice.why, line);
        } else {
            append(&mut question.prompt, line);
        }
    }
    let mut known = questions.iter().map(|(_, question)| question.id.as_str()).collect::<Vec<_>>();
    known.sort_unstable();
    if let Some(twice) = known.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err((1, format!("two questions are called `{}`", twice[0])));
    }
    if let Some(key) = keys.iter().find(|key| !known.contains(&key.id.as_str())) {
        return Err((1, format!("src/quiz.rs has a key for `{}`, which is not asked", key.id)));
    }
    if !(3..=6).contains(&questions.len()) {
        return Err((1, format!("a quiz has 3 to 6 questions, not {}", questions.len())));
    }
    let complete = |(line, question)| complete(line, question, keys);
    let questions = questions.into_iter().map(complete).collect::<Result<Vec<_>, _>>()?;
    let hash = format!("{:016x}", content_hash(&format!("{questions:?}")));
    Ok(Quiz { hash, questions })
}

/// Paragraphs of one question or choice are joined by spaces.
fn append(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line.trim());
}

fn complete(line: usize, mut question: Question, keys: &[Key]) -> Result<Question, Problem> {
    let id = &question.id;
    let problem = |why: String| (line, format!("{id}: {why}"));
    if question.prompt.is_empty() {
        return Err(problem("nothing is asked".into()));
    }
    if question.choices.len() < 2 || question.choices.iter().any(|choice| choice.why.is_empty()) {
        return Err(problem("every choice needs a reason, and there must be two".into()));
    }
    if let Some(choice) = question.choices.iter().find(|choice| !has_words(&choice.text)) {
        let text = &choice.text;
        return Err(problem(format!("a screen reader finds no words in the choice `{text}`")));
    }
    let key = keys.iter().find(|key| key.id == *id);
    let key = key.ok_or_else(|| problem("src/quiz.rs has no key for it".into()))?;
    let answer = match (&key.answer, &key.problem) {
        (Some(answer), _) => *answer,
        (None, why) => return Err(problem(why.clone().unwrap_or_default())),
    };
    if answer >= question.choices.len() {
        let choices = question.choices.len();
        return Err(problem(format!(
            "the code picks choice {answer}, counted from 0, of {choices}"
        )));
    }
    question.answer = answer;
    Ok(question)
}

/// Whether there is anything to read out beside formulas.
fn has_words(markdown: &str) -> bool {
    let literal = markdown.replace("\\$", "");
    literal.split('$').step_by(2).any(|text| text.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Quiz\n\n## a\n\nOne\nor $2$?\n\n- One\n\n  No,\n  never.\n\n- Two\n\n  Yes.\n\n\
                        ## b\n\nB?\n\n- x\n\n  X.\n\n- y\n\n  Y.\n\n## c\n\nC?\n\n- x\n\n  X.\n\n- y\n\n  Y.\n";

    fn keys(answers: [usize; 3]) -> Vec<Key> {
        let key = |(id, answer): (&str, usize)| Key {
            id: id.into(),
            answer: Some(answer),
            problem: None,
        };
        ["a", "b", "c"].into_iter().zip(answers).map(key).collect()
    }

    #[test]
    fn questions_choices_reasons_and_keys_are_put_together() {
        let quiz = parse(TEXT, &keys([1, 0, 0])).unwrap();
        let first = &quiz.questions[0];
        assert_eq!((first.prompt.as_str(), first.answer), ("One or $2$?", 1));
        assert_eq!(first.choices[0], Choice { text: "One".into(), why: "No, never.".into() });
        assert_ne!(quiz.hash, parse(TEXT, &keys([0, 0, 0])).unwrap().hash);
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_line() {
        let why = |text: &str, answers| parse(text, &keys(answers)).unwrap_err();
        assert_eq!(why(TEXT, [2, 0, 0]).0, 3);
        assert!(why(&TEXT.replace("## b", "## d"), [0; 3]).1.contains("key for `b`"));
        assert!(why(&TEXT.replace("## b", "## a"), [0; 3]).1.contains("two questions"));
        let (line, message) = why(&TEXT.replace("  Yes.\n", ""), [0; 3]);
        assert!(line == 3 && message.contains("needs a reason"), "{message}");
        assert!(parse(TEXT, &keys([0; 3])[..2]).unwrap_err().1.contains("no key"));
        for (choice, is_read_out) in [("$x$", false), ("$x$ of $y$", true), (r"\$5", true)] {
            let quiz = parse(&TEXT.replace("- x", &format!("- {choice}")), &keys([0; 3]));
            assert_eq!(quiz.is_ok(), is_read_out, "{choice}: {quiz:?}");
        }
        let mut failing = keys([0; 3]);
        failing[1] =
            Key { id: "b".into(), answer: None, problem: Some("no choice is true".into()) };
        assert_eq!(parse(TEXT, &failing).unwrap_err(), (17, "b: no choice is true".into()));
        assert_eq!(why(&TEXT.replace("  Yes.", "Yes."), [0; 3]).0, 15);
    }
}
