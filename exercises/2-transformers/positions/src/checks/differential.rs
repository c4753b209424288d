//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor, Var};
use grading::draw::{self, Just, Strategy, prop_oneof};
use grading::{Differential, Outcome, Tolerance, agree, differential, expect, expect_close};
use grading::{expect_close_or_nan, expect_error};
use tensor_test::{expect_tensor, flat};

use crate::oracle::{F32, spread};
use crate::{Answers, SOLUTION};

/// A power, by whatever way.
const POWER: Tolerance = Tolerance { rtol: 1e-10, atol: 0.0 };

/// Mostly even.
fn dim(most: usize) -> impl Strategy<Value = usize> + Clone {
    prop_oneof![6 => draw::lengths(1..=most / 2).prop_map(|half| 2 * half), 1 => 0..=most]
}

/// Mostly from 1 on.
fn theta() -> impl Strategy<Value = f64> + Clone {
    let usual = draw::select(vec![10_000.0, 500_000.0, 1e6, 1.0, 2.0]);
    let beyond = draw::select(vec![0.0, -0.0, -1.0, 0.5, f64::NAN, f64::INFINITY, 5e-324]);
    let (some, huge) = (draw::between(1.0, 1e7), draw::between(1.0, 1e300));
    prop_oneof![4 => usual, 4 => some, 1 => huge, 1 => beyond]
}

pub fn frequencies_agree(answers: &Answers) -> Outcome {
    differential((dim(300), theta()), |&(dim, theta)| {
        let (got, want) = ((answers.frequencies)(dim, theta), (SOLUTION.frequencies)(dim, theta));
        agree("the frequencies", got, want, |got, want| {
            expect_close("the frequencies", &[], got, want, POWER)
        })
    })
}

pub fn sinusoidal_agrees(answers: &Answers) -> Outcome {
    let check = |&(len, d_model): &(usize, usize)| {
        let (got, want) = ((answers.sinusoidal)(len, d_model), (SOLUTION.sinusoidal)(len, d_model));
        agree("the waves", got, want, |got, want| {
            expect_tensor("the waves", got, want.dims(), DType::F32, &flat(want)?, F32)
        })
    };
    Differential::cases(300).run((draw::lengths(0..=90), dim(80)), check)?;
    // More positions than 16 bits count, and than 24.
    Differential::cases(1).run((Just(70_001), Just(2)), check)
}

/// What is turned: its sizes, how it lies in memory, its position, its base, its size.
#[derive(Clone, Debug)]
struct Turned {
    shape: [usize; 4],
    is_swapped: bool,
    dtype: DType,
    offset: usize,
    theta: f64,
    scale: f64,
    nan_at: Option<usize>,
    seed: u64,
}

fn turned() -> impl Strategy<Value = Turned> {
    let shape = (0..=3_usize, 1..=4_usize, draw::lengths(0..=9), dim(24));
    let far = draw::select(vec![100_000, (1 << 24) + 1, u32::MAX as usize - 9]);
    let offset = prop_oneof![2 => Just(0), 4 => draw::lengths(0..=5000), 2 => far];
    let kind = (draw::select(vec![false, true]), draw::select(vec![DType::F32, DType::F64]));
    let scale = draw::select(vec![1.0, 1.0, 1e-20, 1e20]);
    let nan = draw::option(0..400_usize);
    (shape, kind, offset, theta(), scale, nan, draw::any_u64()).prop_map(
        |(
            (batch, heads, seq, head_dim),
            (is_swapped, dtype),
            offset,
            theta,
            scale,
            nan_at,
            seed,
        )| {
            let shape = [batch, heads, seq, head_dim];
            Turned { shape, is_swapped, dtype, offset, theta, scale, nan_at, seed }
        },
    )
}

impl Turned {
    fn leaf(&self) -> candle_core::Result<Tensor> {
        let [batch, heads, seq, head_dim] = self.shape;
        let mut x = spread(batch * heads * seq * head_dim, self.seed);
        x.iter_mut().for_each(|x| *x *= self.scale);
        if let Some(at) = self.nan_at.filter(|&at| at < x.len()) {
            x[at] = f64::NAN;
        }
        let shape = match self.is_swapped {
            true => (batch, seq, heads, head_dim),
            false => (batch, heads, seq, head_dim),
        };
        Tensor::from_vec(x, shape, &Device::Cpu)?.to_dtype(self.dtype)
    }

    /// Right answers differ in the last digit of an angle.
    fn tolerance(&self) -> Tolerance {
        let far = 1e-14 * self.offset as f64;
        let rtol = if self.dtype == DType::F32 { 1e-5 } else { 1e-11 };
        Tolerance { rtol: rtol + far, atol: 8.0 * self.scale * (0.1 * rtol + far) }
    }
}

pub fn rope_agrees(answers: &Answers) -> Outcome {
    Differential::cases(300).run(turned(), |case| {
        let leaf = case.leaf()?;
        let on = |answers: &Answers, leaf: &Var| {
            let x = if case.is_swapped { leaf.transpose(1, 2)? } else { leaf.as_tensor().clone() };
            (answers.rope)(&x, case.offset, case.theta)
        };
        // What is kept from one call must not show in the next.
        let _ = on(answers, &Var::from_tensor(&leaf.neg()?)?);
        let (x, exact) = (Var::from_tensor(&leaf)?, Var::from_tensor(&leaf.to_dtype(DType::F64)?)?);
        agree("the result", on(answers, &x), on(&SOLUTION, &exact), |got, want| {
            expect(got.dims() == want.dims() && got.dtype() == case.dtype, || {
                let (want, got) = ((want.dims(), case.dtype), (got.dims(), got.dtype()));
                format!("the result: expected the shape and type {want:?}, got {got:?}")
            })?;
            let (values, tolerance) = (flat(want)?, case.tolerance());
            expect_close_or_nan("the result", want.dims(), &flat(got)?, &values, tolerance)?;
            if values.is_empty() || values.iter().any(|value| value.is_nan()) {
                return Ok(());
            }
            let upstream: Vec<f64> =
                (0..values.len()).map(|i| (i as f64 + 1.0).sin() * case.scale).collect();
            let upstream = Tensor::from_vec(upstream, want.dims(), &Device::Cpu)?;
            let back = |y: &Tensor, x: &Var| -> candle_core::Result<Option<Vec<f64>>> {
                let sum = (y * upstream.to_dtype(y.dtype())?)?.sum_all()?;
                sum.backward()?.get(x).map(flat).transpose()
            };
            let Some(want) = back(want, &exact)? else { return Ok(()) };
            let got = back(got, &x)?.unwrap_or_default();
            expect_close("the gradient", leaf.dims(), &got, &want, tolerance)
        })
    })?;
    let vector = Tensor::ones(4, DType::F32, &Device::Cpu)?;
    expect_error("a tensor of one axis", (answers.rope)(&vector, 0, 10_000.0))
}

pub fn slopes_agree(answers: &Answers) -> Outcome {
    let many = draw::select(vec![1000, 4095, 4097, 65_537]);
    differential(prop_oneof![12 => draw::lengths(0..=300), 1 => many], |&n| {
        agree("the slopes", (answers.alibi_slopes)(n), (SOLUTION.alibi_slopes)(n), |got, want| {
            expect_close("the slopes", &[], got, want, POWER)
        })
    })
}

pub fn bias_agrees(answers: &Answers) -> Outcome {
    let check = |&(n_heads, seq, offset): &(usize, usize, usize)| {
        let got = (answers.alibi_bias)(n_heads, seq, offset);
        let want = (SOLUTION.alibi_bias)(n_heads, seq, offset);
        agree("the bias", got, want, |got, want| {
            let tolerance = Tolerance { rtol: 5e-7, atol: 0.0 };
            expect_tensor("the bias", got, want.dims(), DType::F32, &flat(want)?, tolerance)
        })
    };
    let sizes = (draw::lengths(0..=20), draw::lengths(0..=12), draw::lengths(0..=70));
    Differential::cases(300).run(sizes, check)?;
    // More keys than 16 bits count, and a steep slope all the way.
    Differential::cases(1).run((Just(8), Just(1), Just(70_000)), check)
}
