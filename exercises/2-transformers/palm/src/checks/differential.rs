//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor};
use grading::draw::{self, Strategy};
use grading::{Differential, Outcome, Tolerance, agree, differential, expect_same};
use rand::RngExt;
use tensor_test::{expect_tensor, flat, largest, numbers, tensor};

use crate::oracle::{drawn_model, ids, small};
use crate::{Answers, Config, KeysValues, SOLUTION};

/// Sizes of a small model, and what is read of a batch after how much past.
#[derive(Clone, Debug)]
struct Case {
    config: Config,
    batch: usize,
    past: usize,
    seq: usize,
    /// Of ten pairs of tokens so many do not see each other.
    hidden: u32,
    dtype: DType,
    spread: f64,
    /// What all inputs are multiplied by.
    scale: f64,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let sizes = (1..=3_usize, 1..=4_usize, 1..=3_usize, 1..=9_usize, 1..=9_usize);
    let lengths = (1..=3_usize, 0..=5_usize, 1..=6_usize, 0..=5_u32);
    let dtypes = draw::select(vec![DType::F32, DType::F64]);
    let eps = draw::select(vec![1e-5, 1e-2, 1e-8]);
    let theta = draw::select(vec![1.0, 10.0, 10_000.0, 500_000.0]);
    let kinds = (eps, theta, dtypes, draw::select(vec![0.1, 0.5, 2.0]), 1..=13_usize);
    let scale = draw::select(vec![1.0, 1.0, 1.0, 0.0, 1e-3, 30.0]);
    (sizes, lengths, kinds, scale, draw::any_u64()).prop_map(
        |(sizes, lengths, kinds, scale, seed)| {
            let (n_layers, n_heads, pairs, d_model, d_ff) = sizes;
            let (batch, past, seq, hidden) = lengths;
            let (eps, theta, dtype, spread, vocab_size) = kinds;
            let d_head = 2 * pairs;
            // Large scores take all digits of an f32.
            let dtype = if spread > 1.0 || scale > 1.0 { DType::F64 } else { dtype };
            let config =
                Config { n_layers, n_heads, d_head, d_model, d_ff, vocab_size, eps, theta };
            Case { config, batch, past, seq, hidden, dtype, spread, scale, seed: seed % (1 << 40) }
        },
    )
}

impl Case {
    /// Behind norms: where ε is small and they divide by almost nothing, digits are lost.
    fn expect_near(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        self.expect_within(what, got, want, if self.dtype == DType::F32 { 2e-3 } else { 1e-7 })
    }

    /// Without a norm.
    fn expect_close(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        self.expect_within(what, got, want, if self.dtype == DType::F32 { 2e-4 } else { 1e-9 })
    }

    fn expect_within(&self, what: &str, got: &Tensor, want: &Tensor, step: f64) -> Outcome {
        let values = flat(want)?;
        let tolerance = Tolerance { rtol: step, atol: step * largest(&values).max(1e-3) };
        expect_tensor(what, got, want.dims(), self.dtype, &values, tolerance)
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

    fn mask(&self) -> candle_core::Result<Option<Tensor>> {
        let t_k = self.past + self.seq;
        let mut rng = grading::random::seeded(self.seed + 2);
        let heads = if self.seed.is_multiple_of(2) { 1 } else { self.config.n_heads };
        let see = (0..self.batch * heads * self.seq * t_k)
            .map(|_| u8::from(rng.random_range(0..10) >= self.hidden))
            .collect();
        let mask = Tensor::from_vec(see, (self.batch, heads, self.seq, t_k), &Device::Cpu)?;
        Ok((self.hidden > 0).then_some(mask))
    }
}

pub fn mlps_agree(answers: &Answers) -> Outcome {
    let front = draw::list(0..=3_usize, 0..=4);
    Differential::cases(300).run((cases(), front), |(case, front)| {
        let model = drawn_model(case.config.clone(), case.spread, case.seed)?
            .map(|tensor| tensor.to_dtype(case.dtype))?;
        let shape = [front.as_slice(), &[case.config.d_model]].concat();
        let x: Vec<f64> =
            numbers(shape.iter().product(), case.seed + 1).iter().map(|x| case.scale * x).collect();
        let x = tensor(&x, &shape, case.dtype)?;
        let run = |answers: &Answers| (answers.swiglu_mlp)(&x, &model.blocks[0].mlp);
        agree("the feed-forward network", run(answers), run(&SOLUTION), |got, want| {
            case.expect_close("the result", got, want)
        })
    })
}

pub fn attentions_agree(answers: &Answers) -> Outcome {
    Differential::cases(120).run(cases(), |case| {
        let model =
            drawn_model(Config { n_layers: 1, ..case.config.clone() }, case.spread, case.seed)?
                .map(|tensor| tensor.to_dtype(case.dtype))?;
        let its = &model.blocks[0].attention;
        let past = match case.past {
            0 => None,
            seq => {
                let x = case.x(seq, case.seed + 1)?;
                Some((SOLUTION.multi_query_attention)(&x, its, &model.config, None, None)?.1)
            }
        };
        let (x, mask) = (case.x(case.seq, case.seed + 3)?, case.mask()?);
        let run = |answers: &Answers| {
            (answers.multi_query_attention)(&x, its, &model.config, past.as_ref(), mask.as_ref())
        };
        agree("attention", run(answers), run(&SOLUTION), |(got, kept), (want, its)| {
            case.expect_close("the result", got, want)?;
            case.expect_close("the keys", &kept.keys, &its.keys)?;
            case.expect_close("the values", &kept.values, &its.values)
        })
    })?;
    // More tokens than any table of positions has.
    let (config, past) = long_past()?;
    let model = drawn_model(config, 0.8, 20)?;
    let (x, its) = (tensor(&numbers(12, 21), &[1, 2, 6], DType::F64)?, &model.blocks[0].attention);
    let run = |answers: &Answers| {
        (answers.multi_query_attention)(&x, its, &model.config, Some(&past), None)
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

const LONG: usize = 5000;

/// Keys and values as if so many tokens had been read.
fn long_past() -> Result<(Config, KeysValues), grading::Failure> {
    let kept = |seed| tensor(&numbers(LONG * 4, seed), &[1, 1, LONG, 4], DType::F64);
    Ok((small(1), KeysValues { keys: kept(22)?, values: kept(23)? }))
}

pub fn blocks_agree(answers: &Answers) -> Outcome {
    Differential::cases(120).run(cases(), |case| {
        let model =
            drawn_model(Config { n_layers: 1, ..case.config.clone() }, case.spread, case.seed)?
                .map(|tensor| tensor.to_dtype(case.dtype))?;
        let block = &model.blocks[0];
        let past = match case.past {
            0 => None,
            seq => {
                let x = case.x(seq, case.seed + 1)?;
                Some((SOLUTION.palm_block)(&x, block, &model.config, None, None)?.1)
            }
        };
        let (x, mask) = (case.x(case.seq, case.seed + 3)?, case.mask()?);
        let run = |answers: &Answers| {
            (answers.palm_block)(&x, block, &model.config, past.as_ref(), mask.as_ref())
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
        let vocab = case.config.vocab_size;
        let model = drawn_model(case.config.clone(), case.spread, case.seed)?
            .map(|tensor| tensor.to_dtype(case.dtype))?;
        let t_k = case.past + case.seq;
        let mut read = ids([case.batch, t_k], vocab, case.seed + 3)?.to_vec2::<u32>()?;
        if case.seed.is_multiple_of(11) {
            // One that there is not, in the last text.
            read[case.batch - 1][t_k - 1] = vocab as u32;
        }
        let read = Tensor::new(read, &Device::Cpu)?;
        let past: Vec<KeysValues> = match case.past {
            0 => Vec::new(),
            len => (SOLUTION.palm_forward)(&model, &read.narrow(1, 0, len)?, &[])?.1,
        };
        // What was read leaves no trace but the past.
        let first = Tensor::zeros((1, 1), DType::U32, &Device::Cpu)?;
        let _ = (answers.palm_forward)(&model, &first, &[]);
        let ids = read.narrow(1, case.past, case.seq)?;
        let run = |answers: &Answers| (answers.palm_forward)(&model, &ids, &past);
        agree("the model", run(answers), run(&SOLUTION), |(got, kept), (want, its)| {
            case.expect_near("the logits", got, want)?;
            expect_same("blocks that kept keys and values", &kept.len(), &its.len())?;
            kept.iter().zip(its).try_for_each(|(kept, its)| {
                case.expect_near("keys of a block", &kept.keys, &its.keys)?;
                case.expect_near("values of a block", &kept.values, &its.values)
            })
        })
    })?;
    let (config, past) = long_past()?;
    let model = drawn_model(config, 0.8, 30)?;
    let ids = ids([1, 2], 17, 31)?;
    let run = |answers: &Answers| (answers.palm_forward)(&model, &ids, std::slice::from_ref(&past));
    let ((got, _), (want, _)) = (run(answers)?, run(&SOLUTION)?);
    let exact = Tolerance { rtol: 1e-8, atol: 1e-9 };
    let what = format!("two tokens behind {LONG}: the logits");
    expect_tensor(&what, &got, want.dims(), DType::F64, &flat(&want)?, exact)
}

pub fn counts_agree(answers: &Answers) -> Outcome {
    let size = || draw::select(vec![1, 2, 3, 7, 64, 1000, 18_432, 100_000_usize]);
    let blocks = draw::select(vec![0, 1, 2, 118, 100_000_usize]);
    let pairs = draw::prop_oneof![1..=128_usize, 1..=5000_usize];
    let sizes = (blocks, 1..=200_usize, pairs, size(), size(), size());
    differential(sizes, |(n_layers, n_heads, pairs, d_model, d_ff, vocab_size)| {
        let config = Config {
            n_layers: *n_layers,
            n_heads: *n_heads,
            d_head: 2 * pairs,
            d_model: *d_model,
            d_ff: *d_ff,
            vocab_size: *vocab_size,
            eps: 1e-6,
            theta: 10_000.0,
        };
        let (got, want) = ((answers.parameters)(&config), (SOLUTION.parameters)(&config));
        expect_same("parameters", &got, &want)
    })
}
