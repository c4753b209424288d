//! The attention of a layer, for both streams.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_error_is};
use tensor_test::{
    expect_form, expect_slopes, expect_tensor, flat, largest, numbers, rounding, tensor, upstream,
};

use crate::oracle::{
    drawn_model, masks_by_steps, masks_of, normed, small, tiny_xlnet, xlnet_golden,
};
use crate::{Activation, Answers, Stream, StreamMasks, XlNet, XlNetError, relative_encoding};

const CLOSE: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-10 };

pub fn streams_are_those_of_transformers(answers: &Answers) -> Outcome {
    for dtype in [DType::F64, DType::F32] {
        let model = tiny_xlnet(Activation::Gelu, dtype)?;
        for case in xlnet_golden()?.layers {
            let [batch, seq] = case.shape;
            let shape = [batch, seq, 12];
            if !case.r.is_empty() {
                let waves = flat(&relative_encoding(seq, 12, DType::F64)?)?;
                expect_close("the given waves", &[], &waves, &case.r, CLOSE)?;
            }
            let [h, g] = [&case.h, &case.g].map(|x| tensor(x, &shape, dtype));
            let masks = masks_of(&case.content, &case.query, case.shape)?;
            let layer = &model.layers[case.layer].rel_attn;
            let (new_h, new_g) = (answers.two_stream)(&h?, &g?, layer, &model.config, &masks)?;
            let what =
                format!("{}, layer {}, as in transformers, {dtype:?}", case.name, case.layer);
            let tolerance = rounding(dtype, &case.new_h);
            let stream = format!("{what}: the content stream");
            expect_tensor(&stream, &new_h, &shape, dtype, &case.new_h, tolerance)?;
            expect_form(&format!("{what}: the query stream"), &new_g, &shape, dtype)?;
            let got = flat(&new_g)?;
            let tolerance = rounding(dtype, &case.new_g);
            for (at, bits) in case.query.chunks(seq).enumerate() {
                if bits.contains(&1) {
                    let what =
                        format!("{what}: the query stream, text {}, place {}", at / seq, at % seq);
                    let rows = [&got, &case.new_g].map(|x| &x[at * 12..][..12]);
                    expect_close(&what, &[], rows[0], rows[1], tolerance)?;
                }
            }
        }
    }
    Ok(())
}

/// A small model, both streams, and the masks of two orders.
fn drawn(seed: u64) -> Result<(XlNet, [Tensor; 2], StreamMasks), Failure> {
    let model = drawn_model(small(1), 0.9, seed)?;
    let stream = |seed| tensor(&numbers(2 * 5 * 6, seed), &[2, 5, 6], DType::F64);
    let orders = [[3, 1, 4, 0, 2], [0, 4, 2, 1, 3]];
    let masks = StreamMasks::stack(&orders.map(|order| masks_by_steps(&order)))?;
    Ok((model, [stream(seed + 100)?, stream(seed + 101)?], masks))
}

pub fn query_stream_is_blind_to_itself(answers: &Answers) -> Outcome {
    let (model, [h, g], masks) = drawn(200)?;
    let layer = &model.layers[0].rel_attn;
    let run = |h: &Tensor, g: &Tensor| -> Result<[Vec<f64>; 2], Failure> {
        let (h, g) = (answers.two_stream)(h, g, layer, &model.config, &masks)?;
        expect_form("the content stream", &h, &[2, 5, 6], DType::F64)?;
        expect_form("the query stream", &g, &[2, 5, 6], DType::F64)?;
        Ok([flat(&h)?, flat(&g)?])
    };
    let moved = |x: &Tensor, at: usize| -> Result<Tensor, Failure> {
        let mut x = flat(x)?;
        x[at * 6..][..6].iter_mut().enumerate().for_each(|(i, x)| *x += 0.5 - 0.3 * i as f64);
        Ok(tensor(&x, &[2, 5, 6], DType::F64)?)
    };
    let before = run(&h, &g)?;
    let bits = [&masks.content, &masks.query].map(|mask| mask.flatten_all()?.to_vec1::<u8>());
    let [content, query] = bits;
    let (content, query) = (content?, query?);
    for at in 0..10 {
        let (from_h, from_g) = (run(&moved(&h, at)?, &g)?, run(&h, &moved(&g, at)?)?);
        for i in 0..10 {
            let changes = |x: &[f64], was: &[f64]| {
                (0..6).any(|n| (x[6 * i + n] - was[6 * i + n]).abs() > 1e-9)
            };
            // Whether i may see what was changed, in its text.
            let sees = |mask: &[u8]| at / 5 == i / 5 && mask[5 * i + at % 5] == 1;
            for (what, got, want) in [
                ("h changed, the new h", changes(&from_h[0], &before[0]), sees(&content)),
                ("h changed, the new g", changes(&from_h[1], &before[1]), sees(&query)),
                ("g changed, the new h", changes(&from_g[0], &before[0]), false),
                ("g changed, the new g", changes(&from_g[1], &before[1]), at == i),
            ] {
                let (text, place) = (i / 5, i % 5);
                let (from, there) = (at % 5, at / 5);
                expect(got == want, || {
                    let [is, should] =
                        [got, want].map(|is| if is { "changes" } else { "stays the same" });
                    format!(
                        "place {from} of text {there} in {what} at place {place} of text {text}: \
                         expected that it {should}, it {is}"
                    )
                })?;
            }
        }
    }
    Ok(())
}

pub fn who_sees_nothing_takes_nothing(answers: &Answers) -> Outcome {
    streams_are_those_of_transformers(answers)?;
    let (model, [h, g], _) = drawn(210)?;
    let layer = &model.layers[0].rel_attn;
    let none = Tensor::zeros((2, 5, 5), DType::U8, &Device::Cpu)?;
    let some = none.ones_like()?;
    let [gain, bias] = [flat(&layer.norm.weight)?, flat(&layer.norm.bias)?];
    let alone = |x: &Tensor| -> Result<Vec<f64>, Failure> {
        let rows = flat(x)?;
        Ok(rows.chunks(6).flat_map(|row| normed(row, &gain, &bias, 1e-3)).collect())
    };
    let masks = StreamMasks { content: some.clone(), query: none.clone() };
    let (_, got) = (answers.two_stream)(&h, &g, layer, &model.config, &masks)?;
    let what = "the query stream, if nobody sees anybody: norm(g)";
    expect_tensor(what, &got, &[2, 5, 6], DType::F64, &alone(&g)?, CLOSE)?;
    let masks = StreamMasks { content: none, query: some };
    let (got, _) = (answers.two_stream)(&h, &g, layer, &model.config, &masks)?;
    let what = "the content stream, if nobody sees anybody: norm(h)";
    expect_tensor(what, &got, &[2, 5, 6], DType::F64, &alone(&h)?, CLOSE)
}

pub fn who_is_hidden_has_no_weight(answers: &Answers) -> Outcome {
    streams_are_those_of_transformers(answers)?;
    // Who sees a single key takes its value, whatever its score is.
    let (model, [h, g], _) = drawn(215)?;
    let only: Vec<u8> = (0..50).map(|at| u8::from(at % 5 == (at / 5 * 2 + 1) % 5)).collect();
    let masks = masks_of(&only, &only, [2, 5])?;
    let run = |factor: f64| -> Result<(Tensor, Tensor), Failure> {
        let mut layer = model.layers[0].rel_attn.clone();
        layer.q = (&layer.q * factor)?;
        Ok((answers.two_stream)(&h, &g, &layer, &model.config, &masks)?)
    };
    let want = run(0.0)?;
    for factor in [1.0, 1e6, -1e12] {
        let got = run(factor)?;
        for (name, got, want) in [("content", &got.0, &want.0), ("query", &got.1, &want.1)] {
            let what = format!(
                "the {name} stream, each query with one key to see, q times {factor:e}: as with q \
                 times 0"
            );
            expect_tensor(&what, got, &[2, 5, 6], DType::F64, &flat(want)?, CLOSE)?;
        }
    }
    Ok(())
}

pub fn streams_pass_gradients(answers: &Answers) -> Outcome {
    let (model, [h, g], masks) = drawn(220)?;
    let var = |x: &Tensor| Ok(Var::from_tensor(x)?.into_inner());
    let mut model = model.map(var)?;
    // Both streams as views of what has its axes swapped.
    let leaf =
        |x: &Tensor| -> Result<Tensor, Failure> { Ok(var(&x.transpose(1, 2)?.contiguous()?)?) };
    let streams = [leaf(&h)?, leaf(&g)?];
    let run = |[h, g]: &[Tensor; 2], model: &XlNet| -> Result<Tensor, Failure> {
        let (h, g) = (h.transpose(1, 2)?, g.transpose(1, 2)?);
        let layer = &model.layers[0].rel_attn;
        let (h, g) = (answers.two_stream)(&h, &g, layer, &model.config, &masks)?;
        let sum = (((&h * upstream(&h)?)? * 0.7)? + (&g * upstream(&g)?)?)?;
        Ok(sum.sum_all()?)
    };
    let gradients = run(&streams, &model)?.backward()?;
    for (i, name) in ["h", "g"].into_iter().enumerate() {
        expect_slopes(name, &streams[i], gradients.get(&streams[i]), &mut |x| {
            let mut streams = streams.clone();
            streams[i] = x.clone();
            Ok(run(&streams, &model)?.to_scalar::<f64>()?)
        })?;
    }
    let is_of_attention = |name: &str| {
        name.contains(" of ") && !["layer_", "ff."].iter().any(|ff| name.starts_with(ff))
    };
    weights_get_gradients(&mut model, is_of_attention, &|model| run(&streams, model))
}

/// Measures the slopes of all tensors that `is_used` knows by their names. Of layers behind the first,
/// which take as long, it only asks for a gradient.
pub fn weights_get_gradients(
    model: &mut XlNet,
    is_used: impl Fn(&str) -> bool,
    run: &dyn Fn(&XlNet) -> Result<Tensor, Failure>,
) -> Outcome {
    let gradients = run(model)?.backward()?;
    let names: Vec<String> = model.tensors_mut().iter().map(|(name, _)| name.clone()).collect();
    for (at, name) in names.iter().enumerate() {
        if !is_used(name) {
            continue;
        }
        let mut other = model.clone();
        let tensor = model.tensors_mut()[at].1.clone();
        if name.ends_with(" of layer 1") {
            let size = gradients.get(&tensor).map(flat).transpose()?.map_or(0.0, |x| largest(&x));
            expect(size > 1e-9, || format!("{name} gets no gradient"))?;
            continue;
        }
        expect_slopes(name, &tensor, gradients.get(&tensor), &mut |x| {
            *other.tensors_mut()[at].1 = x.clone();
            Ok(run(&other)?.to_scalar::<f64>()?)
        })?;
    }
    Ok(())
}

pub fn streams_refuse(answers: &Answers) -> Outcome {
    streams_are_those_of_transformers(answers)?;
    let (model, _, masks) = drawn(240)?;
    let layer = &model.layers[0].rel_attn;
    let zeros = |shape: &[usize]| Tensor::zeros(shape, DType::F64, &Device::Cpu);
    let fits = [2, 5, 6];
    for (h, g) in [
        (&[5, 6][..], &[5, 6][..]),
        (&fits, &[2, 4, 6]),
        (&fits, &[1, 5, 6]),
        (&fits, &[5, 2, 6]),
        (&fits, &[1, 10, 6]),
        (&fits, &[5, 6]),
        (&[1, 5, 6], &fits),
        (&[2, 5, 4], &[2, 5, 4]),
        (&[2, 5, 6, 1], &[2, 5, 6, 1]),
        (&[2, 0, 6], &[2, 0, 6]),
        (&[0, 5, 6], &[0, 5, 6]),
    ] {
        let got = (answers.two_stream)(&zeros(h)?, &zeros(g)?, layer, &model.config, &masks);
        let want = XlNetError::Streams { h: h.to_vec(), g: g.to_vec(), d_model: 6 };
        expect_error_is(&format!("streams {h:?} and {g:?}"), got, &want)?;
    }
    let both = zeros(&fits)?;
    let mask = |shape: &[usize], dtype| Tensor::ones(shape, dtype, &Device::Cpu);
    let fits = &[2, 5, 5][..];
    for (content, query, stream) in [
        ((fits, DType::U8), (&[1, 5, 5][..], DType::U8), Stream::Query),
        ((fits, DType::U8), (&[5, 5], DType::U8), Stream::Query),
        ((fits, DType::U8), (fits, DType::F64), Stream::Query),
        ((fits, DType::U8), (&[1, 10, 5], DType::U8), Stream::Query),
        ((&[5, 2, 5], DType::U8), (fits, DType::U8), Stream::Content),
        ((&[2, 1, 5], DType::U8), (fits, DType::U8), Stream::Content),
        ((fits, DType::U32), (fits, DType::U8), Stream::Content),
        ((&[2, 5, 6], DType::F32), (&[7], DType::U8), Stream::Content),
    ] {
        let masks =
            StreamMasks { content: mask(content.0, content.1)?, query: mask(query.0, query.1)? };
        let got = (answers.two_stream)(&both, &both, layer, &model.config, &masks);
        let (shape, dtype) = if stream == Stream::Query { query } else { content };
        let want = XlNetError::Mask { stream, got: shape.to_vec(), dtype, want: fits.to_vec() };
        expect_error_is(&format!("masks {content:?} and {query:?}"), got, &want)?;
    }
    Ok(())
}
