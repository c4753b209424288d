//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor};
use grading::draw::{self, Strategy};
use grading::{Differential, Failure, Outcome, Tolerance, agree, differential, expect_same};
use rand::RngExt;
use tensor_test::{batch_of, expect_form, expect_tensor, flat, ids, largest, numbers, tensor};

use super::writing::expect_as_if_alone;
use crate::oracle::{Ruled, drawn_model, places, small};
use crate::{Answers, Config, KeysValues, SOLUTION};

pub fn ropes_agree(answers: &Answers) -> Outcome {
    let shape = (0..=3_usize, 0..=3_usize, 0..=5_usize, 0..=9_usize);
    let theta = draw::select(vec![1.0, 7.5, 10_000.0, 500_000.0, 1e9, 0.99, -1.0, f64::NAN]);
    let most = draw::select(vec![1, 9, 300, 100_000, u32::MAX]);
    let odd = draw::select(vec![0, 0, 0, 0, 0, 1, 2_usize]);
    let dtype = draw::select(vec![DType::F32, DType::F64]);
    let scale = draw::select(vec![1.0, 1.0, 0.0, 1e-30, 1e15]);
    differential((shape, theta, most, odd, dtype, (scale, draw::any_u64())), |case| {
        let ((batch, heads, seq, d), theta, most, odd, dtype, (scale, seed)) = case;
        let seed = seed % (1 << 40);
        // Mostly even vectors.
        let d = if seed.is_multiple_of(5) { *d } else { d / 2 * 2 };
        let shape = [*batch, *heads, *seq, d];
        let x: Vec<f64> = numbers(shape.iter().product(), seed).iter().map(|x| scale * x).collect();
        let x = tensor(&x, &shape, *dtype)?;
        let x = match (seed.is_multiple_of(3), x.elem_count()) {
            (true, 1..) => x.transpose(1, 2)?.contiguous()?.transpose(1, 2)?,
            _ => x,
        };
        let mut rng = grading::random::seeded(seed + 1);
        let (rows, columns) = (batch + usize::from(*odd == 1), seq + usize::from(*odd == 2));
        let at: Vec<u32> = (0..rows * columns).map(|_| rng.random_range(0..=*most)).collect();
        let at = places(&at, [rows, columns])?;
        let run = |answers: &Answers| (answers.rope_at)(&x, &at, *theta);
        agree("the turned vectors", run(answers), run(&SOLUTION), |got, want| {
            let values = flat(want)?;
            let step = if *dtype == DType::F32 { 2e-6 } else { 1e-9 };
            // Angles of billions may be rounded in another order.
            let step = if *most > 1_000_000 { step + 2e-5 } else { step };
            let tolerance = Tolerance { rtol: step, atol: step * scale };
            expect_tensor("the turned vectors", got, want.dims(), *dtype, &values, tolerance)
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
    /// Of ten pairs of tokens so many do not see each other; of ten tokens so many are padding.
    hidden: u32,
    dtype: DType,
    spread: f64,
    /// What all inputs are multiplied by.
    scale: f64,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let heads = (1..=3_usize, 1..=3_usize, 1..=3_usize);
    let sizes = (1..=3_usize, 1..=7_usize, 1..=9_usize, draw::select(vec![false, true]));
    let lengths = (1..=3_usize, 0..=5_usize, 1..=6_usize, 0..=5_u32);
    let dtypes = draw::select(vec![DType::F32, DType::F64]);
    let eps = draw::select(vec![1e-5, 1e-2, 1e-8]);
    let theta = draw::select(vec![1.0, 10.0, 10_000.0, 500_000.0]);
    let kinds = (eps, theta, dtypes, draw::select(vec![0.1, 0.5, 2.0]), 1..=13_usize);
    let scale = draw::select(vec![1.0, 1.0, 1.0, 0.0, 1e-3, 30.0]);
    (heads, sizes, lengths, kinds, scale, draw::any_u64()).prop_map(
        |(heads, sizes, lengths, kinds, scale, seed)| {
            let (n_kv_heads, group, pairs) = heads;
            let (n_layers, d_model, d_ff, is_tied) = sizes;
            let (batch, past, seq, hidden) = lengths;
            let (eps, theta, dtype, spread, vocab_size) = kinds;
            // Large scores take all digits of an f32.
            let dtype = if spread > 1.0 || scale > 1.0 { DType::F64 } else { dtype };
            let config = Config {
                n_layers,
                n_heads: n_kv_heads * group,
                n_kv_heads,
                d_head: 2 * pairs,
                d_model,
                d_ff,
                vocab_size,
                eps,
                theta,
                is_tied,
            };
            Case { config, batch, past, seq, hidden, dtype, spread, scale, seed: seed % (1 << 40) }
        },
    )
}

/// Vectors, their positions, what came before them, and who sees whom.
struct Reading {
    x: Tensor,
    positions: Tensor,
    past: Option<KeysValues>,
    mask: Option<Tensor>,
}

impl Case {
    fn expect_within(&self, what: &str, got: &Tensor, want: &Tensor, step: [f64; 2]) -> Outcome {
        let values = flat(want)?;
        let step = if self.dtype == DType::F32 { step[0] } else { step[1] };
        let tolerance = Tolerance { rtol: step, atol: step * largest(&values).max(1e-3) };
        expect_tensor(what, got, want.dims(), self.dtype, &values, tolerance)
    }

    /// Behind norms: where ε is small and they divide by almost nothing, digits are lost.
    fn expect_near(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        self.expect_within(what, got, want, [2e-3, 1e-7])
    }

    /// Without a norm.
    fn expect_close(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        self.expect_within(what, got, want, [2e-4, 1e-9])
    }

    /// A model of one block, in the type of the case.
    fn model(&self, n_layers: usize) -> Result<crate::Llama, Failure> {
        let config = Config { n_layers, ..self.config.clone() };
        let model = drawn_model(config, self.spread, self.seed)?;
        Ok(model.map(|tensor| tensor.to_dtype(self.dtype))?)
    }

    /// Vectors, now and then with the numbers of a place in all texts side by side.
    fn x(&self, seq: usize, seed: u64) -> candle_core::Result<Tensor> {
        let shape = [self.batch, seq, self.config.d_model];
        let x: Vec<f64> =
            numbers(shape.iter().product(), seed).iter().map(|x| self.scale * x).collect();
        let x = tensor(&x, &shape, self.dtype)?;
        if self.seed.is_multiple_of(3) {
            x.transpose(0, 1)?.contiguous()?.transpose(0, 1)
        } else {
            Ok(x)
        }
    }

    fn positions(&self, seq: usize, seed: u64) -> candle_core::Result<Tensor> {
        let most = if self.seed.is_multiple_of(4) { 5000 } else { 12 };
        batch_of(&ids(self.batch * seq, most, seed), [self.batch, seq])
    }

    fn reading(&self, block: &crate::Block, config: &Config) -> Result<Reading, Failure> {
        let past = match self.past {
            0 => None,
            seq => {
                let (x, at) = (self.x(seq, self.seed + 1)?, self.positions(seq, self.seed + 4)?);
                Some((SOLUTION.llama_block)(&x, block, config, &at, None, None)?.1)
            }
        };
        let t_k = self.past + self.seq;
        let mut rng = grading::random::seeded(self.seed + 2);
        let heads = if self.seed.is_multiple_of(2) { 1 } else { self.config.n_heads };
        let see: Vec<u8> = (0..self.batch * heads * self.seq * t_k)
            .map(|_| u8::from(rng.random_range(0..10) >= self.hidden))
            .collect();
        let mask = Tensor::from_vec(see, (self.batch, heads, self.seq, t_k), &Device::Cpu)?;
        Ok(Reading {
            x: self.x(self.seq, self.seed + 3)?,
            positions: self.positions(self.seq, self.seed + 5)?,
            past,
            mask: (self.hidden > 0).then_some(mask),
        })
    }
}

pub fn attentions_agree(answers: &Answers) -> Outcome {
    Differential::cases(120).run(cases(), |case| {
        let model = case.model(1)?;
        let its = &model.blocks[0];
        let Reading { x, positions, past, mask } = case.reading(its, &model.config)?;
        let (past, mask) = (past.as_ref(), mask.as_ref());
        let run = |answers: &Answers| {
            (answers.llama_attention)(&x, &its.attention, &model.config, &positions, past, mask)
        };
        agree("attention", run(answers), run(&SOLUTION), |(got, kept), (want, its)| {
            case.expect_close("the result", got, want)?;
            case.expect_close("the keys", &kept.keys, &its.keys)?;
            case.expect_close("the values", &kept.values, &its.values)
        })
    })?;
    // More tokens than a mask of the usual length has.
    let past = long_past()?;
    let model = drawn_model(small(1), 0.8, 20)?;
    let x = tensor(&numbers(10, 21), &[1, 2, 5], DType::F64)?;
    let at = batch_of(&[LONG as u32, LONG as u32 + 1], [1, 2])?;
    let its = &model.blocks[0].attention;
    let run = |answers: &Answers| {
        (answers.llama_attention)(&x, its, &model.config, &at, Some(&past), None)
    };
    let ((got, kept), (want, its)) = (run(answers)?, run(&SOLUTION)?);
    for (name, got, want) in [
        ("result", &got, &want),
        ("keys", &kept.keys, &its.keys),
        ("values", &kept.values, &its.values),
    ] {
        let what = format!("two tokens behind {LONG}: the {name}");
        let exact = Tolerance { rtol: 1e-8, atol: 1e-9 };
        expect_tensor(&what, got, want.dims(), DType::F64, &flat(want)?, exact)?;
    }
    Ok(())
}

const LONG: usize = 70_000;

/// Keys and values as if so many tokens had been read.
fn long_past() -> Result<KeysValues, Failure> {
    let kept = |seed| tensor(&numbers(2 * LONG * 4, seed), &[1, 2, LONG, 4], DType::F64);
    Ok(KeysValues { keys: kept(22)?, values: kept(23)? })
}

pub fn blocks_agree(answers: &Answers) -> Outcome {
    Differential::cases(120).run(cases(), |case| {
        let model = case.model(1)?;
        let block = &model.blocks[0];
        let Reading { x, positions, past, mask } = case.reading(block, &model.config)?;
        let (past, mask) = (past.as_ref(), mask.as_ref());
        let run = |answers: &Answers| {
            (answers.llama_block)(&x, block, &model.config, &positions, past, mask)
        };
        agree("the block", run(answers), run(&SOLUTION), |(got, kept), (want, its)| {
            case.expect_near("the stream", got, want)?;
            case.expect_near("the keys", &kept.keys, &its.keys)?;
            case.expect_near("the values", &kept.values, &its.values)
        })
    })
}

pub fn models_agree(answers: &Answers) -> Outcome {
    Differential::cases(80).run(cases(), |case| {
        let (vocab, t_k) = (case.config.vocab_size, case.past + case.seq);
        let model = case.model(case.config.n_layers)?;
        let mut read = ids(case.batch * t_k, vocab, case.seed + 3);
        if case.seed.is_multiple_of(11) {
            // One that there is not, in the last text.
            *read.last_mut().expect("there is one") = vocab as u32;
        }
        let read = batch_of(&read, [case.batch, t_k])?;
        let mut rng = grading::random::seeded(case.seed + 4);
        let marks: Vec<u8> = (0..case.batch * t_k)
            .map(|_| u8::from(case.hidden == 0 || rng.random_range(0..10) >= case.hidden))
            .collect();
        let marks = Tensor::from_vec(marks, (case.batch, t_k), &Device::Cpu)?;
        let is_token = |len: usize| -> candle_core::Result<Option<Tensor>> {
            Ok(if case.hidden > 0 { Some(marks.narrow(1, 0, len)?) } else { None })
        };
        let past: Vec<KeysValues> = match case.past {
            0 => Vec::new(),
            len => {
                let (first, seen) = (read.narrow(1, 0, len)?, is_token(len)?);
                (SOLUTION.llama_forward)(&model, &first, seen.as_ref(), &[])?.1
            }
        };
        // What was read leaves no trace but the past.
        let first = Tensor::zeros((1, 1), DType::U32, &Device::Cpu)?;
        let _ = (answers.llama_forward)(&model, &first, None, &[]);
        let (ids, seen) = (read.narrow(1, case.past, case.seq)?, is_token(t_k)?);
        let run = |answers: &Answers| (answers.llama_forward)(&model, &ids, seen.as_ref(), &past);
        agree("the model", run(answers), run(&SOLUTION), |(got, kept), (want, its)| {
            // At padding, anything is fine: there, both become 0.
            let new = marks.narrow(1, case.past, case.seq)?;
            let at = |x: &Tensor, marks: &Tensor, shape: &[usize]| -> Result<Tensor, Failure> {
                let marks = marks.reshape(shape)?.broadcast_as(x.shape())?;
                Ok(marks.where_cond(x, &x.zeros_like()?)?)
            };
            expect_form("the logits", got, want.dims(), case.dtype)?;
            let shape = [case.batch, case.seq, 1];
            case.expect_near("the logits", &at(got, &new, &shape)?, &at(want, &new, &shape)?)?;
            expect_same("blocks that kept something", &kept.len(), &its.len())?;
            let shape = [case.batch, 1, t_k, 1];
            kept.iter().zip(its).try_for_each(|(kept, its)| {
                for (name, got, want) in [
                    ("keys of a block", &kept.keys, &its.keys),
                    ("values of a block", &kept.values, &its.values),
                ] {
                    expect_form(name, got, want.dims(), case.dtype)?;
                    let (got, want) = (at(got, &marks, &shape)?, at(want, &marks, &shape)?);
                    case.expect_near(name, &got, &want)?;
                }
                Ok(())
            })
        })
    })?;
    let past = long_past()?;
    let model = drawn_model(small(1), 0.8, 30)?;
    let ids = batch_of(&[3, 11], [1, 2])?;
    let run = |answers: &Answers| {
        (answers.llama_forward)(&model, &ids, None, std::slice::from_ref(&past))
    };
    let ((got, _), (want, _)) = (run(answers)?, run(&SOLUTION)?);
    let exact = Tolerance { rtol: 1e-8, atol: 1e-9 };
    let what = format!("two tokens behind {LONG}: the logits");
    expect_tensor(&what, &got, want.dims(), DType::F64, &flat(&want)?, exact)
}

pub fn writing_agrees(answers: &Answers) -> Outcome {
    let vocab = 11_usize;
    let prompts = draw::list(draw::list(0..=10_u32, 1..=9), 0..=7);
    let steps = draw::select(vec![1, 3, 50, 100_000_u64]);
    let kinds = (steps, draw::select(vec![true, false]), draw::select(vec![0, 0, 0, 0, 1, 2]));
    let most = draw::prop_oneof![0..=3_usize, 4..=30_usize];
    let end = draw::list(0..=12_u32, 0..=3);
    differential((prompts, most, end, kinds, draw::any_u64()), |case| {
        let (prompts, most, end, (steps, is_double, fault), seed) = case;
        let mut prompts = prompts.clone();
        // Now and then a prompt without tokens, or with one that there is not.
        let at = *seed as usize % prompts.len().max(1);
        if let (1.., Some(prompt)) = (*fault, prompts.get_mut(at)) {
            *prompt = if *fault == 1 { vec![] } else { vec![3, vocab as u32] };
        }
        let prompts = prompts.as_slice();
        let dtype = if *is_double { DType::F64 } else { DType::F32 };
        let model = || Ruled { dtype, ..Ruled::new(vocab, *steps) };
        if *fault == 0 {
            return expect_as_if_alone(answers, &mut model(), prompts, *most, end);
        }
        let run = |answers: &Answers| (answers.continue_texts)(&mut model(), prompts, *most, end);
        agree("what is written", run(answers), run(&SOLUTION), |got, want| {
            expect_same("new tokens", got, want)
        })
    })
}
