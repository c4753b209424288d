//! The demos of the page on normalization and activations.

mod activation_curves;
mod dots;
mod figures;
mod labs;
mod norm_at_work;

use candle_core::{Device, Tensor};
use demo::Demo;
use normalization_and_activations::{Answers, NormError};

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![
        norm_at_work::demo(answers),
        activation_curves::demo(answers),
        labs::rms_norm(),
        labs::swiglu(),
    ]
}

/// A row of numbers as a tensor of f64.
fn row(values: &[f64]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(values, values.len(), &Device::Cpu)
}

/// What both norms make of a row, with gamma 1 and beta 0.
fn norms(answers: Answers, x: &[f64]) -> Result<[Vec<f64>; 2], NormError> {
    const EPS: f64 = 1e-5;
    let (ones, zeros) = (row(&vec![1.0; x.len()])?, row(&vec![0.0; x.len()])?);
    let layer = (answers.layer_norm)(&row(x)?, &ones, &zeros, EPS)?;
    let rms = (answers.rms_norm)(&row(x)?, &ones, EPS)?;
    Ok([layer.to_vec1()?, rms.to_vec1()?])
}
