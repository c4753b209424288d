//! Frequency and presence penalties, by counting on fingers.

use grading::{Outcome, Tolerance, expect, expect_bits, expect_close, expect_error_is};
use softmax_sampling::SampleError;

use crate::{Answers, SearchError};

/// The logits of a text that grows token by token: each occurrence costs the frequency penalty, the
/// first one also the presence penalty.
fn one_by_one(logits: &[f32], history: &[usize], frequency: f64, presence: f64) -> Vec<f64> {
    let mut penalized: Vec<f64> = logits.iter().map(|&x| f64::from(x)).collect();
    for (i, &token) in history.iter().enumerate() {
        penalized[token] -= frequency;
        if !history[..i].contains(&token) {
            penalized[token] -= presence;
        }
    }
    penalized
}

pub fn counts_and_presence(answers: &Answers) -> Outcome {
    let logits = [2.0, -1.0, 0.0, 0.5, f32::NEG_INFINITY, 3.25];
    let histories: [&[usize]; 4] = [&[0], &[0, 3, 0, 1, 4, 3, 0], &[5, 5, 2, 2, 5], &[4, 1]];
    for history in histories {
        for (frequency, presence) in
            [(0.5, 0.0), (0.0, 0.75), (0.25, 1.5), (-0.5, 0.25), (2.0, -2.0)]
        {
            let what = format!("history {history:?}, frequency {frequency}, presence {presence}");
            let got = (answers.penalize_counts)(&logits, history, frequency, presence)?;
            let want = one_by_one(&logits, history, frequency, presence);
            expect_close(&what, &[], &got, &want, Tolerance::F32)?;
        }
    }
    Ok(())
}

pub fn the_unsaid_stays(answers: &Answers) -> Outcome {
    let logits = [0.1, -0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-45, 3e38, 7.0];
    let histories: [&[usize]; 2] = [&[], &[7, 7, 7]];
    for history in histories {
        let mut got = (answers.penalize_counts)(&logits, history, 1.5, -0.25)?;
        expect(got.len() == 8, || format!("8 logits became {}", got.len()))?;
        if !history.is_empty() {
            expect_close("logit", &[], &got[7..], &[7.0 - 4.5 + 0.25], Tolerance::F32)?;
            got[7] = 7.0;
        }
        expect_bits(&format!("history {history:?}: the logits of others"), &got, &logits)?;
    }
    Ok(())
}

/// More than 16 bits count, and more additions than an f32 can bear.
pub fn long_histories_count(answers: &Answers) -> Outcome {
    let mut history = vec![1; 100_000];
    history.extend(vec![0; 300]);
    let got = (answers.penalize_counts)(&[7.0, 50.0, 1.0], &history, 1e-3, 0.0)?;
    let tolerance = Tolerance { rtol: 1e-6, atol: 1e-9 };
    let what = "300 times token 0 and 100,000 times token 1 at frequency 0.001, logit";
    expect_close(what, &[], &got, &[6.7, -50.0, 1.0], tolerance)
}

pub fn bad_counts_are_errors(answers: &Answers) -> Outcome {
    let run = |history: &[usize], frequency, presence| {
        (answers.penalize_counts)(&[1.0, 2.0], history, frequency, presence)
    };
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for history in [&[][..], &[0], &[9]] {
            let frequency = SearchError::FrequencyPenalty(bad);
            expect_error_is("the frequency penalty", run(history, bad, 0.5), &frequency)?;
            expect_error_is("both penalties", run(history, bad, f64::NAN), &frequency)?;
            let presence = SearchError::PresencePenalty(bad);
            expect_error_is("the presence penalty", run(history, 0.5, bad), &presence)?;
        }
    }
    let unknown: [(&[usize], usize); 3] =
        [(&[2], 2), (&[0, 1, 7, 5], 7), (&[usize::MAX], usize::MAX)];
    for (history, token) in unknown {
        let error = SearchError::Sample(SampleError::UnknownToken(token));
        for (frequency, presence) in [(0.5, 0.5), (0.0, 0.0)] {
            let got = run(history, frequency, presence);
            expect_error_is(&format!("history {history:?}"), got, &error)?;
        }
    }
    // And what is not bad: large ones, and negative ones.
    let got = run(&[0, 0], -100.0, 300.0)?;
    expect_close("logit", &[], &got, &[1.0 + 200.0 - 300.0, 2.0], Tolerance::F32)
}
