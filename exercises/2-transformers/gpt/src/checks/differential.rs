//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor};
use grading::draw::{self, Strategy};
use grading::{Differential, Outcome, Tolerance, agree, differential, expect_same};
use rand::RngExt;
use softmax_sampling::Sampling;
use tensor_test::{expect_tensor, flat, ids, largest, numbers, tensor};

use super::writing::{Noting, written};
use crate::oracle::drawn_model;
use crate::{Answers, Config, Generation, KeysValues, SOLUTION};

/// As far as two computations of a sum in the same type may be apart, relative to the largest.
fn near(dtype: DType, want: &[f64], scale: f64) -> Tolerance {
    let step = if dtype == DType::F32 { 2e-5 } else { 1e-11 };
    Tolerance { rtol: step, atol: step * largest(want).max(scale) }
}

fn same(what: &str, got: &Tensor, want: &Tensor, dtype: DType, scale: f64) -> Outcome {
    let values = flat(want)?;
    expect_tensor(what, got, want.dims(), dtype, &values, near(dtype, &values, scale))
}

fn types() -> impl Strategy<Value = DType> + Clone {
    draw::select(vec![DType::F32, DType::F64])
}

fn scales() -> impl Strategy<Value = f64> + Clone {
    draw::select(vec![1.0, 1.0, 1.0, 1e-20, 1e15])
}

pub fn products_agree(answers: &Answers) -> Outcome {
    let front = draw::list(0..=3_usize, 0..=5);
    let sizes = (draw::lengths(0..=9), draw::lengths(0..=9));
    let odd = draw::select(vec![0, 0, 0, 0, 0, 1, 2, 3_usize]);
    let kinds = (odd, types(), scales(), draw::any_u64());
    Differential::cases(300).run((front, sizes, kinds), |case| {
        let (front, (n_in, n_out), (odd, dtype, scale, seed)) = case;
        let shape = [front.as_slice(), &[*n_in]].concat();
        let weight_shape = [n_in + usize::from(*odd == 1), *n_out];
        let bias_shape = [n_out + usize::from(*odd == 2)];
        let seed = seed % (1 << 40);
        let scaled = |shape: &[usize], seed: u64| {
            let x: Vec<f64> =
                numbers(shape.iter().product(), seed).iter().map(|x| x * scale).collect();
            tensor(&x, shape, *dtype)
        };
        let x = scaled(&shape, seed)?;
        let weight =
            tensor(&numbers(weight_shape.iter().product(), seed + 1), &weight_shape, *dtype)?;
        let bias = scaled(&bias_shape, seed + 2)?;
        // Now and then the columns of x lie together.
        let x = if *odd == 3 && x.rank() > 1 && x.elem_count() > 0 {
            let (a, b) = (x.rank() - 2, x.rank() - 1);
            x.transpose(a, b)?.contiguous()?.transpose(a, b)?
        } else {
            x
        };
        let run = |answers: &Answers| (answers.conv1d)(&x, &weight, &bias);
        agree("x W + b", run(answers), run(&SOLUTION), |got, want| {
            same("x W + b", got, want, *dtype, *scale)
        })
    })?;
    // More vectors, and longer ones, than 16 bits count.
    for (rows, n_in, n_out) in [(70_000, 1, 2), (2, 70_000, 1), (1, 2, 70_000)] {
        let x = tensor(&numbers(rows * n_in, 1), &[rows, n_in], DType::F64)?;
        let weight = tensor(&numbers(n_in * n_out, 2), &[n_in, n_out], DType::F64)?;
        let bias = tensor(&numbers(n_out, 3), &[n_out], DType::F64)?;
        let got = (answers.conv1d)(&x, &weight, &bias)?;
        let want = (SOLUTION.conv1d)(&x, &weight, &bias)?;
        same(&format!("{rows} vectors of {n_in} numbers"), &got, &want, DType::F64, 1.0)?;
    }
    Ok(())
}

pub fn splits_agree(answers: &Answers) -> Outcome {
    let sizes = (draw::lengths(0..=3), draw::lengths(0..=6), draw::lengths(0..=6), 0..=5_usize);
    let odd = draw::select(vec![0, 0, 0, 0, 1, 2_usize]);
    differential((sizes, odd, types(), draw::any_u64()), |case| {
        let ((batch, seq, n_head, d_head), odd, dtype, seed) = case;
        let wide = 3 * n_head * d_head + odd;
        let shape = [*batch, *seq, wide];
        let x = tensor(&numbers(shape.iter().product(), seed % (1 << 40)), &shape, *dtype)?;
        let run = |answers: &Answers| (answers.split_qkv)(&x, *n_head);
        agree("the parts", run(answers), run(&SOLUTION), |got, want| {
            let names = ["queries", "keys", "values"];
            names.into_iter().zip(got.iter().zip(want)).try_for_each(|(name, (got, want))| {
                let exact = Tolerance { rtol: 0.0, atol: 0.0 };
                expect_tensor(name, got, want.dims(), *dtype, &flat(want)?, exact)
            })
        })
    })
}

/// Sizes of a small model, and what is read of a batch after how much past.
#[derive(Clone, Debug)]
struct Case {
    config: Config,
    batch: usize,
    past: usize,
    seq: usize,
    /// Which of the tokens are none, so many of ten.
    padding: usize,
    dtype: DType,
    spread: f64,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let sizes = (1..=3_usize, 1..=3_usize, 1..=4_usize, draw::option(1..=9_usize));
    let lengths = (1..=3_usize, 0..=5_usize, 1..=6_usize, 0..=3_usize);
    let eps = draw::select(vec![1e-5, 1e-2, 1e-8]);
    let kinds = (eps, types(), draw::select(vec![0.1, 0.5, 2.0]), 1..=13_usize);
    (sizes, lengths, kinds, draw::any_u64()).prop_map(|(sizes, lengths, kinds, seed)| {
        let (n_layer, n_head, d_head, n_inner) = sizes;
        let (batch, past, seq, padding) = lengths;
        let (layer_norm_epsilon, dtype, spread, vocab_size) = kinds;
        let n_positions = past + seq + (seed % 4) as usize;
        let config = Config {
            n_layer,
            n_head,
            n_embd: n_head * d_head,
            n_inner,
            // Now and then one too few.
            n_positions: (n_positions - usize::from(seed % 16 == 0)).max(1),
            vocab_size,
            layer_norm_epsilon,
            eos_token_id: None,
        };
        Case { config, batch, past, seq, padding, dtype, spread, seed: seed % (1 << 40) }
    })
}

impl Case {
    /// As the rounding of one layer goes on through all others.
    fn expect_near(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        let values = flat(want)?;
        // Where ε is small and a norm divides by almost nothing, digits are lost.
        let step = if self.dtype == DType::F32 { 2e-3 } else { 1e-7 };
        let tolerance = Tolerance { rtol: step, atol: step * largest(&values).max(1e-3) };
        expect_tensor(what, got, want.dims(), self.dtype, &values, tolerance)
    }
}

pub fn blocks_agree(answers: &Answers) -> Outcome {
    Differential::cases(150).run(cases(), |case| {
        let config = Config { n_layer: 1, ..case.config.clone() };
        let n = config.n_embd;
        let model = drawn_model(config.clone(), case.spread, case.seed)?
            .map(|tensor| tensor.to_dtype(case.dtype))?;
        let x = |seq: usize, seed: u64| {
            tensor(&numbers(case.batch * seq * n, seed), &[case.batch, seq, n], case.dtype)
        };
        let block = &model.h[0];
        let past = match case.past {
            0 => None,
            seq => {
                let x = x(seq, case.seed + 1)?;
                Some((SOLUTION.block)(&x, block, &config, None, None)?.1)
            }
        };
        let t_k = case.past + case.seq;
        let mut rng = grading::random::seeded(case.seed + 2);
        let mask: Vec<u8> = (0..case.batch * case.seq * t_k)
            .map(|_| u8::from(rng.random_range(0..10) >= 2 * case.padding))
            .collect();
        let mask = Tensor::from_vec(mask, (case.batch, 1, case.seq, t_k), &Device::Cpu)?;
        let mask = (case.padding > 0).then_some(&mask);
        let x = x(case.seq, case.seed + 3)?;
        let run = |answers: &Answers| (answers.block)(&x, block, &config, past.as_ref(), mask);
        agree("the block", run(answers), run(&SOLUTION), |(got, kept), (want, its)| {
            case.expect_near("the stream", got, want)?;
            case.expect_near("the keys", &kept.keys, &its.keys)?;
            case.expect_near("the values", &kept.values, &its.values)
        })
    })
}

pub fn models_agree(answers: &Answers) -> Outcome {
    Differential::cases(150).run(cases(), |case| {
        let vocab = case.config.vocab_size;
        let model = drawn_model(case.config.clone(), case.spread, case.seed)?
            .map(|tensor| tensor.to_dtype(case.dtype))?;
        let t_k = case.past + case.seq;
        let mut rng = grading::random::seeded(case.seed + 2);
        let is_token: Vec<u8> = (0..case.batch * t_k)
            .map(|_| u8::from(rng.random_range(0..10) >= case.padding))
            .collect();
        let rows = Tensor::from_slice(&is_token, (case.batch, t_k), &Device::Cpu)?;
        let is_token_of = |len: usize| match case.padding {
            0 => Ok(None),
            _ => rows.narrow(1, 0, len).map(Some),
        };
        let mut read = ids(case.batch * t_k, vocab, case.seed + 3);
        if case.seed % 11 == 0 {
            // One that there is not.
            read[case.past] = vocab as u32;
        }
        let read = Tensor::from_vec(read, (case.batch, t_k), &Device::Cpu)?;
        let past: Vec<KeysValues> = match case.past {
            0 => Vec::new(),
            len => {
                let first = read.narrow(1, 0, len)?;
                match (SOLUTION.forward)(&model, &first, is_token_of(len)?.as_ref(), &[]) {
                    Ok((_, kept)) => kept,
                    // The unknown one stands in another text's past.
                    Err(_) => return Ok(()),
                }
            }
        };
        // What was read leaves no trace but the past.
        let _ =
            (answers.forward)(&model, &Tensor::zeros((1, 1), DType::U32, &Device::Cpu)?, None, &[]);
        let (ids, mask) = (read.narrow(1, case.past, case.seq)?, is_token_of(t_k)?);
        let run = |answers: &Answers| (answers.forward)(&model, &ids, mask.as_ref(), &past);
        agree("the model", run(answers), run(&SOLUTION), |(got, kept), (want, its)| {
            expect_same("blocks that kept something", &kept.len(), &its.len())?;
            let at = |logits: &Tensor| -> candle_core::Result<Tensor> {
                // At padding, anything is fine.
                let tokens = rows.narrow(1, case.past, case.seq)?.unsqueeze(2)?;
                let tokens = tokens.broadcast_as(logits.shape())?;
                if case.padding == 0 {
                    return Ok(logits.clone());
                }
                tokens.where_cond(logits, &logits.zeros_like()?)
            };
            let form = |x: &Tensor| (x.dims().to_vec(), x.dtype());
            expect_same("shape and type of the logits", &form(got), &form(want))?;
            case.expect_near("the logits at tokens", &at(got)?, &at(want)?)
        })
    })
}

pub fn writing_agrees(answers: &Answers) -> Outcome {
    let prompt = draw::tokens_or_beyond(12, 9);
    let settings = (0..=12_usize, 1..=14_usize, draw::option(0..=12_u32));
    let temperature = draw::select(vec![0.0, 0.0, 1.0, 0.4, 3.0, -1.0]);
    let filters = (draw::option(0..=5_usize), draw::option(draw::between(0.1, 1.0)));
    let kinds = (
        types(),
        draw::select(vec![9.0, 9.0, 1.0, 0.0, 300.0, f32::NAN, f32::INFINITY]),
        draw::any_u64(),
    );
    differential((prompt, settings, temperature, filters, kinds), |case| {
        let (prompt, (max_new_tokens, n_positions, end), temperature, (top_k, top_p), kinds) = case;
        let (dtype, scale, seed) = *kinds;
        let sampling =
            Sampling { temperature: *temperature, top_k: *top_k, top_p: *top_p, min_p: None };
        let options = Generation { max_new_tokens: *max_new_tokens, sampling, end: *end };
        let run = |answers: &Answers| {
            let mut model = Noting { dtype, ..Noting::new(*n_positions, 12, scale) };
            let new = written(answers, &mut model, prompt, &options, seed)?;
            Ok::<_, grading::Failure>((new, model.calls))
        };
        let ((got, calls), (want, its)) = (run(answers)?, run(&SOLUTION)?);
        agree("what is written", got, want, |got, want| expect_same("new tokens", got, want))?;
        expect_same("what the model reads, call by call", &calls, &its)
    })
}

pub fn counts_agree(answers: &Answers) -> Outcome {
    let size = || draw::select(vec![1, 2, 3, 7, 64, 1000, 12_288, 100_000_usize]);
    let blocks = draw::select(vec![0, 1, 2, 96, 100_000_usize]);
    let sizes = (blocks, size(), size(), size(), draw::option(size()), 1..=9_usize);
    differential(sizes, |(n_layer, d_head, n_positions, vocab_size, n_inner, n_head)| {
        let config = Config {
            n_layer: *n_layer,
            n_head: *n_head,
            n_embd: n_head * d_head,
            n_inner: *n_inner,
            n_positions: *n_positions,
            vocab_size: *vocab_size,
            layer_norm_epsilon: 1e-5,
            eos_token_id: None,
        };
        let (got, want) = ((answers.parameters)(&config), (SOLUTION.parameters)(&config));
        expect_same("parameters", &got, &want)
    })
}
