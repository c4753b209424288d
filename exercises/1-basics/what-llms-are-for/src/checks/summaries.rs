//! The sentences that say most.

use grading::{Outcome, expect, expect_eq};
use serde::Deserialize;

use super::golden;
use crate::{Answers, TaskError};

/// A text and its most typical sentences.
#[derive(Deserialize)]
struct Summary {
    text: String,
    n_sentences: usize,
    summary: Vec<String>,
}

pub fn summaries_match_the_rules(answers: &Answers) -> Outcome {
    for Summary { text, n_sentences, summary } in golden::<Vec<Summary>>("summaries")? {
        let got = (answers.summarize)(&text, n_sentences)?;
        let want: Vec<&str> = summary.iter().map(String::as_str).collect();
        expect_eq(&format!("{n_sentences} sentences of “{text}”"), &got, &want)?;
    }
    Ok(())
}

pub fn a_summary_of_nothing_is_an_error(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    let text = "Dogs bark. Cats and birds. Dogs!";
    let got = (answers.summarize)(text, 2)?;
    expect_eq(&format!("2 sentences of “{text}”"), &got, &["Cats and birds.", "Dogs!"])?;
    for text in ["", "  \n ", "...! — ?"] {
        let got = (answers.summarize)(text, 1);
        expect(got == Err(TaskError::NoWords), || {
            format!("the text {text:?}: expected the error NoWords, got {got:?}")
        })?;
    }
    Ok(())
}
