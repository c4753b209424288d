//! Surprise in bits, and the loss of a text in bits a byte.

use std::f64::consts::{LN_2, LOG2_E};

use grading::{Outcome, Tolerance, expect_close, expect_error_is};

use crate::{Answers, LossError};

const EXACT: Tolerance = Tolerance { rtol: 1e-12, atol: 0.0 };

pub fn surprise_counts_bits(answers: &Answers) -> Outcome {
    let powers = [1, 2, 3, 10, 52, 200, 1074].map(|bits| (0.5_f64.powi(bits), f64::from(bits)));
    let others = [0.3, 0.99, 1e-300].map(|p: f64| (p, -p.ln() / LN_2));
    let ends = [(0.0, f64::INFINITY), (1.0, 0.0)];
    for (p, bits) in powers.into_iter().chain(others).chain(ends) {
        let got = (answers.surprise_bits)(p)?;
        expect_close(&format!("the surprise at p = {p}"), &[], &[got], &[bits], EXACT)?;
    }
    Ok(())
}

pub fn surprise_refuses_what_is_no_probability(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    expect_close("the surprise at 1/4", &[], &[(answers.surprise_bits)(0.25)?], &[2], EXACT)?;
    for p in [-0.1, 1.000001, f64::NAN, f64::INFINITY, -3.0, -f64::MIN_POSITIVE] {
        let what = format!("the surprise at {p}");
        expect_error_is(&what, (answers.surprise_bits)(p), &LossError::NotAProbability(p))?;
    }
    Ok(())
}

pub fn bits_per_byte_counts_bytes(answers: &Answers) -> Outcome {
    // A uniform choice among 256 bytes is 8 bits; every third byte free makes it 16/3.
    for (loss, tokens, bytes, want) in [
        (8.0 * LN_2, 5, 5, 8.0),
        (8.0 * LN_2, 20, 30, 16.0 / 3.0),
        (3.0 * LN_2, 7, 28, 0.75),
        (0.5 * LN_2, 1_000_003, 500_000, 1.000_003),
        (10.0, 3, 11, 30.0 / 11.0 * LOG2_E),
    ] {
        let got = (answers.bits_per_byte)(loss, tokens, bytes)?;
        let what = format!("{tokens} tokens of {loss:.4} nats in {bytes} bytes");
        expect_close(&what, &[], &[got], &[want], EXACT)?;
    }
    Ok(())
}

pub fn no_bytes_are_an_error(answers: &Answers) -> Outcome {
    let got = (answers.bits_per_byte)(LN_2, 3, 2)?;
    expect_close("3 tokens of ln 2 nats in 2 bytes", &[], &[got], &[1.5], EXACT)?;
    for (loss, tokens) in [(1.0, 2), (0.0, 0)] {
        let what = format!("{tokens} tokens in 0 bytes");
        expect_error_is(&what, (answers.bits_per_byte)(loss, tokens, 0), &LossError::NoBytes)?;
    }
    Ok(())
}
