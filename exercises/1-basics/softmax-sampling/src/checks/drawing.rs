//! Drawing a token, and the repetition penalty.

use grading::numbers::shares;
use grading::{Outcome, Tolerance, expect, expect_close, expect_distribution, expect_error};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::oracle::{self, logits_of, spread};
use crate::{Answers, Sampling};

pub fn sample_follows_the_distribution(answers: &Answers) -> Outcome {
    let p = shares(&[3.0, 1.0, 8.0, 0.0, 4.0, 2.0, 6.0]);
    let logits = logits_of(&p);
    let good = Sampling::default();
    let squared: Vec<f64> = p.iter().map(|p| p * p).collect();
    let cases = [
        ("default settings", good, p.clone()),
        ("temperature 0.5", Sampling { temperature: 0.5, ..good }, shares(&squared)),
        (
            "top-k 3",
            Sampling { top_k: Some(3), ..good },
            shares(&[0.0, 0.0, 8.0, 0.0, 4.0, 0.0, 6.0]),
        ),
        (
            "top-p 0.8",
            Sampling { top_p: Some(0.8), ..good },
            shares(&[3.0, 0.0, 8.0, 0.0, 4.0, 0.0, 6.0]),
        ),
        (
            "min-p 0.2",
            Sampling { min_p: Some(0.2), ..good },
            shares(&[3.0, 0.0, 8.0, 0.0, 4.0, 2.0, 6.0]),
        ),
    ];
    for (seed, (what, sampling, want)) in (3..).zip(cases) {
        let mut rng = StdRng::seed_from_u64(seed);
        let counts = oracle::count_draws(p.len(), 20_000, || {
            (answers.sample)(&logits, &sampling, &mut rng)
        })?;
        expect_distribution(&format!("20,000 draws, {what}"), &counts, &want)?;
    }
    Ok(())
}

/// A generator that yields one bit pattern for ever.
struct Stuck(u64);

impl rand::TryRng for Stuck {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(self.0 as u8);
        Ok(())
    }
}

pub fn extreme_draws_stay_allowed(answers: &Answers) -> Outcome {
    let logits: Vec<f32> =
        [f32::NEG_INFINITY].into_iter().chain(spread(40, 9)).chain([-900.0]).collect();
    let top = Sampling { top_k: Some(23), ..Sampling::default() };
    for sampling in [Sampling::default(), top] {
        let allowed = oracle::allowed(&logits, sampling.top_k);
        for (what, bits) in [("0", 0), ("the largest number below 1", u64::MAX)] {
            let token = (answers.sample)(&logits, &sampling, &mut Stuck(bits))?;
            expect(allowed.contains(&token), || {
                format!("the generator yields {what}: drew token {token}, whose probability is 0")
            })?;
        }
        // And in between every draw is as ordinary as ever.
        let mut rng = StdRng::seed_from_u64(10);
        let mut seen: Vec<usize> = (0..2000)
            .map(|_| (answers.sample)(&logits, &sampling, &mut rng))
            .collect::<Result<_, _>>()?;
        seen.sort_unstable();
        seen.dedup();
        expect(seen.len() > 10 && seen.iter().all(|token| allowed.contains(token)), || {
            format!("2,000 draws gave the tokens {seen:?}, allowed are {allowed:?}")
        })?;
    }
    Ok(())
}

pub fn penalty_matches_transformers(answers: &Answers) -> Outcome {
    for oracle::PenaltyCase { logits, history, penalty, penalized } in oracle::penalty_cases()? {
        let got = (answers.penalize)(&logits, &history, penalty)?;
        let what = format!("penalty {penalty}, history {history:?}, logits {logits:?}");
        expect_close(&what, &[], &got, &penalized, Tolerance::F32)?;
    }
    let never = f32::NEG_INFINITY;
    let got = (answers.penalize)(&[never, 4.0, 0.0, -3.0], &[0, 2, 1, 1], 2.0)?;
    expect_close("penalty 2, of −∞, 4 and 0", &[], &got, &[never, 2.0, 0.0, -3.0], Tolerance::F32)
}

pub fn bad_penalty_is_an_error(answers: &Answers) -> Outcome {
    for penalty in [0.0, -1.2, f64::NAN, f64::INFINITY] {
        for history in [&[0, 1][..], &[]] {
            let what = format!("penalty {penalty}, history {history:?}");
            expect_error(&what, (answers.penalize)(&[1.0, 2.0], history, penalty))?;
        }
    }
    for history in [&[2][..], &[0, usize::MAX]] {
        let what = format!("history {history:?} with 2 logits");
        expect_error(&what, (answers.penalize)(&[1.0, 2.0], history, 1.5))?;
    }
    let got = (answers.penalize)(&[3.0, -1.0, 2.0], &[1, 0], 1.5)?;
    expect_close("a good penalty", &[], &got, &[2.0, -1.5, 2.0], Tolerance::F32)
}
