//! Attention: what it takes from whom, and from whom it must not.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_error_is};
use tensor_test::{expect_tensor, flat, tensor};

use crate::oracle::{
    Case, F32_STEP, F64_STEP, Sees, allowance, attended, cases, causal, drawn, mask,
};
use crate::{Answers, AttentionError, Sizes};

const ALL: &Sees<'_> = &|_, _, _| true;

/// Queries, keys and values as tensors with one axis in front.
fn tensors([q, k, v]: [&[f64]; 3], sizes: Sizes, dtype: DType) -> Result<[Tensor; 3], Failure> {
    let Sizes { rows, t_q, t_k, d, d_v } = sizes;
    Ok([
        tensor(q, &[rows, t_q, d], dtype)?,
        tensor(k, &[rows, t_k, d], dtype)?,
        tensor(v, &[rows, t_k, d_v], dtype)?,
    ])
}

/// What the answer makes of f32 tensors, flat.
fn attend(
    answers: &Answers,
    qkv: [&[f64]; 3],
    sizes: Sizes,
    mask: Option<&Tensor>,
) -> Result<Vec<f64>, Failure> {
    let [q, k, v] = tensors(qkv, sizes, DType::F32)?;
    let out = (answers.sdpa)(&q, &k, &v, mask)?;
    expect(out.dims() == [sizes.rows, sizes.t_q, sizes.d_v], || {
        format!("{sizes:?}: the result has the shape {:?}", out.dims())
    })?;
    Ok(flat(&out)?)
}

/// Who sees whom, as a mask of shape `(rows, t_q, t_k)`.
fn mask_of(sizes: Sizes, sees: &Sees<'_>) -> Result<Tensor, Failure> {
    let Sizes { rows, t_q, t_k, .. } = sizes;
    let mut may = Vec::new();
    for at in 0..rows * t_q * t_k {
        may.push(u8::from(sees(at / (t_q * t_k), at / t_k % t_q, at % t_k)));
    }
    Ok(mask(&may, &[rows, t_q, t_k])?)
}

/// Compares with attention score by score.
fn expect_attended(
    what: &str,
    answers: &Answers,
    qkv: [&[f64]; 3],
    sizes: Sizes,
    sees: Option<&Sees<'_>>,
) -> Outcome {
    let mask = sees.map(|sees| mask_of(sizes, sees)).transpose()?;
    let got = attend(answers, qkv, sizes, mask.as_ref())?;
    let want = attended(qkv, sizes, sees.unwrap_or(ALL));
    let what = format!("{what}: {sizes:?}");
    let shape = [sizes.rows, sizes.t_q, sizes.d_v];
    expect_close(&what, &shape, &got, &want, allowance(qkv, sizes.d, F32_STEP))
}

fn slices(x: &[Vec<f64>; 3]) -> [&[f64]; 3] {
    [&x[0], &x[1], &x[2]]
}

pub fn equal_scores_give_the_mean(answers: &Answers) -> Outcome {
    for (seed, [t_q, t_k, d, d_v]) in (10..).zip([[2, 3, 4, 2], [1, 5, 2, 3], [3, 1, 6, 4]]) {
        let sizes = Sizes { rows: 2, t_q, t_k, d, d_v };
        let mut qkv = drawn(sizes, seed);
        // A query of zeros asks for nothing in particular.
        qkv[0].fill(0.0);
        let got = attend(answers, slices(&qkv), sizes, None)?;
        for (row, v) in qkv[2].chunks(t_k * d_v).enumerate() {
            let mean = |c: usize| v.iter().skip(c).step_by(d_v).sum::<f64>() / t_k as f64;
            let want: Vec<f64> = (0..d_v).map(mean).collect();
            for i in 0..t_q {
                let got = &got[(row * t_q + i) * d_v..][..d_v];
                let what =
                    format!("query {i} of row {row}, all scores 0: the mean of {t_k} values");
                let tolerance = Tolerance { rtol: 1e-5, atol: 1e-6 };
                expect_close(&what, &[], got, &want, tolerance)?;
            }
        }
    }
    Ok(())
}

pub fn scores_are_divided_by_the_root_of_d(answers: &Answers) -> Outcome {
    for (d, d_v, apart) in [(1, 1, 1.5), (4, 1, 3.0), (9, 5, -2.0), (64, 2, 8.0), (3, 7, 1.0)] {
        let sizes = Sizes { rows: 1, t_q: 1, t_k: 2, d, d_v };
        // Two keys whose dot products with the query are `apart` and 0.
        let mut q = vec![0.0; d];
        q[d - 1] = 1.0;
        let mut k = vec![0.0; 2 * d];
        k[d - 1] = apart;
        let mut v = vec![0.0; 2 * d_v];
        v[..d_v].fill(1.0);
        let got = attend(answers, [&q, &k, &v], sizes, None)?;
        let weight = 1.0 / (1.0 + (-apart / (d as f64).sqrt()).exp());
        let what = format!(
            "queries of {d} numbers, values of {d_v}, dot products {apart} and 0: the weight of \
             the first key"
        );
        expect_close(&what, &[], &got, &vec![weight; d_v], Tolerance::F32)?;
    }
    Ok(())
}

fn expect_case(answers: &Answers, case: &Case) -> Outcome {
    let Case { name, front, sizes: [t_q, t_k, d, d_v], q, k, v, out, .. } = case;
    let shape = |last: [&usize; 2]| -> Vec<usize> {
        front.iter().copied().chain(last.map(|&size| size)).collect()
    };
    let mask = (!case.mask.is_empty()).then(|| mask(&case.mask, &case.mask_shape)).transpose()?;
    let tensors = [(q, [t_q, d]), (k, [t_k, d]), (v, [t_k, d_v])];
    for (dtype, step) in [(DType::F32, F32_STEP), (DType::F64, 1e-12)] {
        let [q, k, v] = tensors.map(|(x, last)| tensor(x, &shape(last), dtype));
        let got = (answers.sdpa)(&q?, &k?, &v?, mask.as_ref())?;
        let what = format!("{name}, as in PyTorch, {dtype:?}");
        let tolerance = allowance([&case.q, &case.k, &case.v], *d, step);
        expect_tensor(&what, &got, &shape([t_q, d_v]), dtype, out, tolerance)?;
    }
    Ok(())
}

pub fn attention_is_that_of_pytorch(answers: &Answers) -> Outcome {
    let cases = cases()?;
    cases.iter().filter(|case| case.mask.is_empty()).try_for_each(|case| expect_case(answers, case))
}

pub fn masked_attention_is_that_of_pytorch(answers: &Answers) -> Outcome {
    let cases = cases()?;
    cases
        .iter()
        .filter(|case| !case.mask.is_empty())
        .try_for_each(|case| expect_case(answers, case))
}

pub fn order_of_the_keys_does_not_matter(answers: &Answers) -> Outcome {
    for (seed, [t_q, t_k, d, d_v]) in (20..).zip([[3, 4, 5, 2], [2, 7, 3, 3]]) {
        let sizes = Sizes { rows: 1, t_q, t_k, d, d_v };
        let [q, k, v] = drawn(sizes, seed);
        let turn = |x: &[f64], width: usize, by: usize| -> Vec<f64> {
            let mut rows: Vec<&[f64]> = x.chunks(width).collect();
            rows.rotate_left(by);
            rows.swap(0, t_k - 1);
            rows.concat()
        };
        let want = attend(answers, [&q, &k, &v], sizes, None)?;
        for by in 0..t_k {
            let (k, v) = (turn(&k, d, by), turn(&v, d_v, by));
            let got = attend(answers, [&q, &k, &v], sizes, None)?;
            let what = format!("{t_k} keys in another order, their values with them");
            let tolerance = allowance([&q, &k, &v], d, F32_STEP);
            expect_close(&what, &[t_q, d_v], &got, &want, tolerance)?;
        }
        expect_attended("drawn numbers", answers, [&q, &k, &v], sizes, None)?;
    }
    Ok(())
}

pub fn the_future_changes_nothing(answers: &Answers) -> Outcome {
    for (seed, [t_q, t_k]) in (30..).zip([[5, 5], [3, 7], [6, 4]]) {
        let sizes = Sizes { rows: 2, t_q, t_k, d: 4, d_v: 3 };
        let sees = causal(sizes);
        let mask = mask_of(sizes, &sees)?;
        let [q, k, v] = drawn(sizes, seed);
        let before = attend(answers, [&q, &k, &v], sizes, Some(&mask))?;
        for changed in 0..t_k {
            let (mut k, mut v) = (k.clone(), v.clone());
            for row in 0..2 {
                k[(row * t_k + changed) * 4..][..4].fill(9.0);
                v[(row * t_k + changed) * 3..][..3].fill(-700.0);
            }
            let after = attend(answers, [&q, &k, &v], sizes, Some(&mask))?;
            for (at, (before, after)) in before.chunks(3).zip(after.chunks(3)).enumerate() {
                let i = at % t_q;
                if sees(0, i, changed) {
                    continue;
                }
                let what = format!("key {changed} of {t_k} changed, which query {i} does not see");
                expect_close(&what, &[], after, before, Tolerance { rtol: 1e-6, atol: 1e-9 })?;
            }
        }
        expect_attended("a causal mask", answers, [&q, &k, &v], sizes, Some(&sees))?;
    }
    Ok(())
}

pub fn padding_changes_nothing(answers: &Answers) -> Outcome {
    let (d, d_v, t) = (4, 3, 4);
    let short = Sizes { rows: 1, t_q: t, t_k: t, d, d_v };
    let [q, k, v] = drawn(short, 40);
    for sees in [None, Some(causal(short))] {
        let sees: Option<&Sees<'_>> = sees.as_ref().map(|sees| sees as &Sees<'_>);
        let alone = attended([&q, &k, &v], short, sees.unwrap_or(ALL));
        for (before, behind) in [(0, 1), (0, 5), (1, 0), (6, 0)] {
            let padded = |x: &[f64], width: usize| {
                [vec![3.0; before * width], x.to_vec(), vec![3.0; behind * width]].concat()
            };
            let room = before + t + behind;
            let (k, v) = (padded(&k, d), padded(&v, d_v));
            let sizes = Sizes { t_k: room, ..short };
            let is_token = move |j: usize| j >= before && j < before + t;
            let mask = mask_of(sizes, &|row, i, j| {
                is_token(j) && sees.unwrap_or(ALL)(row, i, j - before)
            })?;
            let got = attend(answers, [&q, &k, &v], sizes, Some(&mask))?;
            let what = format!("{t} tokens, {before} of padding before and {behind} behind them");
            expect_close(&what, &[t, d_v], &got, &alone, allowance([&q, &k, &v], d, F32_STEP))?;
        }
    }
    Ok(())
}

pub fn who_sees_nothing_takes_nothing(answers: &Answers) -> Outcome {
    let sizes = Sizes { rows: 2, t_q: 3, t_k: 4, d: 5, d_v: 2 };
    let qkv = drawn(sizes, 50);
    for (blind, sees) in [
        ("query 1", (&|_, i: usize, _| i != 1) as &Sees<'_>),
        ("the second row", &|row, _, j| row == 0 && j > 0),
        ("every query", &|_, _, _| false),
    ] {
        let what = format!("{blind} sees nothing");
        expect_attended(&what, answers, slices(&qkv), sizes, Some(sees))?;

        let [q, k, v] = tensors(slices(&qkv), sizes, DType::F32)?.map(|x| Var::from_tensor(&x));
        let (q, k, v) = (q?, k?, v?);
        let out = (answers.sdpa)(&q, &k, &v, Some(&mask_of(sizes, sees)?))?;
        let gradients = out.sum_all()?.backward()?;
        for (name, x) in [("q", &q), ("k", &k), ("v", &v)] {
            let Some(gradient) = gradients.get(x) else { continue };
            let wrong = flat(gradient)?.into_iter().find(|g| !g.is_finite());
            expect(wrong.is_none(), || {
                format!("{what}: the gradient of {name} has {}", wrong.unwrap_or_default())
            })?;
        }
    }
    for [t_q, t_k, d_v] in [[3, 0, 2], [0, 4, 2], [3, 4, 0], [0, 0, 1]] {
        let sizes = Sizes { rows: 2, t_q, t_k, d: 5, d_v };
        expect_attended("nothing", answers, slices(&drawn(sizes, 51)), sizes, None)?;
    }
    Ok(())
}

pub fn large_scores_stay_numbers(answers: &Answers) -> Outcome {
    let sizes = Sizes { rows: 1, t_q: 4, t_k: 4, d: 4, d_v: 2 };
    let v = drawn(sizes, 60).into_iter().next_back().unwrap_or_default();
    // f32 holds these scores exactly, so nothing is lost.
    let close = Tolerance { rtol: 1e-5, atol: 1e-6 };
    let expect = |what: &str, q: &[f64], k: &[f64], sees: Option<&Sees<'_>>| {
        let mask = sees.map(|sees| mask_of(sizes, sees)).transpose()?;
        let got = attend(answers, [q, k, &v], sizes, mask.as_ref())?;
        let want = attended([q, k, &v], sizes, sees.unwrap_or(ALL));
        expect_close(what, &[sizes.t_q, sizes.d_v], &got, &want, close)
    };
    let q: Vec<f64> = [100.0, -100.0, 100.0, 0.0].map(|q| [q, q, 0.0, 1.0]).concat();
    let k: Vec<f64> = [100.0, -100.0, 100.0, 99.0].map(|k| [k, k, 7.0, 2.0]).concat();
    expect("scores up to ±10,000", &q, &k, None)?;
    let low: Vec<f64> = [-100.0; 4].map(|k| [k, k, 0.0, 0.0]).concat();
    let sees = causal(sizes);
    // At last far below what many a mask takes for the lowest of all.
    for times in [1.0, 8192.0] {
        let q = [100.0 * times, 100.0 * times, 0.0, 1.0].repeat(4);
        let what = format!("all scores {}", -1e4 * times);
        expect(&what, &q, &low, None)?;
        expect(&format!("{what}, causal"), &q, &low, Some(&sees))?;
    }
    Ok(())
}

pub fn attention_takes_views_of_both_types(answers: &Answers) -> Outcome {
    let (batch, heads, t_q, t_k, d, d_v) = (2, 3, 4, 5, 6, 2);
    let sizes = Sizes { rows: batch * heads, t_q, t_k, d, d_v };
    // As they leave a model: (batch, seq, heads, d), with the axes swapped.
    let view = |seq: usize, d: usize, seed| -> candle_core::Result<Tensor> {
        let x = crate::oracle::spread(batch * seq * heads * d, seed);
        tensor(&x, &[batch, seq, heads, d], DType::F64)?.transpose(1, 2)
    };
    let (q, k, v) = (view(t_q, d, 70)?, view(t_k, d, 71)?, view(t_k, d_v, 72)?);
    let [plain_q, plain_k, plain_v] = [flat(&q)?, flat(&k)?, flat(&v)?];
    let plain: [&[f64]; 3] = [&plain_q, &plain_k, &plain_v];
    let want = attended(plain, sizes, ALL);
    for (dtype, step) in [(DType::F32, F32_STEP), (DType::F64, F64_STEP)] {
        let [q, k, v] = [&q, &k, &v].map(|x| x.to_dtype(dtype));
        let (q, k, v) = (q?, k?, v?);
        let shape = [batch, heads, t_q, d_v];
        let tolerance = allowance(plain, d, step);
        let what = format!("views of type {dtype:?}");
        expect_tensor(&what, &(answers.sdpa)(&q, &k, &v, None)?, &shape, dtype, &want, tolerance)?;
        // Keys that are stored as columns, and one head that is broadcast to three.
        let columns = k.transpose(2, 3)?.contiguous()?.transpose(2, 3)?;
        let got = (answers.sdpa)(&q, &columns, &v, None)?;
        expect_tensor("keys in columns", &got, &shape, dtype, &want, tolerance)?;
        let one = |x: &Tensor, d| x.narrow(1, 1, 1)?.broadcast_as((batch, heads, t_k, d));
        let (k, v) = (one(&k, d)?, one(&v, d_v)?);
        let (flat_k, flat_v) = (flat(&k)?, flat(&v)?);
        let want = attended([&plain_q, &flat_k, &flat_v], sizes, ALL);
        let got = (answers.sdpa)(&q, &k, &v, None)?;
        expect_tensor("keys shared by all heads", &got, &shape, dtype, &want, tolerance)?;
    }
    Ok(())
}

pub fn gradients_are_slopes(answers: &Answers) -> Outcome {
    let sizes = Sizes { rows: 2, t_q: 3, t_k: 4, d: 3, d_v: 2 };
    let qkv = drawn(sizes, 80);
    let upstream = crate::oracle::spread(sizes.rows * sizes.t_q * sizes.d_v, 81);
    let step = causal(sizes);
    for (what, sees) in [("no mask", None), ("a causal mask", Some(&step as &Sees<'_>))] {
        let loss = |qkv: &[Vec<f64>; 3]| {
            crate::oracle::dot(&attended(slices(qkv), sizes, sees.unwrap_or(ALL)), &upstream)
        };
        let mask = sees.map(|sees| mask_of(sizes, sees)).transpose()?;
        let leaves = tensors(slices(&qkv), sizes, DType::F64)?.map(|x| Var::from_tensor(&x));
        let [q, k, v] = leaves;
        let (q, k, v) = (q?, k?, v?);
        let out = (answers.sdpa)(&q, &k, &v, mask.as_ref())?;
        let sum = (out * tensor(&upstream, &[sizes.rows, sizes.t_q, sizes.d_v], DType::F64)?)?;
        let gradients = sum.sum_all()?.backward()?;
        for (of, (name, leaf)) in [("q", &q), ("k", &k), ("v", &v)].into_iter().enumerate() {
            let got = gradients.get(leaf).ok_or_else(|| {
                Failure::wrong(format!(
                    "{what}: no gradient reaches {name}: something on the way has no backward"
                ))
            })?;
            let slope = |at: usize| {
                let nudged = |by: f64| {
                    let mut qkv = qkv.clone();
                    qkv[of][at] += by;
                    loss(&qkv)
                };
                (nudged(1e-4) - nudged(-1e-4)) / 2e-4
            };
            let want: Vec<f64> = (0..qkv[of].len()).map(slope).collect();
            let what = format!("{what}: the gradient of {name}");
            let tolerance = Tolerance { rtol: 1e-5, atol: 1e-6 };
            expect_close(&what, leaf.dims(), &flat(got)?, &want, tolerance)?;
        }
    }
    Ok(())
}

pub fn what_does_not_fit_is_an_error(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    equal_scores_give_the_mean(answers)?;
    let ones = |shape: &[usize]| Tensor::ones(shape, DType::F32, &Device::Cpu).expect("ones");
    let sdpa = |q: &[usize], k: &[usize], v: &[usize], mask: Option<&Tensor>| {
        (answers.sdpa)(&ones(q), &ones(k), &ones(v), mask)
    };
    for (q, k, v) in [
        (&[3, 4][..], &[2, 5][..], &[2, 6][..]),
        (&[3, 4], &[2, 4], &[3, 4]),
        (&[2, 3, 4], &[2, 5, 4], &[1, 5, 4]),
        (&[2, 3, 4], &[3, 5, 4], &[3, 5, 4]),
        (&[1, 2, 3, 4], &[2, 3, 4], &[2, 3, 4]),
        (&[4], &[4], &[4]),
        (&[4], &[2, 4], &[2, 4]),
        (&[], &[2, 4], &[2, 4]),
        (&[2, 3, 0], &[2, 5, 0], &[2, 5, 4]),
        (&[3, 4], &[0, 5], &[0, 2]),
    ] {
        let what = format!("queries {q:?}, keys {k:?}, values {v:?}");
        let [q_shape, k_shape, v_shape] = [q, k, v].map(<[usize]>::to_vec);
        let want = AttentionError::Shapes { q: q_shape, k: k_shape, v: v_shape };
        // The shapes are judged before the mask.
        let mask = ones(&[7, 7]);
        for mask in [None, Some(&mask)] {
            expect_error_is(&what, sdpa(q, k, v, mask), &want)?;
        }
    }
    let (q, k, v) = (&[2, 3, 4, 5][..], &[2, 3, 6, 5][..], &[2, 3, 6, 7][..]);
    for dtype in [DType::F32, DType::F64, DType::U32] {
        for shape in [&[4, 6][..], &[4, 5]] {
            let mask = ones(shape).to_dtype(dtype)?;
            let what = format!("a mask of type {dtype:?}");
            expect_error_is(&what, sdpa(q, k, v, Some(&mask)), &AttentionError::MaskType(dtype))?;
        }
    }
    for shape in [&[4, 5][..], &[6, 4], &[2, 6], &[2, 4, 6], &[3, 3, 4, 6], &[1, 2, 3, 4, 6], &[2]]
    {
        let mask = ones(shape).to_dtype(DType::U8)?;
        let want = AttentionError::Mask { mask: shape.to_vec(), scores: vec![2, 3, 4, 6] };
        let what = format!("a mask of shape {shape:?} for scores [2, 3, 4, 6]");
        expect_error_is(&what, sdpa(q, k, v, Some(&mask)), &want)?;
    }
    Ok(())
}
