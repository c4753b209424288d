//! The whole model.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, expect_close, expect_error_is, expect_same};
use tensor_test::{
    batch_of, expect_causal, expect_form, expect_slopes, expect_tensor, flat, rounding, upstream,
};

use super::parts::CLOSE;
use crate::oracle::{TextCase, drawn_model, golden, small, tiny};
use crate::{Answers, Config, KeysValues, Linear, Llama, LlamaError};

/// Compares the logits at tokens, read in parts of so many places, or all at once.
fn expect_texts(answers: &Answers, part: usize, which: fn(&TextCase) -> bool) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        for case in golden()?.texts.iter().filter(|case| which(case)) {
            let model = tiny(&case.model)?.map(|tensor| tensor.to_dtype(dtype))?;
            let (vocab, [batch, seq]) = (model.config.vocab_size, case.shape);
            let is_token = match case.is_token.as_slice() {
                [] => None,
                is_token => Some(Tensor::from_slice(is_token, (batch, seq), &Device::Cpu)?),
            };
            let all = batch_of(&case.ids, case.shape)?;
            let (mut past, mut parts, mut from) = (Vec::new(), Vec::new(), 0);
            while from < seq {
                let len = part.min(seq - from);
                let until = from + len;
                let seen = is_token.as_ref().map(|mask| mask.narrow(1, 0, until)).transpose()?;
                let ids = all.narrow(1, from, len)?;
                let (logits, kept) = (answers.llama_forward)(&model, &ids, seen.as_ref(), &past)?;
                let what = format!("{} of golden/{}, {dtype:?}", case.name, case.model);
                expect_form(&what, &logits, &[batch, len, vocab], dtype)?;
                expect_same("blocks that kept something", &kept.len(), &model.blocks.len())?;
                parts.push(logits);
                (past, from) = (kept, until);
            }
            let how = match part < seq {
                true => format!("in parts of {part}"),
                false => "at once".to_owned(),
            };
            let what = format!("{} of golden/{}, {how}, {dtype:?}", case.name, case.model);
            let tolerance = rounding(dtype, &case.logits);
            let got = flat(&Tensor::cat(&parts, 1)?)?;
            for (at, (got, want)) in got.chunks(vocab).zip(case.logits.chunks(vocab)).enumerate() {
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
    expect_texts(answers, 100, |case| case.is_token.is_empty())
}

pub fn padding_moves_nobody(answers: &Answers) -> Outcome {
    expect_texts(answers, 100, |case| !case.is_token.is_empty())
}

pub fn parts_are_as_good_as_the_whole(answers: &Answers) -> Outcome {
    for part in [1, 2, 3, 4] {
        expect_texts(answers, part, |_| true)?;
    }
    Ok(())
}

pub fn the_future_changes_nothing(answers: &Answers) -> Outcome {
    let model = drawn_model(small(2), 0.8, 110)?;
    expect_causal(17, |ids| Ok((answers.llama_forward)(&model, ids, None, &[])?.0))?;
    logits_are_those_of_transformers(answers)
}

pub fn the_head_is_the_one_that_the_model_has(answers: &Answers) -> Outcome {
    let read = [3, 5, 3, 0];
    let run = |model: &Llama| -> Result<Vec<f64>, Failure> {
        Ok(flat(&(answers.llama_forward)(model, &batch_of(&read, [1, 4])?, None, &[])?.0)?)
    };
    for is_tied in [false, true] {
        let model = drawn_model(Config { is_tied, ..small(2) }, 0.8, 130)?;
        let before = run(&model)?;
        for token in [4, 16] {
            // The row of a token that is not read, in each of the tables there are.
            let scaled = |table: &Tensor| -> Result<Tensor, Failure> {
                let mut table = flat(table)?;
                table[token * 5..][..5].iter_mut().for_each(|x| *x *= -3.0);
                Ok(Tensor::from_vec(table, (17, 5), &Device::Cpu)?)
            };
            let embedded = run(&Llama { embeddings: scaled(&model.embeddings)?, ..model.clone() })?;
            let (got, table) = match &model.lm_head {
                None => (embedded, "the embeddings, which make the logits, too,"),
                Some(head) => {
                    let what = format!(
                        "there is a head, and row {token} of the embeddings, which is not read, is \
                         changed"
                    );
                    expect_close(&what, &[4, 17], &embedded, &before, CLOSE)?;
                    let lm_head = Some(Linear { weight: scaled(&head.weight)? });
                    (run(&Llama { lm_head, ..model.clone() })?, "the head")
                }
            };
            let want: Vec<f64> = before
                .iter()
                .enumerate()
                .map(|(at, x)| if at % 17 == token { -3.0 * x } else { *x })
                .collect();
            let what = format!("row {token} of {table} times −3");
            expect_close(&what, &[4, 17], &got, &want, CLOSE)?;
        }
    }
    logits_are_those_of_transformers(answers)
}

pub fn large_ids_and_long_texts_are_read(answers: &Answers) -> Outcome {
    // More tokens than 16 bits number.
    let config = Config { vocab_size: 70_000, d_model: 2, d_ff: 3, ..small(1) };
    let model = drawn_model(config, 0.8, 260)?;
    let read = |model: &Llama, id: u32| -> Result<Vec<f64>, Failure> {
        Ok(flat(&(answers.llama_forward)(model, &batch_of(&[id], [1, 1])?, None, &[])?.0)?)
    };
    for id in [69_999, 69_999 - 65_536] {
        // Another token that has the same vector, and so the same logits.
        let mut table = flat(&model.embeddings)?;
        table.copy_within(2 * id..2 * id + 2, 0);
        let embeddings = Tensor::from_vec(table, (70_000, 2), &Device::Cpu)?;
        let other = Llama { embeddings, ..model.clone() };
        let (got, want) = (read(&model, id as u32)?, read(&other, 0)?);
        let what = format!("token {id} of 70,000, and a token with its vector");
        expect_close(&what, &[70_000], &got, &want, CLOSE)?;
    }
    // No table of positions, no end: at once, and 300 tokens and one more.
    for case in golden()?.long {
        let model = tiny(&case.model)?.map(|tensor| tensor.to_dtype(DType::F64))?;
        let (vocab, [batch, seq]) = (model.config.vocab_size, case.shape);
        let text = batch_of(&case.ids, case.shape)?;
        let forward =
            |ids: &Tensor, past: &[KeysValues]| (answers.llama_forward)(&model, ids, None, past);
        let tolerance = rounding(DType::F64, &case.logits);
        let shape = [batch, 1, vocab];
        let whole = forward(&text, &[])?.0.narrow(1, seq - 1, 1)?;
        let what = format!("{seq} tokens at once: the logits at the last");
        expect_tensor(&what, &whole, &shape, DType::F64, &case.logits, tolerance)?;
        let (_, past) = forward(&text.narrow(1, 0, seq - 1)?, &[])?;
        let (got, _) = forward(&text.narrow(1, seq - 1, 1)?, &past)?;
        let what = format!("{} tokens, then one more: the logits at the last", seq - 1);
        expect_tensor(&what, &got, &shape, DType::F64, &case.logits, tolerance)?;
    }
    logits_are_those_of_transformers(answers)
}

pub fn gradients_reach_every_weight(answers: &Answers) -> Outcome {
    let ids = batch_of(&[3, 5, 3, 0, 8, 2], [2, 3])?;
    for is_tied in [false, true] {
        let mut model = drawn_model(Config { is_tied, ..small(2) }, 0.8, 280)?
            .map(|tensor| Ok(Var::from_tensor(tensor)?.into_inner()))?;
        let run = |model: &Llama| -> Result<Tensor, Failure> {
            let (logits, _) = (answers.llama_forward)(model, &ids, None, &[])?;
            Ok((&logits * upstream(&logits)?)?.sum_all()?)
        };
        let gradients = run(&model)?.backward()?;
        let count = model.tensors_mut().len();
        // Of the tied model the embeddings only: the blocks are the same.
        for i in 0..if is_tied { 1 } else { count } {
            let weight = model.tensors_mut()[i].clone();
            let what = match i {
                0 if is_tied => "the embeddings, which make logits, too,".to_owned(),
                0 => "the embeddings".to_owned(),
                i if i + 1 == count => "the head".to_owned(),
                i if i + 2 == count => "the last norm".to_owned(),
                i => {
                    format!("tensor {} of block {}, {:?},", (i - 1) % 9, (i - 1) / 9, weight.dims())
                }
            };
            expect_slopes(&what, &weight, gradients.get(&weight), &mut |moved| {
                let mut changed = model.clone();
                *changed.tensors_mut()[i] = moved.clone();
                Ok(run(&changed)?.to_scalar::<f64>()?)
            })?;
        }
    }
    Ok(())
}

pub fn forward_refuses(answers: &Answers) -> Outcome {
    logits_are_those_of_transformers(answers)?;
    let model = drawn_model(small(2), 0.8, 150)?;
    let run = |ids: &[u32], shape: &[usize], is_token: Option<&[usize]>, past: &[KeysValues]| {
        let ids = Tensor::from_slice(ids, shape, &Device::Cpu)?;
        let ones = |shape: &[usize]| Tensor::ones(shape, DType::U8, &Device::Cpu);
        let is_token = is_token.map(ones).transpose()?;
        (answers.llama_forward)(&model, &ids, is_token.as_ref(), past).map(|(logits, _)| logits)
    };
    let refused = |what: &str, got, want: LlamaError| expect_error_is(what, got, &want);

    refused("one axis", run(&[1, 2], &[2], None, &[]), LlamaError::Ids(vec![2]))?;
    refused("three axes", run(&[1, 2], &[1, 2, 1], None, &[]), LlamaError::Ids(vec![1, 2, 1]))?;
    refused("no token", run(&[], &[2, 0], None, &[]), LlamaError::Ids(vec![2, 0]))?;
    refused("no text", run(&[], &[0, 3], None, &[]), LlamaError::Ids(vec![0, 3]))?;

    let unknown = |id| LlamaError::UnknownId { id, vocab_size: 17 };
    refused("id 17 of 17", run(&[1, 17, 40], &[1, 3], None, &[]), unknown(17))?;
    refused("id 4294967295", run(&[u32::MAX, 20], &[2, 1], None, &[]), unknown(u32::MAX))?;
    run(&[16; 4], &[2, 2], None, &[])?;

    let (_, past) = (answers.llama_forward)(&model, &batch_of(&[1, 2], [1, 2])?, None, &[])?;
    run(&[1], &[1, 1], Some(&[1, 3]), &past)?;
    for got in [&[1, 1][..], &[1, 2], &[3], &[1, 3, 1], &[2, 3]] {
        let want = || LlamaError::IsToken { got: got.to_vec(), want: [1, 3] };
        let what = format!("is_token {got:?} for one token behind two");
        refused(&what, run(&[1], &[1, 1], Some(got), &past), want())?;
        refused("the same, and an unknown id", run(&[17], &[1, 1], Some(got), &past), want())?;
    }
    let three = [past.as_slice(), &past[..1]].concat();
    for past in [&past[..1], &three] {
        let want = || LlamaError::Past { blocks: past.len(), n_layers: 2 };
        let what = format!("keys and values of {} for a model of two", past.len());
        refused(&what, run(&[1], &[1, 1], None, past), want())?;
        refused("the same, and is_token [1, 1]", run(&[1], &[1, 1], Some(&[1, 1]), past), want())?;
        refused(
            "the same, and no token",
            run(&[], &[1, 0], None, past),
            LlamaError::Ids(vec![1, 0]),
        )?;
    }
    Ok(())
}
