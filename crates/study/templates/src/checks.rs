//! Judges answers: the reference, the learner's, a mutant.

use grading::{
    Failure, Outcome, Tolerance, agree, differential, draw, expect_close, expect_error_is,
};

use crate::{Answers, Empty, SOLUTION};

grading::checks! {
    "The mean of the first squares has its closed form" => mean_of_squares_has_a_closed_form {
        function: mean, points: 2, section: "the-idea", hints: [
            "Add all numbers, then divide by how many there are.",
            "`x.iter().sum::<f64>()` adds them; `x.len() as f64` is their number."
        ]
    }
    "The mean is that of Python, also far from zero" => mean_matches_python {
        function: mean, points: 2, section: "the-code", hints: [
            "Near 10⁸ an `f32` is off by several units: is every number an `f64` all the way?",
            "Only the count needs a cast: `x.len() as f64`."
        ]
    }
    "The mean of nothing is an error" => mean_of_nothing_is_an_error {
        function: mean, points: 1, section: "the-code", hints: [
            "What is 0.0 / 0.0? And who would notice?",
            "Begin with `if x.is_empty()` and return `Err(Empty)`."
        ]
    }
    "The mean is the reference's on drawn numbers" => mean_agrees {
        function: mean, points: 1, section: "the-code", hints: [
            "The failure shows the smallest numbers that went wrong: what is special about them?",
            "None at all, very many, of both signs: the formula is the same for all but the first."
        ]
    }
}

fn mean_of_squares_has_a_closed_form(answers: &Answers) -> Outcome {
    for n in [1, 2, 5, 100] {
        let squares: Vec<f64> = (1..=n).map(|k| f64::from(k * k)).collect();
        // 1² + … + n² = n (n + 1) (2n + 1) / 6
        let expected = f64::from((n + 1) * (2 * n + 1)) / 6.0;
        let what = format!("the mean of the first {n} squares");
        expect_close(&what, &[], &[(answers.mean)(&squares)?], &[expected], Tolerance::F32)?;
    }
    Ok(())
}

fn mean_matches_python(answers: &Answers) -> Outcome {
    let exact = Tolerance { rtol: 1e-12, atol: 0.0 };
    for line in include_str!("../golden/means.txt").lines() {
        let numbers: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let (expected, x) = numbers.split_first().ok_or(Failure::wrong("golden/means.txt"))?;
        let what = format!("the mean of {x:?}");
        expect_close(&what, &[], &[(answers.mean)(x)?], &[*expected], exact)?;
    }
    Ok(())
}

fn mean_of_nothing_is_an_error(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    expect_close(
        "the mean of 3 and 5",
        &[],
        &[(answers.mean)(&[3.0, 5.0])?],
        &[4.0],
        Tolerance::F32,
    )?;
    expect_error_is("the mean of no numbers", (answers.mean)(&[]), &Empty)
}

fn mean_agrees(answers: &Answers) -> Outcome {
    let tolerance = Tolerance { rtol: 1e-9, atol: 1e-6 };
    differential(draw::list(draw::between(-1e6, 1e6), 0..=300), |x| {
        agree("mean", (answers.mean)(x), (SOLUTION.mean)(x), |got, want| {
            expect_close("the mean", &[], &[*got], &[*want], tolerance)
        })
    })
}
