//! The whole encoder.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_error_is};
use tensor_test::{batch_of, expect_form, expect_tensor, flat, ids, rounding, upstream};

use super::block::LAYER;
use super::parts::weights_get_gradients;
use crate::oracle::{TextCase, drawn_model, golden, small, tiny};
use crate::{Answers, Bert, BertError};

const CLOSE: Tolerance = Tolerance { rtol: 1e-8, atol: 1e-9 };

/// Compares hidden states at tokens.
fn expect_texts(answers: &Answers, which: fn(&TextCase) -> bool) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let model = tiny(dtype)?;
        let n = model.config.hidden_size;
        for case in golden()?.texts.iter().filter(|case| which(case)) {
            let [batch, seq] = case.shape;
            let (ids, types, is_token) = case.inputs()?;
            let hidden = (answers.forward)(&model, &ids, types.as_ref(), is_token.as_ref())?;
            let what = format!("{}, as in transformers, {dtype:?}", case.name);
            expect_form(&what, &hidden, &[batch, seq, n], dtype)?;
            let tolerance = rounding(dtype, &case.hidden);
            for (at, (got, want)) in flat(&hidden)?.chunks(n).zip(case.hidden.chunks(n)).enumerate()
            {
                let what = format!("{what}: text {}, place {}", at / seq, at % seq);
                if case.is_token.get(at) == Some(&0) {
                    expect(got.iter().all(|x| x.is_finite()), || {
                        format!("{what}, padding: expected finite numbers, got {got:?}")
                    })?;
                } else {
                    expect_close(&what, &[], got, want, tolerance)?;
                }
            }
        }
    }
    Ok(())
}

pub fn hidden_states_are_those_of_transformers(answers: &Answers) -> Outcome {
    expect_texts(answers, |case| case.is_token.is_empty())
}

pub fn padding_changes_nothing(answers: &Answers) -> Outcome {
    expect_texts(answers, |case| !case.is_token.is_empty())?;
    let model = drawn_model(small(2), 0.8, 300)?;
    // Behind a text, whatever stands there: the text could as well be alone.
    for (seed, (tokens, padding)) in (301..).zip([(4, 1), (1, 6), (8, 3), (5, 5)]) {
        let text = ids(tokens, 17, seed);
        let alone = (answers.forward)(&model, &batch_of(&text, [1, tokens])?, None, None)?;
        for filler in [0, 9] {
            let seq = tokens + padding;
            let padded = [text.clone(), vec![filler; padding]].concat();
            let is_token: Vec<u8> = (0..seq).map(|place| u8::from(place < tokens)).collect();
            let is_token = Tensor::from_vec(is_token, (1, seq), &Device::Cpu)?;
            let padded = batch_of(&padded, [1, seq])?;
            let got = (answers.forward)(&model, &padded, None, Some(&is_token))?;
            let what = format!(
                "{tokens} tokens, and {padding} of padding (id {filler}) behind them, as alone"
            );
            let got = got.narrow(1, 0, tokens)?;
            expect_tensor(&what, &got, &[1, tokens, 6], DType::F64, &flat(&alone)?, CLOSE)?;
        }
    }
    // A text without tokens has no meaning, and does no harm.
    let text = batch_of(&ids(2 * 4, 17, 309), [2, 4])?;
    let is_token = Tensor::new(&[[0_u8; 4], [1; 4]], &Device::Cpu)?;
    let got = (answers.forward)(&model, &text, None, Some(&is_token))?;
    expect_form("two texts, the first without tokens", &got, &[2, 4, 6], DType::F64)?;
    expect(flat(&got.get(0)?)?.iter().all(|x| x.is_finite()), || {
        "a text without tokens: expected finite hidden states, got NaN or an infinity".into()
    })?;
    let second = text.narrow(0, 1, 1)?;
    let alone = flat(&(answers.forward)(&model, &second, None, None)?)?;
    let what = "a text beside one without tokens, as alone";
    expect_tensor(what, &got.narrow(0, 1, 1)?, &[1, 4, 6], DType::F64, &alone, CLOSE)?;
    // Before a text, padding moves its places: as alone in a model whose positions begin later.
    let text = batch_of(&ids(4, 17, 310), [1, 4])?;
    let mut later = model.clone();
    later.embeddings.position = model.embeddings.position.narrow(0, 3, 8)?;
    later.config.max_position_embeddings = 8;
    let alone = (answers.forward)(&later, &text, None, None)?;
    let padded = Tensor::cat(&[&batch_of(&[5, 0, 5], [1, 3])?, &text], 1)?;
    let is_token = Tensor::new(&[[0_u8, 0, 0, 1, 1, 1, 1]], &Device::Cpu)?;
    let got = (answers.forward)(&model, &padded, None, Some(&is_token))?.narrow(1, 3, 4)?;
    let what = "4 tokens behind 3 of padding, at the places 3 to 6";
    expect_tensor(what, &got, &[1, 4, 6], DType::F64, &flat(&alone)?, CLOSE)
}

pub fn every_token_sees_every_other(answers: &Answers) -> Outcome {
    let model = drawn_model(small(2), 0.8, 320)?;
    let text = ids(6, 17, 321);
    let run = |ids: &[u32]| -> Result<Vec<f64>, Failure> {
        let hidden = (answers.forward)(&model, &batch_of(ids, [1, 6])?, None, None)?;
        expect_form("the hidden states", &hidden, &[1, 6, 6], DType::F64)?;
        Ok(flat(&hidden)?)
    };
    let before = run(&text)?;
    for changed in 0..6 {
        let mut other = text.clone();
        other[changed] = (other[changed] + 5) % 17;
        let after = run(&other)?;
        for t in 0..6 {
            let off = (t * 6..t * 6 + 6).map(|i| (before[i] - after[i]).abs()).fold(0.0, f64::max);
            expect(off > 1e-6, || {
                format!("token {changed} changed, and the hidden state of token {t} did not")
            })?;
        }
    }
    hidden_states_are_those_of_transformers(answers)
}

pub fn gradients_reach_every_weight(answers: &Answers) -> Outcome {
    let ids = batch_of(&[3, 5, 3, 0, 8, 2, 9, 9, 9], [3, 3])?;
    let types = batch_of(&[0, 2, 2, 1, 0, 0, 1, 1, 1], [3, 3])?;
    // The last text has no tokens: nothing is learned from it, and no NaN comes of it.
    let is_token = Tensor::new(&[[1_u8, 1, 1], [1, 1, 0], [0, 0, 0]], &Device::Cpu)?;
    let model = drawn_model(small(2), 0.8, 330)?
        .map(|tensor| Ok(Var::from_tensor(tensor)?.into_inner()))?;
    let weights = is_token.to_dtype(DType::F64)?.unsqueeze(2)?;
    let run = |model: &Bert| -> Result<Tensor, Failure> {
        let hidden = (answers.forward)(model, &ids, Some(&types), Some(&is_token))?;
        Ok((&hidden * upstream(&hidden)?)?.broadcast_mul(&weights)?.sum_all()?)
    };
    let tables =
        ["word", "position", "token_type", "embeddings.norm.weight", "embeddings.norm.bias"];
    let block = LAYER.map(|name| format!("{name} of block 0"));
    let names: Vec<&str> = tables.into_iter().chain(block.iter().map(String::as_str)).collect();
    weights_get_gradients(&model, &names, 0, &run)?;
    // Of the last block the first and the last.
    let (first, last) = (names.len(), names.len() + LAYER.len() - 1);
    weights_get_gradients(&model, &["query.weight of block 1"], first, &run)?;
    weights_get_gradients(&model, &["output_norm.bias of block 1"], last, &run)
}

pub fn forward_refuses(answers: &Answers) -> Outcome {
    hidden_states_are_those_of_transformers(answers)?;
    let model = drawn_model(small(1), 0.8, 340)?;
    let run = |ids: &[u32], shape: &[usize], types: Option<&[u32]>, is_token: &[usize]| {
        let ids = Tensor::from_slice(ids, shape, &Device::Cpu)?;
        let types =
            types.map(|types| Tensor::from_slice(types, shape, &Device::Cpu)).transpose()?;
        let is_token = Tensor::ones(is_token, DType::U8, &Device::Cpu)?;
        (answers.forward)(&model, &ids, types.as_ref(), Some(&is_token))
    };
    let refused = |what: &str, got, want: BertError| expect_error_is(what, got, &want);
    refused("one axis", run(&[1, 2], &[2], None, &[3]), BertError::Ids(vec![2]))?;
    let want = BertError::TooLong { seq: 12, max_position_embeddings: 11 };
    refused("12 places", run(&[1; 12], &[1, 12], None, &[1, 3]), want)?;
    let want = BertError::UnknownId { id: 17, vocab_size: 17 };
    refused("id 17 of 17", run(&[1, 17], &[1, 2], None, &[1, 3]), want)?;
    let want = BertError::UnknownType { token_type: 3, type_vocab_size: 3 };
    refused("type 3 of 3", run(&[1, 2], &[1, 2], Some(&[0, 3]), &[1, 3]), want)?;
    for shape in [&[1, 4][..], &[1, 2], &[3], &[2, 3], &[1, 1], &[1, 1, 3], &[1, 1, 1, 3]] {
        let got = run(&[1, 2, 3], &[1, 3], None, shape);
        let want = BertError::IsToken { got: shape.to_vec(), want: vec![1, 3] };
        refused(&format!("is_token {shape:?} where [1, 3] fits"), got, want)?;
    }
    Ok(())
}
