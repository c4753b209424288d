//! Softmax along an axis, its large numbers, and its gradient.

use candle_core::{Device, Tensor, Var};
use grading::numbers::shares;
use grading::{Failure, Outcome, Tolerance, expect_close, expect_eq, expect_error};

use crate::Answers;
use crate::oracle::{self, spread};

fn tensor(x: &[f64], shape: &[usize]) -> candle_core::Result<Tensor> {
    let x: Vec<f32> = x.iter().map(|&v| v as f32).collect();
    Tensor::from_vec(x, shape, &Device::Cpu)
}

fn expect_tensor(what: &str, y: &Tensor, shape: &[usize], want: &[f64]) -> Outcome {
    expect_eq(&format!("{what}: the shape of the result"), y.dims(), shape)?;
    let y = y.flatten_all()?.to_vec1::<f32>()?;
    expect_close(what, shape, &y, want, Tolerance::F32)
}

pub fn closed_form(answers: &Answers) -> Outcome {
    let weights: [f64; 8] = [1.0, 2.0, 5.0, 0.5, 7.0, 3.0, 0.25, 4.0];
    let x = tensor(&weights.map(f64::ln), &[2, 4])?;
    let want: Vec<f64> = weights.chunks(4).flat_map(shares).collect();
    expect_tensor(
        "softmax of [[ln 1, ln 2, ln 5, …], …] along axis 1",
        &(answers.softmax)(&x, 1)?,
        &[2, 4],
        &want,
    )
}

/// Softmax along every axis, as PyTorch has it.
fn expect_case(answers: &Answers, case: &oracle::SoftmaxCase) -> Outcome {
    let x = tensor(&case.x, &case.shape)?;
    for (dim, want) in case.along.iter().enumerate() {
        let what = format!("{}, shape {:?}, along axis {dim}", case.name, case.shape);
        expect_tensor(&what, &(answers.softmax)(&x, dim)?, &case.shape, want)?;
    }
    Ok(())
}

pub fn every_axis_matches_pytorch(answers: &Answers) -> Outcome {
    // Large numbers have a check of their own, whose hints are about them.
    for case in oracle::softmax_cases()?.iter().filter(|case| !case.is_large()) {
        expect_case(answers, case)?;
        // The same numbers seen through a transposition, which makes them lie apart in memory.
        if let [.., _, _] = case.shape[..] {
            let last = case.shape.len() - 1;
            let x = tensor(&case.x, &case.shape)?;
            let y = (answers.softmax)(&x.transpose(last - 1, last)?, last)?;
            let what = format!("{}, transposed, along the last axis", case.name);
            expect_tensor(
                &what,
                &y.transpose(last - 1, last)?,
                &case.shape,
                &case.along[last - 1],
            )?;
        }
    }
    expect_error(
        "softmax along axis 2 of a matrix",
        (answers.softmax)(&tensor(&[1.0, 2.0], &[1, 2])?, 2),
    )
}

pub fn large_logits_stay_finite(answers: &Answers) -> Outcome {
    let weights = [1.0, 3.0, 2.0];
    for offset in [1e4, -1e4, 100.0, -100.0, 1e30] {
        // Quarters, so that f32 holds offset and difference exactly (up to 1e4).
        let x = tensor(&[offset - 0.25, offset + 0.5, offset], &[3])?;
        let steps: &[f64] =
            if offset > 1e5 { &weights.map(|_| 1.0) } else { &[-0.25, 0.5, 0.0].map(f64::exp) };
        let what = format!("softmax of [{offset} − 0.25, {offset} + 0.5, {offset}]");
        expect_tensor(&what, &(answers.softmax)(&x, 0)?, &[3], &shares(steps))?;
    }
    oracle::softmax_cases()?
        .iter()
        .filter(|case| case.is_large())
        .try_for_each(|case| expect_case(answers, case))
}

pub fn gradient_flows(answers: &Answers) -> Outcome {
    let (rows, cols) = (3, 4);
    let x: Vec<f64> = spread(rows * cols, 21).into_iter().map(f64::from).collect();
    // The gradient that comes from above; without it every sum is 1 and every gradient 0.
    let upstream: Vec<f64> = spread(rows * cols, 22).into_iter().map(f64::from).collect();
    let var = Var::from_tensor(&tensor(&x, &[rows, cols])?)?;
    let loss = ((answers.softmax)(&var, 0)? * tensor(&upstream, &[rows, cols])?)?.sum_all()?;
    let gradients = loss.backward()?;
    let gradient = gradients.get(&var).ok_or_else(|| {
        Failure::wrong("no gradient reaches x: an operation on the way has no backward")
    })?;
    let mut want = vec![0.0; rows * cols];
    for col in 0..cols {
        let at = |row: usize| row * cols + col;
        let weights: Vec<f64> = (0..rows).map(|row| x[at(row)].exp()).collect();
        let s = shares(&weights);
        for i in 0..rows {
            want[at(i)] = (0..rows)
                .map(|j| upstream[at(j)] * s[j] * (f64::from(u8::from(i == j)) - s[i]))
                .sum();
        }
    }
    let got = gradient.flatten_all()?.to_vec1::<f32>()?;
    let tolerance = Tolerance { rtol: 1e-4, atol: 1e-6 };
    expect_close("gradient of Σ u·softmax(x) along axis 0", &[rows, cols], &got, &want, tolerance)
}
