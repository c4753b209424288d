//! Gradients of a matrix product and of a bias.

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close, expect_error_is, expect_same};

use crate::oracle::{EXACT, MEASURED, golden, random_matrix, slopes};
use crate::{Answers, Matrix, ShapeError};

/// Compares the gradients of both factors.
fn expect_both(
    answers: &Answers,
    [a, b, d_out]: [&Matrix; 3],
    [want_a, want_b]: [&[f64]; 2],
    tolerance: Tolerance,
) -> Outcome {
    let (d_a, d_b) = (answers.matmul_backward)(a, b, d_out)?;
    for (name, got, want, of) in [("d_a", d_a, want_a, a), ("d_b", d_b, want_b, b)] {
        let what = format!("{name} of a {:?} · b {:?}", a.shape(), b.shape());
        let (rows, cols) = of.shape();
        expect_same(&format!("the shape of {what}"), &got.shape(), &(rows, cols))?;
        expect_close(&what, &[rows, cols], got.data(), want, tolerance)?;
    }
    Ok(())
}

pub fn product_matches_pytorch(answers: &Answers) -> Outcome {
    golden()?.products.iter().try_for_each(|product| {
        let want = [product.d_a.data(), product.d_b.data()];
        expect_both(answers, [&product.a, &product.b, &product.d_out], want, EXACT)
    })
}

pub fn product_matches_nudging(answers: &Answers) -> Outcome {
    let mut rng = seeded(12);
    for (m, k, n) in [(3, 2, 5), (1, 3, 4), (4, 5, 1), (2, 2, 2)] {
        let (a, b) = (random_matrix(&mut rng, m, k)?, random_matrix(&mut rng, k, n)?);
        let weights = random_matrix(&mut rng, m, n)?;
        // The sum of the product's entries, each times its weight.
        let loss = |a: &Matrix, b: &Matrix| -> Result<f64, Failure> {
            let out = a.matmul(b)?;
            Ok(out.data().iter().zip(weights.data()).map(|(x, w)| x * w).sum())
        };
        let like = |x: &Matrix, data: &[f64]| Matrix::new(x.shape().0, x.shape().1, data.into());
        // The loss is linear in each entry: every step is exact.
        let want_a = slopes(a.data(), 0.5, |data| loss(&like(&a, data)?, &b))?;
        let want_b = slopes(b.data(), 0.5, |data| loss(&a, &like(&b, data)?))?;
        expect_both(answers, [&a, &b, &weights], [&want_a, &want_b], MEASURED)?;
    }
    Ok(())
}

pub fn wrong_shapes_are_an_error(answers: &Answers) -> Outcome {
    let [one, two, three] = [1.0, 2.0, 3.0].map(|x| Matrix::new(1, 1, vec![x]));
    expect_both(answers, [&one?, &two?, &three?], [&[6.0], &[3.0]], EXACT)?;
    let filled = |(rows, cols)| Matrix::new(rows, cols, vec![1.0; rows * cols]);
    for [a, b, d_out] in [
        [(2, 3), (3, 4), (2, 3)],
        [(2, 3), (3, 4), (4, 2)],
        [(2, 3), (3, 4), (3, 4)],
        [(2, 3), (4, 5), (2, 5)],
        [(2, 3), (2, 5), (2, 5)],
        [(2, 3), (4, 5), (5, 2)],
    ] {
        let want = match b.0 == a.1 {
            true => ShapeError { what: "d_out", got: d_out, want: (a.0, b.1) },
            false => ShapeError { what: "b", got: b, want: (a.1, b.1) },
        };
        let got = (answers.matmul_backward)(&filled(a)?, &filled(b)?, &filled(d_out)?);
        expect_error_is(&format!("a {a:?}, b {b:?} and d_out {d_out:?}"), got, &want)?;
    }
    Ok(())
}

pub fn bias_matches_pytorch(answers: &Answers) -> Outcome {
    golden()?.biases.iter().try_for_each(|bias| {
        let what = format!("d_out of shape {:?}: the gradient of the bias", bias.d_out.shape());
        expect_close(&what, &[], &(answers.bias_backward)(&bias.d_out), &bias.gradient, EXACT)
    })
}
