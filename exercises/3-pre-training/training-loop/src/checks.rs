//! Judges answers: the reference, the learner's, a mutant.

use crate::Answers;
use grading::Outcome;

grading::checks! {
    "Steps" => steps {
        function: rows_at, points: 2, section: "the-idea", hints: ["…"]
    }
}

fn steps(answers: &Answers) -> Outcome {
    grading::expect_same("rows", &(answers.rows_at)(4, 4, 1, 0)?.len(), &4)
}
