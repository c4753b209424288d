use grading::{Failure, Outcome, Tolerance, expect_close, expect_error};

grading::checks! {
    "The mean of the first squares has its closed form" => mean_of_squares_has_a_closed_form {
        points: 2, section: "the-idea", hints: [
            "Add all numbers, then divide by how many there are.",
            "`x.iter().sum::<f64>()` adds them; `x.len() as f64` is their number."
        ]
    }
    "The mean is that of Python, also far from zero" => mean_matches_python {
        points: 2, section: "the-code", hints: [
            "Near 10⁸ an `f32` is off by several units: is every number an `f64` all the way?",
            "Only the count needs a cast: `x.len() as f64`."
        ]
    }
    "The mean of nothing is an error" => mean_of_nothing_is_an_error {
        points: 1, section: "the-code", hints: [
            "What is 0.0 / 0.0? And who would notice?",
            "Begin with `if x.is_empty()` and return `Err(Empty)`."
        ]
    }
}

fn mean_of_squares_has_a_closed_form() -> Outcome {
    for n in [1, 2, 5, 100] {
        let squares: Vec<f64> = (1..=n).map(|k| f64::from(k * k)).collect();
        // 1² + … + n² = n (n + 1) (2n + 1) / 6
        let expected = f64::from((n + 1) * (2 * n + 1)) / 6.0;
        let what = format!("the mean of the first {n} squares");
        expect_close(&what, &[], &[subject::mean(&squares)?], &[expected], Tolerance::F32)?;
    }
    Ok(())
}

fn mean_matches_python() -> Outcome {
    let exact = Tolerance { rtol: 1e-12, atol: 0.0 };
    for line in include_str!("../golden/means.txt").lines() {
        let numbers: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let (expected, x) = numbers.split_first().ok_or(Failure::wrong("golden/means.txt"))?;
        let what = format!("the mean of {x:?}");
        expect_close(&what, &[], &[subject::mean(x)?], &[*expected], exact)?;
    }
    Ok(())
}

fn mean_of_nothing_is_an_error() -> Outcome {
    // An answer that always fails must not pass.
    expect_close(
        "the mean of 3 and 5",
        &[],
        &[subject::mean(&[3.0, 5.0])?],
        &[4.0],
        Tolerance::F32,
    )?;
    expect_error("the mean of no numbers", subject::mean(&[]))
}
