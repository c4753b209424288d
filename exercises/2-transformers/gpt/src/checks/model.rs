//! The whole model.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_error_is};
use tensor_test::{
    batch_of, expect_causal, expect_form, expect_slopes, expect_tensor, flat, ids, rounding,
    upstream,
};

use super::parts::small;
use crate::oracle::{TextCase, drawn_model, golden, tiny};
use crate::{Answers, Config, Gpt2, GptError, KeysValues};

const CLOSE: Tolerance = Tolerance { rtol: 1e-8, atol: 1e-9 };

/// Compares the logits at tokens.
fn expect_texts(answers: &Answers, which: fn(&TextCase) -> bool) -> Outcome {
    let model = tiny()?;
    let vocab = model.config.vocab_size;
    for dtype in [DType::F64, DType::F32] {
        let model = model.map(|tensor| tensor.to_dtype(dtype))?;
        for case in golden()?.texts.iter().filter(|case| which(case)) {
            let [batch, seq] = case.shape;
            let is_token = match case.is_token.as_slice() {
                [] => None,
                is_token => Some(Tensor::from_slice(is_token, (batch, seq), &Device::Cpu)?),
            };
            let ids = batch_of(&case.ids, case.shape)?;
            let (logits, _) = (answers.forward)(&model, &ids, is_token.as_ref(), &[])?;
            let what = format!("{}, as in transformers, {dtype:?}", case.name);
            expect_form(&what, &logits, &[batch, seq, vocab], dtype)?;
            let tolerance = rounding(dtype, &case.logits);
            for (at, (got, want)) in
                flat(&logits)?.chunks(vocab).zip(case.logits.chunks(vocab)).enumerate()
            {
                if case.is_token.get(at) != Some(&0) {
                    let what = format!("{what}: text {}, place {}", at / seq, at % seq);
                    expect_close(&what, &[], got, want, tolerance)?;
                }
            }
        }
    }
    Ok(())
}

pub fn logits_are_those_of_transformers(answers: &Answers) -> Outcome {
    expect_texts(answers, |case| case.is_token.is_empty())
}

pub fn large_ids_and_positions_are_read(answers: &Answers) -> Outcome {
    // More tokens than 16 bits number.
    let config = Config { vocab_size: 70_000, n_embd: 2, n_head: 1, ..small(1) };
    let model = drawn_model(config, 0.8, 100)?;
    let read = |model: &Gpt2, ids: &[u32]| -> Result<Vec<f64>, Failure> {
        let ids = batch_of(ids, [1, ids.len()])?;
        Ok(flat(&(answers.forward)(model, &ids, None, &[])?.0)?)
    };
    for id in [69_999, 69_999 - 65_536] {
        // Another token that has the same vector; it has another logit only.
        let mut table = flat(&model.wte)?;
        table.copy_within(2 * id..2 * id + 2, 0);
        let other =
            Gpt2 { wte: Tensor::from_vec(table, (70_000, 2), &Device::Cpu)?, ..model.clone() };
        let (got, want) = (read(&model, &[id as u32])?, read(&other, &[0])?);
        expect(got.len() == 70_000, || format!("{} logits of 70,000", got.len()))?;
        let what = format!("token {id} of 70,000, and a token with its vector");
        expect_close(&what, &[], &got[1..], &want[1..], CLOSE)?;
    }
    // And more positions than 8 bits.
    let model = drawn_model(Config { n_positions: 300, ..small(1) }, 0.8, 101)?;
    let text = ids(300, 17, 102);
    let before = read(&model, &text)?;
    let wpe = Tensor::cat(&[model.wpe.narrow(0, 0, 299)?, model.wpe.narrow(0, 0, 1)?], 0)?;
    let after = read(&Gpt2 { wpe, ..model.clone() }, &text)?;
    let off = |at: usize| (before[at] - after[at]).abs();
    let (last, others) = ((299 * 17..300 * 17).map(off), (0..299 * 17).map(off));
    expect(last.fold(0.0, f64::max) > 1e-6 && others.fold(0.0, f64::max) < 1e-9, || {
        "row 299 of wpe was changed: that should change the logits of token 299, and no others"
            .into()
    })?;
    logits_are_those_of_transformers(answers)
}

pub fn padding_moves_nobody(answers: &Answers) -> Outcome {
    expect_texts(answers, |case| !case.is_token.is_empty())?;
    // Padding behind a text that fills all positions, and before one.
    let model = tiny()?.map(|tensor| tensor.to_dtype(DType::F64))?;
    let longest = model.config.n_positions;
    let text = ids(longest, 97, 7);
    let alone = (answers.forward)(&model, &batch_of(&text, [1, longest])?, None, &[])?.0;
    for (before, behind) in [(0, 3), (4, 0), (2, 1)] {
        let fill = |n: usize, x: u32| vec![x; n];
        let padded = [fill(before, 9), text.clone(), fill(behind, 9)].concat();
        let is_token = [fill(before, 0), fill(longest, 1), fill(behind, 0)].concat();
        let shape = [1, before + longest + behind];
        let is_token = batch_of(&is_token, shape)?.to_dtype(DType::U8)?;
        let (got, _) = (answers.forward)(&model, &batch_of(&padded, shape)?, Some(&is_token), &[])?;
        let what = format!("a full text with {before} of padding before and {behind} behind it");
        let got = got.narrow(1, before, longest)?;
        expect_tensor(&what, &got, alone.dims(), DType::F64, &flat(&alone)?, CLOSE)?;
    }
    Ok(())
}

pub fn the_future_changes_nothing(answers: &Answers) -> Outcome {
    let model = drawn_model(small(2), 0.8, 110)?;
    expect_causal(17, |ids| Ok((answers.forward)(&model, ids, None, &[])?.0))?;
    logits_are_those_of_transformers(answers)
}

pub fn parts_are_as_good_as_the_whole(answers: &Answers) -> Outcome {
    let model = drawn_model(small(3), 0.8, 120)?;
    let ids = batch_of(&ids(2 * 9, 17, 121), [2, 9])?;
    let left = [[0, 0, 0, 1, 1, 1, 1, 1, 1_u8], [0, 1, 1, 1, 1, 1, 1, 1, 1]];
    // Each text is padded where it ends, in the middle of what comes in parts.
    let middle = [[1, 1, 1, 0, 0, 1, 1, 1, 1_u8], [1, 1, 1, 1, 1, 1, 1, 1, 1]];
    for is_token in [None, Some(left), Some(middle)] {
        let mask = is_token.map(|rows| Tensor::new(&rows, &Device::Cpu)).transpose()?;
        let (whole, _) = (answers.forward)(&model, &ids, mask.as_ref(), &[])?;
        for cuts in [&[5, 4][..], &[1, 8], &[8, 1], &[3, 2, 4], &[1; 9]] {
            let (mut past, mut from): (Vec<KeysValues>, usize) = (Vec::new(), 0);
            for &seq in cuts {
                let part = ids.narrow(1, from, seq)?;
                let seen = mask.as_ref().map(|mask| mask.narrow(1, 0, from + seq)).transpose()?;
                let (got, kept) = (answers.forward)(&model, &part, seen.as_ref(), &past)?;
                expect(kept.len() == 3, || {
                    format!("kept are keys and values of {} blocks, of 3", kept.len())
                })?;
                expect_form("the logits", &got, &[2, seq, 17], DType::F64)?;
                for row in 0..2 {
                    for t in 0..seq {
                        if is_token.is_some_and(|rows| rows[row][from + t] == 0) {
                            continue;
                        }
                        let what = format!(
                            "in parts of {cuts:?}, padding {}: text {row}, token {}",
                            mask.is_some(),
                            from + t
                        );
                        let got = flat(&got.get(row)?.get(t)?)?;
                        let want = flat(&whole.get(row)?.get(from + t)?)?;
                        expect_close(&what, &[], &got, &want, CLOSE)?;
                    }
                }
                (past, from) = (kept, from + seq);
            }
        }
    }
    logits_are_those_of_transformers(answers)
}

pub fn embeddings_are_tied(answers: &Answers) -> Outcome {
    let model = drawn_model(small(2), 0.8, 130)?;
    let read = [3, 5, 3, 0];
    let run = |model: &Gpt2| -> Result<Vec<f64>, Failure> {
        Ok(flat(&(answers.forward)(model, &batch_of(&read, [1, 4])?, None, &[])?.0)?)
    };
    let before = run(&model)?;
    // The vector of a token that is not read makes its own logit, and no other.
    for token in [4, 16] {
        let mut table = flat(&model.wte)?;
        table[token * 6..][..6].iter_mut().for_each(|x| *x *= -3.0);
        let wte = Tensor::from_vec(table, (17, 6), &Device::Cpu)?;
        let after = run(&Gpt2 { wte, ..model.clone() })?;
        let want: Vec<f64> = before
            .iter()
            .enumerate()
            .map(|(at, x)| if at % 17 == token { -3.0 * x } else { *x })
            .collect();
        let what = format!("row {token} of wte, which is not read, times −3");
        expect_close(&what, &[4, 17], &after, &want, CLOSE)?;
    }
    logits_are_those_of_transformers(answers)
}

pub fn gradients_reach_every_weight(answers: &Answers) -> Outcome {
    let ids = batch_of(&[3, 5, 3, 0, 8, 2], [2, 3])?;
    let mut model = drawn_model(small(2), 0.8, 140)?
        .map(|tensor| Ok(Var::from_tensor(tensor)?.into_inner()))?;
    let run = |model: &Gpt2| -> Result<Tensor, Failure> {
        let (logits, _) = (answers.forward)(model, &ids, None, &[])?;
        Ok((&logits * upstream(&logits)?)?.sum_all()?)
    };
    let gradients = run(&model)?.backward()?;
    for i in 0..model.tensors_mut().len() {
        let weight = model.tensors_mut()[i].clone();
        let what = match i {
            0 => "wte, which embeds and makes logits,".to_owned(),
            1 => "wpe".to_owned(),
            _ => format!("tensor {} of the blocks, {:?},", i - 2, weight.dims()),
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
    logits_are_those_of_transformers(answers)?;
    let model = drawn_model(small(2), 0.8, 150)?;
    let (n_positions, vocab_size) = (11, 17);
    let run = |ids: &[u32], shape: &[usize], is_token: Option<&[usize]>, past: &[KeysValues]| {
        let ids = Tensor::from_slice(ids, shape, &Device::Cpu)?;
        let ones = |shape: &[usize]| Tensor::ones(shape, DType::U8, &Device::Cpu);
        let is_token = is_token.map(ones).transpose()?;
        (answers.forward)(&model, &ids, is_token.as_ref(), past).map(|(logits, _)| logits)
    };
    let refused = |what: &str, got, want: GptError| expect_error_is(what, got, &want);

    refused("one axis", run(&[1, 2], &[2], None, &[]), GptError::Ids(vec![2]))?;
    refused("three axes", run(&[1, 2], &[1, 2, 1], None, &[]), GptError::Ids(vec![1, 2, 1]))?;
    refused("no token", run(&[], &[2, 0], None, &[]), GptError::Ids(vec![2, 0]))?;
    refused("no text", run(&[], &[0, 3], None, &[]), GptError::Ids(vec![0, 3]))?;

    let unknown = |id| GptError::UnknownId { id, vocab_size };
    refused("id 17 of 17", run(&[1, 17, 40], &[1, 3], None, &[]), unknown(17))?;
    refused("id 4294967295", run(&[u32::MAX, 20], &[2, 1], None, &[]), unknown(u32::MAX))?;
    run(&[16; 11], &[1, 11], None, &[])?;

    let too_long = |tokens| GptError::TooLong { tokens, n_positions };
    refused("12 tokens", run(&[1; 12], &[1, 12], None, &[]), too_long(12))?;
    refused("an unknown id and 12 tokens", run(&[17; 12], &[1, 12], None, &[]), unknown(17))?;

    let read = Tensor::from_vec(vec![1_u32; 6], (1, 6), &Device::Cpu)?;
    let (_, past) = (answers.forward)(&model, &read, None, &[])?;
    run(&[1; 5], &[1, 5], None, &past)?;
    refused("6 tokens behind 6", run(&[1; 6], &[1, 6], None, &past), too_long(12))?;
    refused(
        "keys and values of one block for a model of two",
        run(&[1], &[1, 1], None, &past[..1]),
        GptError::Past { blocks: 1, n_layer: 2 },
    )?;
    let three = [past.as_slice(), &past[..1]].concat();
    refused(
        "keys and values of three blocks for a model of two",
        run(&[1], &[1, 1], None, &three),
        GptError::Past { blocks: 3, n_layer: 2 },
    )?;
    // Of two texts that are too long, the first is named, and not the longer one.
    let texts = [[0_u8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1; 13]];
    let ids = Tensor::ones((2, 13), DType::U32, &Device::Cpu)?;
    let got = (answers.forward)(&model, &ids, Some(&Tensor::new(&texts, &Device::Cpu)?), &[]);
    refused("texts of 12 and 13 tokens", got.map(|(logits, _)| logits), too_long(12))?;
    for (shape, past, want) in [
        (&[1, 4][..], &[][..], [1, 3]),
        (&[3], &[], [1, 3]),
        (&[2, 3], &[], [1, 3]),
        (&[1, 3], &past, [1, 9]),
        (&[1, 10], &past, [1, 9]),
    ] {
        let got = run(&[1, 17, 3], &[1, 3], Some(shape), past);
        let what = format!("is_token {shape:?} where {want:?} fits");
        refused(&what, got, GptError::IsToken { got: shape.to_vec(), want })?;
    }
    Ok(())
}
