//! Masks: who may look at whom.

use grading::numbers::counted;
use grading::{Outcome, expect_error_is};

use crate::oracle::{MaskCase, SIDES, expect_mask, mask_cases};
use crate::{Answers, AttentionError, Side};

fn expect_causal(answers: &Answers, which: fn(usize, usize) -> bool) -> Outcome {
    for case in mask_cases()? {
        let MaskCase::Causal { t_q, t_k, mask } = case else { continue };
        if which(t_q, t_k) {
            let what = format!("the mask of {} and {}", counted(t_q, "query"), counted(t_k, "key"));
            expect_mask(&what, (answers.causal_mask)(t_q, t_k), &[t_q, t_k], &mask)?;
        }
    }
    Ok(())
}

pub fn mask_is_a_staircase(answers: &Answers) -> Outcome {
    expect_causal(answers, |t_q, t_k| t_q == t_k)
}

pub fn mask_ends_with_the_keys(answers: &Answers) -> Outcome {
    expect_causal(answers, |t_q, t_k| t_q < t_k)
}

pub fn first_queries_may_see_nothing(answers: &Answers) -> Outcome {
    expect_causal(answers, |t_q, t_k| t_q > t_k)
}

fn expect_padding(answers: &Answers, padding: Side, side: &str) -> Outcome {
    for case in mask_cases()? {
        let MaskCase::Padding { lengths, t_k, side: its, mask } = case else { continue };
        if its == side {
            let what = format!("texts of {lengths:?} tokens in {t_k} places, padding {side}");
            let got = (answers.padding_mask)(&lengths, t_k, padding);
            expect_mask(&what, got, &[lengths.len(), 1, 1, t_k], &mask)?;
        }
    }
    Ok(())
}

pub fn padding_stands_behind(answers: &Answers) -> Outcome {
    expect_padding(answers, Side::Right, "right")
}

pub fn padding_stands_before(answers: &Answers) -> Outcome {
    expect_padding(answers, Side::Left, "left")
}

pub fn long_texts_are_errors(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    padding_stands_behind(answers)?;
    for (lengths, t_k, length) in
        [(&[6][..], 5, 6), (&[5, 2, 9, 7], 5, 9), (&[0, 1], 0, 1), (&[3, 4], 3, 4)]
    {
        for (padding, side) in SIDES {
            let what = format!("texts of {lengths:?} tokens in {t_k} places, padding {side}");
            let got = (answers.padding_mask)(lengths, t_k, padding);
            expect_error_is(&what, got, &AttentionError::TooLong { length, t_k })?;
        }
    }
    Ok(())
}
