//! The numbers of the page.

use candle_core::{DType, Device, Tensor};
use grading::numbers::{count, power, short};
use grading::{Failure, Outcome, Worked};
use tensor_test::{flat, tensor};

use crate::oracle::mean;
use crate::solution::{gelu_erf, gelu_tanh, layer_norm, rms_norm, swiglu};
use crate::{LAYERS, sizes_by_layer};

/// Four numbers to do by hand.
pub const VECTOR: [f64; 4] = [1.0, 3.0, 4.0, 8.0];
const EPS: f64 = 1e-5;

/// What the layers of the first figure are too large, or too small, by.
pub const GAIN: f64 = 1.5;

/// How wide the first LLaMA with 7 billion parameters is, and of what its hidden width is a
/// multiple (<https://arxiv.org/abs/2302.13971>, table 2, and `model.py` of the code released with
/// it).
const LLAMA_WIDTH: u64 = 4096;
const LLAMA_MULTIPLE: u64 = 256;

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    let last = |gain, norm| -> Result<f64, Failure> {
        Ok(sizes_by_layer(gain, norm)?.last().copied().unwrap_or_default())
    };
    worked.set("layers", LAYERS);
    worked.set("gain", GAIN);
    let large = last(GAIN, false)?;
    worked.set("grown", count(large.round() as u64));
    worked.set("shrunk", format!("1/{}", count((1.0 / last(1.0 / GAIN, false)?).round() as u64)));

    let deviations = VECTOR.map(|x| x - mean(&VECTOR));
    let variance = mean(&deviations.map(|d| d * d));
    let mean_square = mean(&VECTOR.map(|x| x * x));
    worked.set("vector", list(&VECTOR, 0));
    worked.set("mean", short(mean(&VECTOR), 2));
    worked.set("deviations", list(&deviations, 0));
    worked.set("variance", short(variance, 2));
    worked.set("deviation", short(variance.sqrt(), 2));
    worked.set("mean-square", short(mean_square, 2));
    worked.set("rms", short(mean_square.sqrt(), 2));
    worked.set("layer", list(&layer(&VECTOR)?, 2));
    worked.set("rms-normed", list(&rms(&VECTOR)?, 2));
    let far = VECTOR.map(|x| x + 100.0);
    worked.set("far-layer", list(&layer(&far)?, 2));
    worked.set("far-rms", list(&rms(&far)?, 2));

    // The variance in one pass, at an offset, in f32.
    let x: [f32; 4] = VECTOR.map(|x| x as f32 + 10_000.0);
    let mean_of = |x: [f32; 4]| x.iter().sum::<f32>() / 4.0;
    let one_pass = mean_of(x.map(|x| x * x)) - mean_of(x) * mean_of(x);
    worked.set("one-pass", short(one_pass.into(), 2));
    worked.set("square", count(100_000_000));
    worked.set("square-step", short(f64::from(1e8_f32.next_up() - 1e8_f32), 2));

    let at = |f: fn(&Tensor) -> candle_core::Result<Tensor>,
              x: f64,
              dtype|
     -> Result<f64, Failure> { Ok(flat(&f(&tensor(&[x], &[1], dtype)?)?)?[0]) };
    for (name, x) in [("gelu-minus-1", -1.0), ("gelu-1", 1.0), ("gelu-3", 3.0)] {
        worked.set(name, short(at(gelu_erf, x, DType::F64)?, 3));
    }
    let places: Vec<f64> = (-600..=600).map(|i| f64::from(i) / 100.0).collect();
    let x = tensor(&places, &[places.len()], DType::F64)?;
    let (erf, tanh) = (flat(&gelu_erf(&x)?)?, flat(&gelu_tanh(&x)?)?);
    let apart = erf.iter().zip(&tanh).map(|(erf, tanh)| (erf - tanh).abs());
    worked.set("forms-apart", format!("{:.4}", apart.fold(0.0, f64::max)));
    let lowest = erf.iter().zip(&places).min_by(|a, b| a.0.total_cmp(b.0));
    let (lowest, place) = lowest.ok_or_else(|| Failure::wrong("no place"))?;
    worked.set("lowest", short(*lowest, 2));
    worked.set("lowest-at", short(*place, 2));
    worked.set("tail", power(at(gelu_erf, -6.0, DType::F32)?, 1));
    worked.set("tail-tanh", power(at(gelu_tanh, -6.0, DType::F32)?, 1));
    let subtracted = tensor(&[-6.0 / 2.0_f64.sqrt()], &[1], DType::F32)?.erf()?;
    worked.set("tail-subtracted", short(flat(&(subtracted + 1.0)?)?[0], 9));

    let silu = |x: f64| -> Result<f64, Failure> {
        let one = Tensor::ones(1, DType::F64, &Device::Cpu)?;
        Ok(flat(&swiglu(&tensor(&[x], &[1], DType::F64)?, &one)?)?[0])
    };
    worked.set("silu-minus-1", short(silu(-1.0)?, 3));
    worked.set("silu-1", short(silu(1.0)?, 3));
    for (name, gate, up) in [("shut", -6.0, 50.0), ("open", 6.0, 50.0)] {
        worked.set(name, short(silu(gate)? * up, 2));
    }

    let hidden = 4 * LLAMA_WIDTH * 2 / 3;
    worked.set("llama-width", count(LLAMA_WIDTH));
    worked.set("llama-plain", count(4 * LLAMA_WIDTH));
    worked.set("llama-thirds", count(hidden));
    worked.set("llama-hidden", count(hidden.next_multiple_of(LLAMA_MULTIPLE)));
    Ok(())
}

fn row(x: &[f64]) -> candle_core::Result<Tensor> {
    tensor(x, &[x.len()], DType::F64)
}

fn layer(x: &[f64]) -> Result<Vec<f64>, Failure> {
    let (gamma, beta) = (row(&vec![1.0; x.len()])?, row(&vec![0.0; x.len()])?);
    Ok(flat(&layer_norm(&row(x)?, &gamma, &beta, EPS)?)?)
}

fn rms(x: &[f64]) -> Result<Vec<f64>, Failure> {
    Ok(flat(&rms_norm(&row(x)?, &row(&vec![1.0; x.len()])?, EPS)?)?)
}

fn list(values: &[f64], digits: usize) -> String {
    values.iter().map(|v| short(*v, digits)).collect::<Vec<_>>().join(", ")
}
