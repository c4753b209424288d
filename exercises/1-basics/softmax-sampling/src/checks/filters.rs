//! Temperature, top-k, top-p and min-p: from logits to what is drawn from.

use grading::numbers::shares;
use grading::{Outcome, Tolerance, expect, expect_close, expect_error};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::oracle::{self, logits_of};
use crate::{Answers, Sampling};

/// What is drawn from, for settings that differ from the default in some fields.
fn probs(
    answers: &Answers,
    what: &str,
    logits: &[f32],
    sampling: Sampling,
    want: &[f64],
) -> Outcome {
    let got = (answers.filtered_probs)(logits, &sampling)?;
    expect_close(&format!("{what}, logits {logits:?}"), &[], &got, want, Tolerance::F32)
}

pub fn temperature_divides_the_logits(answers: &Answers) -> Outcome {
    let p = shares(&[1.0, 4.0, 2.0, 8.0, 0.5]);
    for temperature in [1.0, 0.5, 2.0, 0.1, 100.0] {
        let weights: Vec<f64> = p.iter().map(|p| p.powf(1.0 / temperature)).collect();
        let sampling = Sampling { temperature, ..Sampling::default() };
        probs(
            answers,
            &format!("temperature {temperature}"),
            &logits_of(&p),
            sampling,
            &shares(&weights),
        )?;
    }
    let never = f32::NEG_INFINITY;
    for temperature in [1e-3, 1e-310] {
        let sampling = Sampling { temperature, ..Sampling::default() };
        let (what, logits) =
            (format!("temperature {temperature:e}"), [-1e4, 1e4, never, 1e4, 9999.0]);
        probs(answers, &what, &logits, sampling, &[0.0, 0.5, 0.0, 0.5, 0.0])?;
    }
    Ok(())
}

pub fn temperature_zero_is_greedy(answers: &Answers) -> Outcome {
    let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
    let all = Sampling { temperature: 0.0, top_k: Some(3), top_p: Some(0.9), min_p: Some(0.1) };
    for sampling in [greedy, all] {
        probs(answers, "temperature 0", &[0.5, -2.0, 3.0, 1.0], sampling, &[0.0, 0.0, 1.0, 0.0])?;
        probs(answers, "temperature 0, two equals", &[-1.0, 7.0, 7.0], sampling, &[0.0, 1.0, 0.0])?;
        let mut rng = StdRng::seed_from_u64(1);
        for logits in [[9.0, 8.9, 8.9], [-5.0, -4.0, -6.0]] {
            let best = if logits[0] > 0.0 { 0 } else { 1 };
            let counts =
                oracle::count_draws(3, 50, || (answers.sample)(&logits, &sampling, &mut rng))?;
            expect(counts[best] == 50, || {
                format!("temperature 0, logits {logits:?}: drew {counts:?} of each")
            })?;
        }
    }
    Ok(())
}

pub fn top_k_keeps_exactly_k(answers: &Answers) -> Outcome {
    let logits = logits_of(&[0.1, 0.4, 0.2, 0.25, 0.05]);
    let top = |k| Sampling { top_k: Some(k), ..Sampling::default() };
    probs(answers, "top-k 1", &logits, top(1), &[0.0, 1.0, 0.0, 0.0, 0.0])?;
    probs(answers, "top-k 3", &logits, top(3), &shares(&[0.0, 0.4, 0.2, 0.25, 0.0]))?;
    for k in [5, 9] {
        probs(answers, &format!("top-k {k} of 5"), &logits, top(k), &[0.1, 0.4, 0.2, 0.25, 0.05])?;
    }
    probs(
        answers,
        "top-k 3 with equals",
        &[1.0, 2.0, 1.0, 2.0, 1.0],
        top(3),
        &shares(&[1.0, E, 0.0, E, 0.0]),
    )?;
    probs(answers, "top-k 2 with equals", &[0.0, 0.0, -0.0, 0.0], top(2), &[0.5, 0.5, 0.0, 0.0])
}

const E: f64 = std::f64::consts::E;

pub fn top_p_keeps_the_crossing_token(answers: &Answers) -> Outcome {
    let p = [0.1, 0.4, 0.2, 0.25, 0.05];
    let top = |p| Sampling { top_p: Some(p), ..Sampling::default() };
    // At 1 nothing is removed, however little of the sum it is.
    let tiny = (-60.0_f64).exp();
    let got = (answers.filtered_probs)(&[0.0, -60.0], &top(1.0))?;
    expect_close("top-p 1, logits 0 and −60", &[], &got, &shares(&[1.0, tiny]), Tolerance::F64)?;
    for (threshold, kept) in [
        (0.01, [0.0, 0.4, 0.0, 0.0, 0.0]),
        (0.39, [0.0, 0.4, 0.0, 0.0, 0.0]),
        (0.45, [0.0, 0.4, 0.0, 0.25, 0.0]),
        (0.7, [0.0, 0.4, 0.2, 0.25, 0.0]),
        (0.9, [0.1, 0.4, 0.2, 0.25, 0.0]),
        (0.97, p),
    ] {
        probs(
            answers,
            &format!("top-p {threshold}"),
            &logits_of(&p),
            top(threshold),
            &shares(&kept),
        )?;
    }
    probs(answers, "top-p 0.5 of four equals", &[3.0; 4], top(0.5), &[0.5, 0.5, 0.0, 0.0])?;
    let logits: Vec<f32> = [0.0; 60].into_iter().chain([-36.0; 4]).collect();
    let kept = (answers.filtered_probs)(&logits, &top(1.0))?.iter().filter(|&&p| p > 0.0).count();
    expect(kept == 64, || {
        format!("top-p 1 must keep all 64 tokens, however unlikely: it kept {kept}")
    })
}

pub fn min_p_is_relative_to_the_best(answers: &Answers) -> Outcome {
    let min = |p| Sampling { min_p: Some(p), ..Sampling::default() };
    let sure = [0.02, 0.9, 0.08];
    probs(answers, "min-p 0.05, sure", &logits_of(&sure), min(0.05), &shares(&[0.0, 0.9, 0.08]))?;
    let unsure = [0.26, 0.3, 0.2, 0.16, 0.08];
    probs(
        answers,
        "min-p 0.5, unsure",
        &logits_of(&unsure),
        min(0.5),
        &shares(&[0.26, 0.3, 0.2, 0.16, 0.0]),
    )?;
    probs(answers, "min-p 0.9, unsure", &logits_of(&unsure), min(0.9), &[0.0, 1.0, 0.0, 0.0, 0.0])?;
    probs(answers, "min-p 1 with equals", &[-3.0, 2.0, 2.0], min(1.0), &[0.0, 0.5, 0.5])
}

pub fn filters_combine_in_order(answers: &Answers) -> Outcome {
    for case in oracle::sampling_cases()? {
        let sampling = case.sampling();
        probs(answers, &format!("{sampling:?}"), &case.logits, sampling, &case.probs)?;
    }
    Ok(())
}

pub fn bad_input_is_an_error(answers: &Answers) -> Outcome {
    let good = Sampling::default();
    let settings = [
        ("temperature −1", Sampling { temperature: -1.0, ..good }),
        ("temperature NaN", Sampling { temperature: f64::NAN, ..good }),
        ("temperature ∞", Sampling { temperature: f64::INFINITY, ..good }),
        ("top-k 0", Sampling { top_k: Some(0), ..good }),
        ("top-p 0", Sampling { top_p: Some(0.0), ..good }),
        ("top-p 1.5", Sampling { top_p: Some(1.5), ..good }),
        ("min-p NaN", Sampling { min_p: Some(f64::NAN), ..good }),
        ("min-p −0.1 at temperature 0", Sampling { temperature: 0.0, min_p: Some(-0.1), ..good }),
    ];
    for (what, sampling) in settings {
        expect_error(what, (answers.filtered_probs)(&[1.0, 2.0], &sampling))?;
    }
    let (nan, never) = (f32::NAN, f32::NEG_INFINITY);
    let logits: [(&str, &[f32]); 5] = [
        ("no logits", &[]),
        ("a logit NaN", &[1.0, nan, 2.0]),
        ("the first logit NaN", &[nan, 1.0]),
        ("a logit +∞", &[0.0, f32::INFINITY]),
        ("nothing but −∞", &[never, never]),
    ];
    let mut rng = StdRng::seed_from_u64(2);
    for (what, logits) in logits {
        for sampling in [good, Sampling { temperature: 0.0, ..good }] {
            expect_error(what, (answers.filtered_probs)(logits, &sampling))?;
            expect_error(what, (answers.sample)(logits, &sampling, &mut rng))?;
        }
    }
    // And what is not bad: −∞ means “never”.
    probs(answers, "one logit of −∞", &[2.0, never, 2.0], good, &[0.5, 0.0, 0.5])
}
