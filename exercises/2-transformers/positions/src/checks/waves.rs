//! Frequencies, and positions as waves.

use candle_core::DType;
use grading::{Outcome, Tolerance, expect_close, expect_error_is};
use tensor_test::{expect_tensor, flat};

use crate::oracle::{self, F32, dot, frequency};
use crate::{Answers, BASE, PositionError};

/// A power, by whatever way.
const POWER: Tolerance = Tolerance { rtol: 1e-11, atol: 0.0 };

pub fn frequencies_fall_by_equal_factors(answers: &Answers) -> Outcome {
    for (dim, theta, want) in [
        (8, 16.0, &[1.0, 0.5, 0.25, 0.125][..]),
        (8, 10_000.0, &[1.0, 0.1, 0.01, 0.001]),
        (6, 1e6, &[1.0, 0.01, 0.0001]),
        (4, 3.0, &[1.0, 0.577_350_269_189_625_8]),
        (2, 500_000.0, &[1.0]),
        (10, 1.0, &[1.0; 5]),
    ] {
        let what = format!("the frequencies of {dim} numbers, base {theta}");
        expect_close(&what, &[], &(answers.frequencies)(dim, theta)?, want, POWER)?;
    }
    Ok(())
}

pub fn frequencies_match_llama(answers: &Answers) -> Outcome {
    for case in oracle::rope_cases()? {
        let (dim, theta) = (case.shape[3], case.theta);
        let what = format!("the frequencies of {dim} numbers, base {theta}");
        let got = (answers.frequencies)(dim, theta)?;
        expect_close(&what, &[], &got, &case.frequencies, POWER)?;
    }
    // Llama's real sizes.
    for (dim, theta) in [(128, 10_000.0), (128, 500_000.0), (64, 1e6)] {
        let want: Vec<f64> = (0..dim / 2).map(|i| frequency(i, dim, theta)).collect();
        let what = format!("the frequencies of {dim} numbers, base {theta}");
        expect_close(&what, &[], &(answers.frequencies)(dim, theta)?, &want, POWER)?;
    }
    Ok(())
}

pub fn bad_sizes_and_bases_are_errors(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    frequencies_fall_by_equal_factors(answers)?;
    for dim in [0, 1, 7, 127] {
        let what = format!("{dim} numbers in pairs");
        let got = (answers.frequencies)(dim, BASE);
        expect_error_is(&what, got, &PositionError::Odd(dim))?;
    }
    for theta in [0.0, -2.0, 0.5, 1.0_f64.next_down(), f64::NAN, f64::INFINITY, -f64::INFINITY] {
        let what = format!("the base {theta}");
        let got = (answers.frequencies)(8, theta);
        expect_error_is(&what, got, &PositionError::Base(theta))?;
    }
    let got = (answers.frequencies)(5, f64::NAN);
    expect_error_is("5 numbers and the base NaN", got, &PositionError::Odd(5))
}

/// The rows that a case names, from a table long enough.
fn expect_rows(answers: &Answers, case: &oracle::WaveCase) -> Outcome {
    let oracle::WaveCase { d_model, positions, rows } = case;
    let len = positions.iter().max().map_or(0, |last| last + 1);
    let got = (answers.sinusoidal)(len, *d_model)?;
    let all = flat(&got)?;
    for (p, want) in positions.iter().zip(rows.chunks(*d_model)) {
        let what = format!("position {p} of {len}, in {d_model} numbers");
        expect_close(
            &what,
            &[],
            all.get(p * d_model..(p + 1) * d_model).unwrap_or(&[]),
            want,
            F32,
        )?;
    }
    let want: Vec<f64> = (0..len)
        .flat_map(|p| (0..d_model / 2).map(move |i| p as f64 * frequency(i, *d_model, BASE)))
        .flat_map(|angle| [angle.sin(), angle.cos()])
        .collect();
    let what = format!("the waves of {len} positions, in {d_model} numbers");
    expect_tensor(&what, &got, &[len, *d_model], DType::F32, &want, F32)
}

pub fn waves_match_the_paper(answers: &Answers) -> Outcome {
    let near = |case: &&oracle::WaveCase| case.positions.iter().all(|&p| p < 1000);
    oracle::wave_cases()?.iter().filter(near).try_for_each(|case| expect_rows(answers, case))
}

pub fn waves_know_distances(answers: &Answers) -> Outcome {
    for (len, d_model) in [(9, 4), (30, 10), (12, 64)] {
        let waves = flat(&(answers.sinusoidal)(len, d_model)?)?;
        let rows: Vec<&[f64]> = waves.chunks(d_model).collect();
        for (p, q) in [(0, 0), (3, 3), (0, 5), (2, 7), (8, 3)] {
            let apart = p as f64 - q as f64;
            let want: f64 =
                (0..d_model / 2).map(|i| (apart * frequency(i, d_model, BASE)).cos()).sum();
            let got = match (rows.get(p), rows.get(q)) {
                (Some(a), Some(b)) => dot(a, b),
                _ => f64::NAN,
            };
            let what = format!("the dot product of positions {p} and {q}, in {d_model} numbers");
            expect_close(&what, &[], &[got], &[want], F32)?;
        }
    }
    Ok(())
}

pub fn waves_keep_their_digits(answers: &Answers) -> Outcome {
    let far = |case: &&oracle::WaveCase| case.positions.iter().any(|&p| p >= 1000);
    oracle::wave_cases()?.iter().filter(far).try_for_each(|case| expect_rows(answers, case))
}

pub fn waves_refuse_odd_sizes(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    waves_know_distances(answers)?;
    for d_model in [0, 1, 9] {
        for len in [0, 4] {
            let what = format!("{len} positions in {d_model} numbers");
            let got = (answers.sinusoidal)(len, d_model);
            expect_error_is(&what, got, &PositionError::Odd(d_model))?;
        }
    }
    Ok(())
}
