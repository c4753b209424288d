//! Numbers that are only moved: cut into heads, put back, repeated.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, expect_close, expect_error_is};
use tensor_test::{expect_tensor, flat};

use crate::oracle::{EXACT, Numbers, repeat_cases};
use crate::{Answers, HeadError};

/// `(batch, t, heads · d)` cut into `(batch, heads, t, d)`, number by number.
fn cut(x: &[f64], [batch, t, heads, d]: [usize; 4]) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    for (at, &x) in x.iter().enumerate() {
        let (number, head) = (at % d, at / d % heads);
        let (place, text) = (at / (d * heads) % t, at / (d * heads * t));
        y[((text * heads + head) * t + place) * d + number] = x;
    }
    debug_assert!(x.is_empty() || batch > 0);
    y
}

/// `(batch, kv, t, d)` with each head `group` times in a row.
fn repeated(x: &[f64], [_, kv, t, d]: [usize; 4], group: usize) -> Vec<f64> {
    let text = |text: &[f64]| -> Vec<f64> {
        (0..kv * group).flat_map(|h| text[h / group * t * d..][..t * d].to_vec()).collect()
    };
    x.chunks(kv * t * d).flat_map(text).collect()
}

const SIZES: [[usize; 4]; 5] =
    [[1, 2, 2, 4], [2, 3, 4, 2], [3, 1, 5, 3], [1, 7, 1, 6], [2, 5, 6, 1]];

pub fn vectors_are_cut_into_heads(answers: &Answers) -> Outcome {
    for (seed, sizes) in (1..).zip(SIZES) {
        let [batch, t, heads, d] = sizes;
        let x = Numbers::drawn(&[batch, t, heads * d], seed);
        let got = (answers.split_heads)(&x.tensor(DType::F32)?, heads)?;
        let what = format!("{batch} × {t} vectors of {} numbers in {heads} heads", heads * d);
        let want = cut(&x.values, sizes);
        expect_tensor(&what, &got, &[batch, heads, t, d], DType::F32, &want, EXACT)?;
    }
    Ok(())
}

pub fn heads_are_put_back(answers: &Answers) -> Outcome {
    for (seed, sizes) in (11..).zip(SIZES) {
        let [batch, t, heads, d] = sizes;
        let x = Numbers::drawn(&[batch, t, heads * d], seed);
        let apart = Numbers { shape: vec![batch, heads, t, d], values: cut(&x.values, sizes) };
        let got = (answers.merge_heads)(&apart.tensor(DType::F32)?)?;
        let what = format!("{heads} heads of {d} numbers for {batch} × {t} tokens");
        expect_tensor(&what, &got, &x.shape, DType::F32, &x.values, EXACT)?;
    }
    Ok(())
}

pub fn neighbors_share_keys(answers: &Answers) -> Outcome {
    for (seed, sizes, group) in
        [(21, [1, 2, 1, 1], 2), (22, [2, 3, 2, 2], 3), (23, [1, 1, 3, 2], 4), (24, [2, 4, 2, 3], 1)]
    {
        let x = Numbers::drawn(&sizes, seed);
        let [batch, kv, t, d] = sizes;
        let heads = kv * group;
        let got = (answers.repeat_kv)(&x.tensor(DType::F32)?, heads)?;
        let what = format!("{kv} heads of keys for {heads} heads of queries");
        let want = repeated(&x.values, sizes, group);
        expect_tensor(&what, &got, &[batch, heads, t, d], DType::F32, &want, EXACT)?;
    }
    Ok(())
}

pub fn keys_repeat_as_in_transformers(answers: &Answers) -> Outcome {
    for case in repeat_cases()? {
        let got = (answers.repeat_kv)(&case.x.tensor(DType::F64)?, case.n_heads)?;
        let what = format!("keys of shape {:?} for {} heads", case.x.shape, case.n_heads);
        expect_tensor(&what, &got, &case.y.shape, DType::F64, &case.y.values, EXACT)?;
    }
    Ok(())
}

type Moves = fn(&Answers, &Tensor) -> Result<Tensor, HeadError>;

/// A view must be moved as its numbers stand, whatever their type is.
fn expect_views(
    answers: &Answers,
    moves: Moves,
    x: &Tensor,
    want: impl Fn(&[f64]) -> Vec<f64>,
) -> Outcome {
    for dtype in [DType::F32, DType::F64, DType::U8] {
        let last = x.rank() - 1;
        let turned = x.transpose(1, last)?.contiguous()?.transpose(1, last)?;
        let part = Tensor::cat(&[x, x, x], 1)?.narrow(1, x.dims()[1], x.dims()[1])?;
        for (kind, view) in [("a transposed view", turned), ("a part of a longer tensor", part)] {
            let view = view.to_dtype(dtype)?;
            let got = moves(answers, &view)?;
            let what = format!("{kind} of type {dtype:?}, shape {:?}", view.dims());
            let shape = got.dims().to_vec();
            expect_tensor(&what, &got, &shape, dtype, &want(&flat(&view)?), EXACT)?;
        }
    }
    Ok(())
}

/// The gradient of a weighted sum of what comes out holds the weights, moved back.
fn expect_gradient(
    answers: &Answers,
    moves: Moves,
    x: &Tensor,
    want: impl Fn(&[f64]) -> Vec<f64>,
) -> Outcome {
    let leaf = Var::from_tensor(x)?;
    let y = moves(answers, leaf.as_tensor())?;
    let upstream = Numbers::drawn(y.dims(), 77);
    let sum = (y * upstream.tensor(x.dtype())?)?.sum_all()?;
    let gradients = sum.backward()?;
    let gradient = gradients.get(&leaf).ok_or_else(|| {
        Failure::wrong("no gradient reaches x: something on the way has no backward")
    })?;
    expect_close("the gradient of x", x.dims(), &flat(gradient)?, &want(&upstream.values), EXACT)
}

/// Whole numbers, so that they are the same in every type.
fn whole(shape: &[usize]) -> Result<Tensor, Failure> {
    let n = shape.iter().product::<usize>();
    let values: Vec<f64> = (0..n).map(|i| (i * 37 % 101) as f64).collect();
    Ok(Tensor::from_vec(values, shape, &Device::Cpu)?)
}

pub fn split_takes_views_and_passes_gradients(answers: &Answers) -> Outcome {
    let (sizes, moves): (_, Moves) = ([2, 3, 4, 2], |answers, x| (answers.split_heads)(x, 4));
    let x = whole(&[2, 3, 8])?;
    expect_views(answers, moves, &x, |x| cut(x, sizes))?;
    // Swapping places and heads again is the way back.
    expect_gradient(answers, moves, &x, |upstream| cut(upstream, [2, 4, 3, 2]))
}

pub fn merge_takes_views_and_passes_gradients(answers: &Answers) -> Outcome {
    let (sizes, moves): (_, Moves) = ([2, 4, 3, 2], |answers, x| (answers.merge_heads)(x));
    let x = whole(&[2, 4, 3, 2])?;
    expect_views(answers, moves, &x, |x| cut(x, sizes))?;
    expect_gradient(answers, moves, &x, |upstream| cut(upstream, [2, 3, 4, 2]))
}

pub fn repeat_takes_views_and_passes_gradients(answers: &Answers) -> Outcome {
    let (sizes, moves): (_, Moves) = ([2, 2, 3, 2], |answers, x| (answers.repeat_kv)(x, 6));
    let x = whole(&sizes)?;
    expect_views(answers, moves, &x, |x| repeated(x, sizes, 3))?;
    // Each head collects from the three that it serves.
    expect_gradient(answers, moves, &x, |upstream| {
        let of = |at: usize| {
            let (number, head) = (at % 6, at / 6);
            (0..3).map(|copy| upstream[(head * 3 + copy) * 6 + number]).sum()
        };
        (0..24).map(of).collect()
    })
}

/// Tensors with another number of axes.
fn misshapen(axes: usize) -> Result<Vec<Tensor>, Failure> {
    let shapes = [&[][..], &[4], &[2, 4], &[1, 2, 4], &[1, 2, 2, 4], &[1, 1, 2, 2, 4]];
    let shapes = shapes.into_iter().filter(|shape| shape.len() != axes);
    shapes.map(|shape| Ok(Tensor::ones(shape, DType::F32, &Device::Cpu)?)).collect()
}

pub fn split_refuses_what_it_cannot_cut(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    vectors_are_cut_into_heads(answers)?;
    for x in misshapen(3)? {
        let want = HeadError::Axes { wanted: 3, shape: x.dims().to_vec() };
        let what = format!("x of shape {:?}", x.dims());
        expect_error_is(&what, (answers.split_heads)(&x, 2), &want)?;
    }
    for (width, n_heads) in [(8, 3), (8, 0), (7, 2), (2, 4), (1, 8)] {
        let x = Tensor::ones((2, 3, width), DType::F32, &Device::Cpu)?;
        let what = format!("{width} numbers in {n_heads} heads");
        let want = HeadError::Width { width, n_heads };
        expect_error_is(&what, (answers.split_heads)(&x, n_heads), &want)?;
    }
    Ok(())
}

pub fn merge_refuses_other_axes(answers: &Answers) -> Outcome {
    heads_are_put_back(answers)?;
    for x in misshapen(4)? {
        let want = HeadError::Axes { wanted: 4, shape: x.dims().to_vec() };
        let what = format!("x of shape {:?}", x.dims());
        expect_error_is(&what, (answers.merge_heads)(&x), &want)?;
    }
    Ok(())
}

pub fn repeat_refuses_uneven_groups(answers: &Answers) -> Outcome {
    neighbors_share_keys(answers)?;
    for x in misshapen(4)? {
        let want = HeadError::Axes { wanted: 4, shape: x.dims().to_vec() };
        let what = format!("x of shape {:?}", x.dims());
        expect_error_is(&what, (answers.repeat_kv)(&x, 4), &want)?;
    }
    for (n_heads, n_kv_heads) in [(3, 2), (2, 4), (0, 2), (4, 0), (0, 0), (7, 3)] {
        let x = Tensor::ones((1, n_kv_heads, 2, 2), DType::F32, &Device::Cpu)?;
        let what = format!("{n_kv_heads} heads of keys for {n_heads} heads of queries");
        let want = HeadError::Groups { n_heads, n_kv_heads };
        expect_error_is(&what, (answers.repeat_kv)(&x, n_heads), &want)?;
    }
    Ok(())
}
