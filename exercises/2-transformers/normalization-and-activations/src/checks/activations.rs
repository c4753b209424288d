//! GELU in both forms and the gate of SwiGLU on tensors: values, tails, gradients.

use candle_core::{DType, Device, Result, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect_close, expect_error};
use tensor_test::{expect_form, flat, tensor};

use crate::Answers;
use crate::oracle::{Activations, F32, F64, GateCase, activations, gate_cases, gradients};

/// Where the plain formula still has its digits, in f32.
const NEAR: f64 = 2.0;
const TYPES: [(DType, Tolerance); 2] = [(DType::F32, F32), (DType::F64, F64)];
/// Slopes cross 0, so what is close to 0 has lost some digits.
const SLOPES: [(DType, Tolerance); 2] = [
    (DType::F32, Tolerance { rtol: 1e-5, atol: 1e-6 }),
    (DType::F64, Tolerance { rtol: 1e-10, atol: 1e-11 }),
];

/// A form of GELU, the values that it should have, and the slopes.
type Form = (&'static str, fn(&Tensor) -> Result<Tensor>, Vec<f64>, Vec<f64>);

fn erf(answers: &Answers) -> std::result::Result<(Vec<f64>, Form), Failure> {
    let Activations { x, gelu_erf, d_gelu_erf, .. } = activations()?;
    Ok((x, ("GELU with erf", answers.gelu_erf, gelu_erf, d_gelu_erf)))
}

fn tanh(answers: &Answers) -> std::result::Result<(Vec<f64>, Form), Failure> {
    let Activations { x, gelu_tanh, d_gelu_tanh, .. } = activations()?;
    Ok((x, ("GELU with tanh", answers.gelu_tanh, gelu_tanh, d_gelu_tanh)))
}

/// The values at these places, the same in every order of the axes.
fn expect_values((x, form): (Vec<f64>, Form), which: impl Fn(f64) -> bool) -> Outcome {
    let (name, gelu, want, _) = form;
    let (x, want): (Vec<f64>, Vec<f64>) =
        x.into_iter().zip(want).filter(|(x, _)| which(*x)).unzip();
    for (dtype, tolerance) in TYPES {
        let y = gelu(&tensor(&x, &[x.len()], dtype)?)?;
        let what = format!("{name}, {dtype:?}");
        expect_form(&what, &y, &[x.len()], dtype)?;
        for ((x, got), want) in x.iter().zip(flat(&y)?).zip(&want) {
            expect_close(&format!("{what}, at {x}"), &[], &[got], &[*want], tolerance)?;
        }
    }
    // Two rows that stand in columns.
    let half = x.len() / 2;
    let (x, want) = (&x[..2 * half], &want[..2 * half]);
    let columns = tensor(x, &[2, half], DType::F32)?.t()?.contiguous()?;
    let y = gelu(&columns.t()?)?;
    expect_form(name, &y, &[2, half], DType::F32)?;
    expect_close(&format!("{name} of a transposed view"), &[2, half], &flat(&y)?, want, F32)
}

fn expect_slopes((x, form): (Vec<f64>, Form)) -> Outcome {
    let (name, gelu, _, want) = form;
    for (dtype, tolerance) in SLOPES {
        let leaf = Var::from_tensor(&tensor(&x, &[x.len()], dtype)?)?;
        let ones = Tensor::ones(x.len(), dtype, &Device::Cpu)?;
        let got = gradients(&gelu(&leaf)?, &ones, &[("x", &leaf)])?;
        for ((x, got), want) in x.iter().zip(&got[0]).zip(&want) {
            let what = format!("{name}, {dtype:?}: the slope at {x}");
            expect_close(&what, &[], &[*got], &[*want], tolerance)?;
        }
    }
    Ok(())
}

fn is_near(x: f64) -> bool {
    x > -NEAR
}

fn is_tail(x: f64) -> bool {
    !is_near(x) || x > 4.0
}

pub fn gelu_erf_matches_pytorch(answers: &Answers) -> Outcome {
    expect_values(erf(answers)?, is_near)
}

pub fn gelu_erf_keeps_its_tail(answers: &Answers) -> Outcome {
    expect_values(erf(answers)?, is_tail)
}

pub fn gelu_erf_passes_gradients(answers: &Answers) -> Outcome {
    expect_slopes(erf(answers)?)
}

pub fn gelu_tanh_matches_pytorch(answers: &Answers) -> Outcome {
    expect_values(tanh(answers)?, is_near)
}

pub fn gelu_tanh_keeps_its_tail(answers: &Answers) -> Outcome {
    expect_values(tanh(answers)?, is_tail)
}

pub fn gelu_tanh_passes_gradients(answers: &Answers) -> Outcome {
    expect_slopes(tanh(answers)?)
}

fn expect_gated(answers: &Answers, which: impl Fn(&GateCase) -> bool) -> Outcome {
    for case in gate_cases()?.iter().filter(|case| which(case)) {
        for (dtype, tolerance) in TYPES {
            let what = format!("{}, {dtype:?}", case.name);
            let [gate, up] = [&case.gate, &case.up].map(|x| tensor(x, &case.shape, dtype));
            let y = (answers.swiglu)(&gate?, &up?)?;
            expect_form(&what, &y, &case.shape, dtype)?;
            expect_close(&what, &case.shape, &flat(&y)?, &case.y, tolerance)?;
        }
    }
    Ok(())
}

pub fn swiglu_matches_pytorch(answers: &Answers) -> Outcome {
    expect_gated(answers, |case| !case.is_far())?;
    let of = |shape: &[usize]| Tensor::ones(shape, DType::F32, &Device::Cpu);
    for (gate, up) in [([2, 3], [2, 1]), ([2, 3], [3, 2]), ([1, 3], [2, 3])] {
        let what = format!("a gate of the shape {gate:?} and values of the shape {up:?}");
        expect_error(&what, (answers.swiglu)(&of(&gate)?, &of(&up)?))?;
    }
    Ok(())
}

pub fn swiglu_keeps_its_tail(answers: &Answers) -> Outcome {
    expect_gated(answers, GateCase::is_far)
}

pub fn swiglu_passes_gradients(answers: &Answers) -> Outcome {
    for case in gate_cases()? {
        for (dtype, tolerance) in SLOPES {
            let leaf = |x: &[f64]| Var::from_tensor(&tensor(x, &case.shape, dtype)?);
            let (gate, up) = (leaf(&case.gate)?, leaf(&case.up)?);
            let y = (answers.swiglu)(&gate, &up)?;
            let upstream = tensor(&case.upstream, &case.shape, dtype)?;
            let leaves = [("gate", &gate), ("up", &up)];
            let got = gradients(&y, &upstream, &leaves)?;
            for (((name, _), got), want) in leaves.iter().zip(&got).zip([&case.d_gate, &case.d_up])
            {
                let what = format!("{}, {dtype:?}: the gradient of {name}", case.name);
                expect_close(&what, &case.shape, got, want, tolerance)?;
            }
        }
    }
    Ok(())
}
