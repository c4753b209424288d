//! Rope: what it makes of queries and keys, and what it leaves alone.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_error_is};
use tensor_test::{expect_tensor, flat};

use crate::oracle::{self, F32, RopeCase, dot, spread, tensor, turned};
use crate::{Answers, BASE, PositionError};

fn expect_case(answers: &Answers, case: &RopeCase) -> Outcome {
    let RopeCase { name, shape, offset, theta, x, y, .. } = case;
    let what = format!("{name}: shape {shape:?}, offset {offset}, base {theta}");
    let got = (answers.rope)(&tensor(x, shape)?, *offset, *theta)?;
    expect_tensor(&what, &got, shape, DType::F32, y, F32)
}

/// Far positions have a check of their own, whose hints are about them.
fn cases(far: bool) -> Result<Vec<RopeCase>, Failure> {
    let mut cases = oracle::rope_cases()?;
    cases.retain(|case| (case.offset >= 1000) == far);
    Ok(cases)
}

pub fn rope_pairs_halves(answers: &Answers) -> Outcome {
    // One number alone shows who its partner is.
    for (head_dim, i) in [(4, 0), (6, 1), (8, 3), (10, 2)] {
        let (half, one) = (head_dim / 2, i);
        let mut x = vec![0.0; head_dim];
        x[one] = 1.0;
        let y = flat(&(answers.rope)(&tensor(&x, &[1, 1, 1, head_dim])?, 2, BASE)?)?;
        expect(y.len() == head_dim, || format!("expected {head_dim} numbers, got {}", y.len()))?;
        let partner = (0..head_dim).filter(|&j| j != one).find(|&j| y[j].abs() > 1e-5);
        expect(partner == Some(one + half), || {
            let partner = partner.map_or("no other number".to_owned(), |j| format!("number {j}"));
            format!(
                "number {one} of {head_dim} was turned with {partner}; its partner is number {}, \
                 half a vector further (Llama's layout in transformers)",
                one + half
            )
        })?;
    }
    let mut near = cases(false)?;
    near.truncate(2);
    near.iter().try_for_each(|case| expect_case(answers, case))
}

pub fn rope_matches_llama(answers: &Answers) -> Outcome {
    cases(false)?.iter().try_for_each(|case| expect_case(answers, case))
}

pub fn rope_keeps_its_digits(answers: &Answers) -> Outcome {
    cases(true)?.iter().try_for_each(|case| expect_case(answers, case))
}

pub fn rope_starts_at_zero_and_keeps_lengths(answers: &Answers) -> Outcome {
    for (seed, (seq, head_dim)) in (10..).zip([(3, 2), (4, 6), (5, 12)]) {
        let x = spread(2 * seq * head_dim, seed);
        let shape = [1, 2, seq, head_dim];
        let y = (answers.rope)(&tensor(&x, &shape)?, 0, BASE)?;
        let got = flat(&y)?;
        let what = format!("shape {shape:?}");
        for (place, (before, after)) in
            x.chunks(head_dim).zip(got.chunks(head_dim)).enumerate().filter(|(i, _)| i % seq == 0)
        {
            let what = format!("{what}: vector {place}, at position 0, stays as it is");
            expect_close(&what, &[], after, before, Tolerance { rtol: 0.0, atol: 0.0 })?;
        }
        let lengths = |x: &[f64]| -> Vec<f64> {
            x.chunks(head_dim).map(|vector| dot(vector, vector).sqrt()).collect()
        };
        let what = format!("{what}: the lengths of the vectors");
        expect_close(&what, &[2, seq], &lengths(&got), &lengths(&x), F32)?;
        let want = turned(&x, [seq, head_dim], 0, BASE);
        expect_tensor("turned vectors", &y, &shape, DType::F32, &want, F32)?;
    }
    Ok(())
}

pub fn scores_know_only_the_distance(answers: &Answers) -> Outcome {
    for (seed, (head_dim, theta)) in (20..).zip([(4, BASE), (10, 500_000.0), (16, 50.0)]) {
        let (q, k) = (spread(head_dim, seed), spread(head_dim, seed + 50));
        let shape = [1, 1, 1, head_dim];
        let turn = |x: &[f64], p: usize| -> Result<Vec<f64>, Failure> {
            Ok(flat(&(answers.rope)(&tensor(x, &shape)?, p, theta)?)?)
        };
        for (m, n) in [(0, 0), (7, 3), (3, 7), (21, 0)] {
            // In double precision, the query turned by the distance alone.
            let back = turned(&k, [1, head_dim], n, theta);
            let want = dot(&turned(&q, [1, head_dim], m, theta), &back);
            for shift in [0, 1, 100, 5000] {
                let got = dot(&turn(&q, m + shift)?, &turn(&k, n + shift)?);
                let what = format!(
                    "the score of a query at {} and a key at {}, base {theta}",
                    m + shift,
                    n + shift
                );
                let tolerance = Tolerance { rtol: 1e-5, atol: 1e-4 };
                expect_close(&what, &[], &[got], &[want], tolerance)?;
            }
        }
    }
    Ok(())
}

pub fn rope_counts_from_the_offset(answers: &Answers) -> Outcome {
    for (seed, offset, seq) in [(30, 1, 4), (31, 9, 1), (32, 300, 3)] {
        let (shape, theta) = ([2, 1, seq, 6], 1000.0);
        let x = spread(shape.iter().product(), seed);
        let got = (answers.rope)(&tensor(&x, &shape)?, offset, theta)?;
        let what = format!("{seq} places from position {offset} on");
        let want = turned(&x, [seq, 6], offset, theta);
        expect_tensor(&what, &got, &shape, DType::F32, &want, F32)?;
    }
    Ok(())
}

pub fn rope_takes_views_of_both_types(answers: &Answers) -> Outcome {
    let (batch, heads, seq, head_dim) = (2, 3, 4, 6);
    // As it leaves a model: (batch, seq, heads, head_dim), with the axes swapped.
    let x = spread(batch * seq * heads * head_dim, 40);
    let x = Tensor::from_vec(x, (batch, seq, heads, head_dim), &Device::Cpu)?.transpose(1, 2)?;
    let want = turned(&flat(&x)?, [seq, head_dim], 5, BASE);
    let shape = [batch, heads, seq, head_dim];
    let exact = Tolerance { rtol: 1e-10, atol: 1e-10 };
    for (dtype, tolerance) in [(DType::F32, F32), (DType::F64, exact)] {
        let got = (answers.rope)(&x.to_dtype(dtype)?, 5, BASE)?;
        let what = format!("a view of type {dtype:?}");
        expect_tensor(&what, &got, &shape, dtype, &want, tolerance)?;
        let cut = x.to_dtype(dtype)?.narrow(2, 1, 2)?;
        let got = (answers.rope)(&cut, 6, BASE)?;
        let want = turned(&flat(&cut)?, [2, head_dim], 6, BASE);
        let what = format!("two places cut out, of type {dtype:?}");
        expect_tensor(&what, &got, &[batch, heads, 2, head_dim], dtype, &want, tolerance)?;
    }
    Ok(())
}

pub fn rope_passes_gradients(answers: &Answers) -> Outcome {
    let (shape, offset) = ([1, 2, 3, 8], 4);
    let x = spread(48, 50);
    let leaf = Var::from_tensor(&tensor(&x, &shape)?)?;
    let y = (answers.rope)(&leaf, offset, BASE)?;
    expect_tensor("the result", &y, &shape, DType::F32, &turned(&x, [3, 8], offset, BASE), F32)?;
    // Half the squared length of all vectors: turning changes it by nothing, so its gradient is x.
    let gradients = (y.sqr()?.sum_all()? * 0.5)?.backward()?;
    let gradient = gradients.get(&leaf).ok_or_else(|| {
        Failure::wrong("no gradient reaches x: something on the way has no backward")
    })?;
    expect_close("the gradient of ½ Σ y²", &shape, &flat(gradient)?, &x, F32)
}

pub fn rope_refuses_what_it_cannot_turn(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    rope_counts_from_the_offset(answers)?;
    let rope = |shape: &[usize], theta| {
        (answers.rope)(&Tensor::ones(shape, DType::F32, &Device::Cpu).expect("ones"), 3, theta)
    };
    // A shape is judged before its last axis is.
    for shape in [&[][..], &[4], &[2, 5], &[1, 2, 4], &[2, 2, 3], &[1, 1, 1, 2, 4]] {
        let want = PositionError::Shape(shape.to_vec());
        expect_error_is(&format!("x of shape {shape:?}"), rope(shape, BASE), &want)?;
    }
    for head_dim in [1, 7] {
        let what = format!("{head_dim} numbers a head");
        let got = rope(&[1, 2, 3, head_dim], BASE);
        expect_error_is(&what, got, &PositionError::Odd(head_dim))?;
    }
    for theta in [0.0, 0.99, f64::NAN, f64::INFINITY] {
        let what = format!("the base {theta}");
        expect_error_is(&what, rope(&[1, 2, 3, 4], theta), &PositionError::Base(theta))?;
    }
    Ok(())
}
