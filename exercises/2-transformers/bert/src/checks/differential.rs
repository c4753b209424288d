//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor};
use grading::draw::{self, Strategy};
use grading::{Differential, Outcome, Tolerance, agree};
use tensor_test::{expect_tensor, flat, ids, largest, numbers, tensor};

use crate::oracle::drawn_model;
use crate::{Answers, Config, SOLUTION};

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

/// Drawn vectors of so many numbers; of some draws every third vector is 0, or −0.
fn vectors(shape: &[usize], seed: u64) -> Vec<f64> {
    let mut x = numbers(shape.iter().product(), seed);
    if seed.is_multiple_of(3) {
        let width = shape.last().copied().unwrap_or(1).max(1);
        let zero = if seed.is_multiple_of(2) { 0.0 } else { -0.0 };
        x.chunks_mut(width).step_by(3).for_each(|vector| vector.fill(zero));
    }
    x
}

/// The same numbers, with their last two axes the other way around in memory.
fn turned(x: &Tensor) -> candle_core::Result<Tensor> {
    let rank = x.rank();
    if rank < 2 {
        return Ok(x.clone());
    }
    x.transpose(rank - 2, rank - 1)?.contiguous()?.transpose(rank - 2, rank - 1)
}

pub fn linears_agree(answers: &Answers) -> Outcome {
    let front = draw::list(0..=3_usize, 0..=5);
    let sizes = (draw::lengths(0..=9), draw::lengths(0..=9));
    let odd = draw::select(vec![0, 0, 0, 0, 0, 1, 2, 3_usize]);
    let kinds = (odd, types(), scales(), draw::any_u64());
    Differential::cases(300).run((front, sizes, kinds), |case| {
        let (front, (n_in, n_out), (odd, dtype, scale, seed)) = case;
        let shape = [front.as_slice(), &[*n_in]].concat();
        let weight_shape = [*n_out, n_in + usize::from(*odd == 1)];
        let bias_shape = [n_out + usize::from(*odd == 2)];
        let seed = seed % (1 << 40);
        let scaled = |shape: &[usize], seed: u64| {
            let x: Vec<f64> = vectors(shape, seed).iter().map(|x| x * scale).collect();
            tensor(&x, shape, *dtype)
        };
        let (mut x, bias) = (scaled(&shape, seed)?, scaled(&bias_shape, seed + 2)?);
        let count = weight_shape.iter().product();
        let mut weight = tensor(&numbers(count, seed + 1), &weight_shape, *dtype)?;
        // Now and then the columns lie together.
        if *odd == 3 && x.elem_count() > 0 && weight.elem_count() > 0 {
            (x, weight) = (turned(&x)?, turned(&weight)?);
        }
        let run = |answers: &Answers| (answers.linear)(&x, &weight, &bias);
        agree("x Wᵀ + b", run(answers), run(&SOLUTION), |got, want| {
            same("x Wᵀ + b", got, want, *dtype, *scale)
        })
    })?;
    // More vectors, and longer ones, than 16 bits count.
    for (rows, n_in, n_out) in [(70_000, 1, 2), (2, 70_000, 1), (1, 2, 70_000)] {
        let x = tensor(&numbers(rows * n_in, 1), &[rows, n_in], DType::F64)?;
        let weight = tensor(&numbers(n_in * n_out, 2), &[n_out, n_in], DType::F64)?;
        let bias = tensor(&numbers(n_out, 3), &[n_out], DType::F64)?;
        let got = (answers.linear)(&x, &weight, &bias)?;
        let want = (SOLUTION.linear)(&x, &weight, &bias)?;
        same(&format!("{rows} vectors of {n_in} numbers"), &got, &want, DType::F64, 1.0)?;
    }
    Ok(())
}

/// Sizes of a small model, and what it reads.
#[derive(Clone, Debug)]
struct Case {
    config: Config,
    batch: usize,
    seq: usize,
    /// Whether there are token types.
    has_types: bool,
    /// Which of the tokens are none, so many of ten.
    padding: u32,
    /// An id or a type that there is not, now and then.
    odd: usize,
    dtype: DType,
    spread: f64,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let sizes = (1..=3_usize, 1..=3_usize, 1..=4_usize, 1..=9_usize);
    let lengths = (draw::lengths(0..=3), draw::lengths(0..=7), 0..=4_u32);
    let eps = draw::select(vec![1e-12, 1e-5, 1e-2, 1.0]);
    let odd = draw::select(vec![0, 0, 0, 0, 0, 0, 0, 1, 2, 3_usize]);
    let kinds = (eps, types(), draw::select(vec![0.1, 0.5, 2.0]), 1..=13_usize, odd);
    let rest = (draw::select(vec![true, false]), 1..=4_usize, draw::any_u64());
    (sizes, lengths, kinds, rest).prop_map(|(sizes, lengths, kinds, rest)| {
        let (num_hidden_layers, num_attention_heads, d_head, intermediate_size) = sizes;
        let (batch, seq, padding) = lengths;
        let (layer_norm_eps, dtype, spread, vocab_size, odd) = kinds;
        let (has_types, type_vocab_size, seed) = rest;
        let positions = seq + (seed % 4) as usize;
        let config = Config {
            num_hidden_layers,
            num_attention_heads,
            // A vector of one number is all mean.
            hidden_size: (num_attention_heads * d_head).max(2 * num_attention_heads),
            intermediate_size,
            // Now and then one too few.
            max_position_embeddings: (positions - usize::from(odd == 3 && positions > 0)).max(1),
            type_vocab_size,
            vocab_size,
            layer_norm_eps,
        };
        let seed = seed % (1 << 40);
        Case { config, batch, seq, has_types, padding, odd, dtype, spread, seed }
    })
}

impl Case {
    fn model(&self, config: Config) -> Result<crate::Bert, grading::Failure> {
        let model = drawn_model(config, self.spread, self.seed)?;
        Ok(model.map(|tensor| tensor.to_dtype(self.dtype))?)
    }

    /// Ids and token types; sometimes their rows lie as columns.
    fn inputs(&self) -> candle_core::Result<(Tensor, Option<Tensor>)> {
        let count = self.batch * self.seq;
        let shape = (self.batch, self.seq);
        let lie =
            |x: Tensor| if self.seed.is_multiple_of(3) && count > 0 { turned(&x) } else { Ok(x) };
        let drawn = |most: usize, seed: u64, is_odd: bool| {
            let mut x = ids(count, most, seed);
            if is_odd && count > 0 {
                let at = (self.seed % count as u64) as usize;
                x[at] = most as u32 + (self.seed % 5) as u32;
                x[count - 1] = most as u32;
            }
            lie(Tensor::from_vec(x, shape, &Device::Cpu)?)
        };
        let ids = drawn(self.config.vocab_size, self.seed + 3, self.odd == 1)?;
        let types = drawn(self.config.type_vocab_size, self.seed + 4, self.odd == 2)?;
        Ok((ids, self.has_types.then_some(types)))
    }

    /// Which are tokens, of all places of a batch.
    fn is_token(&self) -> candle_core::Result<Tensor> {
        let tens = ids(self.batch * self.seq, 10, self.seed + 2);
        let is_token = tens.iter().map(|&ten| u8::from(ten >= 2 * self.padding)).collect();
        Tensor::from_vec(is_token, (self.batch, self.seq), &Device::Cpu)
    }

    /// Token types and what is a token, for a run before the one that counts.
    fn others(&self) -> candle_core::Result<(Tensor, Tensor)> {
        let (count, shape) = (self.batch * self.seq, (self.batch, self.seq));
        let types = ids(count, self.config.type_vocab_size, self.seed + 6);
        let is_token = ids(count, 2, self.seed + 7).iter().map(|&one| one as u8).collect();
        let types = Tensor::from_vec(types, shape, &Device::Cpu)?;
        Ok((types, Tensor::from_vec(is_token, shape, &Device::Cpu)?))
    }

    /// Vectors for a block, a head or a mean.
    fn vectors(&self) -> candle_core::Result<Tensor> {
        let shape = [self.batch, self.seq, self.config.hidden_size];
        let x = tensor(&vectors(&shape, self.seed + 5), &shape, self.dtype)?;
        if self.seed % 3 == 1 && x.elem_count() > 0 { turned(&x) } else { Ok(x) }
    }

    /// As the rounding of one layer goes on through all others.
    fn expect_near(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        let values = flat(want)?;
        // Where ε is small and a norm divides by almost nothing, digits are lost.
        let step = if self.dtype == DType::F32 { 2e-3 } else { 1e-7 };
        let tolerance = Tolerance { rtol: step, atol: step * largest(&values).max(1e-3) };
        expect_tensor(what, got, want.dims(), self.dtype, &values, tolerance)
    }
}

pub fn embeds_agree(answers: &Answers) -> Outcome {
    Differential::cases(300).run(cases(), |case| {
        let model = case.model(case.config.clone())?;
        let (ids, types) = case.inputs()?;
        let others = case.others()?.0;
        let others = types.is_none().then_some(&others);
        let _ = (answers.embed)(&model.embeddings, &model.config, &ids, others);
        let run = |answers: &Answers| {
            (answers.embed)(&model.embeddings, &model.config, &ids, types.as_ref())
        };
        agree("the embeddings", run(answers), run(&SOLUTION), |got, want| {
            case.expect_near("the embeddings", got, want)
        })
    })
}

pub fn blocks_agree(answers: &Answers) -> Outcome {
    Differential::cases(200).run(cases(), |case| {
        let model = case.model(Config { num_hidden_layers: 1, ..case.config.clone() })?;
        let (x, is_token) = (case.vectors()?, case.is_token()?);
        let mask = (case.padding > 0).then(|| is_token.unsqueeze(1)?.unsqueeze(1)).transpose()?;
        let run =
            |answers: &Answers| (answers.block)(&x, &model.layers[0], &model.config, mask.as_ref());
        if case.batch * case.seq == 0 {
            return Ok(());
        }
        agree("the block", run(answers), run(&SOLUTION), |got, want| {
            case.expect_near("the block", got, want)
        })
    })
}

pub fn models_agree(answers: &Answers) -> Outcome {
    let check = |case: &Case| {
        let model = case.model(case.config.clone())?;
        let ((ids, types), is_token) = (case.inputs()?, case.is_token()?);
        let mask = (case.padding > 0).then_some(&is_token);
        // What was read leaves no trace: types and mask are there before where they are not now.
        let (others, other_mask) = case.others()?;
        let (others, other_mask) =
            (types.is_none().then_some(&others), mask.is_none().then_some(&other_mask));
        let _ = (answers.forward)(&model, &ids, others, other_mask);
        let run = |answers: &Answers| (answers.forward)(&model, &ids, types.as_ref(), mask);
        agree("the encoder", run(answers), run(&SOLUTION), |got, want| {
            let form = |x: &Tensor| (x.dims().to_vec(), x.dtype());
            grading::expect_same("shape and type of the hidden states", &form(got), &form(want))?;
            // At padding, anything is fine.
            let tokens = match mask {
                Some(mask) => mask.unsqueeze(2)?.broadcast_as(want.shape())?,
                None => Tensor::ones(want.shape(), DType::U8, want.device())?,
            };
            let at = |x: &Tensor| tokens.where_cond(x, &x.zeros_like()?);
            case.expect_near("the hidden states at tokens", &at(got)?, &at(want)?)
        })
    };
    Differential::cases(120).run(cases(), check)?;
    // Each text of a batch is padded in its own way.
    let padded =
        cases().prop_map(|case| Case { batch: 2 + case.batch % 2, padding: 3, odd: 0, ..case });
    Differential::cases(40).run(padded, check)
}

pub fn heads_agree(answers: &Answers) -> Outcome {
    Differential::cases(200).run(cases(), |case| {
        let mut model = case.model(case.config.clone())?;
        if case.odd == 1 {
            model.mlm = None;
        }
        let x = case.vectors()?;
        let run = |answers: &Answers| (answers.mlm_logits)(&model, &x);
        agree("the logits", run(answers), run(&SOLUTION), |got, want| {
            case.expect_near("the logits", got, want)
        })
    })
}

pub fn pools_agree(answers: &Answers) -> Outcome {
    let sizes = (draw::lengths(0..=4), draw::lengths(0..=600), draw::lengths(0..=5));
    let kinds = (0..=5_u32, 0..=11_usize, types(), scales(), draw::any_u64());
    Differential::cases(400).run((sizes, kinds), |case| {
        let ((batch, seq, n), (padding, odd, dtype, scale, seed)) = case;
        let seed = seed % (1 << 40);
        let shape = [*batch, *seq, *n];
        let x: Vec<f64> = vectors(&shape, seed).iter().map(|x| x * scale).collect();
        let mut x = tensor(&x, &shape, *dtype)?;
        let places = seq + usize::from(*odd == 1);
        let tens = ids(batch * places, 10, seed + 1);
        let is_token: Vec<u8> = tens.iter().map(|&ten| u8::from(ten >= 2 * padding)).collect();
        let mut is_token = Tensor::from_vec(is_token, (*batch, places), &Device::Cpu)?;
        if *odd == 2 && x.elem_count() > 0 {
            (x, is_token) = (turned(&x)?, turned(&is_token)?);
        }
        let run = |answers: &Answers| (answers.mean_pool)(&x, &is_token);
        agree("the mean", run(answers), run(&SOLUTION), |got, want| {
            same("the mean", got, want, *dtype, *scale)
        })
    })
}
