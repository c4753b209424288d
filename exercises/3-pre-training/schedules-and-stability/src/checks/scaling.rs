//! Losses that are scaled so that small gradients survive.

use grading::draw::{self, Strategy};
use grading::{Outcome, Tolerance, differential, expect, expect_bits, expect_same};

use crate::checks::clipping::{changed, expect_grads};
use crate::oracle::scales;
use crate::{Answers, LossScaler, SOLUTION, to_f16};

/// Of a division or of a product with the inverse.
const NEAR: Tolerance = Tolerance { rtol: 1e-6, atol: 3e-45 };

pub fn gradients_are_divided_and_judged(answers: &Answers) -> Outcome {
    // What f16 keeps of gradients that were multiplied by a power of two.
    let grads = [vec![3e-8, -1.7e-7, 0.0], vec![], vec![2.5e-6, 0.01]];
    for scale in [1.0, 0.5, 1024.0, 65_536.0, 3.0] {
        let what = format!("gradients of a loss that was multiplied by {scale}");
        let scaled = grads
            .each_ref()
            .map(|grad| grad.iter().map(|&g: &f32| to_f16(g * scale)).collect::<Vec<f32>>());
        let want = scaled.each_ref().map(|grad| {
            grad.iter().map(|&g| f64::from(g) / f64::from(scale)).collect::<Vec<f64>>()
        });
        let (finite, got) = changed(&scaled, |grads| (answers.unscale)(grads, scale));
        expect(finite, || format!("{what}: all are finite, expected true"))?;
        expect_grads(&what, &got, &want, NEAR)?;
        for (tensor, at) in [(0, 0), (0, 2), (2, 1)] {
            for bad in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
                let mut scaled = scaled.to_vec();
                scaled[tensor][at] = bad;
                let (finite, _) = changed(&scaled, |grads| (answers.unscale)(grads, scale));
                expect(!finite, || {
                    format!("{what}, with {bad} in tensor {tensor} at {at}: expected false")
                })?;
            }
        }
    }
    for grads in [vec![], vec![vec![]], vec![vec![f32::MAX; 3], vec![f32::MIN]]] {
        let (finite, _) = changed(&grads, |grads| (answers.unscale)(grads, 0.25));
        expect(finite, || format!("{grads:?}: all are finite before the division: expected true"))?;
    }
    Ok(())
}

pub fn unscaled_agree(answers: &Answers) -> Outcome {
    let number = draw::prop_oneof![40 => draw::finite_f32(), 1 => draw::any_f32()];
    let grads = draw::list(draw::list(number, 0..=20), 0..=4);
    let scale = draw::prop_oneof![
        (-20..=40_i32).prop_map(|bit| 2_f32.powi(bit)),
        draw::between_f32(0.01, 1e6),
    ];
    differential((grads, scale), |(grads, scale)| {
        let run = |answers: &Answers| changed(grads, |grads| (answers.unscale)(grads, *scale));
        let ((finite, got), (want, wanted)) = (run(answers), run(&SOLUTION));
        expect_same("whether all were finite", &finite, &want)?;
        // A quotient beyond f32 may be ∞ or, of a product that was rounded, the largest f32.
        if want && wanted.iter().flatten().all(|g| g.abs() < 3e38) {
            expect_grads("unscaled", &got, &wanted, NEAR)?;
        }
        Ok(())
    })
}

fn expect_scaler(what: &str, got: &LossScaler, want: &LossScaler) -> Outcome {
    expect_bits(&format!("{what}: the scale"), &[got.scale], &[want.scale])?;
    expect_same(&format!("{what}: the tracker"), &got.growth_tracker, &want.growth_tracker)?;
    expect(got == want, || format!("{what}: expected {want:?}, got {got:?}"))
}

pub fn scales_are_those_of_pytorch(answers: &Answers) -> Outcome {
    for case in scales()? {
        let start = case.scaler();
        let mut scaler = start;
        for (step, (&finite, &(scale, growth_tracker))) in
            case.finite.iter().zip(&case.after).enumerate()
        {
            (answers.update_scale)(&mut scaler, finite);
            let what = format!("{start:?} after step {step} of {:?}", case.finite);
            expect_scaler(&what, &scaler, &LossScaler { scale, growth_tracker, ..start })?;
        }
    }
    Ok(())
}

pub fn scales_agree(answers: &Answers) -> Outcome {
    let scale = draw::prop_oneof![
        4 => (-20..=127_i32).prop_map(|bit| 2_f32.powi(bit)),
        1 => draw::between_f32(1e-30, f32::MAX),
    ];
    let factors = (draw::between_f32(1.0, 8.0), draw::between_f32(0.05, 1.0));
    let interval = draw::prop_oneof![6 => 1..=6_u32, 1 => draw::select(vec![2000, u32::MAX])];
    let scalers = (scale, factors, interval, 0..=u32::MAX).prop_map(
        |(scale, (growth_factor, backoff_factor), growth_interval, drawn)| {
            // Often one step before the next growth.
            let growth_tracker =
                if drawn % 3 == 0 { growth_interval - 1 } else { drawn % growth_interval };
            LossScaler { scale, growth_factor, backoff_factor, growth_interval, growth_tracker }
        },
    );
    let finite = draw::list(draw::select(vec![true, true, true, false]), 1..=20);
    differential((scalers, finite), |(start, finite)| {
        let (mut got, mut want) = (*start, *start);
        for (step, &finite) in finite.iter().enumerate() {
            (answers.update_scale)(&mut got, finite);
            (SOLUTION.update_scale)(&mut want, finite);
            expect_scaler(&format!("after step {step}"), &got, &want)?;
        }
        Ok(())
    })
}
