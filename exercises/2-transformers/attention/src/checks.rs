//! Judges answers: the reference, the learner's, a mutant.

use grading::{Outcome, expect_eq};

use crate::Answers;

grading::checks! {
    "The mask is a staircase" => mask_is_a_staircase {
        function: causal_mask, points: 2, section: "who-may-look", hints: [
            "Query i sees the keys up to itself.",
        ]
    }
}

fn mask_is_a_staircase(answers: &Answers) -> Outcome {
    let mask = (answers.causal_mask)(2, 3)?.flatten_all()?.to_vec1::<u8>()?;
    expect_eq("the mask of 2 queries and 3 keys", &mask, &[1, 1, 0, 1, 1, 1])
}
