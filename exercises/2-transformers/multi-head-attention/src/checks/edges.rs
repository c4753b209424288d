//! The whole layer: types and views, gradients, what it refuses.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome, Tolerance, expect_close, expect_error_is};
use tensor_test::{expect_tensor, flat};

use super::layer::one_head_is_attention;
use crate::oracle::{Inputs, Layer, Numbers, Sizes, dot, tolerance};
use crate::{Answers, HeadError};

pub fn layer_takes_views_of_both_types(answers: &Answers) -> Outcome {
    let sizes = Sizes { context: Some([3, 5]), d_v: 3, d_out: 7, ..Sizes::new(4, 2, 2) };
    let layer = Layer::drawn(sizes, 91);
    let want = layer.output();
    for dtype in [DType::F32, DType::F64] {
        let Inputs { mha, x, context, .. } = layer.inputs(dtype)?;
        let view = |x: &Tensor| x.transpose(0, 2)?.contiguous()?.transpose(0, 2);
        let context = context.as_ref().map(view).transpose()?;
        let got = (answers.forward)(&mha, &view(&x)?, context.as_ref(), None)?;
        let what = format!("transposed views of type {dtype:?}");
        expect_tensor(&what, &got, &layer.shape(), dtype, &want, tolerance(dtype, &want))?;
    }
    Ok(())
}

pub fn every_weight_gets_its_gradient(answers: &Answers) -> Outcome {
    let cross = Sizes { context: Some([3, 5]), ..Sizes::new(2, 2, 2) };
    for (name, layer) in [
        ("self-attention, keys shared by two", Layer::drawn(Sizes::new(4, 2, 2), 101).causal()?),
        ("cross-attention", Layer::drawn(cross, 102)),
    ] {
        let Inputs { mha, x, context, mask, leaves } = layer.inputs(DType::F64)?;
        let y = (answers.forward)(&mha, &x, context.as_ref(), mask.as_ref())?;
        let want = layer.output();
        expect_tensor(name, &y, &layer.shape(), DType::F64, &want, tolerance(DType::F64, &want))?;
        let upstream = Numbers::drawn(&layer.shape(), 103);
        let gradients = (y * upstream.tensor(DType::F64)?)?.sum_all()?.backward()?;

        let mut nudged = layer.clone();
        let names: Vec<_> = nudged.numbers().iter().map(|(n, x)| (*n, x.values.len())).collect();
        for ((at, (of, count)), leaf) in names.into_iter().enumerate().zip(&leaves) {
            // The keys of all tokens move by the same: softmax does not see it.
            let tolerance = Tolerance { rtol: 1e-5, atol: 1e-6 };
            let got = gradients
                .get(leaf)
                .ok_or_else(|| Failure::wrong(format!("{name}: no gradient reaches {of}")))?;
            // Every third number, up and down by a little.
            let (h, mut wanted, mut some) = (1e-5, Vec::new(), Vec::new());
            let got = flat(got)?;
            for place in (0..count).step_by(3) {
                let mut loss = |step: f64| {
                    nudged.numbers()[at].1.values[place] += step;
                    let loss = dot(&nudged.output(), &upstream.values);
                    nudged.numbers()[at].1.values[place] -= step;
                    loss
                };
                wanted.push((loss(h) - loss(-h)) / (2.0 * h));
                some.push(got.get(place).copied().unwrap_or(f64::NAN));
            }
            let what = format!("{name}: the gradient of {of}, every third number");
            expect_close(&what, &[], &some, &wanted, tolerance)?;
        }
    }
    Ok(())
}

pub fn layer_refuses_what_does_not_fit(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    one_head_is_attention(answers)?;
    let sizes = Sizes { context: Some([3, 5]), ..Sizes::new(4, 2, 3) };
    let layer = Layer::drawn(sizes, 111);
    let expect = |what: &str, layer: &Layer, want: &HeadError| -> Outcome {
        let Inputs { mha, x, context, mask, .. } = layer.inputs(DType::F32)?;
        let got = (answers.forward)(&mha, &x, context.as_ref(), mask.as_ref());
        expect_error_is(what, got, want)
    };
    let changed = |change: fn(&mut Layer)| {
        let mut layer = layer.clone();
        change(&mut layer);
        layer
    };
    expect(
        "12 numbers in 5 heads of queries",
        &changed(|layer| layer.n_heads = 5),
        &HeadError::Width { width: 12, n_heads: 5 },
    )?;
    expect(
        "6 numbers in 4 heads of keys",
        &changed(|layer| layer.n_kv_heads = 4),
        &HeadError::Width { width: 6, n_heads: 4 },
    )?;
    expect(
        "no heads of keys",
        &changed(|layer| layer.n_kv_heads = 0),
        &HeadError::Width { width: 6, n_heads: 0 },
    )?;
    expect(
        "4 heads of queries, 3 of keys",
        &changed(|layer| layer.n_kv_heads = 3),
        &HeadError::Groups { n_heads: 4, n_kv_heads: 3 },
    )?;
    expect(
        "x of two axes",
        &changed(|layer| layer.x = Numbers::drawn(&[4, 12], 1)),
        &HeadError::Input { shape: vec![4, 12], d_in: 12 },
    )?;
    expect(
        "x of 11 numbers a token",
        &changed(|layer| layer.x = Numbers::drawn(&[2, 4, 11], 1)),
        &HeadError::Input { shape: vec![2, 4, 11], d_in: 12 },
    )?;
    expect(
        "a context as wide as x",
        &changed(|layer| layer.context = Some(Numbers::drawn(&[2, 3, 12], 1))),
        &HeadError::Input { shape: vec![2, 3, 12], d_in: 5 },
    )?;
    let shapes = |q: [usize; 4], k: [usize; 4]| {
        let [q, k, v] = [q, k, k].map(|shape| shape.to_vec());
        HeadError::Attention(attention::AttentionError::Shapes { q, k, v })
    };
    expect(
        "one text to look at for two",
        &changed(|layer| layer.context = Some(Numbers::drawn(&[1, 3, 5], 1))),
        &shapes([2, 4, 4, 3], [1, 4, 3, 3]),
    )?;
    let mask = vec![2, 1, 4, 4];
    let scores = vec![2, 4, 4, 3];
    expect(
        "a mask for another text",
        &changed(|layer| layer.mask = Some(Numbers::drawn(&[2, 1, 4, 4], 1))),
        &HeadError::Attention(attention::AttentionError::Mask { mask, scores }),
    )?;
    let Inputs { mha, x, context, .. } = layer.inputs(DType::F32)?;
    let mask = Tensor::ones((4, 3), DType::F32, &Device::Cpu)?;
    let got = (answers.forward)(&mha, &x, context.as_ref(), Some(&mask));
    let want = HeadError::Attention(attention::AttentionError::MaskType(DType::F32));
    expect_error_is("a mask of type f32", got, &want)
}
