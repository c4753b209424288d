//! Positions.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome, Tolerance, expect_error_is};
use positions::PositionError;
use tensor_test::{expect_form, expect_slopes, expect_tensor, flat, numbers, tensor, upstream};

use crate::oracle::{places, turned};
use crate::{Answers, LlamaError};

use super::parts::*;

pub fn rope_turns_each_text_by_its_own(answers: &Answers) -> Outcome {
    let far = u32::MAX;
    for (seed, (shape, positions, theta)) in (1..).zip([
        ([2, 3, 4, 6], &[0, 1, 2, 3, 9, 4, 4, 0][..], 500.0),
        // The padding of a batch, with tokens of one position and its neighbor.
        ([3, 1, 3, 2], &[0, 0, 1, 0, 1, 2, 0, 0, 0], 10_000.0),
        ([1, 5, 2, 8], &[7, 1000], 500_000.0),
        ([1, 2, 3, 4], &[far, far - 1, 1_000_000_007], 10_000.0),
        ([2, 1, 1, 10], &[3, 65_537], 1.0),
    ]) {
        for dtype in [DType::F64, DType::F32] {
            let x = tensor(&numbers(shape.iter().product(), seed), &shape, dtype)?;
            let at = places(positions, [shape[0], shape[2]])?;
            let want = turned(&flat(&x)?, shape, positions, theta);
            // As it comes from split_heads, and with positions that lie across.
            let view = x.transpose(1, 2)?.contiguous()?.transpose(1, 2)?;
            let across = at.t()?.contiguous()?.t()?;
            for (x, at) in [(&x, &at), (&view, &across)] {
                let got = (answers.rope_at)(x, at, theta)?;
                let what = format!("x {shape:?} at {positions:?}, θ {theta}, {dtype:?}");
                // An f64 holds an angle of billions to ten digits.
                let tolerance = match dtype {
                    DType::F32 => Tolerance { rtol: 1e-5, atol: 1e-6 },
                    _ => Tolerance { rtol: 1e-6, atol: 1e-6 },
                };
                expect_tensor(&what, &got, &shape, dtype, &want, tolerance)?;
            }
        }
    }
    Ok(())
}

pub fn rope_sees_distances_only(answers: &Answers) -> Outcome {
    // All positions of a text shifted: no score of its own changes.
    let (q, k) = (numbers(2 * 4 * 6, 20), numbers(2 * 4 * 6, 21));
    let positions = [0, 1, 2, 3, 5, 2, 8, 2];
    let scores = |shift: [u32; 2]| -> Result<Tensor, Failure> {
        let at: Vec<u32> =
            positions.iter().enumerate().map(|(i, position)| position + shift[i / 4]).collect();
        let at = places(&at, [2, 4])?;
        let turn = |x: &[f64]| -> Result<Tensor, Failure> {
            Ok((answers.rope_at)(&tensor(x, &[2, 1, 4, 6], DType::F64)?, &at, 300.0)?)
        };
        let (q, k) = (turn(&q)?, turn(&k)?);
        expect_form("the turned queries", &q, &[2, 1, 4, 6], DType::F64)?;
        Ok(q.contiguous()?.matmul(&k.t()?.contiguous()?)?)
    };
    let want = flat(&scores([0, 0])?)?;
    for shift in [[1, 1], [0, 77], [1000, 3]] {
        let what = format!("scores with the positions of two texts shifted by {shift:?}");
        expect_tensor(&what, &scores(shift)?, &[2, 1, 4, 4], DType::F64, &want, CLOSE)?;
    }
    rope_turns_each_text_by_its_own(answers)
}

pub fn rope_passes_gradients(answers: &Answers) -> Outcome {
    let leaf = var(&tensor(&numbers(2 * 3 * 2 * 4, 30), &[2, 3, 2, 4], DType::F64)?)?;
    let at = places(&[2, 0, 5, 3, 9, 1], [2, 3])?;
    let run = |x: &Tensor| -> Result<Tensor, Failure> {
        let y = (answers.rope_at)(&x.transpose(1, 2)?, &at, 50.0)?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = run(&leaf)?.backward()?;
    expect_slopes("x", &leaf, gradients.get(&leaf), &mut |x| Ok(run(x)?.to_scalar::<f64>()?))?;
    rope_turns_each_text_by_its_own(answers)
}

pub fn rope_refuses(answers: &Answers) -> Outcome {
    rope_turns_each_text_by_its_own(answers)?;
    let run = |x: &[usize], at: &[usize], theta: f64| {
        let at = Tensor::zeros(at, DType::U32, &Device::Cpu)?;
        (answers.rope_at)(&Tensor::zeros(x, DType::F32, &Device::Cpu)?, &at, theta)
    };
    for (x, at) in [
        (&[2, 3, 4][..], &[2, 3][..]),
        (&[2, 3, 4, 6], &[2, 3]),
        (&[2, 3, 4, 6], &[1, 4]),
        (&[2, 3, 4, 6], &[4]),
        (&[2, 3, 4, 6], &[2, 4, 1]),
        (&[2, 3, 4, 5], &[4, 2]),
    ] {
        let want = LlamaError::Positions { x: x.to_vec(), positions: at.to_vec() };
        expect_error_is(&format!("positions {at:?} for x {x:?}"), run(x, at, 10.0), &want)?;
    }
    for (d, theta, want) in [
        (5, 10.0, PositionError::Odd(5)),
        (0, 10.0, PositionError::Odd(0)),
        (4, 0.5, PositionError::Base(0.5)),
        (4, f64::INFINITY, PositionError::Base(f64::INFINITY)),
    ] {
        let what = format!("vectors of {d} numbers, θ {theta}");
        let got = run(&[2, 3, 4, d], &[2, 4], theta);
        expect_error_is(&what, got, &LlamaError::Position(want))?;
    }
    Ok(())
}
