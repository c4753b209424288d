//! A block.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect_error_is};
use tensor_test::{
    expect_form, expect_slopes, expect_tensor, flat, numbers, rounding, staircase, tensor, upstream,
};

use super::parts::small;
use crate::oracle::{drawn_model, golden, tiny};
use crate::{Answers, Block, Gpt2, GptError, KeysValues};

pub fn block_is_that_of_transformers(answers: &Answers) -> Outcome {
    let model = tiny()?;
    for dtype in [DType::F64, DType::F32] {
        let model = model.map(|tensor| tensor.to_dtype(dtype))?;
        for case in golden()?.blocks {
            let mask = staircase(case.shape[1], case.shape[1])?;
            let x = tensor(&case.x, &case.shape, dtype)?;
            let block = &model.h[case.layer];
            let (y, _) = (answers.block)(&x, block, &model.config, None, Some(&mask))?;
            let what = format!("block {} of the model in golden/, {dtype:?}", case.layer);
            // The file has ten digits.
            let tolerance = rounding(dtype, &case.y);
            expect_tensor(&what, &y, &case.shape, dtype, &case.y, tolerance)?;
        }
    }
    Ok(())
}

/// A block of a drawn model, and something for it to read.
fn drawn(seed: u64) -> Result<(Gpt2, Tensor), Failure> {
    let model = drawn_model(small(1), 0.8, seed)?;
    let x = tensor(&numbers(2 * 5 * 6, seed + 100), &[2, 5, 6], DType::F64)?;
    Ok((model, x))
}

const CLOSE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-10 };

pub fn block_adds_to_the_stream(answers: &Answers) -> Outcome {
    let (model, x) = drawn(50)?;
    // Large numbers and all, the stream goes straight through.
    let x = (x * 1000.0)?;
    for (open, what) in [
        ([false, false], "both parts return 0"),
        ([true, false], "the feed-forward network returns 0, attention always its bias"),
        ([false, true], "attention returns 0, the feed-forward network always its bias"),
    ] {
        let mut block = model.h[0].clone();
        let Block { attn, mlp, .. } = &mut block;
        let mut added = vec![0.0; 6];
        for (part, open) in [&mut attn.c_proj, &mut mlp.c_proj].into_iter().zip(open) {
            part.weight = part.weight.zeros_like()?;
            if open {
                added = flat(&part.bias)?;
            } else {
                part.bias = part.bias.zeros_like()?;
            }
        }
        let (y, _) = (answers.block)(&x, &block, &model.config, None, None)?;
        let want: Vec<f64> = flat(&x)?.iter().enumerate().map(|(i, x)| x + added[i % 6]).collect();
        let what = format!("{what}: the stream");
        expect_tensor(&what, &y, &[2, 5, 6], DType::F64, &want, CLOSE)?;
    }
    block_is_that_of_transformers(answers)
}

pub fn block_keeps_the_past(answers: &Answers) -> Outcome {
    for (seed, cuts) in (60..).zip([&[5][..], &[1, 4], &[4, 1], &[2, 1, 2], &[1, 1, 1, 1, 1]]) {
        let (model, x) = drawn(seed)?;
        let run = |x: &Tensor, past: Option<&KeysValues>, mask: Tensor| {
            (answers.block)(x, &model.h[0], &model.config, past, Some(&mask))
        };
        let (whole, all) = run(&x, None, staircase(5, 5)?)?;
        let (mut past, mut parts, mut from): (Option<KeysValues>, Vec<Tensor>, usize) =
            (None, Vec::new(), 0);
        for &seq in cuts {
            let part = x.narrow(1, from, seq)?;
            from += seq;
            let (y, kept) = run(&part, past.as_ref(), staircase(seq, from)?)?;
            for (name, kept) in [("keys", &kept.keys), ("values", &kept.values)] {
                let what = format!("{name} kept after {from} tokens");
                expect_form(&what, kept, &[2, 3, from, 2], DType::F64)?;
            }
            parts.push(y);
            past = Some(kept);
        }
        let Some(past) = past else { continue };
        let what = format!("five tokens in parts of {cuts:?}, as at once");
        let parts = Tensor::cat(&parts, 1)?;
        expect_tensor(&what, &parts, &[2, 5, 6], DType::F64, &flat(&whole)?, CLOSE)?;
        for (name, got, want) in
            [("keys", &past.keys, &all.keys), ("values", &past.values, &all.values)]
        {
            let what = format!("{what}: {name}");
            expect_tensor(&what, got, &[2, 3, 5, 2], DType::F64, &flat(want)?, CLOSE)?;
        }
    }
    block_is_that_of_transformers(answers)
}

pub fn block_obeys_its_mask(answers: &Answers) -> Outcome {
    let (model, x) = drawn(70)?;
    let run = |x: &Tensor, mask: Option<&Tensor>| -> Result<Tensor, Failure> {
        Ok((answers.block)(x, &model.h[0], &model.config, None, mask)?.0)
    };
    // Who sees only themselves could as well be alone.
    let only = (0..25).map(|at| u8::from(at % 6 == 0)).collect();
    let only = Tensor::from_vec(only, (5, 5), &Device::Cpu)?;
    let got = run(&x, Some(&only))?;
    for t in 0..5 {
        let alone = flat(&run(&x.narrow(1, t, 1)?.contiguous()?, None)?)?;
        let what = format!("token {t}, which sees only itself");
        expect_tensor(&what, &got.narrow(1, t, 1)?, &[2, 1, 6], DType::F64, &alone, CLOSE)?;
    }
    // Without a mask all see all, also what comes later: the order does not matter.
    let backwards: Vec<Tensor> =
        (0..5).rev().map(|t| x.narrow(1, t, 1)).collect::<Result<_, _>>()?;
    let turned = run(&Tensor::cat(&backwards, 1)?, None)?;
    let whole = run(&x, None)?;
    for t in 0..5 {
        let want = flat(&whole.narrow(1, t, 1)?)?;
        let what = format!("no mask, the tokens in another order: token {t}");
        let got = turned.narrow(1, 4 - t, 1)?;
        expect_tensor(&what, &got, &[2, 1, 6], DType::F64, &want, CLOSE)?;
    }
    block_is_that_of_transformers(answers)
}

pub fn block_passes_gradients(answers: &Answers) -> Outcome {
    let (model, x) = drawn(80)?;
    let mask = staircase(5, 5)?;
    let var = |x: &Tensor| Ok(Var::from_tensor(x)?.into_inner());
    let mut block_model = model.map(var)?;
    let x = var(&x)?;
    let run = |x: &Tensor, block: &Block| -> Result<Tensor, Failure> {
        let (y, _) = (answers.block)(x, block, &model.config, None, Some(&mask))?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = run(&x, &block_model.h[0])?.backward()?;
    expect_slopes("x", &x, gradients.get(&x), &mut |x| {
        Ok(run(x, &block_model.h[0])?.to_scalar::<f64>()?)
    })?;
    let count = block_model.tensors_mut().len();
    // Without both tables, the first two, and the last norm.
    for i in 2..count - 2 {
        let weight = block_model.tensors_mut()[i].clone();
        let what = format!("tensor {i} of the block, {:?}", weight.dims());
        expect_slopes(&what, &weight, gradients.get(&weight), &mut |moved| {
            let mut changed = block_model.clone();
            *changed.tensors_mut()[i] = moved.clone();
            Ok(run(&x, &changed.h[0])?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn block_passes_errors_on(answers: &Answers) -> Outcome {
    block_is_that_of_transformers(answers)?;
    let (model, x) = drawn(90)?;
    let mut config = model.config.clone();
    config.n_head = 4;
    let got = (answers.block)(&x, &model.h[0], &config, None, None);
    let want = GptError::Qkv { shape: vec![2, 5, 18], n_head: 4 };
    expect_error_is("6 numbers in 4 heads", got.map(|(y, _)| y), &want)?;
    let mut block = model.h[0].clone();
    block.mlp.c_fc.weight = block.mlp.c_fc.weight.t()?;
    let got = (answers.block)(&x, &block, &model.config, None, None);
    let want = GptError::Conv1d { x: vec![2, 5, 6], weight: vec![10, 6], bias: vec![10] };
    expect_error_is("a weight that lies as (out, in)", got.map(|(y, _)| y), &want)
}
