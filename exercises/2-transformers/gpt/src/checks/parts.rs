//! The small parts: a product, three tensors from one, a sum of sizes.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Outcome, Tolerance, expect, expect_error_is, expect_same};
use tensor_test::{expect_form, expect_slopes, expect_tensor, flat, numbers, tensor, upstream};

use crate::oracle::{CountCase, counts, product};
use crate::{Answers, Config, GptError, Parameters};

/// Up to 64 products of numbers up to 1.
const F32: Tolerance = Tolerance { rtol: 1e-5, atol: 1e-5 };
const F64: Tolerance = Tolerance { rtol: 1e-12, atol: 1e-13 };

pub fn conv1d_multiplies(answers: &Answers) -> Outcome {
    // A square weight fits both ways around.
    for (seed, (front, n_in, n_out)) in (1..).step_by(3).zip([
        (&[2][..], 3, 3),
        (&[4], 2, 5),
        (&[2, 3], 5, 5),
        (&[], 4, 3),
        (&[3, 1, 2], 7, 2),
        (&[1], 64, 1),
    ]) {
        let shape = [front, &[n_in]].concat();
        let x = numbers(shape.iter().product(), seed);
        let (weight, bias) = (numbers(n_in * n_out, seed + 1), numbers(n_out, seed + 2));
        let want = product(&x, &weight, &bias);
        let what = format!("x {shape:?} times a weight ({n_in}, {n_out}), plus a bias");
        for (dtype, tolerance) in [(DType::F32, F32), (DType::F64, F64)] {
            let got = (answers.conv1d)(
                &tensor(&x, &shape, dtype)?,
                &tensor(&weight, &[n_in, n_out], dtype)?,
                &tensor(&bias, &[n_out], dtype)?,
            )?;
            let shape = [front, &[n_out]].concat();
            expect_tensor(&what, &got, &shape, dtype, &want, tolerance)?;
        }
    }
    Ok(())
}

pub fn conv1d_takes_views(answers: &Answers) -> Outcome {
    let (x, weight, bias) = (numbers(24, 31), numbers(40, 32), numbers(10, 33));
    let var = |x: &[f64], shape: &[usize]| Var::from_tensor(&tensor(x, shape, DType::F64)?);
    // Axes swapped, some columns of a wider weight, the second half of a bias.
    let leaves = [var(&x, &[3, 2, 4])?, var(&weight, &[4, 10])?, var(&bias, &[10])?];
    let view = |i: usize, leaf: &Tensor| match i {
        0 => leaf.transpose(0, 1),
        1 => leaf.narrow(1, 3, 5),
        _ => leaf.narrow(0, 5, 5),
    };
    let run = |leaves: &[Tensor]| -> Result<Tensor, grading::Failure> {
        let [x, weight, bias] = [0, 1, 2].map(|i| view(i, &leaves[i]));
        Ok((answers.conv1d)(&x?, &weight?, &bias?)?)
    };
    let tensors: Vec<Tensor> = leaves.iter().map(|leaf| leaf.as_tensor().clone()).collect();
    let got = run(&tensors)?;
    let numbers_of =
        |i: usize| -> candle_core::Result<Vec<f64>> { flat(&view(i, &tensors[i])?.contiguous()?) };
    let want = product(&numbers_of(0)?, &numbers_of(1)?, &numbers_of(2)?);
    expect_tensor("views of x, weight and bias", &got, &[2, 3, 5], DType::F64, &want, F64)?;
    let gradients = (&got * upstream(&got)?)?.sum_all()?.backward()?;
    for (i, name) in ["x", "the weight", "the bias"].into_iter().enumerate() {
        expect_slopes(name, &tensors[i], gradients.get(&tensors[i]), &mut |moved| {
            let mut tensors = tensors.clone();
            tensors[i] = moved.clone();
            let y = run(&tensors)?;
            Ok((&y * upstream(&y)?)?.sum_all()?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn conv1d_refuses(answers: &Answers) -> Outcome {
    conv1d_multiplies(answers)?;
    for (x, weight, bias) in [
        (&[2, 3][..], &[4, 5][..], &[5][..]),
        // As most models have it.
        (&[2, 3], &[5, 3], &[5]),
        (&[2, 3], &[3, 5], &[3]),
        (&[2, 3], &[3, 5], &[1]),
        (&[2, 3], &[3, 5], &[1, 5]),
        (&[], &[1, 5], &[5]),
        (&[6], &[3, 5], &[5]),
        (&[2, 3], &[2, 3, 5], &[5]),
        (&[0, 3], &[3, 5], &[5]),
        (&[2, 0], &[0, 5], &[5]),
        (&[2, 3], &[3, 0], &[0]),
    ] {
        let zeros = |shape: &[usize]| Tensor::zeros(shape, DType::F32, &Device::Cpu);
        let got = (answers.conv1d)(&zeros(x)?, &zeros(weight)?, &zeros(bias)?);
        let what = format!("x {x:?}, weight {weight:?}, bias {bias:?}");
        let [x, weight, bias] = [x, weight, bias].map(<[usize]>::to_vec);
        expect_error_is(&what, got, &GptError::Conv1d { x, weight, bias })?;
    }
    Ok(())
}

/// Each number says where it belongs.
fn labeled(batch: usize, seq: usize, n_head: usize, d_head: usize) -> Vec<f64> {
    let mut x = Vec::new();
    for (b, t) in (0..batch).flat_map(|b| (0..seq).map(move |t| (b, t))) {
        for (part, h) in (0..3).flat_map(|part| (0..n_head).map(move |h| (part, h))) {
            x.extend((0..d_head).map(|d| label(part, b, h, t, d)));
        }
    }
    x
}

fn label(part: usize, b: usize, h: usize, t: usize, d: usize) -> f64 {
    ((((part * 8 + b) * 16 + h) * 32 + t) * 16 + d) as f64
}

pub fn queries_come_first(answers: &Answers) -> Outcome {
    for (batch, seq, n_head, d_head) in
        [(1, 1, 1, 2), (1, 4, 1, 3), (1, 1, 3, 2), (2, 3, 4, 5), (3, 7, 2, 1), (2, 4, 4, 4)]
    {
        let x = labeled(batch, seq, n_head, d_head);
        let wide = 3 * n_head * d_head;
        for dtype in [DType::F32, DType::F64] {
            let x = tensor(&x, &[batch, seq, wide], dtype)?;
            // As it comes, and as a view with the first axes swapped.
            let swapped = x.transpose(0, 1)?.contiguous()?.transpose(0, 1)?;
            for x in [x, swapped] {
                let got = (answers.split_qkv)(&x, n_head)?;
                for (part, name) in ["queries", "keys", "values"].into_iter().enumerate() {
                    let mut want = Vec::new();
                    for (b, h) in (0..batch).flat_map(|b| (0..n_head).map(move |h| (b, h))) {
                        let at = |t| (0..d_head).map(move |d| label(part, b, h, t, d));
                        want.extend((0..seq).flat_map(at));
                    }
                    let what = format!(
                        "the {name} of {batch} texts of {seq} tokens, {n_head} heads of {d_head}"
                    );
                    let shape = [batch, n_head, seq, d_head];
                    let exact = Tolerance { rtol: 0.0, atol: 0.0 };
                    expect_tensor(&what, &got[part], &shape, dtype, &want, exact)?;
                }
            }
        }
    }
    Ok(())
}

pub fn split_passes_gradients(answers: &Answers) -> Outcome {
    queries_come_first(answers)?;
    let x = Var::from_tensor(&tensor(&numbers(2 * 3 * 12, 40), &[2, 3, 12], DType::F64)?)?;
    for part in 0..3 {
        let y = &(answers.split_qkv)(&x, 2)?[part];
        expect_form("a part", y, &[2, 2, 3, 2], DType::F64)?;
        let gradients = (y * upstream(y)?)?.sum_all()?.backward()?;
        let gradient = gradients.get(&x).map(flat).transpose()?.unwrap_or_default();
        let reached = gradient.iter().filter(|g| g.abs() > 0.0).count();
        expect(reached == 24, || {
            let name = ["queries", "keys", "values"][part];
            format!("the gradient of the {name} reaches {reached} of the 24 numbers made of them")
        })?;
    }
    Ok(())
}

pub fn split_refuses(answers: &Answers) -> Outcome {
    queries_come_first(answers)?;
    for (shape, n_head) in [
        (&[2, 3, 10][..], 2),
        (&[2, 3, 13], 2),
        (&[2, 3, 12], 3),
        (&[2, 3, 12], 0),
        (&[2, 3, 12], 8),
        (&[3, 12], 2),
        (&[1, 2, 3, 12], 2),
        (&[2, 0, 12], 2),
        (&[0, 3, 12], 2),
        (&[2, 3, 0], 2),
    ] {
        let got = (answers.split_qkv)(&Tensor::zeros(shape, DType::F32, &Device::Cpu)?, n_head);
        let what = format!("shape {shape:?}, {n_head} heads");
        expect_error_is(&what, got, &GptError::Qkv { shape: shape.to_vec(), n_head })?;
    }
    Ok(())
}

fn expect_count(answers: &Answers, case: &CountCase) -> Outcome {
    let got = (answers.parameters)(&case.config);
    let want = Parameters {
        token_embeddings: case.token_embeddings,
        position_embeddings: case.position_embeddings,
        attention: case.attention,
        mlp: case.mlp,
        norms: case.norms,
    };
    let name = &case.name;
    for ((part, got), (_, want)) in got.parts().into_iter().zip(want.parts()) {
        expect_same(&format!("{name}: parameters of the {part}"), &got, &want)?;
    }
    expect_same(&format!("{name}: all parameters"), &got.total(), &case.total)
}

pub fn counts_are_those_of_transformers(answers: &Answers) -> Outcome {
    counts()?
        .iter()
        .filter(|case| case.config.n_inner.is_none())
        .try_for_each(|case| expect_count(answers, case))
}

pub fn counts_know_the_inside(answers: &Answers) -> Outcome {
    counts()?
        .iter()
        .filter(|case| case.config.n_inner.is_some())
        .try_for_each(|case| expect_count(answers, case))
}

/// A small model for checks that need no golden file.
pub fn small(n_layer: usize) -> Config {
    Config {
        n_layer,
        n_head: 3,
        n_embd: 6,
        n_inner: Some(10),
        n_positions: 11,
        vocab_size: 17,
        layer_norm_epsilon: 1e-3,
        eos_token_id: None,
    }
}
