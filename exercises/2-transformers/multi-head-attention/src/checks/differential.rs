//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Tensor};
use grading::draw::{self, Just, Strategy, prop_oneof};
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect_close, expect_eq, expect_error,
};
use tensor_test::{expect_form, expect_tensor, flat};

use crate::oracle::{EXACT, Inputs, Layer, Numbers, Sizes, tolerance};
use crate::{Answers, HeadError, SOLUTION};

/// A tensor of up to five axes, maybe a view, whose numbers are only moved.
#[derive(Clone, Debug)]
struct Moved {
    shape: Vec<usize>,
    dtype: DType,
    is_view: bool,
    seed: u64,
}

fn moved(axes: usize) -> impl Strategy<Value = Moved> {
    let most = [0, 0, 0, 24, 7][axes];
    let usual =
        (0..=3_usize, draw::lengths(0..=9), draw::lengths(0..=most.max(9)), draw::lengths(0..=7));
    let shape = usual.prop_map(move |(a, b, c, d)| [a, b, c, d][..axes].to_vec());
    let other = draw::list(0..=3_usize, 0..=5);
    let dtype = draw::select(vec![DType::F32, DType::F64, DType::U8, DType::I64, DType::BF16]);
    (prop_oneof![12 => shape, 1 => other], dtype, draw::select(vec![false, true]), draw::any_u64())
        .prop_map(|(shape, dtype, is_view, seed)| Moved { shape, dtype, is_view, seed })
}

impl Moved {
    fn tensor(&self) -> candle_core::Result<Tensor> {
        let mut x = Numbers::drawn(&self.shape, self.seed);
        // Numbers that need all digits of their type; floats keep NaN, ∞ and −0, too.
        x.values.iter_mut().for_each(|x| match self.dtype {
            DType::U8 => *x = (*x * 16.0).abs(),
            DType::I64 => *x = *x * 16.0 + 2_f64.powi(40),
            _ => *x /= 3.0,
        });
        if self.dtype.is_float() {
            let corners = [f64::NAN, f64::NEG_INFINITY, -0.0];
            x.values.iter_mut().zip(corners).for_each(|(x, corner)| *x = corner);
        }
        let x = x.tensor(DType::F64)?.to_dtype(self.dtype)?;
        let last = self.shape.len().saturating_sub(1);
        // candle reads behind the end of an empty view.
        if !self.is_view || last == 0 || x.elem_count() == 0 {
            return Ok(x);
        }
        let x = x.transpose(0, last)?.contiguous()?.transpose(0, last)?;
        let whole = Tensor::cat(&[&x, &x], last)?;
        whole.narrow(last, self.shape[last], self.shape[last])
    }

    fn agree(
        &self,
        call: impl Fn(&Answers, &Tensor) -> Result<Tensor, HeadError>,
        answers: &Answers,
    ) -> Outcome {
        let x = self.tensor()?;
        agree("the result", call(answers, &x), call(&SOLUTION, &x), |got, want| {
            let values = flat(want)?;
            if values.iter().any(|x| x.is_nan()) {
                // NaN is no number to compare with, but it has a place.
                let place = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                expect_form("the result", got, want.dims(), want.dtype())?;
                return expect_eq("the bits of the result", &place(&flat(got)?), &place(&values));
            }
            expect_tensor("the result", got, want.dims(), want.dtype(), &values, EXACT)
        })
    }
}

pub fn split_agrees(answers: &Answers) -> Outcome {
    let heads = prop_oneof![6 => 1..=6_usize, 1 => 0..=30_usize];
    differential((moved(3), heads), |(x, heads)| {
        // Mostly a width that can be cut.
        let mut x = x.clone();
        if x.seed % 4 != 0 && x.shape.len() == 3 {
            x.shape[2] = x.shape[2] % 8 * heads;
        }
        x.agree(|answers, x| (answers.split_heads)(x, *heads), answers)
    })
}

pub fn merge_agrees(answers: &Answers) -> Outcome {
    differential(moved(4), |x| x.agree(|answers, x| (answers.merge_heads)(x), answers))
}

pub fn repeat_agrees(answers: &Answers) -> Outcome {
    let heads = prop_oneof![6 => (0..=5_usize).prop_map(Ok), 1 => (0..=9_usize).prop_map(Err)];
    differential((moved(4), heads), |(x, heads)| {
        let kv = x.shape.get(1).copied().unwrap_or(1);
        let heads = heads.map_or_else(|heads| heads, |group| group * kv);
        x.agree(|answers, x| (answers.repeat_kv)(x, heads), answers)
    })
}

pub fn bytes_agree(answers: &Answers) -> Outcome {
    let usual = draw::lengths(0..=200_000).prop_map(|n| n as u64);
    let huge = draw::select(vec![u64::MAX, 1 << 32, 1 << 62, 1 << 63, (1 << 63) - 1, 1 << 31]);
    let factor = || prop_oneof![5 => usual.clone(), 2 => Just(1), 1 => huge.clone()];
    let factors = (factor(), factor(), factor(), factor(), factor(), factor());
    Differential::cases(2000).run(factors, |&(l, h, d, t, b, n)| {
        let got = (answers.kv_bytes)(l, h, d, t, b, n);
        agree("the bytes", got, (SOLUTION.kv_bytes)(l, h, d, t, b, n), |got, want| {
            expect_eq("the bytes", &[*got], &[*want])
        })
    })
}

/// A drawn layer: sizes, which mask it has, what does not fit.
#[derive(Clone, Debug)]
struct Drawn {
    sizes: Sizes,
    mask: Option<[bool; 4]>,
    misfit: u8,
    /// Makes values tiny or huge; what comes out follows.
    scale: f64,
    /// Makes scores large, and weights 0 and 1.
    sharpness: f64,
    dtype: DType,
    seed: u64,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let heads = (draw::lengths(1..=4), 1..=3_usize);
    let widths = (1..=4_usize, 1..=4_usize, draw::lengths(1..=9), 1..=5_usize);
    let texts =
        (0..=2_usize, draw::lengths(0..=5), draw::option((draw::lengths(0..=9), 1..=5_usize)));
    let flag = || draw::select(vec![false, true]);
    let flags = (flag(), draw::option((flag(), flag(), flag(), flag())), 0..24_u8);
    let scale = draw::select(vec![1.0, 1.0, 1e-15, 1e15]);
    let sharpness = draw::select(vec![1.0, 1.0, 1.0, 64.0]);
    let kind = (scale, sharpness, draw::select(vec![DType::F32, DType::F64]), draw::any_u64());
    (heads, widths, texts, flags, kind).prop_map(
        |((kv, group), (d_head, d_v, d_model, d_out), (batch, t_q, context), flags, kind)| {
            let (has_bias, mask, misfit) = flags;
            let (scale, sharpness, dtype, seed) = kind;
            let (n_heads, n_kv_heads) = (kv * group, kv);
            let context = context.map(|(t_k, width)| [t_k, width]);
            let sizes = Sizes {
                n_heads,
                n_kv_heads,
                d_head,
                d_v,
                d_model,
                d_out,
                batch,
                t_q,
                context,
                has_bias,
            };
            let mask = mask.map(|(a, b, c, d)| [a, b, c, d]);
            Drawn { sizes, mask, misfit, scale, sharpness, dtype, seed }
        },
    )
}

impl Drawn {
    fn layer(&self) -> Layer {
        let Sizes { batch, t_q, n_heads, context, .. } = self.sizes;
        let mut layer = Layer::drawn(self.sizes, self.seed >> 8);
        let t_k = context.map_or(t_q, |[t_k, _]| t_k);
        layer.mask = self.mask.map(|is_one| {
            // Any of the axes may repeat.
            let sizes = [batch, n_heads, t_q, t_k];
            let shape: Vec<usize> =
                sizes.iter().zip(is_one).map(|(&size, one)| if one { 1 } else { size }).collect();
            let mut mask = Numbers::drawn(&shape, self.seed >> 4);
            mask.values.iter_mut().for_each(|x| *x = f64::from(u8::from(*x > -0.5)));
            mask
        });
        // The whole of what comes out before the last bias is so much larger.
        layer.v.w.values.iter_mut().for_each(|w| *w *= self.scale);
        for b in [&mut layer.v.b, &mut layer.o.b].into_iter().flatten() {
            b.values.iter_mut().for_each(|b| *b *= self.scale);
        }
        // Of large scores f32 has too few digits behind the point.
        let sharpness = if self.dtype == DType::F64 { self.sharpness } else { 0.125 };
        for q in [Some(&mut layer.q.w), layer.q.b.as_mut()].into_iter().flatten() {
            q.values.iter_mut().for_each(|w| *w *= sharpness);
        }
        match self.misfit {
            1 => layer.n_heads += 1,
            2 => layer.n_kv_heads = n_heads + 1,
            3 => layer.n_kv_heads = 0,
            4 => layer.x.shape.insert(0, 1),
            _ => {}
        }
        layer
    }
}

impl Drawn {
    /// Terms that cancel out leave a rest with the error of the terms.
    fn tolerance(&self, want: &[f64]) -> Tolerance {
        let mut tolerance = tolerance(self.dtype, want);
        tolerance.atol += 0.3 * tolerance.rtol * self.scale;
        tolerance
    }
}

/// More heads, tokens and keys than the others have.
fn large() -> impl Strategy<Value = Drawn> {
    draw::any_u64().prop_map(|seed| {
        let context = Some([70, 3]);
        let sizes = Sizes { d_model: 3, batch: 1, t_q: 66, context, ..Sizes::new(18, 6, 1) };
        let (scale, sharpness, dtype) = (1.0, 1.0, DType::F64);
        Drawn { sizes, mask: Some([false; 4]), misfit: 0, scale, sharpness, dtype, seed }
    })
}

pub fn layer_agrees(answers: &Answers) -> Outcome {
    Differential::cases(200).run(drawn(), |drawn| expect_layer(answers, drawn))?;
    Differential::cases(1).run(large(), |drawn| expect_layer(answers, drawn))
}

fn expect_layer(answers: &Answers, drawn: &Drawn) -> Outcome {
    let layer = drawn.layer();
    let on = |answers: &Answers, Inputs { mha, x, context, mask, .. }: &Inputs| {
        (answers.forward)(mha, x, context.as_ref(), mask.as_ref())
    };
    let (ours, exact) = (layer.inputs(drawn.dtype)?, layer.inputs(DType::F64)?);
    let (got, want) = (on(answers, &ours), on(&SOLUTION, &exact));
    // If several things do not fit, any of their errors will do.
    if want.is_err() {
        return expect_error("a layer that does not fit", got);
    }
    agree("the result", got, want, |got, want| {
        let values = flat(want)?;
        let close = drawn.tolerance(&values);
        expect_tensor("the result", got, want.dims(), drawn.dtype, &values, close)?;
        if values.is_empty() || values.len() > 1000 || drawn.dtype == DType::F32 {
            return Ok(());
        }
        let upstream = Numbers::drawn(want.dims(), 5).tensor(DType::F64)?;
        let back = |y: &Tensor| (y * &upstream)?.sum_all()?.backward();
        let (got, want) = (back(got)?, back(want)?);
        for (ours, exact) in ours.leaves.iter().zip(&exact.leaves) {
            let Some(want) = want.get(exact) else { continue };
            let (want, shape) = (flat(want)?, exact.dims());
            let got = got.get(ours).map(flat).transpose()?.unwrap_or_default();
            let mut tolerance = tolerance(DType::F64, &want);
            tolerance.atol += 1e-11 * drawn.scale * drawn.sharpness;
            expect_close("a gradient", shape, &got, &want, tolerance)?;
        }
        Ok(())
    })
}
