//! The whole layer: what comes out, what must not mix, what must not matter.

use candle_core::{DType, Tensor};
use grading::{Failure, Outcome, Tolerance, expect, expect_close};
use tensor_test::{expect_tensor, flat};

use crate::Answers;
use crate::oracle::{
    Inputs, Layer, Numbers, Projection, Sizes, llama_cases, tolerance, torch_cases,
};

/// What an answer makes of a layer.
fn run(answers: &Answers, layer: &Layer, dtype: DType) -> Result<Tensor, Failure> {
    let Inputs { mha, x, context, mask, .. } = layer.inputs(dtype)?;
    Ok((answers.forward)(&mha, &x, context.as_ref(), mask.as_ref())?)
}

/// Fails unless an answer agrees with the brute force.
fn expect_right(answers: &Answers, what: &str, layer: &Layer, dtype: DType) -> Outcome {
    let (got, want) = (run(answers, layer, dtype)?, layer.output());
    expect_tensor(
        &format!("{what}: {}", layer.name),
        &got,
        &layer.shape(),
        dtype,
        &want,
        tolerance(dtype, &want),
    )
}

/// Fails unless an answer gives golden numbers, in both types.
fn expect_golden(answers: &Answers, source: &str, cases: Vec<Layer>) -> Outcome {
    for case in cases {
        let y = case.y.as_ref().ok_or_else(|| Failure::wrong("a golden case without a result"))?;
        for dtype in [DType::F64, DType::F32] {
            let what = format!("{source}, {}, {dtype:?}", case.name);
            let got = run(answers, &case, dtype)?;
            expect_tensor(&what, &got, &y.shape, dtype, &y.values, tolerance(dtype, &y.values))?;
        }
    }
    Ok(())
}

pub fn one_head_is_attention(answers: &Answers) -> Outcome {
    for (seed, t_q) in [(1, 1), (2, 3), (3, 6)] {
        let layer = Layer::drawn(Sizes { t_q, ..Sizes::new(1, 1, 5) }, seed);
        expect_right(answers, "one head", &layer, DType::F64)?;
        expect_right(answers, "one head, no future", &layer.causal()?, DType::F64)?;
    }
    Ok(())
}

pub fn heads_match_pytorch(answers: &Answers) -> Outcome {
    let mut cases = torch_cases()?;
    cases.retain(|case| case.context.is_none() && case.mask.is_none());
    expect_golden(answers, "PyTorch", cases)
}

pub fn masks_match_pytorch(answers: &Answers) -> Outcome {
    let mut cases = torch_cases()?;
    cases.retain(|case| case.context.is_none() && case.mask.is_some());
    expect_golden(answers, "PyTorch", cases)
}

pub fn cross_attention_matches_pytorch(answers: &Answers) -> Outcome {
    let mut cases = torch_cases()?;
    cases.retain(|case| case.context.is_some());
    expect_golden(answers, "PyTorch", cases)?;
    // A second input is one also if its shape is that of the first.
    let sizes = Sizes::new(4, 2, 2);
    let context = Some([sizes.t_q, sizes.d_model]);
    let layer = Layer::drawn(Sizes { context, ..sizes }, 35);
    expect_right(answers, "a context of the shape of x", &layer, DType::F64)
}

pub fn groups_match_llama(answers: &Answers) -> Outcome {
    expect_golden(answers, "Llama", llama_cases()?)
}

/// What must not matter: numbers before and after a change of the layer.
fn expect_unmoved(what: &str, before: &[f64], after: &[f64]) -> Outcome {
    expect_close(what, &[], after, before, tolerance(DType::F64, before))
}

pub fn heads_do_not_mix_before_the_end(answers: &Answers) -> Outcome {
    let (heads, d) = (3, 2);
    let width = heads * d;
    let mut layer = Layer::drawn(Sizes::new(heads, heads, d), 31);
    // A last matrix that mixes nothing: what comes out is what the heads bring.
    let one = |at: usize| f64::from(u8::from(at / width == at % width));
    let values = (0..width * width).map(one).collect();
    layer.o = Projection { w: Numbers { shape: vec![width, width], values }, b: None };
    expect_right(answers, "heads side by side", &layer, DType::F64)?;
    let before = flat(&run(answers, &layer, DType::F64)?)?;
    for head in 0..heads {
        let mut other = layer.clone();
        for projection in [&mut other.q, &mut other.k, &mut other.v] {
            let columns = projection.w.values.iter_mut().enumerate();
            let own = columns.filter(|(at, _)| at % width / d == head);
            own.for_each(|(_, w)| *w = 1.5 - *w);
        }
        let after = flat(&run(answers, &other, DType::F64)?)?;
        for n in 0..heads {
            let part = |y: &[f64]| -> Vec<f64> {
                y.chunks(width).flat_map(|y| y[n * d..(n + 1) * d].to_vec()).collect()
            };
            let (before, after) = (part(&before), part(&after));
            if n != head {
                let what = format!("what head {n} brings if the weights of head {head} change");
                expect_unmoved(&what, &before, &after)?;
            }
        }
        let what = format!("heads side by side, the weights of head {head} changed");
        expect_right(answers, &what, &other, DType::F64)?;
    }
    Ok(())
}

/// Parts of `d` columns in another order; a part may come twice.
fn picked(numbers: &Numbers, order: &[usize], d: usize) -> Numbers {
    let mut shape = numbers.shape.clone();
    let columns = shape.pop().unwrap_or(1);
    shape.push(order.len() * d);
    let row = |row: &[f64]| order.iter().flat_map(|part| row[part * d..][..d].to_vec()).collect();
    let rows = numbers.values.chunks(columns);
    Numbers { shape, values: rows.flat_map::<Vec<f64>, _>(row).collect() }
}

pub fn the_order_of_heads_does_not_matter(answers: &Answers) -> Outcome {
    // Groups change places as a whole, and heads within their groups.
    let (heads, groups) = ([[2, 3], [4, 5], [0, 1]], [1, 2, 0]);
    for (swap, seed) in [(false, 41), (true, 42)] {
        let order: Vec<usize> =
            heads.iter().flat_map(|&[a, b]| if swap { [b, a] } else { [a, b] }).collect();
        let layer = Layer::drawn(Sizes::new(6, 3, 2), seed);
        expect_right(answers, "six heads, three of keys", &layer, DType::F64)?;
        let mut other = layer.clone();
        for (projection, order) in
            [(&mut other.q, &order[..]), (&mut other.k, &groups), (&mut other.v, &groups)]
        {
            projection.w = picked(&projection.w, order, 2);
            projection.b = projection.b.as_ref().map(|b| picked(b, order, 2));
        }
        let part = 2 * layer.o.w.shape[1];
        let rows = order.iter().flat_map(|h| layer.o.w.values[h * part..][..part].to_vec());
        other.o.w.values = rows.collect();
        let [before, after] = [&layer, &other].map(|layer| -> Result<Vec<f64>, Failure> {
            Ok(flat(&run(answers, layer, DType::F64)?)?)
        });
        let what = format!("the result with the heads in the order {order:?}");
        expect_unmoved(&what, &before?, &after?)?;
    }
    Ok(())
}

pub fn shared_keys_are_equal_keys(answers: &Answers) -> Outcome {
    for (seed, (kv, group)) in (51..).zip([(1, 4), (2, 3), (3, 1)]) {
        let (heads, d) = (kv * group, 3);
        let layer = Layer::drawn(Sizes::new(heads, kv, d), seed);
        expect_right(answers, "shared keys", &layer, DType::F64)?;
        // The same with keys and values of their own for all heads, which happen to be equal.
        let mut own = layer.clone();
        own.n_kv_heads = heads;
        let order: Vec<usize> = (0..heads).map(|h| h / group).collect();
        for projection in [&mut own.k, &mut own.v] {
            projection.w = picked(&projection.w, &order, d);
            projection.b = projection.b.as_ref().map(|b| picked(b, &order, d));
        }
        let shared = flat(&run(answers, &layer, DType::F64)?)?;
        let apart = flat(&run(answers, &own, DType::F64)?)?;
        let what = format!("{heads} heads with {kv} of keys, and with {heads} equal ones");
        expect_unmoved(&what, &apart, &shared)?;
    }
    Ok(())
}

pub fn texts_do_not_mix(answers: &Answers) -> Outcome {
    for context in [None, Some([3, 5])] {
        let sizes = Sizes { batch: 3, context, ..Sizes::new(4, 2, 2) };
        let layer = Layer::drawn(sizes, 61);
        expect_right(answers, "three texts", &layer, DType::F64)?;
        let want = layer.output();
        // Whatever the others hold.
        for kept in 0..3 {
            let mut other = layer.clone();
            for numbers in [Some(&mut other.x), other.context.as_mut()].into_iter().flatten() {
                let text = numbers.shape[1] * numbers.shape[2];
                let places = numbers.values.iter_mut().enumerate();
                let others = places.filter(|(at, _)| at / text != kept);
                others.for_each(|(_, x)| *x = f64::NAN);
            }
            let got = flat(&run(answers, &other, DType::F64)?)?;
            let text = want.len() / 3;
            let range = kept * text..(kept + 1) * text;
            let what = format!("text {kept} beside two texts of NaN");
            let want = &want[range.clone()];
            let got = got.get(range).unwrap_or_default();
            expect_close(&what, &[], got, want, tolerance(DType::F64, want))?;
        }
    }
    Ok(())
}

pub fn padding_counts_for_nothing(answers: &Answers) -> Outcome {
    let (heads, t) = (4, 5);
    let lengths = [3, 5, 1];
    for left in [false, true] {
        let sizes = Sizes { batch: 3, t_q: t, ..Sizes::new(heads, 2, 2) };
        let mut layer = Layer::drawn(sizes, 71);
        let is_token = |text: usize, j: usize| {
            if left { j + lengths[text] >= t } else { j < lengths[text] }
        };
        let values = (0..3 * t).map(|at| f64::from(u8::from(is_token(at / t, at % t)))).collect();
        layer.mask = Some(Numbers { shape: vec![3, 1, 1, t], values });
        let side = if left { "left" } else { "right" };
        let got = flat(&run(answers, &layer, DType::F64)?)?;
        let width = layer.shape()[2];
        let text_of = |y: &[f64], text: usize| -> Vec<f64> {
            let places = (0..t).filter(|&j| is_token(text, j));
            places.flat_map(|j| y[(text * t + j) * width..][..width].to_vec()).collect()
        };
        let size = 3 * t * width;
        expect(got.len() == size, || format!("expected {size} numbers, got {}", got.len()))?;
        // Each text alone, without any padding.
        for (text, length) in lengths.into_iter().enumerate() {
            let mut alone = layer.clone();
            alone.mask = None;
            let d_model = layer.x.shape[2];
            alone.x = Numbers {
                shape: vec![1, length, d_model],
                values: (0..t)
                    .filter(|&j| is_token(text, j))
                    .flat_map(|j| layer.x.values[(text * t + j) * d_model..][..d_model].to_vec())
                    .collect(),
            };
            let want = alone.output();
            let what = format!("text {text}, {length} of {t} places, padding on the {side}");
            let tolerance = tolerance(DType::F64, &want);
            expect_close(&what, &[], &text_of(&got, text), &want, tolerance)?;
        }
    }
    Ok(())
}

pub fn every_head_may_have_a_mask(answers: &Answers) -> Outcome {
    let (heads, t) = (4, 3);
    // Head h sees keys up to place h % 3, the last head nothing at all.
    let sees = |h: usize, j: usize| h < 3 && j <= h;
    let values = |rows: usize| -> Vec<f64> {
        let places = (0..heads).flat_map(|h| (0..rows * t).map(move |at| (h, at % t)));
        places.map(|(h, j)| f64::from(u8::from(sees(h, j)))).collect()
    };
    for (shape, rows) in [(vec![1, heads, 1, t], 1), (vec![heads, t, t], t)] {
        let mut layer = Layer::drawn(Sizes { t_q: t, ..Sizes::new(heads, 2, 3) }, 81);
        layer.mask = Some(Numbers { values: values(rows), shape });
        expect_right(answers, "a mask for each head", &layer, DType::F64)?;
    }
    // A query that sees nothing at all brings the last bias alone.
    let mut layer = Layer::drawn(Sizes::new(2, 1, 3), 82);
    layer.mask = Some(Numbers { shape: vec![1, 1], values: vec![0.0] });
    let want: Vec<f64> = layer.o.b.as_ref().map_or(Vec::new(), |b| b.values.repeat(8));
    let got = flat(&run(answers, &layer, DType::F64)?)?;
    let exact = Tolerance { rtol: 1e-12, atol: 1e-12 };
    expect_close("queries that see nothing", &[2, 4, 6], &got, &want, exact)
}
