//! The block, and the whole model.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, expect, expect_close, expect_error_is, expect_same};
use tensor_test::{
    expect_causal, expect_form, expect_slopes, expect_tensor, flat, numbers, rounding, staircase,
    tensor, upstream,
};

use super::parts::CLOSE;
use crate::oracle::{drawn_model, golden, ids, small, tiny};
use crate::{Answers, Block, Config, KeysValues, Palm, PalmError};

pub fn block_is_that_of_pytorch(answers: &Answers) -> Outcome {
    let model = tiny()?;
    for dtype in [DType::F64, DType::F32] {
        let model = model.map(|tensor| tensor.to_dtype(dtype))?;
        for case in golden()?.parts {
            let mask = staircase(case.shape[1], case.shape[1])?;
            let x = tensor(&case.x, &case.shape, dtype)?;
            let block = &model.blocks[case.layer];
            let (y, _) = (answers.palm_block)(&x, block, &model.config, None, Some(&mask))?;
            let what = format!("block {} of the model in golden/, {dtype:?}", case.layer);
            let tolerance = rounding(dtype, &case.block);
            expect_tensor(&what, &y, &case.shape, dtype, &case.block, tolerance)?;
        }
    }
    Ok(())
}

/// A block without one of its parts, or both: what a part brings back is 0.
fn without(block: &Block, attention: bool, mlp: bool) -> candle_core::Result<Block> {
    let mut block = block.clone();
    for (is_closed, weight) in
        [(attention, &mut block.attention.o_proj.weight), (mlp, &mut block.mlp.down_proj.weight)]
    {
        if is_closed {
            *weight = weight.zeros_like()?;
        }
    }
    Ok(block)
}

pub fn block_is_parallel(answers: &Answers) -> Outcome {
    for (seed, scale) in [(100, 1.0), (120, 1000.0)] {
        let model = drawn_model(small(1), 0.8, seed)?;
        let x = numbers(2 * 5 * 6, seed + 19).iter().map(|x| scale * x).collect::<Vec<_>>();
        let x = tensor(&x, &[2, 5, 6], DType::F64)?;
        let run = |attention: bool, mlp: bool| -> Result<Vec<f64>, Failure> {
            let block = without(&model.blocks[0], attention, mlp)?;
            let (y, _) = (answers.palm_block)(&x, &block, &model.config, None, None)?;
            expect_form("what comes out of the block", &y, &[2, 5, 6], DType::F64)?;
            Ok(flat(&y)?)
        };
        let x = flat(&x)?;
        let shape = [2, 5, 6];
        let closed = run(true, true)?;
        expect_close("both parts return 0: the stream", &shape, &closed, &x, CLOSE)?;
        // What each part adds does not depend on the other.
        let (found, thought) = (run(false, true)?, run(true, false)?);
        let want: Vec<f64> =
            found.iter().zip(&thought).zip(&x).map(|((a, m), x)| a + m - x).collect();
        let what = "what attention adds alone, plus what the feed-forward network adds alone";
        expect_close(what, &shape, &run(false, false)?, &want, CLOSE)?;
    }
    block_is_that_of_pytorch(answers)
}

pub fn block_hands_on_past_and_mask(answers: &Answers) -> Outcome {
    let model = drawn_model(small(1), 0.8, 140)?;
    let block = &model.blocks[0];
    let x = tensor(&numbers(2 * 5 * 6, 141), &[2, 5, 6], DType::F64)?;
    let run = |x: &Tensor, past: Option<&KeysValues>, mask: Option<&Tensor>| {
        (answers.palm_block)(x, block, &model.config, past, mask)
    };
    let (whole, all) = run(&x, None, Some(&staircase(5, 5)?))?;
    let (first, past) = run(&x.narrow(1, 0, 3)?, None, Some(&staircase(3, 3)?))?;
    let (second, kept) = run(&x.narrow(1, 3, 2)?, Some(&past), Some(&staircase(2, 5)?))?;
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
    let got = run(&x, None, Some(&only))?.0;
    for t in 0..5 {
        let alone = flat(&run(&x.narrow(1, t, 1)?.contiguous()?, None, None)?.0)?;
        let what = format!("token {t}, which sees only itself");
        expect_tensor(&what, &got.narrow(1, t, 1)?, &[2, 1, 6], DType::F64, &alone, CLOSE)?;
    }
    // Without a mask all see all.
    let open = Tensor::ones((5, 5), DType::U8, &Device::Cpu)?;
    let want = flat(&run(&x, None, Some(&open))?.0)?;
    expect_tensor("no mask", &run(&x, None, None)?.0, &[2, 5, 6], DType::F64, &want, CLOSE)?;
    block_is_that_of_pytorch(answers)
}

pub fn block_passes_gradients(answers: &Answers) -> Outcome {
    let mask = staircase(4, 4)?;
    let var = |x: &Tensor| Ok(Var::from_tensor(x)?.into_inner());
    let mut model = drawn_model(small(1), 0.8, 160)?.map(var)?;
    let x = var(&tensor(&numbers(2 * 4 * 6, 161), &[2, 4, 6], DType::F64)?)?;
    let config = model.config.clone();
    let run = |x: &Tensor, block: &Block| -> Result<Tensor, Failure> {
        let (y, _) = (answers.palm_block)(x, block, &config, None, Some(&mask))?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let block = model.blocks[0].clone();
    let gradients = run(&x, &block)?.backward()?;
    expect_slopes("x", &x, gradients.get(&x), &mut |x| Ok(run(x, &block)?.to_scalar::<f64>()?))?;
    let names =
        ["the norm", "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
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

pub fn logits_are_those_of_pytorch(answers: &Answers) -> Outcome {
    let model = tiny()?;
    for dtype in [DType::F64, DType::F32] {
        let model = model.map(|tensor| tensor.to_dtype(dtype))?;
        for case in golden()?.texts {
            let [batch, seq] = case.shape;
            let ids = Tensor::from_slice(&case.ids, (batch, seq), &Device::Cpu)?;
            // As they come, and with the first axes swapped in memory.
            let swapped = ids.t()?.contiguous()?.t()?;
            for ids in [ids, swapped] {
                let (logits, kept) = (answers.palm_forward)(&model, &ids, &[])?;
                let what = format!("{}, {dtype:?}: the logits", case.name);
                let shape = [batch, seq, model.config.vocab_size];
                let tolerance = rounding(dtype, &case.logits);
                expect_tensor(&what, &logits, &shape, dtype, &case.logits, tolerance)?;
                expect_same("blocks that kept keys and values", &kept.len(), &3)?;
            }
        }
    }
    Ok(())
}

pub fn the_future_changes_nothing(answers: &Answers) -> Outcome {
    let model = drawn_model(small(2), 0.8, 200)?;
    expect_causal(17, |ids| Ok((answers.palm_forward)(&model, ids, &[])?.0))?;
    logits_are_those_of_pytorch(answers)
}

pub fn parts_are_as_good_as_the_whole(answers: &Answers) -> Outcome {
    let model = drawn_model(small(3), 0.8, 220)?;
    let ids = ids([2, 9], 17, 221)?;
    let (whole, _) = (answers.palm_forward)(&model, &ids, &[])?;
    for cuts in [&[5, 4][..], &[1, 8], &[8, 1], &[3, 2, 4], &[1; 9]] {
        let (mut past, mut from): (Vec<KeysValues>, usize) = (Vec::new(), 0);
        for &seq in cuts {
            let (got, kept) = (answers.palm_forward)(&model, &ids.narrow(1, from, seq)?, &past)?;
            expect_same("blocks that kept keys and values", &kept.len(), &3)?;
            let want = flat(&whole.narrow(1, from, seq)?)?;
            let what = format!("nine tokens in parts of {cuts:?}, as at once: from token {from}");
            expect_tensor(&what, &got, &[2, seq, 17], DType::F64, &want, CLOSE)?;
            (past, from) = (kept, from + seq);
        }
    }
    logits_are_those_of_pytorch(answers)
}

pub fn embeddings_are_tied(answers: &Answers) -> Outcome {
    let model = drawn_model(small(2), 0.8, 240)?;
    let read = Tensor::new(&[[3_u32, 5, 3, 0]], &Device::Cpu)?;
    let run = |model: &Palm| -> Result<Vec<f64>, Failure> {
        Ok(flat(&(answers.palm_forward)(model, &read, &[])?.0)?)
    };
    let before = run(&model)?;
    // The vector of a token that is not read makes its own logit, and no other.
    for token in [4, 16] {
        let mut table = flat(&model.embeddings)?;
        table[token * 6..][..6].iter_mut().for_each(|x| *x *= -3.0);
        let embeddings = Tensor::from_vec(table, (17, 6), &Device::Cpu)?;
        let after = run(&Palm { embeddings, ..model.clone() })?;
        let scaled = |(at, x): (usize, &f64)| if at % 17 == token { -3.0 * x } else { *x };
        let want: Vec<f64> = before.iter().enumerate().map(scaled).collect();
        let what = format!("row {token} of the embeddings, which is not read, times −3");
        expect_close(&what, &[4, 17], &after, &want, CLOSE)?;
    }
    logits_are_those_of_pytorch(answers)
}

pub fn large_ids_and_long_texts_are_read(answers: &Answers) -> Outcome {
    // More tokens than 16 bits number.
    let config = Config { vocab_size: 70_000, d_model: 2, d_ff: 3, ..small(1) };
    let model = drawn_model(config, 0.8, 260)?;
    let read = |model: &Palm, id: u32| -> Result<Vec<f64>, Failure> {
        let ids = Tensor::new(&[[id]], &Device::Cpu)?;
        Ok(flat(&(answers.palm_forward)(model, &ids, &[])?.0)?)
    };
    for id in [69_999, 69_999 - 65_536] {
        // Another token that has the same vector; it has another logit only.
        let mut table = flat(&model.embeddings)?;
        table.copy_within(2 * id..2 * id + 2, 0);
        let embeddings = Tensor::from_vec(table, (70_000, 2), &Device::Cpu)?;
        let other = Palm { embeddings, ..model.clone() };
        let (got, want) = (read(&model, id as u32)?, read(&other, 0)?);
        expect(got.len() == 70_000, || format!("{} logits of 70,000", got.len()))?;
        let what = format!("token {id} of 70,000, and a token with its vector");
        expect_close(&what, &[], &got[1..], &want[1..], CLOSE)?;
    }
    // No table of positions, no end: 300 tokens and one more are as 301.
    let model = drawn_model(small(1), 0.8, 270)?;
    let text = ids([1, 301], 17, 271)?;
    let whole = (answers.palm_forward)(&model, &text, &[])?.0.narrow(1, 300, 1)?;
    let (_, past) = (answers.palm_forward)(&model, &text.narrow(1, 0, 300)?, &[])?;
    let (got, _) = (answers.palm_forward)(&model, &text.narrow(1, 300, 1)?, &past)?;
    let want = flat(&whole)?;
    expect_tensor("300 tokens, then one more", &got, &[1, 1, 17], DType::F64, &want, CLOSE)?;
    logits_are_those_of_pytorch(answers)
}

pub fn gradients_reach_every_weight(answers: &Answers) -> Outcome {
    let ids = Tensor::new(&[[3_u32, 5, 3], [0, 8, 2]], &Device::Cpu)?;
    let mut model = drawn_model(small(2), 0.8, 280)?
        .map(|tensor| Ok(Var::from_tensor(tensor)?.into_inner()))?;
    let run = |model: &Palm| -> Result<Tensor, Failure> {
        let (logits, _) = (answers.palm_forward)(model, &ids, &[])?;
        Ok((&logits * upstream(&logits)?)?.sum_all()?)
    };
    let gradients = run(&model)?.backward()?;
    let count = model.tensors_mut().len();
    for i in 0..count {
        let weight = model.tensors_mut()[i].clone();
        let what = match i {
            0 => "the embeddings, which make logits, too,".to_owned(),
            i if i + 1 == count => "the last norm".to_owned(),
            i => format!("tensor {} of block {}, {:?},", (i - 1) % 8, (i - 1) / 8, weight.dims()),
        };
        expect_slopes(&what, &weight, gradients.get(&weight), &mut |moved| {
            let mut changed = model.clone();
            *changed.tensors_mut()[i] = moved.clone();
            Ok(run(&changed)?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn forward_refuses(answers: &Answers) -> Outcome {
    logits_are_those_of_pytorch(answers)?;
    let model = drawn_model(small(2), 0.8, 300)?;
    let run = |ids: &[u32], shape: &[usize], past: &[KeysValues]| {
        let ids = Tensor::from_slice(ids, shape, &Device::Cpu)?;
        (answers.palm_forward)(&model, &ids, past).map(|(logits, _)| logits)
    };
    let refused = |what: &str, got, want: PalmError| expect_error_is(what, got, &want);
    refused("one axis", run(&[1, 2], &[2], &[]), PalmError::Ids(vec![2]))?;
    refused("three axes", run(&[1, 2], &[1, 2, 1], &[]), PalmError::Ids(vec![1, 2, 1]))?;
    refused("no token", run(&[], &[2, 0], &[]), PalmError::Ids(vec![2, 0]))?;
    refused("no text", run(&[], &[0, 3], &[]), PalmError::Ids(vec![0, 3]))?;

    let unknown = |id| PalmError::UnknownId { id, vocab_size: 17 };
    refused("id 17 of 17", run(&[1, 17, 40], &[1, 3], &[]), unknown(17))?;
    refused("id 4294967295", run(&[u32::MAX, 20], &[2, 1], &[]), unknown(u32::MAX))?;
    run(&[16; 4], &[2, 2], &[])?;

    let read = Tensor::new(&[[1_u32, 2]], &Device::Cpu)?;
    let (_, past) = (answers.palm_forward)(&model, &read, &[])?;
    run(&[1], &[1, 1], &past)?;
    let three = [past.as_slice(), &past[..1]].concat();
    for past in [&past[..1], &three] {
        let want = || PalmError::Past { blocks: past.len(), n_layers: 2 };
        let what = format!("keys and values of {} for a model of two", past.len());
        refused(&what, run(&[1], &[1, 1], past), want())?;
        refused("the same, and an unknown id", run(&[17], &[1, 1], past), want())?;
        refused("the same, and no token", run(&[], &[1, 0], past), PalmError::Ids(vec![1, 0]))?;
    }
    Ok(())
}
