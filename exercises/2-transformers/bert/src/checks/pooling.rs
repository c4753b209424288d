//! One vector for a text.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect_error_is};
use tensor_test::{expect_slopes, expect_tensor, flat, numbers, rounding, tensor, upstream};

use crate::oracle::golden;
use crate::{Answers, BertError};

const F64: Tolerance = Tolerance { rtol: 1e-11, atol: 1e-12 };

pub fn means_are_of_tokens_only(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        for (seed, case) in (400..).zip(golden()?.texts) {
            let [batch, seq] = case.shape;
            let n = case.hidden.len() / (batch * seq);
            let is_token = match case.is_token.is_empty() {
                true => vec![1; batch * seq],
                false => case.is_token,
            };
            // At padding something else than 0.
            let noise = numbers(case.hidden.len(), seed);
            let hidden: Vec<f64> = (case.hidden.iter().zip(noise).enumerate())
                .map(|(at, (x, noise))| if is_token[at / n] == 0 { 9.0 * noise } else { *x })
                .collect();
            let is_token = Tensor::from_vec(is_token, (batch, seq), &Device::Cpu)?;
            let got = (answers.mean_pool)(&tensor(&hidden, &[batch, seq, n], dtype)?, &is_token)?;
            let what = format!("the mean of {}, as in PyTorch, {dtype:?}", case.name);
            let tolerance = rounding(dtype, &case.pooled);
            expect_tensor(&what, &got, &[batch, n], dtype, &case.pooled, tolerance)?;
        }
    }
    Ok(())
}

pub fn a_text_without_tokens_is_zero(answers: &Answers) -> Outcome {
    let is_token = Tensor::new(&[[0_u8, 0, 0], [0, 1, 0], [0, 0, 0]], &Device::Cpu)?;
    for dtype in [DType::F64, DType::F32] {
        let x = numbers(3 * 3 * 2, 410);
        let got = (answers.mean_pool)(&tensor(&x, &[3, 3, 2], dtype)?, &is_token)?;
        let want = [0.0, 0.0, x[8], x[9], 0.0, 0.0];
        let what = "no token in texts 0 and 2, one in text 1";
        let tolerance = Tolerance { rtol: 1e-6, atol: 0.0 };
        expect_tensor(what, &got, &[3, 2], dtype, &want, tolerance)?;
    }
    means_are_of_tokens_only(answers)
}

pub fn long_texts_are_counted(answers: &Answers) -> Outcome {
    for tokens in [255, 256, 257, 300, 511, 70_000] {
        // 1, 2, 3, … have the mean (tokens + 1) / 2.
        let x: Vec<f64> = (1..=tokens + 2).map(f64::from).collect();
        let seq = x.len();
        let is_token = (0..seq).map(|place| u8::from(place < tokens as usize)).collect();
        let is_token = Tensor::from_vec(is_token, (1, seq), &Device::Cpu)?;
        let got = (answers.mean_pool)(&tensor(&x, &[1, seq, 1], DType::F64)?, &is_token)?;
        let what = format!("the mean of 1 to {tokens}, and two of padding");
        expect_tensor(&what, &got, &[1, 1], DType::F64, &[f64::from(tokens + 1) / 2.0], F64)?;
    }
    Ok(())
}

pub fn pool_passes_gradients(answers: &Answers) -> Outcome {
    let is_token = Tensor::new(&[[1_u8, 1, 0, 0], [0, 0, 0, 0], [0, 1, 1, 1]], &Device::Cpu)?;
    let x = tensor(&numbers(3 * 4 * 2, 420), &[3, 4, 2], DType::F64)?;
    let x = Var::from_tensor(&x)?.into_inner();
    let run = |x: &Tensor| -> Result<Tensor, Failure> {
        let y = (answers.mean_pool)(x, &is_token)?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = run(&x)?.backward()?;
    let gradient = gradients.get(&x);
    expect_slopes("hidden", &x, gradient, &mut |x| Ok(run(x)?.to_scalar::<f64>()?))?;
    let upstream = flat(&upstream(&Tensor::zeros((3, 2), DType::F64, &Device::Cpu)?)?)?;
    let counts = [2.0, 0.0, 3.0];
    let tokens = flat(&is_token)?;
    let want: Vec<f64> = (0..24)
        .map(|i| match tokens[i / 2] {
            0.0 => 0.0,
            _ => upstream[i / 8 * 2 + i % 2] / counts[i / 8],
        })
        .collect();
    let Some(gradient) = gradient else { return Err(Failure::wrong("hidden gets no gradient")) };
    let what = "the gradient of hidden: a share for each token, 0 at padding";
    expect_tensor(what, gradient, &[3, 4, 2], DType::F64, &want, F64)
}

pub fn pool_refuses(answers: &Answers) -> Outcome {
    means_are_of_tokens_only(answers)?;
    for (hidden, is_token) in [
        (&[2, 3, 4][..], &[2, 4][..]),
        (&[2, 3, 4], &[3, 2]),
        (&[2, 3, 4], &[1, 3]),
        (&[2, 3, 4], &[2, 1]),
        (&[2, 3, 4], &[6]),
        (&[2, 3, 4], &[2, 3, 1]),
        (&[2, 3, 4], &[2, 3, 4]),
        (&[3, 4], &[3]),
        (&[3, 4], &[3, 4]),
        (&[1, 2, 3, 4], &[1, 2]),
        (&[4], &[]),
        (&[0, 3, 4], &[0, 3]),
        (&[2, 0, 4], &[2, 0]),
        (&[2, 3, 0], &[2, 3]),
    ] {
        let x = Tensor::zeros(hidden, DType::F32, &Device::Cpu)?;
        let got = (answers.mean_pool)(&x, &Tensor::ones(is_token, DType::U8, &Device::Cpu)?);
        let what = format!("hidden {hidden:?}, is_token {is_token:?}");
        let [hidden, is_token] = [hidden, is_token].map(<[usize]>::to_vec);
        expect_error_is(&what, got, &BertError::Pool { hidden, is_token })?;
    }
    Ok(())
}
