//! The blocks of both models, and what goes into the first.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_error_is};
use tensor_test::{expect_form, expect_tensor, flat, largest, numbers, rounding, tensor, upstream};

use crate::oracle::{BlockCase, Weights, drawing, golden, ids, of, rows, tiny_bart, tiny_t5};
use crate::{Answers, Bart, BartConfig, BartStack, Encoded, Norm, SeqError, T5, T5Block, T5Config};

pub const CLOSE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-10 };

/// A small T5 for checks that need no golden file.
pub fn small_t5(proj: &str) -> Result<T5Config, SeqError> {
    let tied = proj == "relu";
    T5Config::from_json(&format!(
        r#"{{"vocab_size": 13, "d_model": 6, "d_kv": 2, "d_ff": 5, "num_layers": 2, "num_heads": 2,
            "relative_attention_num_buckets": 6, "relative_attention_max_distance": 7,
            "layer_norm_epsilon": 0.001, "feed_forward_proj": "{proj}",
            "tie_word_embeddings": {tied}}}"#
    ))
}

/// A small BART.
pub fn small_bart() -> Result<BartConfig, SeqError> {
    BartConfig::from_json(
        r#"{"vocab_size": 13, "d_model": 6, "encoder_layers": 2, "encoder_attention_heads": 3,
            "encoder_ffn_dim": 5, "decoder_layers": 2, "decoder_attention_heads": 2,
            "decoder_ffn_dim": 7, "max_position_embeddings": 9, "scale_embedding": true}"#,
    )
}

/// A drawn T5, and its tensors by name.
pub fn drawn_t5(config: &T5Config, spread: f64, seed: u64) -> Result<(T5, Weights), SeqError> {
    let mut weights = HashMap::new();
    let model = T5::from_tensors(config.clone(), drawing(spread, seed, &mut weights))?;
    Ok((model, weights))
}

/// A drawn BART, and its tensors by name.
pub fn drawn_bart(
    config: &BartConfig,
    spread: f64,
    seed: u64,
) -> Result<(Bart, Weights), SeqError> {
    let mut weights = HashMap::new();
    let model = Bart::from_tensors(config.clone(), drawing(spread, seed, &mut weights))?;
    Ok((model, weights))
}

/// Two texts of so many vectors of so many numbers.
pub fn drawn(t: usize, width: usize, seed: u64, dtype: DType) -> candle_core::Result<Tensor> {
    tensor(&numbers(2 * t * width, seed), &[2, t, width], dtype)
}

pub const F32: Tolerance = Tolerance { rtol: 1e-4, atol: 1e-5 };

/// What the decoder's block looks at in a golden file.
fn encoded(case: &BlockCase, dtype: DType) -> Result<Encoded, Failure> {
    let states = tensor(&case.states, &case.states_shape, dtype)?;
    let [batch, t_k, _] = case.states_shape;
    Ok(Encoded { states, mask: rows(&case.is_token)?.reshape((batch, 1, 1, t_k))? })
}

/// Who sees whom in it: the encoder's tokens, or those before.
fn own_mask(case: &BlockCase, encoded: &Encoded) -> candle_core::Result<Tensor> {
    match case.part.as_str() {
        "encoder" => Ok(encoded.mask.clone()),
        _ => Tensor::tril2(case.shape[1], DType::U8, &Device::Cpu),
    }
}

/// The numbers at tokens, since at padding of the encoder anything is fine.
fn at_tokens(case: &BlockCase, x: &[f64]) -> Vec<f64> {
    let is_token = |at: usize| case.part != "encoder" || case.is_token.concat()[at] == 1;
    let rows = x.chunks(case.shape[2]).enumerate().filter(|(at, _)| is_token(*at));
    rows.flat_map(|(_, row)| row.to_vec()).collect()
}

fn expect_block(case: &BlockCase, what: &str, got: &Tensor, dtype: DType) -> Outcome {
    expect_form(what, got, &case.shape, dtype)?;
    let tolerance = rounding(dtype, &case.y);
    let (got, want) = (at_tokens(case, &flat(got)?), at_tokens(case, &case.y));
    grading::expect_close(what, &[], &got, &want, tolerance)
}

pub fn t5_block_is_that_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let golden = golden()?;
        for (is_gated, cases) in [(false, golden.t5.blocks), (true, golden.t5_gated.blocks)] {
            let model = tiny_t5(is_gated, dtype)?;
            for case in cases {
                let is_decoder = case.part == "decoder";
                let stack = if is_decoder { &model.decoder } else { &model.encoder };
                let block = &stack.blocks[stack.blocks.len() - 1];
                let (x, encoded) = (tensor(&case.x, &case.shape, dtype)?, encoded(&case, dtype)?);
                let t = case.shape[1];
                let (bias, mask) =
                    (tensor(&case.bias, &[1, 3, t, t], dtype)?, own_mask(&case, &encoded)?);
                let looks_at = is_decoder.then_some(&encoded);
                let eps = model.config.layer_norm_epsilon;
                let y = (answers.t5_block)(&x, block, eps, &bias, Some(&mask), looks_at)?;
                let what = format!("last block of the {}, gate {is_gated}, {dtype:?}", case.part);
                expect_block(&case, &what, &y, dtype)?;
            }
        }
    }
    Ok(())
}

pub fn bart_block_is_that_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let model = tiny_bart(dtype)?;
        for case in golden()?.bart.blocks {
            let is_decoder = case.part == "decoder";
            let stack = if is_decoder { &model.decoder } else { &model.encoder };
            let block = &stack.blocks[stack.blocks.len() - 1];
            let (x, encoded) = (tensor(&case.x, &case.shape, dtype)?, encoded(&case, dtype)?);
            let mask = own_mask(&case, &encoded)?;
            let looks_at = is_decoder.then_some(&encoded);
            let y = (answers.bart_block)(&x, block, Some(&mask), looks_at)?;
            expect_block(&case, &format!("last block of the {}, {dtype:?}", case.part), &y, dtype)?;
        }
    }
    Ok(())
}

/// Something for a block of a drawn model to read: x, a bias, what is encoded.
fn to_read(seed: u64) -> Result<(Tensor, Tensor, Encoded), Failure> {
    let bias = tensor(&numbers(18, seed + 1), &[1, 2, 3, 3], DType::F64)?;
    let mask = Tensor::new(&[[1_u8, 0, 1, 1], [1; 4]], &Device::Cpu)?.reshape((2, 1, 1, 4))?;
    let encoded = Encoded { states: drawn(4, 6, seed + 2, DType::F64)?, mask };
    Ok((drawn(3, 6, seed, DType::F64)?, bias, encoded))
}

pub fn t5_block_only_adds(answers: &Answers) -> Outcome {
    let (model, _) = drawn_t5(&small_t5("gated-gelu")?, 0.8, 140)?;
    let (x, bias, encoded) = to_read(141)?;
    // Large numbers and all, the stream goes straight through.
    let x = (x * 1000.0)?;
    let mut block = model.decoder.blocks[1].clone();
    block.attention.mha.w_o.w = block.attention.mha.w_o.w.zeros_like()?;
    block.feed_forward.wo.w = block.feed_forward.wo.w.zeros_like()?;
    let run = |block: &T5Block| (answers.t5_block)(&x, block, 1e-3, &bias, None, Some(&encoded));
    let open = (run(&block)? - &x)?;
    if let Some(cross) = &mut block.cross {
        cross.mha.w_o.w = cross.mha.w_o.w.zeros_like()?;
    }
    let shut = run(&block)?;
    expect_tensor("all parts return 0", &shut, &[2, 3, 6], DType::F64, &flat(&x)?, CLOSE)?;
    let off = flat(&open)?.iter().map(|x| x.abs()).fold(0.0, f64::max);
    expect(off > 1e-3, || "only cross-attention returns something, and nothing is added".into())?;
    t5_block_is_that_of_transformers(answers)
}

pub fn bart_block_ends_in_a_norm(answers: &Answers) -> Outcome {
    let (model, _) = drawn_bart(&small_bart()?, 0.8, 145)?;
    let (x, _, encoded) = to_read(146)?;
    let x = (x * 50.0)?;
    // Without gain and bias what comes out has the mean 0 and the variance 1.
    let plain = |norm: &Norm| -> Result<Norm, Failure> {
        Ok(Norm { weight: norm.weight.ones_like()?, bias: norm.bias.zeros_like()? })
    };
    for part in 0..2 {
        let stack = if part == 0 { &model.encoder } else { &model.decoder };
        let mut block = stack.blocks[1].clone();
        block.norm = plain(&block.norm)?;
        let y = (answers.bart_block)(&x, &block, None, (part == 1).then_some(&encoded))?;
        expect_form("what comes out", &y, &[2, 3, 6], DType::F64)?;
        for row in flat(&y)?.chunks(6) {
            let mean = row.iter().sum::<f64>() / 6.0;
            let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 6.0;
            expect(mean.abs() < 1e-9 && (variance - 1.0).abs() < 1e-2, || {
                format!(
                    "a last norm without gain and bias: expected the mean 0 and the variance 1, \
                     got {mean:.4} and {variance:.4}"
                )
            })?;
        }
    }
    bart_block_is_that_of_transformers(answers)
}

/// The weights whose names hold one of these parts get the gradients that they should: the slope of
/// a weighted sum of the results, as each moves in a direction of its own.
pub fn expect_taught(
    weights: &Weights,
    parts: &[&str],
    run: &dyn Fn(&Weights) -> Result<Tensor, Failure>,
) -> Outcome {
    let mut weights = weights.clone();
    for weight in weights.values_mut() {
        *weight = Var::from_tensor(weight)?.into_inner();
    }
    let loss = |weights: &Weights| -> Result<Tensor, Failure> {
        let y = run(weights)?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = loss(&weights)?.backward()?;
    let is_asked = |name: &&String| parts.iter().any(|part| name.contains(part));
    let mut names: Vec<&String> = weights.keys().filter(is_asked).collect();
    names.sort();
    for (seed, name) in (1..).zip(names) {
        let weight = &weights[name];
        let Some(gradient) = gradients.get(weight) else {
            return Err(Failure::wrong(format!("{name} gets no gradient")));
        };
        expect_form(&format!("the gradient of {name}"), gradient, weight.dims(), DType::F64)?;
        let direction = tensor(&numbers(weight.elem_count(), seed), weight.dims(), DType::F64)?;
        let along = (gradient * &direction)?.sum_all()?.to_scalar::<f64>()?;
        let step = 1e-5;
        let moved = |by: f64| -> Result<f64, Failure> {
            let mut weights = weights.clone();
            weights.insert(name.clone(), (weight + (&direction * by)?)?.detach());
            Ok(loss(&weights)?.to_scalar()?)
        };
        let slope = (moved(step)? - moved(-step)?) / (2.0 * step);
        let most = largest(&flat(gradient)?);
        let tolerance = Tolerance { rtol: 1e-4, atol: 1e-5 * most + 1e-8 };
        let what = format!("the gradient of {name}, along a direction");
        grading::expect_close(&what, &[], &[along], &[slope], tolerance)?;
    }
    Ok(())
}

/// The weights, and x among them.
fn with(weights: &Weights, x: &Tensor) -> Weights {
    let mut weights = weights.clone();
    weights.insert("x".into(), x.clone());
    weights
}

pub fn t5_block_passes_gradients(answers: &Answers) -> Outcome {
    for proj in ["relu", "gated-gelu"] {
        let config = small_t5(proj)?;
        let (_, weights) = drawn_t5(&config, 0.8, 150)?;
        let (x, bias, encoded) = to_read(151)?;
        expect_taught(&with(&weights, &x), &["decoder.block.1", "x"], &|weights| {
            let model = T5::from_tensors(config.clone(), of(weights))?;
            let (x, block) = (&weights["x"], &model.decoder.blocks[1]);
            Ok((answers.t5_block)(x, block, 1e-3, &bias, None, Some(&encoded))?)
        })?;
    }
    Ok(())
}

pub fn bart_block_passes_gradients(answers: &Answers) -> Outcome {
    let config = small_bart()?;
    let (_, weights) = drawn_bart(&config, 0.8, 155)?;
    let (x, _, encoded) = to_read(156)?;
    expect_taught(&with(&weights, &x), &["decoder.layers.1", "x"], &|weights| {
        let model = Bart::from_tensors(config.clone(), of(weights))?;
        let (x, block) = (&weights["x"], &model.decoder.blocks[1]);
        Ok((answers.bart_block)(x, block, None, Some(&encoded))?)
    })
}

pub fn t5_block_needs_a_source(answers: &Answers) -> Outcome {
    t5_block_is_that_of_transformers(answers)?;
    let (model, _) = drawn_t5(&small_t5("relu")?, 0.8, 160)?;
    let (x, bias, encoded) = to_read(161)?;
    for (stack, looks_at, has_cross) in
        [(&model.decoder, None, true), (&model.encoder, Some(&encoded), false)]
    {
        // A bias that does not fit is not looked at any more.
        for bias in [&bias, &bias.narrow(3, 0, 2)?] {
            let got = (answers.t5_block)(&x, &stack.blocks[0], 1e-3, bias, None, looks_at);
            let what = format!("a block, cross-attention {has_cross}");
            expect_error_is(&what, got, &SeqError::Cross { has_cross })?;
        }
    }
    Ok(())
}

pub fn bart_block_needs_a_source(answers: &Answers) -> Outcome {
    bart_block_is_that_of_transformers(answers)?;
    let (model, _) = drawn_bart(&small_bart()?, 0.8, 165)?;
    let (x, _, encoded) = to_read(166)?;
    let misfit = Tensor::ones((7, 7), DType::U8, &Device::Cpu)?;
    for (stack, looks_at, has_cross) in
        [(&model.decoder, None, true), (&model.encoder, Some(&encoded), false)]
    {
        for mask in [None, Some(&misfit)] {
            let got = (answers.bart_block)(&x, &stack.blocks[0], mask, looks_at);
            let what = format!("a block, cross-attention {has_cross}");
            expect_error_is(&what, got, &SeqError::Cross { has_cross })?;
        }
    }
    Ok(())
}

/// A stack that hands on what goes into its norm, scaled: rows of places that say where they are.
fn labeled(d: usize, places: usize, dtype: DType) -> Result<BartStack, Failure> {
    let (model, _) = drawn_bart(&small_bart()?, 0.5, 170)?;
    let norm = |seed: u64, by: f64| tensor(&numbers(d, seed), &[d], dtype)? + by;
    Ok(BartStack {
        positions: tensor(&numbers((places + 2) * d, 171), &[places + 2, d], dtype)?,
        norm: Norm { weight: norm(172, 1.0)?, bias: norm(173, 0.0)? },
        blocks: model.encoder.blocks,
    })
}

pub fn positions_start_at_two(answers: &Answers) -> Outcome {
    for (dtype, tolerance) in [(DType::F64, CLOSE), (DType::F32, F32)] {
        let (d, places) = (5, 300);
        let stack = labeled(d, places, dtype)?;
        let shared = tensor(&numbers(7 * d, 174), &[7, d], dtype)?;
        for (batch, seq, scale) in [(2, 3, 1.0), (1, 300, 2.5), (3, 1, 0.1)] {
            let ids = ids([batch, seq], 7, 175)?;
            let got = (answers.bart_embed)(&stack, &shared, scale, &ids)?;
            let (table, rows) = (flat(&shared)?, flat(&stack.positions)?);
            let (gain, bias) = (flat(&stack.norm.weight)?, flat(&stack.norm.bias)?);
            let mut want = Vec::new();
            for (at, id) in ids.flatten_all()?.to_vec1::<u32>()?.into_iter().enumerate() {
                let (token, place) = (id as usize * d, (at % seq + 2) * d);
                let sum: Vec<f64> =
                    (0..d).map(|c| table[token + c] * scale + rows[place + c]).collect();
                let mean = sum.iter().sum::<f64>() / d as f64;
                let variance = sum.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / d as f64;
                let root = (variance + 1e-5).sqrt();
                want.extend((0..d).map(|c| (sum[c] - mean) / root * gain[c] + bias[c]));
            }
            let what = format!("{batch} × {seq} ids, scale {scale}, {dtype:?}");
            expect_tensor(&what, &got, &[batch, seq, d], dtype, &want, tolerance)?;
        }
    }
    Ok(())
}

pub fn embeddings_learn(answers: &Answers) -> Outcome {
    let config = small_bart()?;
    let (_, weights) = drawn_bart(&config, 0.8, 180)?;
    let ids = Tensor::new(&[[3_u32, 5, 3], [0, 12, 12]], &Device::Cpu)?;
    let names = ["shared.weight", "decoder.embed_positions", "decoder.layernorm_embedding"];
    expect_taught(&weights, &names, &|weights| {
        let model = Bart::from_tensors(config.clone(), of(weights))?;
        Ok((answers.bart_embed)(&model.decoder, &model.shared, 1.5, &ids)?)
    })
}

pub fn embed_refuses(answers: &Answers) -> Outcome {
    positions_start_at_two(answers)?;
    let stack = labeled(5, 4, DType::F64)?;
    let shared = tensor(&numbers(35, 185), &[7, 5], DType::F64)?;
    let run = |ids: &[u32], shape: &[usize]| {
        let ids = Tensor::from_slice(ids, shape, &Device::Cpu)?;
        (answers.bart_embed)(&stack, &shared, 1.0, &ids)
    };
    for shape in [&[2][..], &[1, 2, 1]] {
        let want = SeqError::Ids(shape.to_vec());
        expect_error_is(&format!("ids of shape {shape:?}"), run(&[1, 2], shape), &want)?;
    }
    expect_error_is("no ids", run(&[], &[0, 3]), &SeqError::Ids(vec![0, 3]))?;
    let want = SeqError::UnknownId { id: 7, vocab_size: 7 };
    expect_error_is("id 7 of 7, in a text too long", run(&[6, 7, 9, 1, 1], &[1, 5]), &want)?;
    run(&[6; 4], &[1, 4])?;
    let want = SeqError::TooLong { tokens: 5, n_positions: 4 };
    expect_error_is("five tokens for four positions", run(&[6; 10], &[2, 5]), &want)
}
