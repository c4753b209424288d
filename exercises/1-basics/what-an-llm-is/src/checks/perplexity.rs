//! How surprised the model is by a text.

use grading::{Outcome, Tolerance, expect_close, expect_eq};

use super::EXACT;
use crate::oracle::{self, counted};
use crate::{Answers, Ngram, NgramError};

pub fn perplexity_has_a_closed_form(answers: &Answers) -> Outcome {
    for vocab_size in [1, 2, 10, 1023] {
        let model = Ngram::new(3, vocab_size)?;
        let last = vocab_size as u32 - 1;
        let got = (answers.perplexity)(&model, &[0, last, last, 0, last])?;
        let what = format!("a model that has seen nothing, vocabulary {vocab_size}: perplexity");
        expect_close(&what, &[], &[got], &[vocab_size as f64], EXACT)?;
    }
    for (n, len) in [(1_u32, 3), (4, 1), (20, 8)] {
        // n times the token 0: c = n, T = 1, and P(0) = (n + 1/V) / (n + 1).
        let model = counted(&vec![0; n as usize], 1, 5)?;
        let got = (answers.perplexity)(&model, &vec![0; len])?;
        let want = (f64::from(n) + 1.0) / (f64::from(n) + 0.2);
        let what = format!("after {n} times 0, vocabulary 5, order 1: perplexity of {len} times 0");
        expect_close(&what, &[], &[got], &[want], EXACT)?;
    }
    Ok(())
}

pub fn perplexity_matches_nltk(answers: &Answers) -> Outcome {
    for (case, model) in oracle::cases()? {
        for (text, tokens, want) in [
            ("held-out", &case.held_out, case.perplexity),
            ("training", &case.tokens, case.perplexity_of_training),
        ] {
            let what = format!("{}: perplexity of the {text} text", case.name);
            expect_close(&what, &[], &[(answers.perplexity)(&model, tokens)?], &[want], EXACT)?;
        }
    }
    Ok(())
}

pub fn perplexity_of_a_long_text(answers: &Answers) -> Outcome {
    // As above, with 999 times the token 0 of 4: P(0) = 999.25 / 1000, P(1) = 0.25 / 1000.
    let model = counted(&[0; 999], 1, 4)?;
    for (zeros, ones) in [(0, 2000), (30_000, 10_000)] {
        let tokens: Vec<u32> = (0..zeros + ones).map(|i| u32::from(i >= zeros)).collect();
        let share = zeros as f64 / tokens.len() as f64;
        let want = 0.99925_f64.powf(-share) * 0.00025_f64.powf(share - 1.0);
        let got = (answers.perplexity)(&model, &tokens)?;
        let what = format!("perplexity of {zeros} likely and {ones} unlikely tokens");
        expect_close(&what, &[], &[got], &[want], Tolerance { rtol: 1e-8, atol: 0.0 })?;
    }
    Ok(())
}

pub fn perplexity_refuses_bad_input(answers: &Answers) -> Outcome {
    let model = Ngram::new(2, 6)?;
    // An answer that always fails must not pass.
    let got = (answers.perplexity)(&model, &[5, 0])?;
    expect_close("perplexity of a model without counts", &[], &[got], &[6.0], EXACT)?;
    let unknown = |token| NgramError::UnknownToken { token, vocab_size: 6 };
    for (tokens, want) in
        [(&[][..], NgramError::NoTokens), (&[0, 6, 9], unknown(6)), (&[7], unknown(7))]
    {
        let error = (answers.perplexity)(&model, tokens).err();
        expect_eq(&format!("the error of {tokens:?}, vocabulary 6"), &[error], &[Some(want)])?;
    }
    Ok(())
}
