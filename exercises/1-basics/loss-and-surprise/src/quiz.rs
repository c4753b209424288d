//! The quiz of the page; the lesson's code picks the right choices.

use grading::{Failure, Quiz};

use crate::solution::mean;

/// Three questions.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "mean-or-median",
            "What is the mean of 1, 2 and 6?",
            [
                ("2", "This is the median: the number in the middle."),
                ("3", "The sum is 9, and there are three numbers."),
                ("9", "This is the sum; it still has to be divided by 3."),
            ],
            || pick(&[2.0, 3.0, 9.0], mean(&[1.0, 2.0, 6.0])?),
        )
        .ask(
            "one-outlier",
            "Four numbers are 1, the fifth is 96. What is their mean?",
            [
                (
                    "1: most of them are",
                    "This is the most frequent value. The mean follows every number.",
                ),
                (
                    "20",
                    "The sum is 100, and there are five numbers: one outlier moves the mean far.",
                ),
                ("48.5", "This is the middle between the smallest and the largest number."),
            ],
            || pick(&[1.0, 20.0, 48.5], mean(&[1.0, 1.0, 1.0, 1.0, 96.0])?),
        )
        .ask(
            "mean-of-nothing",
            "What is the mean of no numbers?",
            [
                (
                    "0",
                    "Zero would be an answer like any other, and nobody would notice the mistake.",
                ),
                ("An error", "There is nothing to divide by, and the caller should know."),
            ],
            || Ok(usize::from(mean(&[]).is_err())),
        )
}

/// The index of the choice that the code computed.
fn pick(choices: &[f64], computed: f64) -> Result<usize, Failure> {
    let found = choices.iter().position(|choice| (choice - computed).abs() < 1e-9);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed}")))
}
