//! From counts to probabilities.

use grading::random::seeded;
use grading::{Outcome, Tolerance, expect, expect_close};

use super::EXACT;
use crate::oracle::{self, counted, scanned};
use crate::{Answers, Ngram};

/// The probabilities of all tokens.
fn probs(answers: &Answers, model: &Ngram, context: &[u32]) -> Vec<f64> {
    (0..model.vocab_size() as u32).map(|token| (answers.prob)(model, context, token)).collect()
}

/// Fails unless a model of this text has the probabilities that scanning the text gives.
fn expect_scanned(
    answers: &Answers,
    (tokens, order, vocab_size): (&[u32], usize, usize),
    context: &[u32],
) -> Outcome {
    let got = probs(answers, &counted(tokens, order, vocab_size)?, context);
    let what = format!("the probabilities after {context:?} in {tokens:?}, order {order}");
    expect_close(&what, &[], &got, &scanned(tokens, context, order, vocab_size), EXACT)
}

pub fn probabilities_match_nltk(answers: &Answers) -> Outcome {
    for (case, model) in oracle::cases()? {
        for (context, want) in case.contexts.iter().zip(&case.probs) {
            let what = format!("{}: the probabilities after {context:?}", case.name);
            expect_close(&what, &[], &probs(answers, &model, context), want, EXACT)?;
        }
    }
    Ok(())
}

pub fn probabilities_sum_to_one(answers: &Answers) -> Outcome {
    let mut rng = seeded(2);
    for (len, order, vocab_size) in [(50, 2, 6), (200, 3, 11), (300, 4, 3), (0, 2, 7)] {
        let model = counted(&oracle::tokens(&mut rng, len, vocab_size), order, vocab_size)?;
        for length in 0..=order + 1 {
            let context = oracle::tokens(&mut rng, length, vocab_size);
            let probs = probs(answers, &model, &context);
            let what = format!("the sum of all probabilities after {context:?} (order {order})");
            let exact = Tolerance { rtol: 1e-12, atol: 0.0 };
            expect_close(&what, &[], &[probs.iter().sum::<f64>()], &[1.0], exact)?;
            let worst = probs.iter().copied().fold(f64::INFINITY, f64::min);
            expect(worst > 0.0, || format!("after {context:?} a token has probability {worst}"))?;
        }
    }
    // The uniform distribution sums to one as well: what was seen must be likelier.
    let tokens = [0, 1, 2, 0, 1, 2, 0, 1];
    let probs = probs(answers, &counted(&tokens, 2, 4)?, &[0]);
    expect(probs[1] > 0.5 && probs[3] < 0.25, || {
        format!("1 always comes after 0 in {tokens:?}, 3 never; their probabilities are {probs:?}")
    })
}

pub fn unseen_contexts_back_off(answers: &Answers) -> Outcome {
    let tokens = [0, 1, 2, 0, 2, 2, 1, 0, 1, 2, 3];
    for order in [2, 3, 4] {
        // 4 is not in the text, and nothing comes after 3: the last context is seen in part.
        for context in [&[4][..], &[3], &[4, 2], &[2, 4], &[0, 0, 1], &[4, 0, 1], &[3, 3, 2]] {
            expect_scanned(answers, (&tokens, order, 5), context)?;
        }
    }
    Ok(())
}

pub fn only_the_end_of_a_context_counts(answers: &Answers) -> Outcome {
    let mut rng = seeded(3);
    let tokens = oracle::tokens(&mut rng, 90, 4);
    for order in [1, 2, 3] {
        for length in [order, order + 1, 12] {
            let context = oracle::tokens(&mut rng, length, 4);
            expect_scanned(answers, (&tokens, order, 4), &context)?;
        }
    }
    Ok(())
}

pub fn unknown_tokens_have_no_probability(answers: &Answers) -> Outcome {
    let tokens = [0, 1, 0, 2, 0, 1];
    let model = counted(&tokens, 2, 3)?;
    for context in [&[0][..], &[2], &[]] {
        let asked = [1, 2, 3, 17, u32::MAX];
        let got = asked.map(|token| (answers.prob)(&model, context, token));
        let want = [&scanned(&tokens, context, 2, 3)[1..], &[0.0, 0.0, 0.0]].concat();
        let what = format!("vocabulary 3: probabilities of {asked:?} after {context:?}");
        expect_close(&what, &[], &got, &want, EXACT)?;
    }
    Ok(())
}
