//! Log-softmax and the loss of a batch: values, gradients, ignored labels.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, expect, expect_close, expect_eq, expect_error, expect_error_is};
use tensor_test::flat;

use crate::oracle::{self, F32, LossCase, gradient, is_large, labels, tensor};
use crate::{Answers, LossError};

/// Log-softmax along every axis, as PyTorch has it.
fn expect_log_softmax(answers: &Answers, large: bool) -> Outcome {
    for case in oracle::log_softmax_cases()?.iter().filter(|case| is_large(&case.x) == large) {
        let x = tensor(&case.x, &case.shape)?;
        for (dim, want) in case.along.iter().enumerate() {
            let what = format!("{}, shape {:?}, along axis {dim}", case.name, case.shape);
            let y = (answers.log_softmax)(&x, dim)?;
            expect_eq(&format!("{what}: the shape of the result"), y.dims(), &case.shape)?;
            expect_close(&what, &case.shape, &flat(&y)?, want, F32)?;
        }
    }
    Ok(())
}

pub fn log_softmax_matches_pytorch(answers: &Answers) -> Outcome {
    // Large numbers have a check of their own, whose hints are about them.
    expect_log_softmax(answers, false)?;
    let matrix = tensor(&[1.0, 2.0], &[1, 2])?;
    expect_error("log-softmax along axis 2 of a matrix", (answers.log_softmax)(&matrix, 2))
}

pub fn log_softmax_stays_finite(answers: &Answers) -> Outcome {
    // exp(−200) is 0 in f32, its logarithm −∞; the right answer is −200.
    for gap in [200.0, 1000.0, 20_000.0, 1e30] {
        let y = (answers.log_softmax)(&tensor(&[-gap, 0.0, 0.0], &[3])?, 0)?;
        let half = -std::f64::consts::LN_2;
        let what = format!("log-softmax of [−{gap}, 0, 0]");
        expect_close(&what, &[], &flat(&y)?, &[half - gap, half, half], F32)?;
    }
    expect_log_softmax(answers, true)
}

pub fn log_softmax_passes_gradients(answers: &Answers) -> Outcome {
    for case in oracle::log_softmax_cases()?.iter().filter(|case| !is_large(&case.x)) {
        for (dim, want) in case.gradients.iter().enumerate() {
            let x = Var::from_tensor(&tensor(&case.x, &case.shape)?)?;
            let upstream = tensor(&case.upstream, &case.shape)?;
            let sum = ((answers.log_softmax)(&x, dim)? * upstream)?.sum_all()?;
            let what = format!("{}: the gradient along axis {dim}", case.name);
            expect_close(&what, &case.shape, &gradient(&sum, &x)?, want, F32)?;
        }
    }
    Ok(())
}

/// The cases in which nothing is ignored, or those in which something is.
fn cases(ignoring: bool) -> Result<Vec<LossCase>, Failure> {
    let mut cases = oracle::loss_cases()?;
    cases.retain(|case| case.targets.contains(&case.ignore_index) == ignoring);
    Ok(cases)
}

/// The loss of a case and what it is, for messages.
fn loss_of(
    answers: &Answers,
    case: &LossCase,
    logits: &Tensor,
) -> Result<(Tensor, String), Failure> {
    let LossCase { name, shape, targets, ignore_index, .. } = case;
    let what = format!("{name}: logits {shape:?}, targets {targets:?}, ignoring {ignore_index}");
    let loss = (answers.cross_entropy)(logits, &labels(targets)?, *ignore_index)?;
    expect(loss.dims().is_empty(), || {
        format!("{what}: the loss has no axes, not the shape {:?}", loss.dims())
    })?;
    Ok((loss, what))
}

fn expect_loss(answers: &Answers, case: &LossCase) -> Outcome {
    let (loss, what) = loss_of(answers, case, &tensor(&case.logits, &case.shape)?)?;
    expect_close(&format!("{what}: the loss"), &[], &flat(&loss)?, &[case.loss], F32)
}

pub fn loss_matches_pytorch(answers: &Answers) -> Outcome {
    let mut cases = cases(false)?;
    cases.retain(|case| !is_large(&case.logits));
    cases.iter().try_for_each(|case| expect_loss(answers, case))
}

pub fn loss_stays_finite(answers: &Answers) -> Outcome {
    let mut cases = cases(false)?;
    cases.retain(|case| is_large(&case.logits));
    cases.iter().try_for_each(|case| expect_loss(answers, case))
}

/// The gradient of a case's loss, which is that of PyTorch.
fn expect_gradient(answers: &Answers, case: &LossCase) -> Result<Vec<f64>, Failure> {
    let logits = Var::from_tensor(&tensor(&case.logits, &case.shape)?)?;
    let (loss, what) = loss_of(answers, case, &logits)?;
    let got = gradient(&loss, &logits)?;
    expect_close(&format!("{what}: the gradient"), &case.shape, &got, &case.gradient, F32)?;
    Ok(got)
}

pub fn loss_has_the_gradient_of_pytorch(answers: &Answers) -> Outcome {
    cases(false)?.iter().try_for_each(|case| expect_gradient(answers, case).map(drop))
}

pub fn ignored_targets_do_not_count(answers: &Answers) -> Outcome {
    for mut case in cases(true)? {
        expect_loss(answers, &case)?;
        // What an ignored row holds makes no difference.
        let plain = case.name.clone();
        for filler in [f64::NAN, 1e30, f64::NEG_INFINITY] {
            for (row, target) in case.logits.chunks_mut(case.shape[1]).zip(&case.targets) {
                if *target == case.ignore_index {
                    row.fill(filler);
                }
            }
            case.name = format!("{plain}, their logits {filler}");
            expect_loss(answers, &case)?;
        }
    }
    Ok(())
}

pub fn ignored_rows_get_no_gradient(answers: &Answers) -> Outcome {
    for case in cases(true)? {
        let got = expect_gradient(answers, &case)?;
        for (row, values) in got.chunks(case.shape[1]).enumerate() {
            let ignored = case.targets[row] == case.ignore_index;
            expect(!ignored || values.iter().all(|&v| v == 0.0), || {
                format!("{}: row {row} is ignored, but its gradient is {values:?}", case.name)
            })?;
        }
    }
    Ok(())
}

pub fn bad_targets_are_errors(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    cases(true)?.iter().try_for_each(|case| expect_loss(answers, case))?;
    let bad_target = |row, target| LossError::Target { row, target, vocab: 4 };
    let misfit = |logits: &[usize], targets: &[usize]| LossError::Shape {
        logits: logits.to_vec(),
        targets: targets.to_vec(),
    };
    for (what, logits, targets, targets_shape, want) in [
        ("target 4 of a vocabulary of 4", &[3, 4][..], &[0, 4, 1][..], &[3][..], bad_target(1, 4)),
        ("target 10, where 9 is ignored", &[3, 4], &[9, 2, 10], &[3], bad_target(2, 10)),
        ("two bad targets", &[3, 4], &[9, 7, 5], &[3], bad_target(1, 7)),
        ("all targets ignored", &[3, 4], &[9, 9, 9], &[3], LossError::NothingLeft),
        ("two targets for three rows", &[3, 4], &[0, 1], &[2], misfit(&[3, 4], &[2])),
        ("four targets for three rows", &[3, 4], &[0, 1, 2, 3], &[4], misfit(&[3, 4], &[4])),
        ("four targets, all ignored", &[3, 4], &[9, 9, 9, 9], &[4], misfit(&[3, 4], &[4])),
        ("targets in two axes", &[3, 4], &[0, 1, 2], &[3, 1], misfit(&[3, 4], &[3, 1])),
        ("logits in one axis", &[4], &[0], &[1], misfit(&[4], &[1])),
        ("logits in three axes", &[1, 3, 4], &[5], &[1], misfit(&[1, 3, 4], &[1])),
        ("a target without an axis", &[3, 4], &[0], &[], misfit(&[3, 4], &[])),
        ("logits without an axis", &[], &[0], &[1], misfit(&[], &[1])),
        ("no rows", &[0, 4], &[], &[0], LossError::NothingLeft),
    ] {
        let logits = Tensor::zeros(logits, DType::F32, &Device::Cpu)?;
        let targets = labels(targets)?.reshape(targets_shape)?;
        expect_error_is(what, (answers.cross_entropy)(&logits, &targets, 9), &want)?;
    }
    Ok(())
}
