//! Gradients of all tensors, held to a length together.

use grading::draw;
use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_bits, expect_close, expect_error_is,
};
use rand::RngExt;

use crate::oracle::clipped;
use crate::{Answers, SOLUTION, StabilityError};

/// As near as an f32 comes, the smallest included.
const NEAR: Tolerance = Tolerance { rtol: 1e-5, atol: 3e-45 };

/// What an answer makes of gradients, and what it returns.
pub fn changed<T>(
    grads: &[Vec<f32>],
    answer: impl FnOnce(&mut [&mut [f32]]) -> T,
) -> (T, Vec<Vec<f32>>) {
    let mut grads = grads.to_vec();
    let mut slices: Vec<&mut [f32]> = grads.iter_mut().map(Vec::as_mut_slice).collect();
    let returned = answer(&mut slices);
    (returned, grads)
}

/// Compares all tensors.
pub fn expect_grads<W: Into<f64> + Copy>(
    what: &str,
    got: &[Vec<f32>],
    want: &[Vec<W>],
    tolerance: Tolerance,
) -> Outcome {
    for (tensor, (got, want)) in got.iter().zip(want).enumerate() {
        expect_close(&format!("{what}: tensor {tensor}"), &[want.len()], got, want, tolerance)?;
    }
    Ok(())
}

fn expect_unchanged(what: &str, got: &[Vec<f32>], want: &[Vec<f32>]) -> Outcome {
    for (tensor, (got, want)) in got.iter().zip(want).enumerate() {
        expect_bits(&format!("{what}: tensor {tensor}, which must not change"), got, want)?;
    }
    Ok(())
}

fn expect_norm(what: &str, got: f64, want: f64) -> Outcome {
    let tolerance = Tolerance { rtol: 1e-9, atol: 0.0 };
    expect_close(&format!("{what}: the norm before"), &[], &[got], &[want], tolerance)
}

pub fn clipped_as_by_pytorch(answers: &Answers) -> Outcome {
    for case in clipped()? {
        let what = format!("gradients of the norm {:e}, max_norm {:e}", case.norm, case.max_norm);
        let (norm, got) =
            changed(&case.grads, |grads| (answers.clip_grad_norm)(grads, case.max_norm));
        expect_norm(&what, norm?, case.norm)?;
        expect_grads(&what, &got, &case.clipped, NEAR)?;
    }
    Ok(())
}

pub fn one_factor_for_all(answers: &Answers) -> Outcome {
    let mut rng = seeded(11);
    for sizes in [vec![5], vec![3, 40, 1], vec![0, 2, 0, 900, 7], vec![1; 30]] {
        let grads: Vec<Vec<f32>> = (0..)
            .zip(&sizes)
            .map(|(at, &n)| {
                let size = 10_f32.powi(at % 4 - 2);
                (0..n).map(|_| size * (rng.random::<f32>() - 0.5)).collect()
            })
            .collect();
        let norm = grads.iter().flatten().fold(0.0, |norm: f64, &g| norm.hypot(g.into()));
        for share in [0.01, 0.5, 0.999, 1.01, 3.0, f64::INFINITY] {
            let max_norm = norm * share;
            let what = format!("tensors of {sizes:?} numbers with the norm {norm}, max {max_norm}");
            let (got, after) = changed(&grads, |grads| (answers.clip_grad_norm)(grads, max_norm));
            expect_norm(&what, got?, norm)?;
            if share > 1.0 {
                expect_unchanged(&what, &after, &grads)?;
                continue;
            }
            let factor = max_norm / (norm + 1e-6);
            let shrink = |grad: &Vec<f32>| -> Vec<f64> {
                grad.iter().map(|&g| f64::from(g) * factor).collect()
            };
            let want: Vec<Vec<f64>> = grads.iter().map(shrink).collect();
            expect_grads(&what, &after, &want, NEAR)?;
        }
    }
    // Without numbers there is nothing to measure.
    for grads in [vec![], vec![vec![], vec![]], vec![vec![0.0; 4], vec![-0.0]]] {
        let what = format!("the gradients {grads:?}");
        let (norm, after) = changed(&grads, |grads| (answers.clip_grad_norm)(grads, 1.0));
        let norm = norm?;
        expect(norm == 0.0, || format!("{what}: expected the norm 0, got {norm}"))?;
        expect_unchanged(&what, &after, &grads)?;
    }
    Ok(())
}

pub fn squares_keep_their_size(answers: &Answers) -> Outcome {
    for (n, size) in [
        (4, 1e30),
        (9, f32::MAX),
        (16, 1e-30),
        (25, f32::MIN_POSITIVE / 1024.0),
        (100, 1e20),
        (70_001, 0.001),
        (300_000, 3e38),
        (400_000, 1e-42),
    ] {
        // All of the same size: the norm is that size times √n. Two tensors, of both signs.
        let grads = [vec![size; n / 3], vec![-size; n - n / 3]];
        let norm = f64::from(size) * (n as f64).sqrt();
        let what = format!("{} of the size {size:e}", counted(n, "number"));
        for share in [0.25, 4.0] {
            let max_norm = norm * share;
            let (got, after) = changed(&grads, |grads| (answers.clip_grad_norm)(grads, max_norm));
            expect_norm(&what, got?, norm)?;
            let factor = (max_norm / (norm + 1e-6)).min(1.0);
            let want = grads
                .each_ref()
                .map(|grad| grad.iter().map(|&g| f64::from(g) * factor).collect::<Vec<f64>>());
            expect_grads(&what, &after, &want, NEAR)?;
        }
    }
    Ok(())
}

pub fn what_is_no_number_is_refused(answers: &Answers) -> Outcome {
    clipped_as_by_pytorch(answers)?;
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    let place = |tensor, at| StabilityError::NotFinite { tensor, at };
    let max = |max_norm| StabilityError::MaxNorm { max_norm };
    for (grads, max_norm, want) in [
        (vec![vec![1.0, nan, 2.0]], 1.0, place(0, 1)),
        (vec![vec![1.0, 2.0], vec![], vec![5.0, 0.0, -inf, nan]], 1.0, place(2, 2)),
        (vec![vec![inf], vec![nan]], f64::INFINITY, place(0, 0)),
        (vec![vec![0.0; 3], vec![0.0, nan]], 0.0, place(1, 1)),
        (vec![vec![f32::MAX, f32::MAX], vec![3.0, inf]], 1e300, place(1, 1)),
        (vec![vec![inf, -inf]], 2.0, place(0, 0)),
        (vec![vec![1.0, 2.0]], -1.0, max(-1.0)),
        (vec![vec![1.0, 2.0]], f64::NAN, max(f64::NAN)),
        (vec![vec![nan]], f64::NEG_INFINITY, max(f64::NEG_INFINITY)),
        (vec![], -1e-300, max(-1e-300)),
    ] {
        let what = format!("the gradients {grads:?} with max_norm {max_norm}");
        let (got, after) = changed(&grads, |grads| (answers.clip_grad_norm)(grads, max_norm));
        expect_error_is(&what, got, &want)?;
        expect_unchanged(&what, &after, &grads)?;
    }
    Ok(())
}

pub fn clips_agree(answers: &Answers) -> Outcome {
    let number = draw::prop_oneof![
        12 => draw::between_f32(-5.0, 5.0), 3 => draw::finite_f32(), 1 => draw::any_f32()
    ];
    let grads = draw::list(draw::list(number, 0..=40), 0..=5);
    let most = draw::prop_oneof![
        6 => draw::between(0.0, 20.0),
        3 => draw::select(vec![0.0, -0.0, 1e-7, 1e-30, 1e20, 1e300, f64::INFINITY]),
        1 => draw::any_f64(),
    ];
    // One draw in five has all numbers tiny, so that the norm is.
    differential((grads, most, 0..5_u8), |(grads, max_norm, kind)| {
        let shrink = |grad: &Vec<f32>| -> Vec<f32> { grad.iter().map(|g| g * 1e-8).collect() };
        let grads: Vec<Vec<f32>> =
            if *kind == 0 { grads.iter().map(shrink).collect() } else { grads.clone() };
        let run =
            |answers: &Answers| changed(&grads, |grads| (answers.clip_grad_norm)(grads, *max_norm));
        let ((got, after), (want, wanted)) = (run(answers), run(&SOLUTION));
        agree("clip_grad_norm", got, want, |&got, &want| expect_norm("these", got, want))?;
        if wanted.iter().flatten().all(|g| g.is_finite()) {
            return expect_grads("clipped", &after, &wanted, NEAR);
        }
        expect_unchanged("refused", &after, &wanted)
    })
}
