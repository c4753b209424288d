//! Learning rates by step.

use grading::draw::{self, Just, Strategy};
use grading::{Outcome, Tolerance, differential, expect, expect_close};

use crate::oracle::rates;
use crate::{Answers, Decay, SOLUTION, Schedule};

/// Near its end a cosine is a difference of almost equal numbers.
fn expect_rate(schedule: &Schedule, step: usize, got: f64, want: f64) -> Outcome {
    let tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 * schedule.peak };
    expect_close(
        &format!("the rate of step {step} of {schedule:?}"),
        &[],
        &[got],
        &[want],
        tolerance,
    )
}

/// All decays, with a line of so many steps for the one that has it.
fn decays(decay: usize) -> [Decay; 5] {
    let stable = Decay::WarmupStableDecay { decay };
    [Decay::Constant, Decay::Linear, Decay::Cosine, Decay::InverseSqrt, stable]
}

pub fn rates_are_those_of_pytorch(answers: &Answers) -> Outcome {
    for case in rates()? {
        let schedule = case.schedule();
        // From the last step to the first: a run that resumes was not at the others.
        for (step, &want) in case.rates.iter().enumerate().rev() {
            expect_rate(&schedule, step, (answers.lr_at)(&schedule, step), want)?;
        }
    }
    Ok(())
}

pub fn warm_up_rises_to_the_peak(answers: &Answers) -> Outcome {
    // A line of 1,000 steps is longer than what is left.
    for decay in [decays(3), decays(1000)].concat() {
        for warmup in [0, 1, 2, 9, 1000] {
            for (peak, floor) in [(2.0, 0.5), (1e-4, 1e-4), (0.3, 0.0)] {
                let schedule = Schedule { decay, peak, floor, warmup, total: warmup + 50 };
                for step in 0..=warmup {
                    // As many equal parts as there are steps up to the peak.
                    let want = peak - peak * (warmup - step) as f64 / (warmup + 1) as f64;
                    expect_rate(&schedule, step, (answers.lr_at)(&schedule, step), want)?;
                }
            }
        }
    }
    Ok(())
}

pub fn rate_ends_at_its_floor(answers: &Answers) -> Outcome {
    let (peak, floor) = (0.8, 0.1);
    for (warmup, total, line) in [
        (3, 13, 4),
        (0, 10, 10),
        (0, 10, 99),
        (4, 10, 6),
        (4, 10, 7),
        (2, 9, 0),
        (5, 5, 2),
        (8, 5, 5),
        (8, 5, 99),
        (0, 0, 0),
        (0, 1, 1),
        (7, 0, 3),
        (2, 1000, 100),
        (0, 9, usize::MAX),
        (usize::MAX, 9, 1),
    ] {
        for decay in decays(line) {
            let schedule = Schedule { decay, peak, floor, warmup, total };
            let rate = |step| (answers.lr_at)(&schedule, step);
            let end = total.max(warmup);
            let beyond = [0, 1, 2, total, 2 * total + 1, 1_000_000, usize::MAX];
            for step in beyond.map(|more| end.saturating_add(more)) {
                let n = (step as f64 + 1.0) / (warmup as f64 + 1.0);
                let want = match decay {
                    Decay::Constant => peak,
                    Decay::InverseSqrt => (peak / n.sqrt()).max(floor),
                    _ => floor,
                };
                expect_rate(&schedule, step, rate(step), want)?;
            }
            if warmup > total {
                let share = (total as f64 + 1.0) / (warmup as f64 + 1.0);
                expect_rate(&schedule, total, rate(total), peak * share)?;
            }
            // Never up again, and never below the floor.
            for step in warmup..total {
                let [now, next] = [step, step + 1].map(rate);
                expect(next <= now * (1.0 + 1e-9) && now >= floor * (1.0 - 1e-9), || {
                    let rates = format!("{now} at step {step} and {next} at the next");
                    format!("{schedule:?}: a rate falls, but not below its floor; got {rates}")
                })?;
            }
        }
    }
    Ok(())
}

pub fn rates_agree(answers: &Answers) -> Outcome {
    let length = || {
        draw::prop_oneof![
            12 => draw::lengths(0..=300),
            1 => draw::select(vec![usize::MAX, usize::MAX / 2, usize::MAX / 3, 1 << 24]),
        ]
    };
    let decay = draw::prop_oneof![
        draw::select(decays(0)[..4].to_vec()),
        length().prop_map(|decay| Decay::WarmupStableDecay { decay }),
    ];
    let peak = draw::prop_oneof![6 => draw::between(1e-6, 10.0), 1 => Just(0.0), 1 => Just(1e9)];
    let numbers = (peak, draw::probability());
    let drawn = (decay, numbers, length(), length(), length(), 0..6_u8);
    differential(drawn, |&(decay, (peak, share), warmup, total, step, near)| {
        // The line has only a few steps, which must not get lost in an f64 beside the total.
        let has_line = matches!(decay, Decay::WarmupStableDecay { .. });
        let total = if has_line { total.min(1 << 24) } else { total };
        let schedule = Schedule { decay, peak, floor: peak * share, warmup, total };
        // Often a step at which another rule begins.
        let step = match near {
            0 => warmup,
            1 => warmup.saturating_sub(1),
            2 => total,
            3 => total.saturating_sub(1),
            _ => step,
        };
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.lr_at)(&schedule, step));
        expect_rate(&schedule, step, got, want)
    })
}
