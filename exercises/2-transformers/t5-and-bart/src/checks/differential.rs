//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor};
use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{Differential, Outcome, Tolerance, agree, differential, expect_same};
use rand::RngExt;
use tensor_test::{expect_tensor, flat, largest, numbers, tensor};

use super::blocks::{drawn_bart, drawn_t5, small_bart, small_t5};
use crate::oracle::{heads, ids};
use crate::{
    Answers, Bart, BartConfig, BartStack, Encoded, Forward, Norm, SOLUTION, SeqError, Source, T5,
    T5Config,
};

fn types() -> impl Strategy<Value = DType> + Clone {
    draw::select(vec![DType::F32, DType::F64])
}

/// As far as two computations in the same type may be apart, relative to the largest number.
fn same(what: &str, got: &Tensor, want: &Tensor, dtype: DType, [f32, f64]: [f64; 2]) -> Outcome {
    let values = flat(want)?;
    let step = if dtype == DType::F32 { f32 } else { f64 };
    let tolerance = Tolerance { rtol: step, atol: step * largest(&values) };
    expect_tensor(what, got, want.dims(), dtype, &values, tolerance)
}

/// Drawn zeros and ones, `zeros` of ten of them 0.
fn drawn_mask(shape: &[usize], zeros: usize, seed: u64) -> candle_core::Result<Tensor> {
    let mut rng = seeded(seed);
    let count = shape.iter().product();
    let mask: Vec<u8> = (0..count).map(|_| u8::from(rng.random_range(0..10) >= zeros)).collect();
    Tensor::from_vec(mask, shape, &Device::Cpu)
}

pub fn buckets_agree(answers: &Answers) -> Outcome {
    let near = draw::prop_oneof![
        6 => -140..=140_i64,
        2 => -2000..=2000_i64,
        1 => draw::select(vec![i64::MIN, i64::MAX, -1 << 32, 1 << 32, -(1 << 31), 1 << 40]),
    ];
    let buckets = draw::prop_oneof![2 => 0..=9_usize, 3 => 10..=64_usize,
        1 => 65..=200_usize, 2 => draw::Just(32)];
    let far = draw::prop_oneof![2 => 0..=40_usize, 3 => 41..=1024_usize, 2 => draw::Just(128)];
    Differential::cases(3000).run((near, draw::select(vec![true, false]), buckets, far), |case| {
        let (relative, bidirectional, num_buckets, max_distance) = *case;
        let run = |answers: &Answers| {
            (answers.t5_bucket)(relative, bidirectional, num_buckets, max_distance)
        };
        agree("the bucket", run(answers), run(&SOLUTION), |got, want| {
            expect_same("the bucket", got, want)
        })
    })
}

pub fn biases_agree(answers: &Answers) -> Outcome {
    let sizes = (0..=12_usize, 0..=4_usize, 1..=9_usize, 1..=9_usize);
    let offset = draw::prop_oneof![4 => 0..=9_usize, 1 => draw::select(vec![300, 65_536, 70_000, 1_usize << 31])];
    let kinds = (draw::select(vec![true, false]), 0..=12_usize, offset, types());
    Differential::cases(300).run((sizes, kinds, draw::any_u64()), |case| {
        let ((num_buckets, heads, t_q, t_k), (both, far, offset, dtype), seed) = *case;
        let shape = [num_buckets, heads];
        // A tenth of these is no f32.
        let table = numbers(num_buckets * heads, seed % (1 << 40));
        let table: Vec<f64> = table.iter().map(|x| x * 0.1).collect();
        let table = tensor(&table, &shape, dtype)?;
        // Now and then its columns lie together.
        let table = if seed % 3 == 0 { table.t()?.contiguous()?.t()? } else { table };
        let run =
            |answers: &Answers| (answers.position_bias)(&table, both, far, [t_q, t_k], offset);
        agree("the bias", run(answers), run(&SOLUTION), |got, want| {
            same("the bias", got, want, dtype, [0.0; 2])
        })
    })?;
    // More scores than 16 bits count.
    let table = tensor(&numbers(20, 1), &[10, 2], DType::F32)?;
    let run = |answers: &Answers| (answers.position_bias)(&table, true, 200, [300, 301], 5);
    same("the bias of 300 × 301 scores", &run(answers)?, &run(&SOLUTION)?, DType::F32, [0.0; 2])
}

pub fn attentions_agree(answers: &Answers) -> Outcome {
    let sizes = (1..=3_usize, 1..=4_usize, 1..=5_usize, 1..=5_usize, 1..=7_usize, 1..=7_usize);
    let kinds = (0..=3_usize, 0..=4_usize, draw::select(vec![true, false]), 0..=10_usize, types());
    let scales = draw::select(vec![1.0, 1.0, 1.0, 1e-15, 4.0]);
    Differential::cases(300).run((sizes, kinds, scales, draw::any_u64()), |case| {
        let ((batch, n_heads, d, width, t_q, t_k), (bias, mask, other, zeros, dtype), scale, seed) =
            *case;
        let seed = seed % (1 << 40);
        let d_context = if other { 3 } else { width };
        let mha = heads([width, d_context, n_heads, d], seed, dtype)?;
        let scaled = |t: usize, width: usize, seed: u64| {
            let x: Vec<f64> = numbers(batch * t * width, seed).iter().map(|x| x * scale).collect();
            let x = tensor(&x, &[batch, t, width], dtype)?;
            // Now and then its columns lie together.
            match seed % 3 {
                0 => x.transpose(1, 2)?.contiguous()?.transpose(1, 2),
                _ => Ok(x),
            }
        };
        let (x, context) = (scaled(t_q, width, seed + 4)?, scaled(t_k, d_context, seed + 5)?);
        let t_k = if other { t_k } else { t_q };
        let bias_of = |shape: &[usize]| {
            let x: Vec<f64> =
                numbers(shape.iter().product(), seed + 6).iter().map(|x| x * 5.0).collect();
            tensor(&x, shape, dtype).map(Some)
        };
        let bias = match bias {
            0 => None,
            1 => bias_of(&[1, n_heads, t_q, t_k])?,
            2 => bias_of(&[batch, 1, 1, t_k])?,
            _ => bias_of(&[t_q, t_k + 1])?,
        };
        let mask = match mask {
            0 => None,
            1 => Some(drawn_mask(&[batch, 1, 1, t_k], zeros, seed + 7)?),
            2 => Some(drawn_mask(&[t_q, t_k], zeros, seed + 7)?),
            3 => Some(drawn_mask(&[batch, n_heads, t_q, t_k], zeros, seed + 7)?),
            _ => Some(drawn_mask(&[batch + 1, 1, t_q, t_k], zeros, seed + 7)?),
        };
        let run = |answers: &Answers| {
            let context = other.then_some(&context);
            (answers.t5_attention)(&mha, &x, context, bias.as_ref(), mask.as_ref())
        };
        agree("what attention brings", run(answers), run(&SOLUTION), |got, want| {
            same("what attention brings", got, want, dtype, [1e-3, 1e-9])
        })
    })
}

pub fn shifts_agree(answers: &Answers) -> Outcome {
    let label = || {
        draw::prop_oneof![6 => 0..=70_000_i64, 3 => draw::Just(-100_i64),
        1 => draw::select(vec![-1, -99, -101, i64::MIN, i64::MAX, 1 << 32, (1 << 32) - 1])]
    };
    let ids = || draw::prop_oneof![3 => 0..=5_u32, 1 => draw::select(vec![u32::MAX, 70_000])];
    differential((draw::list(label(), 0..=24), 1..=4_usize, ids(), ids()), |case| {
        let (labels, batch, start, pad) = case;
        let seq = labels.len() / batch;
        let labels = Tensor::from_slice(&labels[..batch * seq], (*batch, seq), &Device::Cpu)?;
        let run = |answers: &Answers| (answers.shift_right)(&labels, *start, *pad);
        agree("what the decoder reads", run(answers), run(&SOLUTION), |got, want| {
            let form = |x: &Tensor| (x.dims().to_vec(), x.dtype());
            expect_same("its shape and type", &form(got), &form(want))?;
            expect_same("its ids", &got.to_vec2::<u32>()?, &want.to_vec2::<u32>()?)
        })
    })
}

pub fn embeddings_agree(answers: &Answers) -> Outcome {
    let sizes = (0..=3_usize, 0..=6_usize, 1..=5_usize, 1..=6_usize, 1..=6_usize);
    let kinds = (draw::select(vec![1.0, 3.5, 0.01]), types(), 0..=7_usize);
    differential((sizes, kinds, draw::any_u64()), |case| {
        let ((batch, seq, d, vocab, places), (scale, dtype, odd), seed) = *case;
        let seed = seed % (1 << 40);
        let of =
            |shape: &[usize], seed| tensor(&numbers(shape.iter().product(), seed), shape, dtype);
        let stack = BartStack {
            positions: of(&[places + 2, d], seed)?,
            norm: Norm { weight: of(&[d], seed + 1)?, bias: of(&[d], seed + 2)? },
            blocks: Vec::new(),
        };
        let shared = of(&[vocab, d], seed + 3)?;
        // Now and then an id that there is not.
        let ids = ids([batch, seq], vocab + usize::from(odd == 0), seed + 4)?;
        let run = |answers: &Answers| (answers.bart_embed)(&stack, &shared, scale, &ids);
        agree("the embeddings", run(answers), run(&SOLUTION), |got, want| {
            same("the embeddings", got, want, dtype, [1e-3, 1e-9])
        })
    })
}

/// What is drawn for a block or a model: sizes, and what is read.
#[derive(Clone, Debug)]
struct Case {
    batch: usize,
    t: [usize; 2],
    layers: [usize; 2],
    heads: [usize; 2],
    d: usize,
    inner: usize,
    is_gated: bool,
    /// Of ten keys so many are hidden.
    zeros: usize,
    dtype: DType,
    /// Weights are up to this one.
    spread: f64,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let sizes = (1..=3_usize, 1..=6_usize, 1..=6_usize, 0..=3_usize, 0..=3_usize);
    let heads = (1..=3_usize, 1..=3_usize, 1..=4_usize, 1..=6_usize);
    let zeros = draw::select(vec![0, 0, 3, 6, 10_usize]);
    let kinds = (draw::select(vec![true, false]), zeros, types(), draw::select(vec![0.7, 3.0]));
    (sizes, heads, kinds, draw::any_u64()).prop_map(|(sizes, heads, kinds, seed)| {
        let (batch, t_q, t_k, encoder, decoder) = sizes;
        let (encoder_heads, decoder_heads, d, inner) = heads;
        let (is_gated, zeros, dtype, spread) = kinds;
        let (t, layers) = ([t_q, t_k], [encoder, decoder]);
        let (heads, seed) = ([encoder_heads, decoder_heads], seed % (1 << 40));
        Case { batch, t, layers, heads, d, inner, is_gated, zeros, dtype, spread, seed }
    })
}

impl Case {
    fn t5(&self) -> Result<T5Config, grading::Failure> {
        let [num_layers, decoder] = self.layers;
        Ok(T5Config {
            d_model: self.heads[1] * 2 + 1,
            d_kv: self.d,
            d_ff: self.inner,
            num_layers,
            num_decoder_layers: Some(decoder),
            num_heads: self.heads[0],
            relative_attention_num_buckets: 4 + self.inner,
            relative_attention_max_distance: 6 + (self.seed % 9) as usize,
            layer_norm_epsilon: if self.is_gated { 1e-2 } else { 1e-4 },
            ..small_t5(if self.is_gated { "gated-gelu" } else { "relu" })?
        })
    }

    fn bart(&self) -> Result<BartConfig, grading::Failure> {
        let ([encoder_layers, decoder_layers], [encoder, decoder]) = (self.layers, self.heads);
        Ok(BartConfig {
            d_model: encoder * decoder * self.d,
            encoder_layers,
            encoder_attention_heads: encoder,
            encoder_ffn_dim: self.inner,
            decoder_layers,
            decoder_attention_heads: decoder,
            decoder_ffn_dim: self.d,
            // Now and then one too few.
            max_position_embeddings: self.t[0].max(self.t[1])
                - usize::from(self.seed.is_multiple_of(9)),
            scale_embedding: self.is_gated,
            ..small_bart()?
        })
    }

    fn vectors(&self, t: usize, width: usize, seed: u64) -> candle_core::Result<Tensor> {
        let shape = [self.batch, t, width];
        tensor(&numbers(shape.iter().product(), self.seed + seed), &shape, self.dtype)
    }

    fn encoded(&self, width: usize) -> candle_core::Result<Encoded> {
        let mask = drawn_mask(&[self.batch, 1, 1, self.t[1]], self.zeros, self.seed + 900)?;
        Ok(Encoded { states: self.vectors(self.t[1], width, 901)?, mask })
    }

    /// As the rounding of one layer goes on through all others.
    fn near(&self, what: &str, got: &Tensor, want: &Tensor) -> Outcome {
        same(what, got, want, self.dtype, [5e-3, 1e-9])
    }

    fn models<M>(&self, model: &M, forwards: [Forward<M>; 2]) -> Outcome {
        let [t_q, t_k] = self.t;
        // One of the ids may be none.
        let odd = |by: u64| usize::from(self.seed.is_multiple_of(by));
        let source = ids([self.batch, t_k], 13 + odd(19), self.seed + 902)?;
        let target = ids([self.batch, t_q], 13 + odd(17), self.seed + 903)?;
        let is_token = drawn_mask(&[self.batch, t_k], self.zeros, self.seed + 904)?;
        let is_token = (self.zeros > 0).then_some(&is_token);
        let read = |forward: Forward<M>| {
            forward(model, &Source::Tokens { ids: &source, is_token }, &target)
        };
        // What was read before leaves no trace.
        let one = Tensor::zeros((1, 1), DType::U32, &Device::Cpu)?;
        let _ = forwards[0](model, &Source::Tokens { ids: &one, is_token: None }, &one);
        let want = read(forwards[1]);
        let encoded = want.as_ref().ok().map(|(_, encoded)| encoded.clone());
        agree("the model", read(forwards[0]), want, |(got, kept), (want, its)| {
            self.near("the logits", got, want)?;
            let states = |x: &Encoded| {
                // At padding, anything is fine.
                let [batch, t_k, d] = *its.states.dims() else { return Ok(x.states.clone()) };
                let mask = its.mask.reshape((batch, t_k, 1))?.broadcast_as((batch, t_k, d))?;
                mask.where_cond(&x.states, &x.states.zeros_like()?)
            };
            self.near("what is encoded, at tokens", &states(kept)?, &states(its)?)?;
            let mask = |x: &Encoded| x.mask.flatten_all()?.to_vec1::<u8>();
            expect_same("its mask over keys", &mask(kept)?, &mask(its)?)
        })?;
        let Some(encoded) = encoded else { return Ok(()) };
        let run = |forward: Forward<M>| forward(model, &Source::Encoded(&encoded), &target);
        agree("the decoder", run(forwards[0]), run(forwards[1]), |(got, _), (want, _)| {
            self.near("the logits behind an encoded text", got, want)
        })
    }
}

fn t5_of(config: &T5Config, case: &Case) -> Result<T5, SeqError> {
    let (_, weights) = drawn_t5(config, case.spread, case.seed)?;
    T5::from_tensors(config.clone(), |name, _| Ok(weights[name].to_dtype(case.dtype)?))
}

fn bart_of(config: &BartConfig, case: &Case) -> Result<Bart, SeqError> {
    let (_, weights) = drawn_bart(config, case.spread, case.seed)?;
    Bart::from_tensors(config.clone(), |name, _| Ok(weights[name].to_dtype(case.dtype)?))
}

pub fn t5_blocks_agree(answers: &Answers) -> Outcome {
    Differential::cases(100).run(cases(), |case| {
        let config = T5Config { num_layers: 1, num_decoder_layers: Some(1), ..case.t5()? };
        let model = t5_of(&config, case)?;
        let is_decoder = case.layers[0] > 1;
        let stack = if is_decoder { &model.decoder } else { &model.encoder };
        let (t, d) = (case.t[0], config.d_model);
        let (x, encoded) = (case.vectors(t, d, 910)?, case.encoded(d)?);
        let bias = tensor(&numbers(t * t, case.seed + 911), &[1, 1, t, t], case.dtype)?;
        let mask = drawn_mask(&[case.batch, 1, t, t], case.zeros, case.seed + 912)?;
        let mask = (case.zeros > 0).then_some(&mask);
        // Now and then something to look at where there should be nothing.
        let looks_at = (is_decoder != (case.seed % 13 == 0)).then_some(&encoded);
        let run = |answers: &Answers| {
            (answers.t5_block)(&x, &stack.blocks[0], 1e-3, &bias, mask, looks_at)
        };
        agree("the block", run(answers), run(&SOLUTION), |got, want| {
            case.near("the stream", got, want)
        })
    })
}

pub fn bart_blocks_agree(answers: &Answers) -> Outcome {
    Differential::cases(100).run(cases(), |case| {
        let config = BartConfig { encoder_layers: 1, decoder_layers: 1, ..case.bart()? };
        let model = bart_of(&config, case)?;
        let is_decoder = case.layers[0] > 1;
        let stack = if is_decoder { &model.decoder } else { &model.encoder };
        let (t, d) = (case.t[0], config.d_model);
        let (x, encoded) = (case.vectors(t, d, 920)?, case.encoded(d)?);
        let mask = drawn_mask(&[case.batch, 1, t, t], case.zeros, case.seed + 921)?;
        let mask = (case.zeros > 0).then_some(&mask);
        let looks_at = (is_decoder != (case.seed % 13 == 0)).then_some(&encoded);
        let run = |answers: &Answers| (answers.bart_block)(&x, &stack.blocks[0], mask, looks_at);
        agree("the block", run(answers), run(&SOLUTION), |got, want| {
            case.near("what comes out", got, want)
        })
    })
}

pub fn t5_models_agree(answers: &Answers) -> Outcome {
    Differential::cases(60).run(cases(), |case| {
        let model = t5_of(&case.t5()?, case)?;
        case.models(&model, [answers.t5_forward, SOLUTION.t5_forward])
    })
}

pub fn bart_models_agree(answers: &Answers) -> Outcome {
    Differential::cases(60).run(cases(), |case| {
        let model = bart_of(&case.bart()?, case)?;
        case.models(&model, [answers.bart_forward, SOLUTION.bart_forward])
    })
}
