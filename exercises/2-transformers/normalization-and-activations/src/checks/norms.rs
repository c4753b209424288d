//! LayerNorm and RMSNorm on tensors: values, where ε stands, offsets, gradients.

use candle_core::{DType, Device, Tensor, Var};
use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect, expect_close, seed_of_this_run};
use rand::RngExt;
use tensor_test::{expect_form, flat, tensor};

use crate::oracle::{
    self, NormCase, allowance, expect_sums, gradients, largest, layer_norm_cases, mean,
    rms_norm_cases,
};
use crate::{Answers, NormError};

/// The answer for a case: `x`, `gamma`, `beta`, `eps`.
type Norm<'a> = &'a dyn Fn(&Tensor, &Tensor, &Tensor, f64) -> Result<Tensor, NormError>;

fn layer(answers: &Answers) -> impl Fn(&Tensor, &Tensor, &Tensor, f64) -> Answer {
    move |x, gamma, beta, eps| (answers.layer_norm)(x, gamma, beta, eps)
}

fn rms(answers: &Answers) -> impl Fn(&Tensor, &Tensor, &Tensor, f64) -> Answer {
    move |x, gamma, _, eps| (answers.rms_norm)(x, gamma, eps)
}

type Answer = Result<Tensor, NormError>;

/// The values of a case, in f32 and in f64.
fn expect_values(norm: Norm, case: &NormCase) -> Outcome {
    for dtype in [DType::F32, DType::F64] {
        let what = format!("{}, {dtype:?}", case.what());
        let x = tensor(&case.x, &case.shape, dtype)?;
        let [gamma, beta] =
            [&case.gamma, &case.beta].map(|parameter| tensor(parameter, &[case.cols()], dtype));
        let y = norm(&x, &gamma?, &beta?, case.eps)?;
        expect_form(&what, &y, &case.shape, dtype)?;
        let y = flat(&y)?;
        for (row, x) in case.x.chunks(case.cols()).enumerate() {
            let range = row * case.cols()..(row + 1) * case.cols();
            let tolerance = allowance(x, &case.gamma, &case.beta, case.eps, dtype);
            let what = format!("{what}: row {row}");
            expect_close(&what, &[], &y[range.clone()], &case.y[range], tolerance)?;
        }
    }
    Ok(())
}

fn expect_gradients(norm: Norm, case: &NormCase) -> Outcome {
    for (dtype, rtol) in [(DType::F64, 1e-9), (DType::F32, 2e-4)] {
        let leaf = |x: &[f64], shape: &[usize]| Var::from_tensor(&tensor(x, shape, dtype)?);
        let x = leaf(&case.x, &case.shape)?;
        let gamma = leaf(&case.gamma, &[case.cols()])?;
        let beta = leaf(&case.beta, &[case.cols()])?;
        let y = norm(&x, &gamma, &beta, case.eps)?;
        let mut leaves = vec![("x", &x), ("gamma", &gamma), ("beta", &beta)];
        let wanted = [&case.d_x, &case.d_gamma, &case.d_beta];
        leaves.truncate(wanted.iter().filter(|wanted| !wanted.is_empty()).count());
        let upstream = tensor(&case.upstream, &case.shape, dtype)?;
        let got = gradients(&y, &upstream, &leaves)?;
        for (((name, leaf), got), want) in leaves.iter().zip(&got).zip(wanted) {
            let what = format!("{}, {dtype:?}: the gradient of {name}", case.what());
            expect_sums(&what, leaf.dims(), got, want, (rtol, largest(wanted)))?;
        }
    }
    Ok(())
}

/// What the oracle makes of a row, `gamma` and `beta`, of equal length.
type OfRow = fn(&[f64], &[f64], &[f64], f64) -> Vec<f64>;

/// The gradient of `x` against nudges of the oracle, on numbers that nobody can foresee.
fn expect_nudged(norm: Norm, of_row: OfRow) -> Outcome {
    let (cols, eps, h) = (6, 0.01, 1e-5);
    let rng = &mut seeded(seed_of_this_run()?);
    let mut drawn = || (0..cols).map(|_| rng.random_range(-2.0..2.0)).collect::<Vec<f64>>();
    let [x, gamma, beta, upstream] = [drawn(), drawn(), drawn(), drawn()];
    let loss = |x: &[f64]| -> f64 {
        of_row(x, &gamma, &beta, eps).iter().zip(&upstream).map(|(y, up)| y * up).sum()
    };
    let nudged = |i: usize| {
        let at = |by: f64| {
            let mut x = x.clone();
            x[i] += by;
            loss(&x)
        };
        (at(h) - at(-h)) / (2.0 * h)
    };
    let want: Vec<f64> = (0..cols).map(nudged).collect();
    let row = |x: &[f64]| tensor(x, &[cols], DType::F64);
    let leaf = Var::from_tensor(&row(&x)?)?;
    let y = norm(&leaf, &row(&gamma)?, &row(&beta)?, eps)?;
    let got = gradients(&y, &row(&upstream)?, &[("x", &leaf)])?;
    let tolerance = Tolerance { rtol: 1e-4, atol: 1e-6 };
    expect_close(&format!("the gradient of x = {x:?}, nudged,"), &[], &got[0], &want, tolerance)
}

fn each(
    cases: Result<Vec<NormCase>, Failure>,
    which: impl Fn(&NormCase) -> bool,
    check: impl Fn(&NormCase) -> Outcome,
) -> Outcome {
    cases?.iter().filter(|case| which(case)).try_for_each(check)
}

fn is_plain(case: &NormCase) -> bool {
    !case.is_far() && !case.is_about_eps()
}

pub fn layer_norm_matches_pytorch(answers: &Answers) -> Outcome {
    let norm = layer(answers);
    each(layer_norm_cases(), is_plain, |case| expect_values(&norm, case))
}

pub fn layer_norm_has_eps_inside_the_root(answers: &Answers) -> Outcome {
    let norm = layer(answers);
    each(layer_norm_cases(), NormCase::is_about_eps, |case| expect_values(&norm, case))?;
    // A row of equal numbers has no spread: what is left is beta.
    for dtype in [DType::F32, DType::F64] {
        let row = |x: &[f64]| tensor(x, &[4], dtype);
        let beta = [0.5, -1.0, 2.0, 0.25];
        let y = norm(&row(&[3.0; 4])?, &row(&[2.0, -3.0, 0.5, 1.0])?, &row(&beta)?, 1e-5)?;
        let what = format!("a row of equal numbers, {dtype:?}");
        expect_close(&what, &[], &flat(&y)?, &beta, Tolerance::F32)?;
    }
    Ok(())
}

pub fn layer_norm_stands_an_offset(answers: &Answers) -> Outcome {
    let norm = layer(answers);
    each(layer_norm_cases(), NormCase::is_far, |case| expect_values(&norm, case))?;
    // A drift to one side would hide in a tolerance of single numbers.
    let steps: Vec<f64> =
        oracle::spread(64, 5).iter().map(|v| (f64::from(*v) * 16.0).round() / 16.0).collect();
    for offset in [0.0, 1e4, -1e4] {
        let x: Vec<f64> = steps.iter().map(|step| step + offset).collect();
        let row = |x: &[f64]| tensor(x, &[64], DType::F32);
        let y = flat(&norm(&row(&x)?, &row(&[1.0; 64])?, &row(&[0.0; 64])?, 1e-5)?)?;
        let drift = mean(&y).abs();
        let spread = (mean(&y.iter().map(|y| y * y).collect::<Vec<_>>()) - drift * drift).sqrt();
        let most = 1e-5 + 2e-7 * offset.abs();
        expect(drift <= most && (spread - 1.0).abs() < 1e-3, || {
            format!(
                "64 numbers near {offset}, gamma 1, beta 0: the result should have the mean 0 and \
                 the deviation 1, and has {drift:.1e} and {spread:.6}"
            )
        })?;
    }
    Ok(())
}

pub fn layer_norm_passes_gradients(answers: &Answers) -> Outcome {
    let norm = layer(answers);
    each(layer_norm_cases(), |case| !case.is_far(), |case| expect_gradients(&norm, case))?;
    expect_nudged(&norm, oracle::layer_norm_row)
}

pub fn rms_norm_matches_pytorch(answers: &Answers) -> Outcome {
    let norm = rms(answers);
    each(rms_norm_cases(), |case| !case.is_about_eps(), |case| expect_values(&norm, case))
}

pub fn rms_norm_has_eps_inside_the_root(answers: &Answers) -> Outcome {
    let norm = rms(answers);
    each(rms_norm_cases(), NormCase::is_about_eps, |case| expect_values(&norm, case))?;
    let zeros = Tensor::zeros((2, 3), DType::F32, &Device::Cpu)?;
    let gamma = tensor(&[2.0, -3.0, 0.5], &[3], DType::F32)?;
    let y = flat(&(answers.rms_norm)(&zeros, &gamma, 1e-5)?)?;
    expect_close("rows of zeros", &[2, 3], &y, &[0.0; 6], Tolerance::F32)
}

pub fn rms_norm_passes_gradients(answers: &Answers) -> Outcome {
    let norm = rms(answers);
    each(rms_norm_cases(), |case| !case.is_far(), |case| expect_gradients(&norm, case))?;
    expect_nudged(&norm, |x, gamma, _, eps| oracle::rms_norm_row(x, gamma, eps))
}
