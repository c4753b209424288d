//! The whole models.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome, Tolerance, expect, expect_eq, expect_error, expect_error_is};
use tensor_test::{expect_form, expect_tensor, flat, rounding, tensor};

use super::blocks::{drawn_bart, drawn_t5, expect_taught, small_bart, small_t5};
use crate::oracle::{GenerationCase, TextCase, Weights, golden, ids, of, rows, tiny_bart, tiny_t5};
use crate::{Answers, Bart, Encoded, Forward, SeqError, Source, T5, generate};

const CLOSE: Tolerance = Tolerance { rtol: 1e-8, atol: 1e-9 };
const VOCAB: usize = 13;

fn expect_texts<M>(
    name: &str,
    forward: Forward<M>,
    model: &M,
    cases: &[TextCase],
    dtype: DType,
) -> Outcome {
    for case in cases {
        let (ids, decoder_ids) = (rows(&case.ids)?, rows(&case.decoder_ids)?);
        let is_token = case.is_token.as_deref().map(rows).transpose()?;
        let source = Source::Tokens { ids: &ids, is_token: is_token.as_ref() };
        let (logits, _) = forward(model, &source, &decoder_ids)?;
        let what = format!("{name}, {}, as in transformers, {dtype:?}", case.name);
        let shape = [decoder_ids.dims()[0], decoder_ids.dims()[1], 41];
        let tolerance = rounding(dtype, &case.logits);
        expect_tensor(&what, &logits, &shape, dtype, &case.logits, tolerance)?;
    }
    Ok(())
}

pub fn t5_logits_are_those_of_transformers(answers: &Answers) -> Outcome {
    let golden = golden()?;
    for dtype in [DType::F64, DType::F32] {
        let (plain, gated) = (tiny_t5(false, dtype)?, tiny_t5(true, dtype)?);
        let forward = answers.t5_forward;
        expect_texts("T5", forward, &plain, &golden.t5.texts, dtype)?;
        expect_texts("T5 1.1", forward, &gated, &golden.t5_gated.texts, dtype)?;
    }
    Ok(())
}

pub fn bart_logits_are_those_of_transformers(answers: &Answers) -> Outcome {
    let golden = golden()?;
    for dtype in [DType::F64, DType::F32] {
        let model = tiny_bart(dtype)?;
        expect_texts("BART", answers.bart_forward, &model, &golden.bart.texts, dtype)?;
    }
    Ok(())
}

/// One of these texts: an answer that is no model fails whatever else it keeps to.
fn t5_stands(answers: &Answers) -> Outcome {
    let cases = &golden()?.t5.texts[1..2];
    expect_texts("T5", answers.t5_forward, &tiny_t5(false, DType::F64)?, cases, DType::F64)
}

fn bart_stands(answers: &Answers) -> Outcome {
    let cases = &golden()?.bart.texts[1..2];
    expect_texts("BART", answers.bart_forward, &tiny_bart(DType::F64)?, cases, DType::F64)
}

/// What a forward makes of ids that all are tokens, or of some.
fn read<M>(
    forward: Forward<M>,
    model: &M,
    ids: &Tensor,
    is_token: Option<&Tensor>,
    decoder_ids: &Tensor,
) -> Result<(Tensor, Encoded), Failure> {
    Ok(forward(model, &Source::Tokens { ids, is_token }, decoder_ids)?)
}

/// Who sees whom, and what is computed once.
fn expect_sight<M>(forward: Forward<M>, model: &M) -> Outcome {
    let (source, target) = (ids([2, 4], VOCAB, 200)?, ids([2, 5], VOCAB, 201)?);
    let (before, encoded) = read(forward, model, &source, None, &target)?;
    expect_form("the logits", &before, &[2, 5, VOCAB], DType::F64)?;
    expect_form("the encoded text", &encoded.states, &[2, 4, 6], DType::F64)?;
    let moved = |a: &Tensor, b: &Tensor| -> Result<f64, Failure> {
        Ok(flat(&(a - b)?.abs()?)?.into_iter().fold(0.0, f64::max))
    };
    let changed = |ids: &Tensor, at: usize| -> Result<Tensor, Failure> {
        let mut rows = ids.to_vec2::<u32>()?;
        rows.iter_mut().for_each(|row| row[at] = (row[at] + 5) % VOCAB as u32);
        Ok(Tensor::new(rows, &Device::Cpu)?)
    };
    for at in 1..5 {
        let after = read(forward, model, &source, None, &changed(&target, at)?)?.0;
        let what = format!("token {at} of the output changed: logits of those before it");
        let [got, want] = [&after, &before].map(|x| x.narrow(1, 0, at));
        let (got, want) = (got?, flat(&want?)?);
        expect_tensor(&what, &got, &[2, at, VOCAB], DType::F64, &want, CLOSE)?;
        let its = moved(&after.narrow(1, at, 1)?, &before.narrow(1, at, 1)?)?;
        expect(its > 1e-4, || format!("token {at} of the output changed, and its logits did not"))?;
    }
    let (after, other) = read(forward, model, &changed(&source, 3)?, None, &target)?;
    let first = moved(&other.states.narrow(1, 0, 1)?, &encoded.states.narrow(1, 0, 1)?)?;
    expect(first > 1e-4, || {
        "the last token of the source changed, and the encoder's first vector did not: \
         in an encoder each token sees all"
            .into()
    })?;
    let its = moved(&after, &before)?;
    expect(its > 1e-4, || "the source changed, and no logit did".into())
}

pub fn t5_sees_what_it_should(answers: &Answers) -> Outcome {
    expect_sight(answers.t5_forward, &drawn_t5(&small_t5("relu")?, 0.9, 210)?.0)?;
    t5_stands(answers)
}

pub fn bart_sees_what_it_should(answers: &Answers) -> Outcome {
    expect_sight(answers.bart_forward, &drawn_bart(&small_bart()?, 0.9, 211)?.0)?;
    bart_stands(answers)
}

/// A text with padding has the logits that it has alone; a text of padding only changes nothing.
fn expect_padding<M>(forward: Forward<M>, model: &M, sides: &[usize]) -> Outcome {
    let (source, target) = (ids([1, 4], VOCAB, 220)?, ids([1, 3], VOCAB, 221)?);
    let alone = flat(&read(forward, model, &source, None, &target)?.0)?;
    for &before in sides {
        for filled in [0_u32, 9] {
            let mut texts = vec![vec![filled; 7]; 2];
            texts[0][before..before + 4].copy_from_slice(&source.to_vec2::<u32>()?[0]);
            let mut is_token = vec![vec![0_u8; 7]; 2];
            is_token[0][before..before + 4].fill(1);
            let target = Tensor::cat(&[&target, &target], 0)?;
            let (texts, is_token) = (rows(&texts)?, rows(&is_token)?);
            let (got, _) = read(forward, model, &texts, Some(&is_token), &target)?;
            let what = format!("{before} of padding before a text and {} behind it", 3 - before);
            let got_text = got.narrow(0, 0, 1)?;
            expect_tensor(&what, &got_text, &[1, 3, VOCAB], DType::F64, &alone, CLOSE)?;
            // A text of nothing but padding: its ids must not matter.
            let other = Tensor::cat(&[texts.narrow(0, 0, 1)?, ids([1, 7], VOCAB, 222)?], 0)?;
            let (want, _) = read(forward, model, &other, Some(&is_token), &target)?;
            let [got, want] = [got, want].map(|x| x.narrow(0, 1, 1));
            let what = "a source of padding only, other ids in it";
            expect_tensor(what, &got?, &[1, 3, VOCAB], DType::F64, &flat(&want?)?, CLOSE)?;
        }
    }
    Ok(())
}

pub fn t5_padding_moves_nobody(answers: &Answers) -> Outcome {
    let (model, _) = drawn_t5(&small_t5("gated-gelu")?, 0.9, 230)?;
    expect_padding(answers.t5_forward, &model, &[0, 1, 3])?;
    t5_stands(answers)
}

pub fn bart_padding_is_not_seen(answers: &Answers) -> Outcome {
    let (model, _) = drawn_bart(&small_bart()?, 0.9, 231)?;
    // Its positions count places: padding before a text moves it.
    expect_padding(answers.bart_forward, &model, &[0])?;
    bart_stands(answers)
}

/// What was read once is not read again, and what is written is what transformers writes.
fn expect_written<M>(forward: Forward<M>, model: &M, cases: &[GenerationCase]) -> Outcome {
    let (source, target) = (ids([2, 4], 41, 240)?, ids([2, 3], 41, 241)?);
    let mask = Tensor::new(&[[1_u8, 1, 0, 1], [1; 4]], &Device::Cpu)?;
    let (want, encoded) = read(forward, model, &source, Some(&mask), &target)?;
    let again = Source::Encoded(&encoded);
    let (got, kept) = forward(model, &again, &target)?;
    let what = "the logits behind an encoded text, beside those behind its ids";
    expect_tensor(what, &got, &[2, 3, 41], DType::F64, &flat(&want)?, CLOSE)?;
    let (states, want) = (&kept.states, flat(&encoded.states)?);
    let what = "what is returned of an encoded text";
    expect_tensor(what, states, encoded.states.dims(), DType::F64, &want, CLOSE)?;
    let what = "its mask over keys";
    let mask: Vec<u8> = kept.mask.flatten_all()?.to_vec1()?;
    expect(kept.mask.dims() == [2, 1, 1, 4], || format!("{what}: {:?}", kept.mask.dims()))?;
    expect_eq(what, &mask, &[1, 1, 0, 1, 1, 1, 1, 1])?;
    // Another encoded text is believed, whatever was read before.
    let other = Encoded { states: (&encoded.states * -1.5)?, mask: encoded.mask.clone() };
    let (got, _) = forward(model, &Source::Encoded(&other), &target)?;
    let off = flat(&(got - forward(model, &again, &target)?.0)?)?;
    expect(off.iter().any(|x| x.abs() > 1e-4), || {
        "another encoded text was handed over, and the logits are the same".into()
    })?;
    for case in cases {
        let new = generate(
            |source, target| forward(model, source, target),
            &case.ids,
            case.start,
            None,
            case.new.len(),
        )?;
        expect_eq(&format!("what is written for {:?}", case.ids), &new, &case.new)?;
    }
    Ok(())
}

pub fn t5_reads_once(answers: &Answers) -> Outcome {
    let golden = golden()?;
    let forward = answers.t5_forward;
    expect_written(forward, &tiny_t5(false, DType::F64)?, &golden.t5.generations)?;
    expect_written(forward, &tiny_t5(true, DType::F64)?, &golden.t5_gated.generations)
}

pub fn bart_reads_once(answers: &Answers) -> Outcome {
    let cases = golden()?.bart.generations;
    expect_written(answers.bart_forward, &tiny_bart(DType::F64)?, &cases)
}

/// Weights get the gradients that they should.
fn expect_all_taught(
    weights: &Weights,
    names: &[&str],
    forward: &dyn Fn(&Weights, &Source, &Tensor) -> Result<Tensor, Failure>,
) -> Outcome {
    let ids = Tensor::new(&[[3_u32, 5, 3, 8], [1, 0, 2, 12]], &Device::Cpu)?;
    let is_token = Tensor::new(&[[1_u8; 4], [0, 1, 1, 1]], &Device::Cpu)?;
    let target = Tensor::new(&[[7_u32, 5, 9], [1, 1, 4]], &Device::Cpu)?;
    expect_taught(weights, names, &|weights| {
        forward(weights, &Source::Tokens { ids: &ids, is_token: Some(&is_token) }, &target)
    })
}

pub fn t5_teaches_every_weight(answers: &Answers) -> Outcome {
    for (proj, seed, names) in [
        ("relu", 250, &["shared.weight", "relative_attention_bias"][..]),
        ("gated-gelu", 251, &[""]),
    ] {
        let config = small_t5(proj)?;
        expect_all_taught(&drawn_t5(&config, 0.8, seed)?.1, names, &|weights, source, target| {
            let model = T5::from_tensors(config.clone(), of(weights))?;
            Ok((answers.t5_forward)(&model, source, target)?.0)
        })?;
    }
    Ok(())
}

pub fn bart_teaches_every_weight(answers: &Answers) -> Outcome {
    let config = small_bart()?;
    expect_all_taught(&drawn_bart(&config, 0.8, 252)?.1, &[""], &|weights, source, target| {
        let model = Bart::from_tensors(config.clone(), of(weights))?;
        Ok((answers.bart_forward)(&model, source, target)?.0)
    })
}

/// What cannot be read is refused, the source first.
fn expect_refusals<M>(forward: Forward<M>, model: &M) -> Outcome {
    let run =
        |source: &[u32], shape: &[usize], mask: Option<&[usize]>, target: (&[u32], &[usize])| {
            let ids = Tensor::from_slice(source, shape, &Device::Cpu)?;
            let ones = |shape: &[usize]| Tensor::ones(shape, DType::U8, &Device::Cpu);
            let is_token = mask.map(ones).transpose()?;
            let target = Tensor::from_slice(target.0, target.1, &Device::Cpu)?;
            let source = Source::Tokens { ids: &ids, is_token: is_token.as_ref() };
            forward(model, &source, &target).map(|(logits, _)| logits)
        };
    let good: (&[u32], &[usize]) = (&[1, 2], &[1, 2]);
    let bad: (&[u32], &[usize]) = (&[1, 13], &[1, 2]);
    let unknown = |id| SeqError::UnknownId { id, vocab_size: VOCAB };
    for shape in [&[2][..], &[2, 1, 1]] {
        let what = format!("an output of shape {shape:?}");
        let got = run(&[1, 2], &[1, 2], None, (&[1, 2], shape));
        expect_error_is(&what, got, &SeqError::Ids(shape.to_vec()))?;
    }
    // The source is looked at first, whatever is wrong with the output.
    for target in [good, bad, (&[1, 2], &[2]), (&[], &[1, 0])] {
        for shape in [&[2][..], &[2, 1, 1]] {
            let what = format!("a source of shape {shape:?}");
            let got = run(&[1, 2], shape, None, target);
            expect_error_is(&what, got, &SeqError::Ids(shape.to_vec()))?;
        }
        let got = run(&[], &[1, 0], None, target);
        expect_error_is("no source", got, &SeqError::Ids(vec![1, 0]))?;
        let want = SeqError::IsToken { got: vec![2, 1], want: [1, 2] };
        let what = "a mask that lies on its side, and an unknown id";
        expect_error_is(what, run(&[1, 13], &[1, 2], Some(&[2, 1]), target), &want)?;
        let got = run(&[1, 14], &[1, 2], None, target);
        expect_error_is("id 14 in the source", got, &unknown(14))?;
    }
    let got = run(&[1], &[1, 1], None, (&[], &[1, 0]));
    expect_error_is("no output", got, &SeqError::Ids(vec![1, 0]))?;
    expect_error_is("id 13 in the output", run(&[1, 12], &[1, 2], None, bad), &unknown(13))?;
    let got = run(&[1, 2], &[1, 2], None, (&[1, 2], &[2, 1]));
    expect_error("one source and two outputs", got)
}

pub fn t5_refuses(answers: &Answers) -> Outcome {
    let (model, _) = drawn_t5(&small_t5("relu")?, 0.8, 260)?;
    expect_refusals(answers.t5_forward, &model)?;
    t5_stands(answers)
}

pub fn bart_refuses(answers: &Answers) -> Outcome {
    let (model, _) = drawn_bart(&small_bart()?, 0.8, 261)?;
    expect_refusals(answers.bart_forward, &model)?;
    let forward = answers.bart_forward;
    let (short, long) = (ids([1, 9], VOCAB, 262)?, ids([1, 10], VOCAB, 263)?);
    read(forward, &model, &short, None, &short)?;
    let want = SeqError::TooLong { tokens: 10, n_positions: 9 };
    for (what, source, target) in
        [("a source of ten tokens", &long, &short), ("an output of ten tokens", &short, &long)]
    {
        let got = forward(&model, &Source::Tokens { ids: source, is_token: None }, target);
        expect_error_is(what, got.map(|(logits, _)| logits), &want)?;
    }
    bart_stands(answers)
}

pub fn t5_tables_are_one_or_two(answers: &Answers) -> Outcome {
    let source = Tensor::new(&[[1_u32, 2, 3]], &Device::Cpu)?;
    let target = Tensor::new(&[[5_u32, 3]], &Device::Cpu)?;
    for (proj, seed) in [("relu", 270), ("gated-gelu", 271)] {
        let (model, _) = drawn_t5(&small_t5(proj)?, 0.8, seed)?;
        let run = |model: &T5| -> Result<Vec<f64>, Failure> {
            Ok(flat(&read(answers.t5_forward, model, &source, None, &target)?.0)?)
        };
        let before = run(&model)?;
        expect(before.len() == 26, || format!("{} logits of 26", before.len()))?;
        // The vector of a token that nobody reads makes its own logit, if it makes any.
        let scaled = |table: &Tensor| -> Result<Tensor, Failure> {
            let mut table = flat(table)?;
            table[11 * 6..12 * 6].iter_mut().for_each(|x| *x *= -3.0);
            Ok(tensor(&table, &[VOCAB, 6], DType::F64)?)
        };
        let want = |by: f64| -> Vec<f64> {
            let by = |at: usize| if at % VOCAB == 11 { by } else { 1.0 };
            before.iter().enumerate().map(|(at, x)| x * by(at)).collect()
        };
        let tied = model.lm_head.is_none();
        let after = run(&T5 { shared: scaled(&model.shared)?, ..model.clone() })?;
        let what = format!("a row of shared that nobody reads, times −3, tied {tied}");
        let by = if tied { -3.0 } else { 1.0 };
        grading::expect_close(&what, &[2, VOCAB], &after, &want(by), CLOSE)?;
        if let Some(head) = &model.lm_head {
            let after = run(&T5 { lm_head: Some(scaled(head)?), ..model.clone() })?;
            let what = "a row of lm_head, times −3";
            grading::expect_close(what, &[2, VOCAB], &after, &want(-3.0), CLOSE)?;
        }
    }
    t5_stands(answers)
}
