//! ALiBi: slopes, and what they add to the scores.

use candle_core::DType;
use grading::{Outcome, Tolerance, expect_close, expect_error_is};
use tensor_test::{expect_tensor, flat};

use crate::oracle::alibi_cases;
use crate::{Answers, PositionError};

const POWER: Tolerance = Tolerance { rtol: 1e-10, atol: 0.0 };
/// Rounded to f32 once or twice.
const ROUNDED: Tolerance = Tolerance { rtol: 5e-7, atol: 0.0 };
/// BLOOM raises a rounded base to a power, and takes differences.
const BLOOM: Tolerance = Tolerance { rtol: 1e-5, atol: 0.0 };

pub fn slopes_of_powers_of_two(answers: &Answers) -> Outcome {
    for exponent in 0..8 {
        let n = 1_usize << exponent;
        // The n-th root of 2⁻⁸, again and again.
        let want: Vec<f64> = (1..=n).map(|h| 0.5_f64.powf((8 * h) as f64 / n as f64)).collect();
        let what = format!("the slopes of {n} heads");
        expect_close(&what, &[], &(answers.alibi_slopes)(n)?, &want, POWER)?;
    }
    Ok(())
}

pub fn slopes_match_bloom_and_mpt(answers: &Answers) -> Outcome {
    for case in alibi_cases()? {
        let n = case.n_heads;
        // What BLOOM adds to the second key is the slope; what MPT adds to the last but one is its
        // negative.
        let bloom: Vec<f64> = case.bloom.chunks(case.keys).map(|row| row[1]).collect();
        let mpt: Vec<f64> = case.mpt.chunks(case.keys).map(|row| -row[case.keys - 2]).collect();
        for (model, want, tolerance) in [("BLOOM", bloom, BLOOM), ("MPT", mpt, ROUNDED)] {
            let what = format!("the slopes of {n} heads in {model}");
            expect_close(&what, &[], &(answers.alibi_slopes)(n)?, &want, tolerance)?;
        }
    }
    Ok(())
}

pub fn no_heads_are_an_error(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    slopes_of_powers_of_two(answers)?;
    expect_error_is("no heads", (answers.alibi_slopes)(0), &PositionError::NoHeads)
}

/// `−m |p − j|` with the slopes of a power of two.
fn bias(n_heads: usize, seq: usize, offset: usize) -> Vec<f64> {
    let mut bias = Vec::new();
    for h in 1..=n_heads {
        let m = 0.5_f64.powf((8 * h) as f64 / n_heads as f64);
        for p in offset..offset + seq {
            bias.extend((0..offset + seq).map(|j| -m * (p as f64 - j as f64).abs()));
        }
    }
    bias
}

fn expect_bias(answers: &Answers, sizes: &[(usize, usize, usize)]) -> Outcome {
    for &(n_heads, seq, offset) in sizes {
        let what = format!("the bias of {n_heads} heads, {seq} queries from position {offset} on");
        let got = (answers.alibi_bias)(n_heads, seq, offset)?;
        let shape = [n_heads, seq, offset + seq];
        let want = bias(n_heads, seq, offset);
        expect_tensor(&what, &got, &shape, DType::F32, &want, ROUNDED)?;
    }
    Ok(())
}

pub fn bias_falls_with_distance(answers: &Answers) -> Outcome {
    expect_bias(answers, &[(1, 2, 0), (2, 5, 0), (8, 3, 0), (4, 33, 0)])
}

pub fn bias_counts_from_the_offset(answers: &Answers) -> Outcome {
    expect_bias(answers, &[(2, 1, 3), (4, 2, 7), (1, 5, 1), (8, 1, 300)])
}

pub fn bias_matches_bloom_and_mpt(answers: &Answers) -> Outcome {
    for case in alibi_cases()? {
        let (n, keys) = (case.n_heads, case.keys);
        let got = flat(&(answers.alibi_bias)(n, keys, 0)?)?;
        let shape = [n, keys];
        // MPT's is that of the last query.
        let last: Vec<f64> =
            got.chunks(keys).skip(keys - 1).step_by(keys).flatten().copied().collect();
        let what = format!("the bias of the last query, {n} heads, as in MPT");
        expect_close(&what, &shape, &last, &case.mpt, ROUNDED)?;
        // BLOOM's is shifted from row to row, which softmax does not see.
        for query in 0..keys {
            let rows = got.chunks(keys).skip(query).step_by(keys);
            let got: Vec<f64> = rows.flat_map(|row| &row[..=query]).copied().collect();
            let want: Vec<f64> = case
                .bloom
                .chunks(keys)
                .flat_map(|row| row[..=query].iter().map(|key| key - row[query]))
                .collect();
            let what = format!("the bias of query {query}, {n} heads, as in BLOOM");
            expect_close(&what, &[n, query + 1], &got, &want, BLOOM)?;
        }
    }
    Ok(())
}

pub fn a_bias_without_heads_is_an_error(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    bias_falls_with_distance(answers)?;
    for (seq, offset) in [(3, 0), (1, 4), (0, 0)] {
        let what = format!("the bias of no heads, {seq} queries");
        let got = (answers.alibi_bias)(0, seq, offset);
        expect_error_is(&what, got, &PositionError::NoHeads)?;
    }
    Ok(())
}
