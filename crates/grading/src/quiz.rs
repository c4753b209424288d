//! Quizzes whose answer keys are computed.
//!
//! A question's key is a closure over the lesson's own code, so a wrong key cannot be published:
//! the question says how each choice would be right, and the code says which one is.

use crate::Failure;

/// The quiz of a lesson.
#[derive(Clone, Debug, Default)]
pub struct Quiz {
    /// Three to six questions.
    pub questions: Vec<Question>,
}

/// One question with one right choice.
#[derive(Clone, Debug)]
pub struct Question {
    /// Stable name, unique in the lesson, e.g. `bytes-of-e-acute`.
    pub id: &'static str,
    /// Markdown.
    pub prompt: String,
    /// In the order they are shown.
    pub choices: Vec<Choice>,
    /// The index of the right choice, as the code computed it, or why it could not.
    pub answer: Result<usize, Failure>,
}

/// A choice, and what to tell a reader who takes it.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Markdown.
    pub text: String,
    /// Why it is right or wrong.
    pub why: String,
}

impl Quiz {
    /// Adds a question. `choices` are `(text, why)`; `answer` runs the lesson's code and returns
    /// the index of the right one.
    pub fn ask<const N: usize>(
        mut self,
        id: &'static str,
        prompt: impl Into<String>,
        choices: [(&str, &str); N],
        answer: impl FnOnce() -> Result<usize, Failure>,
    ) -> Self {
        let answer = answer().and_then(|i| {
            (i < N).then_some(i).ok_or_else(|| {
                Failure::wrong(format!("quiz {id}: the code picks choice {i} of {N}"))
            })
        });
        let choice = |(text, why): (&str, &str)| Choice { text: text.into(), why: why.into() };
        self.questions.push(Question {
            id,
            prompt: prompt.into(),
            choices: choices.map(choice).into(),
            answer,
        });
        self
    }
}
