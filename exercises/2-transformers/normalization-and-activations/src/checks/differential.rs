//! Answers beside the reference, on drawn inputs.

use candle_core::{DType, Device, Tensor, Var};
use grading::draw::{self, Array, Strategy, prop_oneof};
use grading::random::seeded;
use grading::{Differential, Outcome, Tolerance, agree, expect_close, expect_error};
use rand::RngExt;
use tensor_test::{expect_form, flat};

use crate::oracle::{F32, F64, allowance, expect_sums, gradients, largest};
use crate::{Answers, NormError, SOLUTION};

/// Each of them goes forward and backward, twice.
const CASES: u32 = 300;

fn dtype() -> impl Strategy<Value = DType> {
    draw::select(vec![DType::F32, DType::F64])
}

/// What a norm is given: an array, the offset of its numbers, a seed for the parameters, ε, which
/// parameter does not fit, whether it is a transposed view.
#[derive(Clone, Debug)]
struct Given {
    array: Array<i16>,
    offset: f64,
    seed: u64,
    eps: f64,
    misfit: u8,
    is_transposed: bool,
    dtype: DType,
}

fn given() -> impl Strategy<Value = Given> {
    // Sixteenths, so that sums are exact in f32 even far from 0.
    let sixteenths = prop_oneof![6 => -64_i16..=64, 1 => -1000_i16..=1000, 1 => 0_i16..=1];
    let offset = draw::select(vec![0.0, 0.0, 0.0, 1e4, -3000.0]);
    let eps = draw::select(vec![1e-5, 1e-5, 1e-6, 0.1, 7.0, 0.0, -1e-5, f64::NAN, f64::INFINITY]);
    let is_flat = draw::select(vec![false, false, false, false, false, false, false, true]);
    let flags = (0..24_u8, draw::select(vec![false, true]), is_flat, dtype());
    (draw::arrays(sixteenths, 4, 96), offset, draw::any_u64(), eps, flags).prop_map(
        |(mut array, offset, seed, eps, (misfit, is_transposed, is_flat, dtype))| {
            // Equal numbers have no spread.
            if is_flat {
                let first = array.data[0];
                array.data.fill(first);
            }
            Given { array, offset, seed, eps, misfit, is_transposed, dtype }
        },
    )
}

/// A tensor and the two parameters as leaves, in a type of numbers.
fn leaves(given: &Given, dtype: DType) -> candle_core::Result<[Var; 3]> {
    let shape = &given.array.shape;
    let x: Vec<f64> =
        given.array.data.iter().map(|v| f64::from(*v) / 16.0 + given.offset).collect();
    let x = Tensor::from_vec(x, &shape[..], &Device::Cpu)?;
    // The last axis first: the view that turns it around is not contiguous.
    let last = shape.len() - 1;
    let x = if given.is_transposed { x.transpose(0, last)?.contiguous()? } else { x };
    let rng = &mut seeded(given.seed);
    let mut cols = shape[last];
    match given.misfit {
        1 => cols += 1,
        2 => cols = 1,
        3 => cols = 0,
        _ => {}
    }
    let mut parameter = |cols: usize| {
        let values: Vec<f64> =
            (0..cols).map(|_| f64::from(rng.random_range(-32_i8..=32)) / 16.0).collect();
        let values = Tensor::from_vec(values, cols, &Device::Cpu)?;
        match given.misfit {
            4 => values.reshape((1, cols)),
            _ => Ok(values),
        }
    };
    let (gamma, beta) = (parameter(cols)?, parameter(if given.misfit == 5 { 1 } else { cols })?);
    let leaf = |x: Tensor| Var::from_tensor(&x.to_dtype(dtype)?);
    Ok([leaf(x)?, leaf(gamma)?, leaf(beta)?])
}

type Norm = fn(&Answers, &Tensor, [&Tensor; 2], f64) -> Result<Tensor, NormError>;

fn norm_like_reference(answers: &Answers, norm: Norm, parameters: usize) -> Outcome {
    let check = |given: &Given| {
        let shape = &given.array.shape;
        let of = |answers: &Answers, [x, gamma, beta]: &[Var; 3]| {
            let view =
                if given.is_transposed { x.transpose(0, shape.len() - 1)? } else { (**x).clone() };
            norm(answers, &view, [gamma, beta], given.eps)
        };
        let (ours, exact) = (leaves(given, given.dtype)?, leaves(given, DType::F64)?);
        agree("the result", of(answers, &ours), of(&SOLUTION, &exact), |got, want| {
            expect_form("the result", got, shape, given.dtype)?;
            let (y, values, cols) = (flat(got)?, flat(want)?, shape[shape.len() - 1]);
            let x = given.array.data.iter().map(|v| f64::from(*v) / 16.0 + given.offset);
            let x: Vec<f64> = x.collect();
            let (gamma, beta) = (flat(&exact[1])?, flat(&exact[2])?);
            for (row, x) in x.chunks(cols).enumerate() {
                let range = row * cols..(row + 1) * cols;
                let tolerance = allowance(x, &gamma, &beta, given.eps, given.dtype);
                let what = format!("the result, row {row}");
                expect_close(&what, &[], &y[range.clone()], &values[range], tolerance)?;
            }
            if given.dtype == DType::F32 {
                return Ok(());
            }
            let upstream: Vec<f64> = (0..y.len()).map(|i| (i as f64 + 1.0).sin()).collect();
            let upstream = Tensor::from_vec(upstream, &shape[..], &Device::Cpu)?;
            let back = |y: &Tensor, [x, gamma, beta]: &[Var; 3]| {
                let leaves = [("x", x), ("gamma", gamma), ("beta", beta)];
                gradients(y, &upstream, &leaves[..parameters + 1])
            };
            let (got, want) = (back(got, &ours)?, back(want, &exact)?);
            for (got, all) in got.iter().zip(&want) {
                expect_sums("the gradient", &[], got, all, (1e-6, largest(&want)))?;
            }
            Ok(())
        })
    };
    Differential::cases(CASES).run(given(), check)?;
    // Longer than a block, a byte, a tile: one long row, many short ones.
    for shape in [[1, 5000], [3000, 2]] {
        let long =
            (draw::any_u64(), draw::select(vec![0.0, 1e4])).prop_map(move |(seed, offset)| {
                let rng = &mut seeded(seed);
                let data =
                    (0..shape[0] * shape[1]).map(|_| rng.random_range(-64_i16..=64)).collect();
                let array = Array { shape: shape.to_vec(), axis: 1, data };
                let (eps, dtype) = (1e-5, DType::F64);
                Given { array, offset, seed, eps, misfit: 0, is_transposed: false, dtype }
            });
        Differential::cases(1).run(long, check)?;
    }
    let number = Tensor::new(1.0_f32, &Device::Cpu)?;
    let one = Tensor::new(&[1.0_f32], &Device::Cpu)?;
    expect_error("a number without an axis", norm(answers, &number, [&one, &one], 1e-5))?;
    let empty = Tensor::zeros((2, 0), DType::F32, &Device::Cpu)?;
    let none = Tensor::zeros(0, DType::F32, &Device::Cpu)?;
    expect_error("rows without a number", norm(answers, &empty, [&none, &none], 1e-5))
}

pub fn layer_norm_like_reference(answers: &Answers) -> Outcome {
    let norm: Norm = |answers, x, [gamma, beta], eps| (answers.layer_norm)(x, gamma, beta, eps);
    norm_like_reference(answers, norm, 2)
}

pub fn rms_norm_like_reference(answers: &Answers) -> Outcome {
    let norm: Norm = |answers, x, [gamma, _], eps| (answers.rms_norm)(x, gamma, eps);
    norm_like_reference(answers, norm, 1)
}

/// Numbers that activations meet, and some that they should not.
fn number() -> impl Strategy<Value = f32> + Clone {
    let ends = draw::select(vec![0.0, -0.0, 1e-30, -1e-30, 88.7, -88.7, 104.0, -104.0, 3e4, -3e4]);
    prop_oneof![
        6 => draw::between_f32(-10.0, 10.0),
        3 => (-1200_i16..=1200).prop_map(|v| f32::from(v) / 16.0),
        1 => (-300_i16..=300).prop_map(f32::from),
        1 => draw::between_f32(-1e5, 1e5),
        2 => ends,
    ]
}

type OfTensors = fn(&Answers, &[Tensor]) -> candle_core::Result<Tensor>;

/// Values to their last digits, in the shape and type that came, and slopes.
fn activation_like_reference(answers: &Answers, activation: OfTensors, inputs: usize) -> Outcome {
    let flags = (draw::select(vec![false, true]), dtype());
    let arrays = draw::arrays((number(), draw::between_f32(-10.0, 10.0)), 3, 200);
    let drawn = (arrays, flags);
    Differential::cases(CASES).run(drawn, |(Array { shape, data, .. }, (is_transposed, dtype))| {
        let last = shape.len() - 1;
        let leaf = |values: Vec<f32>, dtype| -> candle_core::Result<Var> {
            let x = Tensor::from_vec(values, &shape[..], &Device::Cpu)?.to_dtype(dtype)?;
            Var::from_tensor(&if *is_transposed { x.transpose(0, last)?.contiguous()? } else { x })
        };
        let leaves = |dtype| -> candle_core::Result<Vec<Var>> {
            let (first, second) = data.iter().copied().unzip();
            let mut both = vec![leaf(first, dtype)?, leaf(second, dtype)?];
            both.truncate(inputs);
            Ok(both)
        };
        let of = |answers: &Answers, leaves: &[Var]| {
            let view = |x: &Var| match is_transposed {
                true => x.transpose(0, last),
                false => Ok((**x).clone()),
            };
            activation(answers, &leaves.iter().map(view).collect::<Result<Vec<_>, _>>()?)
        };
        let (ours, exact) = (leaves(*dtype)?, leaves(DType::F64)?);
        let (got, want) = (of(answers, &ours)?, of(&SOLUTION, &exact)?);
        expect_form("the result", &got, shape, *dtype)?;
        let tolerance = if *dtype == DType::F32 { F32 } else { F64 };
        expect_close("the result", shape, &flat(&got)?, &flat(&want)?, tolerance)?;
        let named = |leaves: &[Var]| -> Vec<(&'static str, Var)> {
            ["the first input", "the second input"].into_iter().zip(leaves.to_vec()).collect()
        };
        let ones = Tensor::ones(&shape[..], DType::F64, &Device::Cpu)?;
        let slopes = |y: &Tensor, leaves: &[Var]| {
            let named = named(leaves);
            let named: Vec<(&str, &Var)> = named.iter().map(|(name, x)| (*name, x)).collect();
            gradients(y, &ones, &named)
        };
        // Slopes cross 0, so what is close to 0 has lost some digits; up to 10 multiplies them.
        let (rtol, atol) = if *dtype == DType::F32 { (2e-5, 1e-5) } else { (1e-10, 1e-10) };
        for (got, want) in slopes(&got, &ours)?.iter().zip(&slopes(&want, &exact)?) {
            expect_close("the gradient", &[], got, want, Tolerance { rtol, atol })?;
        }
        Ok(())
    })
}

pub fn gelu_erf_like_reference(answers: &Answers) -> Outcome {
    activation_like_reference(answers, |answers, x| (answers.gelu_erf)(&x[0]), 1)
}

pub fn gelu_tanh_like_reference(answers: &Answers) -> Outcome {
    activation_like_reference(answers, |answers, x| (answers.gelu_tanh)(&x[0]), 1)
}

pub fn swiglu_like_reference(answers: &Answers) -> Outcome {
    activation_like_reference(answers, |answers, x| (answers.swiglu)(&x[0], &x[1]), 2)
}
