//! Attention of T5: bias and mask, another text, gradients, what does not fit.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, expect_error, expect_error_is};
use multi_head_attention::{HeadError, Mha};
use tensor_test::{expect_form, expect_slopes, expect_tensor, flat, numbers, tensor, upstream};

use super::blocks::{CLOSE, F32, drawn};
use crate::oracle::{attended, heads};
use crate::{Answers, SeqError};

pub fn attention_is_not_scaled(answers: &Answers) -> Outcome {
    for (seed, (sizes, t_q, t_k, biased)) in (1..).step_by(10).zip([
        ([6, 6, 1, 4], 3, 3, false),
        ([6, 6, 3, 5], 4, 4, true),
        ([5, 7, 2, 3], 2, 6, false),
        ([5, 3, 2, 16], 6, 2, true),
        ([4, 4, 2, 2], 1, 1, true),
    ]) {
        for (dtype, tolerance) in [(DType::F64, CLOSE), (DType::F32, F32)] {
            let [d_model, d_context, n_heads, _] = sizes;
            let mha = heads(sizes, seed, dtype)?;
            let x = drawn(t_q, d_model, seed + 4, dtype)?;
            let context = drawn(t_k, d_context, seed + 5, dtype)?;
            // What all scores share takes no part, however large it is.
            let shared = if dtype == DType::F64 { 2000.0 } else { 200.0 };
            let biases: Vec<f64> =
                numbers(n_heads * t_q * t_k, seed + 6).iter().map(|x| x + shared).collect();
            let bias = tensor(&biases, &[1, n_heads, t_q, t_k], dtype)?;
            let its = |h: usize, i: usize, j: usize| match biased {
                true => biases[(h * t_q + i) * t_k + j],
                false => 0.0,
            };
            let (bias, other) = (biased.then_some(&bias), d_model != d_context || t_q != t_k);
            let looks_at = if other { &context } else { &x };
            let want = attended(&mha, [&x, looks_at], &its, &|_, _, _| true)?;
            let got = (answers.t5_attention)(&mha, &x, other.then_some(&context), bias, None)?;
            let what = format!(
                "{t_q} queries, {} keys, {n_heads} heads, bias {biased}, {dtype:?}",
                if other { t_k } else { t_q }
            );
            expect_tensor(&what, &got, &[2, t_q, d_model], dtype, &want, tolerance)?;
        }
    }
    Ok(())
}

pub fn cross_attention_looks_over(answers: &Answers) -> Outcome {
    let mha = heads([6, 4, 3, 2], 100, DType::F64)?;
    let (x, context) = (drawn(3, 6, 101, DType::F64)?, drawn(5, 4, 102, DType::F64)?);
    let run = |x: &Tensor, context: &Tensor| -> Result<Tensor, Failure> {
        Ok((answers.t5_attention)(&mha, x, Some(context), None, None)?)
    };
    let before = run(&x, &context)?;
    // Another query changes its own row only.
    let other = Tensor::cat(&[&x.narrow(1, 0, 2)?, &(x.narrow(1, 2, 1)? * -2.0)?], 1)?;
    let (after, want) = (run(&other, &context)?.narrow(1, 0, 2)?, before.narrow(1, 0, 2)?);
    let what = "another word at place 2: what words 0 and 1 find";
    expect_tensor(what, &after, &[2, 2, 6], DType::F64, &flat(&want)?, CLOSE)?;
    // Without a bias the encoded text has no order.
    let turned: Vec<Tensor> =
        (0..5).rev().map(|j| context.narrow(1, j, 1)).collect::<Result<_, _>>()?;
    let after = run(&x, &Tensor::cat(&turned, 1)?)?;
    let what = "the encoded text backwards";
    expect_tensor(what, &after, &[2, 3, 6], DType::F64, &flat(&before)?, CLOSE)?;
    attention_is_not_scaled(answers)
}

pub fn attention_obeys_its_mask(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let mha = heads([6, 6, 2, 3], 110, dtype)?;
        let x = drawn(4, 6, 111, dtype)?;
        // What is hidden may hold any numbers. Of the second text nothing is seen.
        let mut hidden = flat(&drawn(4, 6, 112, dtype)?)?;
        hidden[18..].iter_mut().for_each(|x| *x *= 1e4);
        let context = tensor(&hidden, &[2, 4, 6], dtype)?;
        let keys = Tensor::new(&[[1_u8, 0, 1, 0], [0; 4]], &Device::Cpu)?.reshape((2, 1, 1, 4))?;
        let stairs = Tensor::tril2(4, DType::U8, &Device::Cpu)?;
        let biases = numbers(32, 113);
        let bias = tensor(&biases, &[1, 2, 4, 4], dtype)?;
        let its = |h: usize, i: usize, j: usize| biases[(h * 4 + i) * 4 + j];
        let of_keys = |b: usize, _: usize, j: usize| b == 0 && j.is_multiple_of(2);
        let of_stairs = |_: usize, i: usize, j: usize| j <= i;
        let tolerance = if dtype == DType::F32 { F32 } else { CLOSE };
        let case = |name: &str, context: &Tensor, mask: &Tensor, sees: &dyn Fn(_, _, _) -> bool| {
            let want = attended(&mha, [&x, context], &its, sees)?;
            let got = (answers.t5_attention)(&mha, &x, Some(context), Some(&bias), Some(mask))?;
            expect_tensor(&format!("{name}, {dtype:?}"), &got, &[2, 4, 6], dtype, &want, tolerance)
        };
        case("padding, of the second text all", &context, &keys, &of_keys)?;
        case("a causal mask", &x, &stairs, &of_stairs)?;
    }
    Ok(())
}

/// The tensors of an attention.
fn tensors(mha: &mut Mha) -> [&mut Tensor; 4] {
    [&mut mha.w_q.w, &mut mha.w_k.w, &mut mha.w_v.w, &mut mha.w_o.w]
}

pub fn attention_passes_gradients(answers: &Answers) -> Outcome {
    let var = |x: &Tensor| Ok::<_, Failure>(Var::from_tensor(x)?.into_inner());
    let mut mha = heads([6, 4, 2, 3], 120, DType::F64)?;
    for weight in tensors(&mut mha) {
        *weight = var(weight)?;
    }
    // x and context come as views; of the second text nothing is seen.
    let x = var(&tensor(&numbers(36, 121), &[3, 2, 6], DType::F64)?)?;
    let context = var(&tensor(&numbers(32, 122), &[2, 4, 4], DType::F64)?)?;
    let bias = var(&tensor(&numbers(24, 123), &[1, 2, 3, 4], DType::F64)?)?;
    let keys = Tensor::new(&[[1_u8, 0, 1, 1], [0; 4]], &Device::Cpu)?.reshape((2, 1, 1, 4))?;
    let run = |mha: &Mha, [x, context, bias]: [&Tensor; 3]| -> Result<Tensor, Failure> {
        let (x, context) = (x.transpose(0, 1)?, context.transpose(1, 2)?);
        let y = (answers.t5_attention)(mha, &x, Some(&context), Some(bias), Some(&keys))?;
        expect_form("views of x and context", &y, &[2, 3, 6], DType::F64)?;
        Ok((&y * upstream(&y)?)?.sum_all()?)
    };
    let gradients = run(&mha, [&x, &context, &bias])?.backward()?;
    for (i, name) in ["x", "the context", "the bias"].into_iter().enumerate() {
        let inputs = [&x, &context, &bias];
        expect_slopes(name, inputs[i], gradients.get(inputs[i]), &mut |moved| {
            let mut inputs = inputs;
            inputs[i] = moved;
            Ok(run(&mha, inputs)?.to_scalar::<f64>()?)
        })?;
    }
    for (i, name) in ["w_q", "w_k", "w_v", "w_o"].into_iter().enumerate() {
        let weight = tensors(&mut mha)[i].clone();
        expect_slopes(name, &weight, gradients.get(&weight), &mut |moved| {
            let mut other = mha.clone();
            *tensors(&mut other)[i] = moved.clone();
            Ok(run(&other, [&x, &context, &bias])?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn attention_refuses(answers: &Answers) -> Outcome {
    attention_is_not_scaled(answers)?;
    let mha = heads([6, 4, 3, 2], 130, DType::F64)?;
    let (x, context) = (drawn(3, 6, 131, DType::F64)?, drawn(5, 4, 132, DType::F64)?);
    let zeros = |shape: &[usize], dtype| Tensor::zeros(shape, dtype, &Device::Cpu);
    let scores = [2, 3, 3, 5];
    let mask = zeros(&[4], DType::U8)?;
    for bias in [&[1, 3, 5, 3][..], &[3, 3, 4], &[1, 2, 3, 5], &[1, 1, 3, 3, 5]] {
        let bias_of = zeros(bias, DType::F64)?;
        let got = (answers.t5_attention)(&mha, &x, Some(&context), Some(&bias_of), Some(&mask));
        let want = SeqError::Bias { bias: bias.to_vec(), scores };
        expect_error_is(&format!("a bias {bias:?} for scores {scores:?}"), got, &want)?;
    }
    for mask in [&[2, 1, 1, 3][..], &[5, 3], &[3, 1, 1, 5], &[2, 2, 3, 3, 5]] {
        let got = (answers.t5_attention)(
            &mha,
            &x,
            Some(&context),
            Some(&zeros(&[3, 1, 5], DType::F64)?),
            Some(&zeros(mask, DType::U8)?),
        );
        let want = SeqError::Mask { mask: mask.to_vec(), scores };
        expect_error_is(&format!("a mask {mask:?} for scores {scores:?}"), got, &want)?;
    }
    let got = (answers.t5_attention)(&mha, &x, None, None, None);
    let want = SeqError::Heads(HeadError::Input { shape: vec![2, 3, 6], d_in: 4 });
    expect_error_is("x as a context of 4 numbers", got, &want)?;
    let other = Mha { n_heads: 4, ..mha.clone() };
    let got = (answers.t5_attention)(&other, &x, Some(&context), None, None);
    let want = SeqError::Heads(HeadError::Width { width: 6, n_heads: 4 });
    expect_error_is("6 numbers in 4 heads", got, &want)?;
    let one = context.narrow(0, 0, 1)?;
    let got = (answers.t5_attention)(&mha, &x, Some(&one), None, None);
    expect_error("two texts that look at one", got)
}
