//! Gradients by nudging, where the error of a central difference is known.

use grading::{Outcome, Tolerance, expect_close};

use crate::Answers;

/// What rounding leaves of a difference.
const ROUNDED: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-11 };

pub fn parabolas_are_exact(answers: &Answers) -> Outcome {
    // f = 3x² − 2xy + y + 5z², with the gradient (6x − 2y, −2x + 1, 10z).
    let f = |x: &[f64]| 3.0 * x[0] * x[0] - 2.0 * x[0] * x[1] + x[1] + 5.0 * x[2] * x[2];
    for x in [[1.5, -2.0, 0.5], [-0.25, 4.0, 3.0]] {
        for h in [0.5, 0.01] {
            let want = [6.0 * x[0] - 2.0 * x[1], -2.0 * x[0] + 1.0, 10.0 * x[2]];
            let what = format!("the gradient of 3x² − 2xy + y + 5z² at {x:?}, with h = {h}");
            expect_close(&what, &[], &(answers.numeric_gradients)(&f, &x, h), &want, ROUNDED)?;
        }
    }
    Ok(())
}

pub fn cubes_err_like_central_differences(answers: &Answers) -> Outcome {
    // ((x + h)³ − (x − h)³) / 2h = 3x² + h².
    let f = |x: &[f64]| x.iter().map(|x| x * x * x).sum();
    for (x, h) in [(vec![2.0], 0.5), (vec![-1.0, 0.5, 3.0, 0.25], 0.125)] {
        let want: Vec<f64> = x.iter().map(|x| 3.0 * x * x + h * h).collect();
        let what = format!("central differences of Σ x³ at {x:?}, with h = {h}");
        expect_close(&what, &[], &(answers.numeric_gradients)(&f, &x, h), &want, ROUNDED)?;
    }
    Ok(())
}
