//! A block.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect_error_is};
use multi_head_attention::HeadError;
use tensor_test::{expect_slopes, expect_tensor, flat, numbers, rounding, tensor, upstream};

use super::parts::weights_get_gradients;
use crate::oracle::{drawn_model, golden, normed, small, tiny};
use crate::{Answers, Bert, BertError};

const CLOSE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-10 };

pub fn block_is_that_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let model = tiny(dtype)?;
        for case in golden()?.blocks {
            let x = tensor(&case.x, &case.shape, dtype)?;
            let y = (answers.block)(&x, &model.layers[case.layer], &model.config, None)?;
            let what = format!("block {} of the model in golden/, {dtype:?}", case.layer);
            // The file has ten digits.
            let tolerance = rounding(dtype, &case.y);
            expect_tensor(&what, &y, &case.shape, dtype, &case.y, tolerance)?;
        }
    }
    Ok(())
}

/// A block of a drawn model, and something for it to read.
fn drawn(seed: u64) -> Result<(Bert, Tensor), Failure> {
    let model = drawn_model(small(1), 0.8, seed)?;
    let x = tensor(&numbers(2 * 5 * 6, seed + 100), &[2, 5, 6], DType::F64)?;
    Ok((model, x))
}

pub fn norms_stand_behind_the_sums(answers: &Answers) -> Outcome {
    let (model, x) = drawn(50)?;
    let eps = model.config.layer_norm_eps;
    for (open, what) in [
        ([false, false], "both parts return 0"),
        ([true, false], "the feed-forward network returns 0, attention always its bias"),
        ([false, true], "attention returns 0, the feed-forward network always its bias"),
    ] {
        let mut layer = model.layers[0].clone();
        let mut added = [vec![0.0; 6], vec![0.0; 6]];
        for ((part, open), added) in
            [&mut layer.attention_output, &mut layer.output].into_iter().zip(open).zip(&mut added)
        {
            part.weight = part.weight.zeros_like()?;
            if open {
                *added = flat(&part.bias)?;
            } else {
                part.bias = part.bias.zeros_like()?;
            }
        }
        let mut want = flat(&x)?;
        for (norm, added) in [&layer.attention_norm, &layer.output_norm].into_iter().zip(&added) {
            want.iter_mut().enumerate().for_each(|(i, x)| *x += added[i % 6]);
            want = normed(&want, &flat(&norm.weight)?, &flat(&norm.bias)?, eps);
        }
        let y = (answers.block)(&x, &layer, &model.config, None)?;
        expect_tensor(what, &y, &[2, 5, 6], DType::F64, &want, CLOSE)?;
    }
    block_is_that_of_transformers(answers)
}

pub fn block_looks_both_ways(answers: &Answers) -> Outcome {
    let (model, x) = drawn(70)?;
    let run = |x: &Tensor, mask: Option<&Tensor>| -> Result<Tensor, Failure> {
        Ok((answers.block)(x, &model.layers[0], &model.config, mask)?)
    };
    // Without a mask the order does not matter.
    let whole = run(&x, None)?;
    let backwards: Vec<Tensor> =
        (0..5).rev().map(|t| x.narrow(1, t, 1)).collect::<Result<_, _>>()?;
    let turned = run(&Tensor::cat(&backwards, 1)?, None)?;
    for t in 0..5 {
        let want = flat(&whole.narrow(1, t, 1)?)?;
        let what = format!("no mask, the tokens in another order: token {t}");
        let got = turned.narrow(1, 4 - t, 1)?;
        expect_tensor(&what, &got, &[2, 1, 6], DType::F64, &want, CLOSE)?;
    }
    // Who sees only themselves could as well be alone.
    let only = (0..25).map(|at| u8::from(at % 6 == 0)).collect();
    let only = Tensor::from_vec(only, (5, 5), &Device::Cpu)?;
    let got = run(&x, Some(&only))?;
    for t in 0..5 {
        let alone = flat(&run(&x.narrow(1, t, 1)?.contiguous()?, None)?)?;
        let what = format!("token {t}, which sees only itself");
        expect_tensor(&what, &got.narrow(1, t, 1)?, &[2, 1, 6], DType::F64, &alone, CLOSE)?;
    }
    // What one text hides from itself, another shows.
    let keys = Tensor::new(&[[1_u8, 0, 1, 1, 0], [1, 1, 1, 1, 1]], &Device::Cpu)?;
    let got = run(&x, Some(&keys.reshape((2, 1, 1, 5))?))?;
    let kept = Tensor::new(&[0_u32, 2, 3], &Device::Cpu)?;
    let first = run(&x.narrow(0, 0, 1)?.index_select(&kept, 1)?, None)?;
    let what = "text 0 with keys 1 and 4 hidden, at the other tokens";
    let shown = got.narrow(0, 0, 1)?.index_select(&kept, 1)?;
    expect_tensor(what, &shown, &[1, 3, 6], DType::F64, &flat(&first)?, CLOSE)?;
    let second = flat(&whole.narrow(0, 1, 1)?)?;
    let what = "text 1, which hides nothing";
    expect_tensor(what, &got.narrow(0, 1, 1)?, &[1, 5, 6], DType::F64, &second, CLOSE)?;
    block_is_that_of_transformers(answers)
}

pub fn block_passes_gradients(answers: &Answers) -> Outcome {
    let (model, x) = drawn(80)?;
    let mask = Tensor::new(&[[1_u8, 1, 0, 1, 1], [1, 1, 1, 1, 0]], &Device::Cpu)?;
    let mask = mask.reshape((2, 1, 1, 5))?;
    let var = |x: &Tensor| Ok(Var::from_tensor(x)?.into_inner());
    let (model, x) = (model.map(var)?, var(&x)?);
    let run = |x: &Tensor, model: &Bert| -> Result<Tensor, Failure> {
        let y = (answers.block)(x, &model.layers[0], &model.config, Some(&mask))?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = run(&x, &model)?.backward()?;
    expect_slopes("x", &x, gradients.get(&x), &mut |x| Ok(run(x, &model)?.to_scalar::<f64>()?))?;
    weights_get_gradients(&model, &LAYER, 5, &|model| run(&x, model))
}

/// The tensors of a block as [`Bert::tensors_mut`] has them.
pub const LAYER: [&str; 16] = [
    "query.weight",
    "query.bias",
    "key.weight",
    "key.bias",
    "value.weight",
    "value.bias",
    "attention_output.weight",
    "attention_output.bias",
    "intermediate.weight",
    "intermediate.bias",
    "output.weight",
    "output.bias",
    "attention_norm.weight",
    "attention_norm.bias",
    "output_norm.weight",
    "output_norm.bias",
];

pub fn block_passes_errors_on(answers: &Answers) -> Outcome {
    block_is_that_of_transformers(answers)?;
    let (model, x) = drawn(90)?;
    let mut config = model.config.clone();
    config.num_attention_heads = 4;
    let got = (answers.block)(&x, &model.layers[0], &config, None);
    let want = BertError::Heads(HeadError::Width { width: 6, n_heads: 4 });
    expect_error_is("6 numbers in 4 heads", got, &want)?;
    let mut layer = model.layers[0].clone();
    layer.intermediate.weight = layer.intermediate.weight.t()?;
    let got = (answers.block)(&x, &layer, &model.config, None);
    let want = BertError::Linear { x: vec![2, 5, 6], weight: vec![6, 10], bias: vec![10] };
    expect_error_is("a weight that lies as (in, out)", got, &want)?;
    let mask = Tensor::zeros((2, 5), DType::F32, &Device::Cpu)?;
    let got = (answers.block)(&x, &model.layers[0], &model.config, Some(&mask));
    let want = BertError::Attention(attention::AttentionError::MaskType(DType::F32));
    expect_error_is("a mask of type f32", got, &want)
}
