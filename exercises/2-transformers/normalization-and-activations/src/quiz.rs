//! The keys of the quiz, computed by the reference.

use candle_core::DType;
use grading::{Failure, Keys, pick, position};
use tensor_test::{flat, tensor};

use crate::solution::{gelu_erf, layer_norm, rms_norm, swiglu};
use crate::worked::VECTOR;

const EPS: f64 = 1e-5;

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("scaled", || {
            let (before, after) =
                (layer(&VECTOR, 0.0)?, layer(&VECTOR.map(|x| 3.0 * x + 5.0), 0.0)?);
            pick([is_near(&before, &after), is_near(&times(&before, 3.0), &after), {
                let shifted: Vec<f64> = times(&before, 3.0).iter().map(|y| y + 5.0).collect();
                is_near(&shifted, &after)
            }])
        })
        .key("offset", || {
            let (before, after) = (rms(&VECTOR)?, rms(&VECTOR.map(|x| x + 1000.0))?);
            let shifted: Vec<f64> = before.iter().map(|y| y + 1000.0).collect();
            pick([
                is_near(&before, &after),
                after.iter().all(|y| (y - 1.0).abs() < 0.01),
                is_near(&shifted, &after),
            ])
        })
        .key("equal", || {
            let beta = 0.25;
            let y = layer(&[7.0; 4], beta)?;
            let all = |value: f64| y.iter().all(|y| (y - value).abs() < 1e-9);
            pick([y.iter().all(|y| y.is_nan()), all(0.0), all(beta)])
        })
        .key("below-zero", || {
            let y = flat(&gelu_erf(&row(&[-1.0])?)?)?[0];
            pick([y == 0.0, (y + 0.16).abs() < 0.005, (y + 0.84).abs() < 0.005])
        })
        .key("shut", || {
            let y = flat(&swiglu(&row(&[-20.0])?, &row(&[50.0])?)?)?[0];
            pick([y.abs() < 1e-3, (y + 1000.0).abs() < 1.0, (y - 50.0).abs() < 1.0])
        })
        .key("width", || {
            // In units of d: two matrices of d · 4d against three of d · h.
            let plain = 2 * 4 * 3;
            let hidden = [6, 8, 12].into_iter().find(|thirds| 3 * thirds == plain);
            position(&[Some(6), Some(8), Some(12)], &hidden)
        })
}

fn row(x: &[f64]) -> candle_core::Result<candle_core::Tensor> {
    tensor(x, &[x.len()], DType::F64)
}

fn layer(x: &[f64], beta: f64) -> Result<Vec<f64>, Failure> {
    let (gamma, beta) = (row(&vec![1.5; x.len()])?, row(&vec![beta; x.len()])?);
    Ok(flat(&layer_norm(&row(x)?, &gamma, &beta, EPS)?)?)
}

fn rms(x: &[f64]) -> Result<Vec<f64>, Failure> {
    Ok(flat(&rms_norm(&row(x)?, &row(&vec![1.0; x.len()])?, EPS)?)?)
}

fn times(x: &[f64], factor: f64) -> Vec<f64> {
    x.iter().map(|x| x * factor).collect()
}

fn is_near(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4)
}
