//! The block.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome};
use tensor_test::{
    expect_form, expect_slopes, expect_tensor, flat, numbers, rounding, staircase, tensor, upstream,
};

use crate::oracle::{drawn_model, from_position, golden, places, small, tiny};
use crate::{Answers, Block, KeysValues};

use super::parts::*;

pub fn block_is_that_of_pytorch(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        for case in golden()?.parts {
            let model = tiny(&case.model)?.map(|tensor| tensor.to_dtype(dtype))?;
            let (at, mask) = case.places()?;
            let x = tensor(&case.x, &case.shape, dtype)?;
            let block = &model.blocks[case.layer];
            let (y, _) = (answers.llama_block)(&x, block, &model.config, &at, None, Some(&mask))?;
            let what = format!("block {} of golden/{}, {dtype:?}", case.layer, case.model);
            let tolerance = rounding(dtype, &case.block);
            expect_tensor(&what, &y, &case.shape, dtype, &case.block, tolerance)?;
        }
    }
    Ok(())
}

pub fn block_adds_one_after_the_other(answers: &Answers) -> Outcome {
    let at = from_position(2, [2, 5])?;
    for (seed, scale) in [(100, 1.0), (120, 1000.0)] {
        let model = drawn_model(small(1), 0.8, seed)?;
        let x = numbers(2 * 5 * 5, seed + 19).iter().map(|x| scale * x).collect::<Vec<_>>();
        let x = tensor(&x, &[2, 5, 5], DType::F64)?;
        // With a part that brings back 0, the block is the other part alone.
        let run = |x: &Tensor, attention: bool, mlp: bool| -> Result<Tensor, Failure> {
            let mut block = model.blocks[0].clone();
            let Block { attention: its, mlp: network, .. } = &mut block;
            for (is_open, weight) in
                [(attention, &mut its.o_proj.weight), (mlp, &mut network.down_proj.weight)]
            {
                if !is_open {
                    *weight = weight.zeros_like()?;
                }
            }
            let y = (answers.llama_block)(x, &block, &model.config, &at, None, None)?.0;
            expect_form("what comes out of the block", &y, &[2, 5, 5], DType::F64)?;
            Ok(y)
        };
        let closed = run(&x, false, false)?;
        let what = "both parts return 0: the stream";
        expect_tensor(what, &closed, &[2, 5, 5], DType::F64, &flat(&x)?, CLOSE)?;
        let want = run(&run(&x, true, false)?, false, true)?;
        let what = "attention alone, and the feed-forward network alone behind it: as the block";
        let got = run(&x, true, true)?;
        expect_tensor(what, &got, &[2, 5, 5], DType::F64, &flat(&want)?, CLOSE)?;
    }
    block_is_that_of_pytorch(answers)
}

pub fn block_hands_on_what_it_gets(answers: &Answers) -> Outcome {
    let model = drawn_model(small(1), 0.8, 140)?;
    let block = &model.blocks[0];
    let x = tensor(&numbers(2 * 5 * 5, 141), &[2, 5, 5], DType::F64)?;
    let at = places(&[0, 1, 2, 3, 4, 6, 6, 7, 1, 2], [2, 5])?;
    let run = |x: &Tensor, at: &Tensor, past: Option<&KeysValues>, mask: Option<&Tensor>| {
        (answers.llama_block)(x, block, &model.config, at, past, mask)
    };
    let part = |x: &Tensor, from: usize, len: usize| x.narrow(1, from, len);
    let (whole, all) = run(&x, &at, None, Some(&staircase(5, 5)?))?;
    let (first, past) = run(&part(&x, 0, 3)?, &part(&at, 0, 3)?, None, Some(&staircase(3, 3)?))?;
    let (second, kept) =
        run(&part(&x, 3, 2)?, &part(&at, 3, 2)?, Some(&past), Some(&staircase(2, 5)?))?;
    for (name, got, want) in [
        ("three tokens, then two, as five: the stream", &Tensor::cat(&[first, second], 1)?, &whole),
        ("three tokens, then two, as five: keys", &kept.keys, &all.keys),
        ("three tokens, then two, as five: values", &kept.values, &all.values),
    ] {
        expect_tensor(name, got, want.dims(), DType::F64, &flat(want)?, CLOSE)?;
    }
    // Who sees only itself could as well be alone, wherever it stands.
    let only = (0..25).map(|at| u8::from(at % 6 == 0)).collect();
    let only = Tensor::from_vec(only, (5, 5), &Device::Cpu)?;
    let got = run(&x, &at, None, Some(&only))?.0;
    for t in 0..5 {
        let alone = flat(&run(&part(&x, t, 1)?.contiguous()?, &part(&at, t, 1)?, None, None)?.0)?;
        let what = format!("token {t}, which sees only itself");
        expect_tensor(&what, &part(&got, t, 1)?, &[2, 1, 5], DType::F64, &alone, CLOSE)?;
    }
    // Without a mask all see all.
    let open = Tensor::ones((5, 5), DType::U8, &Device::Cpu)?;
    let want = flat(&run(&x, &at, None, Some(&open))?.0)?;
    let got = run(&x, &at, None, None)?.0;
    expect_tensor("no mask", &got, &[2, 5, 5], DType::F64, &want, CLOSE)?;
    block_is_that_of_pytorch(answers)
}

pub fn block_passes_gradients(answers: &Answers) -> Outcome {
    let mask = staircase(3, 3)?;
    let at = from_position(1, [2, 3])?;
    let mut model = drawn_model(small(1), 0.8, 160)?.map(var)?;
    let x = var(&tensor(&numbers(2 * 3 * 5, 161), &[2, 3, 5], DType::F64)?)?;
    let config = model.config.clone();
    let run = |x: &Tensor, block: &Block| -> Result<Tensor, Failure> {
        let (y, _) = (answers.llama_block)(x, block, &config, &at, None, Some(&mask))?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let block = model.blocks[0].clone();
    let gradients = run(&x, &block)?.backward()?;
    expect_slopes("x", &x, gradients.get(&x), &mut |x| Ok(run(x, &block)?.to_scalar::<f64>()?))?;
    let names = [
        "input_layernorm",
        "q_proj",
        "k_proj",
        "v_proj",
        "o_proj",
        "post_attention_layernorm",
        "gate_proj",
        "up_proj",
        "down_proj",
    ];
    for (i, name) in names.into_iter().enumerate() {
        let weight = model.blocks[0].tensors_mut()[i].clone();
        expect_slopes(name, &weight, gradients.get(&weight), &mut |moved| {
            let mut block = block.clone();
            *block.tensors_mut()[i] = moved.clone();
            Ok(run(&x, &block)?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}
