//! Attention.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome, expect, expect_close, expect_error_is};
use tensor_test::{
    expect_form, expect_slopes, expect_tensor, flat, numbers, rounding, staircase, tensor, upstream,
};

use crate::oracle::{drawn_model, from_position, golden, places, small, tiny};
use crate::{Answers, Config, KeysValues, LlamaError};

use super::parts::*;

pub fn attention_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        for case in golden()?.parts {
            let model = tiny(&case.model)?.map(|tensor| tensor.to_dtype(dtype))?;
            let Config { n_kv_heads, d_head, .. } = model.config;
            let [batch, seq, _] = case.shape;
            let (at, mask) = case.places()?;
            let x = tensor(&case.x, &case.shape, dtype)?;
            // As it comes, and with the numbers of a place in all texts side by side.
            let swapped = x.transpose(0, 1)?.contiguous()?.transpose(0, 1)?;
            for x in [x, swapped] {
                let its = &model.blocks[case.layer].attention;
                let run = answers.llama_attention;
                let (y, kept) = run(&x, its, &model.config, &at, None, Some(&mask))?;
                let what = format!("block {} of golden/{}, {dtype:?}", case.layer, case.model);
                let shared = [batch, n_kv_heads, seq, d_head];
                for (name, got, shape, want) in [
                    ("the kept keys", &kept.keys, shared.as_slice(), &case.keys),
                    ("the kept values", &kept.values, shared.as_slice(), &case.values),
                    ("the result", &y, case.shape.as_slice(), &case.attention),
                ] {
                    let tolerance = rounding(dtype, want);
                    expect_tensor(&format!("{what}: {name}"), got, shape, dtype, want, tolerance)?;
                }
            }
        }
    }
    Ok(())
}

pub fn attention_goes_on_from_its_past(answers: &Answers) -> Outcome {
    for (seed, cuts) in (60..).zip([&[1, 4][..], &[4, 1], &[2, 1, 2], &[1, 1, 1, 1, 1]]) {
        let model = drawn_model(small(1), 0.8, 20 * seed)?;
        let its = &model.blocks[0].attention;
        let x = tensor(&numbers(2 * 5 * 5, seed), &[2, 5, 5], DType::F64)?;
        // The texts begin at other positions.
        let at = places(&[0, 1, 2, 3, 4, 3, 4, 5, 9, 10], [2, 5])?;
        let run = |x: &Tensor, at: &Tensor, past: Option<&KeysValues>, mask: Tensor| {
            (answers.llama_attention)(x, its, &model.config, at, past, Some(&mask))
        };
        let (whole, all) = run(&x, &at, None, staircase(5, 5)?)?;
        let (mut past, mut parts, mut from): (Option<KeysValues>, Vec<Tensor>, usize) =
            (None, Vec::new(), 0);
        for &seq in cuts {
            let (part, at) = (x.narrow(1, from, seq)?, at.narrow(1, from, seq)?);
            from += seq;
            let (y, kept) = run(&part, &at, past.as_ref(), staircase(seq, from)?)?;
            for (name, kept) in [("keys", &kept.keys), ("values", &kept.values)] {
                let what = format!("{name} kept after {from} of 5 tokens, in parts of {cuts:?}");
                expect_form(&what, kept, &[2, 2, from, 4], DType::F64)?;
            }
            parts.push(y);
            past = Some(kept);
        }
        let Some(past) = past else { continue };
        let what = format!("five tokens in parts of {cuts:?}, as at once");
        for (name, got, want) in [
            ("the result", &Tensor::cat(&parts, 1)?, &whole),
            ("keys", &past.keys, &all.keys),
            ("values", &past.values, &all.values),
        ] {
            let what = format!("{what}: {name}");
            expect_tensor(&what, got, want.dims(), DType::F64, &flat(want)?, CLOSE)?;
        }
    }
    attention_is_that_of_pytorch(answers)
}

pub fn attention_obeys_its_mask(answers: &Answers) -> Outcome {
    let model = drawn_model(small(1), 0.8, 70)?;
    let x = tensor(&numbers(2 * 5 * 5, 71), &[2, 5, 5], DType::F64)?;
    let at = from_position(0, [2, 5])?;
    let run = |x: &Tensor, at: &Tensor, mask: Option<&Tensor>| -> Result<Tensor, Failure> {
        let its = &model.blocks[0].attention;
        Ok((answers.llama_attention)(x, its, &model.config, at, None, mask)?.0)
    };
    // Who sees only itself takes its own value, wherever it stands.
    let only = (0..25).map(|at| u8::from(at % 6 == 0)).collect();
    let only = Tensor::from_vec(only, (5, 5), &Device::Cpu)?;
    let got = run(&x, &at, Some(&only))?;
    for t in 0..5 {
        let alone = run(&x.narrow(1, t, 1)?.contiguous()?, &at.narrow(1, t, 1)?, None)?;
        let what = format!("token {t}, which sees only itself");
        expect_tensor(&what, &got.narrow(1, t, 1)?, &[2, 1, 5], DType::F64, &flat(&alone)?, CLOSE)?;
    }
    // Without a mask all see all: as with one that hides nothing, and not as with the causal one.
    let open = run(&x, &at, Some(&Tensor::ones((5, 5), DType::U8, &Device::Cpu)?))?;
    let all = flat(&open)?;
    expect_tensor("no mask", &run(&x, &at, None)?, &[2, 5, 5], DType::F64, &all, CLOSE)?;
    // A mask of each text, and of each head; a query that sees nothing brings nothing.
    let mut see = vec![1_u8; 2 * 6 * 5 * 5];
    for (head, row) in see[..6 * 25].chunks_mut(25).enumerate() {
        row.copy_from_slice(&(0..25).map(|at| u8::from(at % 5 == head % 4)).collect::<Vec<_>>());
    }
    let mask = Tensor::from_vec(see, (2, 6, 5, 5), &Device::Cpu)?;
    let got = run(&x, &at, Some(&mask))?;
    let second = got.narrow(0, 1, 1)?;
    let what = "the second text, which sees all";
    expect_tensor(what, &second, &[1, 5, 5], DType::F64, &all[25..], CLOSE)?;
    let first = flat(&got.narrow(0, 0, 1)?)?;
    // Who looks at one token takes its value: head h that of its group, number by number.
    let its = &model.blocks[0].attention;
    let [x_plain, v, o] = [&x, &its.v_proj.weight, &its.o_proj.weight].map(flat);
    let (x_plain, v, o) = (x_plain?, v?, o?);
    let mut want = [0.0; 5];
    for (h, i, d) in (0..6 * 4 * 5).map(|n| (n / 20, n / 5 % 4, n % 5)) {
        let token = &x_plain[5 * (h % 4)..][..5];
        let value: f64 = token.iter().zip(&v[5 * (h / 3 * 4 + i)..]).map(|(x, w)| x * w).sum();
        want[d] += o[24 * d + 4 * h + i] * value;
    }
    let what = "five tokens whose heads look at one token each, all at the same ones";
    expect_close(what, &[5, 5], &first, &want.repeat(5), CLOSE)?;
    let nothing = Tensor::zeros((5, 5), DType::U8, &Device::Cpu)?;
    let got = run(&x, &at, Some(&nothing))?;
    expect_tensor("a mask of zeros", &got, &[2, 5, 5], DType::F64, &[0.0; 50], CLOSE)?;
    attention_is_that_of_pytorch(answers)
}

pub fn attention_passes_gradients(answers: &Answers) -> Outcome {
    let mask = staircase(4, 4)?;
    let at = places(&[0, 1, 2, 3, 5, 6, 8, 9], [2, 4])?;
    let mut model = drawn_model(small(1), 0.8, 80)?.map(var)?;
    let x = var(&tensor(&numbers(2 * 4 * 5, 81), &[2, 4, 5], DType::F64)?)?;
    let config = model.config.clone();
    let run = |x: &Tensor, its: &crate::Attention| -> Result<Tensor, Failure> {
        let (y, kept) = (answers.llama_attention)(x, its, &config, &at, None, Some(&mask))?;
        let sum = |y: &Tensor| (y * upstream(y)?)?.sum_all();
        // What is kept may be looked at again, and learns by that, too.
        Ok(((sum(&y)? + sum(&kept.keys)?)? + sum(&kept.values)?)?)
    };
    let gradients = run(&x, &model.blocks[0].attention)?.backward()?;
    let its = model.blocks[0].attention.clone();
    expect_slopes("x", &x, gradients.get(&x), &mut |x| Ok(run(x, &its)?.to_scalar::<f64>()?))?;
    for (i, name) in ["q_proj", "k_proj", "v_proj", "o_proj"].into_iter().enumerate() {
        let weight = model.blocks[0].tensors_mut()[1 + i].clone();
        expect_slopes(name, &weight, gradients.get(&weight), &mut |moved| {
            let mut block = model.blocks[0].clone();
            *block.tensors_mut()[1 + i] = moved.clone();
            Ok(run(&x, &block.attention)?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn attention_refuses(answers: &Answers) -> Outcome {
    attention_is_that_of_pytorch(answers)?;
    let run = |config: Config, x: &[usize], at: &[usize], mask: Option<Tensor>| {
        let model = drawn_model(small(1), 0.8, 90)?;
        let x = Tensor::zeros(x, DType::F64, &Device::Cpu)?;
        let at = Tensor::zeros(at, DType::U32, &Device::Cpu)?;
        let its = &model.blocks[0].attention;
        (answers.llama_attention)(&x, its, &config, &at, None, mask.as_ref()).map(|(y, _)| y)
    };
    let got = run(small(1), &[2, 5, 4], &[2, 5], None);
    expect(
        matches!(&got, Err(LlamaError::Part(palm::PalmError::Linear { x, .. })) if x == &[2, 5, 4]),
        || {
            format!(
                "vectors of 4 numbers for weights that take 5: expected the error of `Linear::forward`, got {got:?}"
            )
        },
    )?;
    for (what, config) in [
        ("24 numbers for 7 heads of queries", Config { n_heads: 7, ..small(1) }),
        ("8 numbers for 3 heads of keys", Config { n_kv_heads: 3, ..small(1) }),
        ("six heads of queries for four of keys", Config { n_kv_heads: 4, ..small(1) }),
    ] {
        // Its error, or that of whichever part sees first that heads do not fit.
        let got = run(config, &[2, 5, 5], &[2, 5], None);
        expect(got.is_err(), || format!("{what}: expected an error, got a result"))?;
    }
    let got = run(small(1), &[2, 5, 5], &[2, 4], None);
    expect(matches!(got, Err(LlamaError::Positions { .. })), || {
        format!("four positions for five tokens: expected an error Positions, got {got:?}")
    })?;
    let mask = Tensor::ones((5, 4), DType::U8, &Device::Cpu)?;
    let got = run(small(1), &[2, 5, 5], &[2, 5], Some(mask));
    let (mask, scores) = (vec![5, 4], vec![2, 6, 5, 5]);
    let want = LlamaError::Attention(attention::AttentionError::Mask { mask, scores });
    expect_error_is("a mask (5, 4) for five tokens", got, &want)
}
