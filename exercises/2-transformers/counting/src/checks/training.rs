//! What training keeps, and how busy it keeps chips.

use grading::{Outcome, Tolerance, expect_close, expect_error_is, expect_same};

use crate::{Answers, CountError, Memory, PALM_RUN, Recipe, Run, Sharded};

const ALL: [Sharded; 4] =
    [Sharded::Nothing, Sharded::Optimizer, Sharded::Gradients, Sharded::Weights];

/// Mixed precision with AdamW, as in ZeRO.
const ADAM: Recipe = Recipe {
    weight_bytes: 2,
    gradient_bytes: 2,
    has_master: true,
    moments: 2,
    devices: 1,
    sharded: Sharded::Nothing,
};

pub fn zero_is_that_of_its_paper(answers: &Answers) -> Outcome {
    // Rajbhandari and others, 2019, figure 1: 7.5 billion parameters on 64 devices, in tenths of
    // a gigabyte.
    for (sharded, tenths) in ALL.into_iter().zip([1200, 314, 166, 19]) {
        let recipe = Recipe { devices: 64, sharded, ..ADAM };
        let memory = (answers.training_bytes)(7_500_000_000, &recipe)?;
        let total = memory.total()?;
        let rounded = total.saturating_add(50_000_000) / 100_000_000;
        let gigabytes = |tenths: u64| format!("{}.{} GB", tenths / 10, tenths % 10);
        let what =
            format!("7.5 billion parameters, 64 devices, {sharded:?} shared: {total} bytes,");
        expect_same(&what, &gigabytes(rounded), &gigabytes(tenths))?;
    }
    Ok(())
}

pub fn every_byte_has_its_place(answers: &Answers) -> Outcome {
    // One parameter, number by number.
    for (recipe, [weights, gradients, optimizer]) in [
        (ADAM, [2, 2, 12]),
        (Recipe { has_master: false, ..ADAM }, [2, 2, 8]),
        (Recipe { weight_bytes: 4, gradient_bytes: 4, has_master: false, ..ADAM }, [4, 4, 8]),
        (Recipe { gradient_bytes: 4, ..ADAM }, [2, 4, 12]),
        (Recipe { moments: 0, has_master: false, ..ADAM }, [2, 2, 0]),
        (Recipe { moments: 1, weight_bytes: 1, ..ADAM }, [1, 2, 8]),
    ] {
        for params in [1, 7, 124_439_808] {
            let got = (answers.training_bytes)(params, &recipe)?;
            let want = Memory {
                weights: params * weights,
                gradients: params * gradients,
                optimizer: params * optimizer,
            };
            expect_same(&format!("{params} parameters, {recipe:?}"), &got, &want)?;
        }
    }
    zero_is_that_of_its_paper(answers)
}

pub fn the_fullest_device_counts(answers: &Answers) -> Outcome {
    for (params, devices) in [(10, 3), (9, 3), (1, 4), (0, 4), (7, 7), (100, 1), (8, 5)] {
        // Dealt out one by one.
        let mut dealt = vec![0_u64; devices];
        (0..params).for_each(|i| dealt[i % devices] += 1);
        let fullest = dealt.into_iter().max().unwrap_or(0);
        for sharded in ALL {
            let recipe = Recipe { devices: devices as u64, sharded, ..ADAM };
            let got = (answers.training_bytes)(params as u64, &recipe)?;
            let of = |from: Sharded, bytes: u64| {
                bytes * if sharded >= from { fullest } else { params as u64 }
            };
            let want = Memory {
                weights: of(Sharded::Weights, 2),
                gradients: of(Sharded::Gradients, 2),
                optimizer: of(Sharded::Optimizer, 12),
            };
            let what = format!("{params} parameters on {devices} devices, {sharded:?} shared");
            expect_same(&what, &got, &want)?;
        }
    }
    zero_is_that_of_its_paper(answers)
}

pub fn training_ends_at_64_bits(answers: &Answers) -> Outcome {
    zero_is_that_of_its_paper(answers)?;
    let none = Recipe { devices: 0, ..ADAM };
    let got = (answers.training_bytes)(u64::MAX, &none);
    expect_error_is("no devices", got, &CountError::NoDevices)?;
    let (most, all) = (u64::MAX, Sharded::Weights);
    for (name, params, recipe, fits) in [
        ("2⁶⁰ − 1 parameters", (1 << 60) - 1, ADAM, true),
        ("2⁶⁰ parameters", 1 << 60, ADAM, false),
        (
            "2⁶⁴ − 1 parameters on 16 devices",
            most,
            Recipe { devices: 16, sharded: all, ..ADAM },
            false,
        ),
        (
            "2⁶⁴ − 1 parameters on 17 devices",
            most,
            Recipe { devices: 17, sharded: all, ..ADAM },
            true,
        ),
        ("2⁶⁴ − 1 moments, no parameters", 0, Recipe { moments: most, ..ADAM }, true),
        (
            "2⁶⁴ − 1 moments of nothing else",
            1,
            Recipe { moments: most, weight_bytes: 0, ..ADAM },
            false,
        ),
    ] {
        match ((answers.training_bytes)(params, &recipe), fits) {
            (got, false) => expect_error_is(name, got, &CountError::TooLarge)?,
            (got, true) => {
                got?.total()?;
            }
        }
    }
    Ok(())
}

pub fn utilization_is_that_of_palm(answers: &Answers) -> Outcome {
    // Appendix B: 46.2%, and 45.7% without attention.
    for (run, tenths) in [(PALM_RUN, 462), (Run { seq: 0, ..PALM_RUN }, 457)] {
        let got = (answers.mfu)(&run)?;
        let percent = |tenths: u64| format!("{}.{}%", tenths / 10, tenths % 10);
        let rounded = (1000.0 * got).round() as u64;
        let what = format!("PaLM 540B, texts of {} tokens: {got:.4}, which", run.seq);
        expect_same(&what, &percent(rounded), &percent(tenths))?;
    }
    // One chip that does just what one token a second needs: 6 for each parameter, and 12 for
    // each number of a query and each token.
    let run = Run {
        params: 7,
        n_layers: 2,
        n_heads: 3,
        d_head: 5,
        seq: 11,
        tokens_per_second: 1.0,
        chips: 1,
        peak: f64::from(6 * 7 + 12 * 2 * 3 * 5 * 11),
    };
    let exact = Tolerance { rtol: 1e-12, atol: 0.0 };
    for (name, run, want) in [
        ("a busy chip", run, 1.0),
        ("four chips", Run { chips: 4, ..run }, 0.25),
        ("three tokens a second", Run { tokens_per_second: 3.0, ..run }, 3.0),
    ] {
        expect_close(name, &[], &[(answers.mfu)(&run)?], &[want], exact)?;
    }
    Ok(())
}

pub fn utilization_needs_numbers(answers: &Answers) -> Outcome {
    utilization_is_that_of_palm(answers)?;
    for bad in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (name, run) in [
            ("tokens_per_second", Run { tokens_per_second: bad, chips: 0, peak: bad, ..PALM_RUN }),
            ("chips", Run { chips: 0, peak: bad, ..PALM_RUN }),
            ("peak", Run { peak: bad, ..PALM_RUN }),
        ] {
            let want = CountError::NotPositive(name);
            expect_error_is(&format!("{name} of {bad}"), (answers.mfu)(&run), &want)?;
        }
    }
    Ok(())
}
