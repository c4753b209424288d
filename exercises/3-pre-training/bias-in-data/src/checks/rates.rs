//! Rates, and how far chance may have moved them.

use grading::draw::{self, Just, Strategy};
use grading::{Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is};

use crate::oracle::rates;
use crate::{Answers, BiasError, Counts, Interval, RateGap, SOLUTION};

const NEAR: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };

fn numbers(gap: &RateGap) -> Vec<f64> {
    let all = [gap.x, gap.y, gap.difference];
    all.iter().flat_map(|i| [i.value, i.low, i.high]).collect()
}

/// Value, low and high of x, of y, and of the difference, one a row.
fn expect_gap(what: &str, got: &RateGap, want: &[f64]) -> Outcome {
    let what = format!("{what}: value, low and high of x, y and the difference");
    expect_close(&what, &[3, 3], &numbers(got), want, NEAR)
}

pub fn intervals_are_those_of_scipy(answers: &Answers) -> Outcome {
    for case in rates()? {
        let [x, y] = case.counts();
        let want: Vec<f64> = case.intervals.iter().flat_map(|&(v, l, h)| [v, l, h]).collect();
        let what = format!("{x:?} and {y:?}, z = {}", case.z);
        expect_gap(&what, &(answers.rate_gap)(x, y, case.z)?, &want)?;
    }
    Ok(())
}

pub fn ends_solve_wilsons_equation(answers: &Answers) -> Outcome {
    for (hits, of) in [(0, 1), (1, 1), (1, 2), (3, 11), (0, 400), (399, 400), (77, 12_345)] {
        for (z, other) in [(0.0, (5, 6)), (0.7, (2, 9)), (1.96, (1, 1)), (5.0, (0, 30))] {
            let [x, y] = [(hits, of), other].map(|(hits, of)| Counts { hits, of });
            let what = format!("{x:?} and {y:?}, z = {z}");
            let gap = (answers.rate_gap)(x, y, z)?;
            let (n, p) = (of as f64, hits as f64 / of as f64);
            for end in [gap.x.low, gap.x.high] {
                let away = z * (end * (1.0 - end)).max(0.0).sqrt() / n.sqrt();
                let (got, near) = ((p - end).abs(), 1e-7 * (1.0 + z));
                expect((got - away).abs() <= near, || {
                    format!(
                        "{what}: the end {end} of x lies {got} from the rate {p}, expected {away}"
                    )
                })?;
            }
            let Interval { value, low, high } = gap.difference;
            expect(gap.x.low <= gap.x.high && low <= value && value <= high, || {
                format!("{what}: an interval has its low end before its high end, got {gap:?}")
            })?;
            let mirrored = [gap.y.value, gap.y.low, gap.y.high, p, gap.x.low, gap.x.high];
            let want = [&mirrored[..], &[-value, -high, -low]].concat();
            expect_gap(&format!("{what}, swapped"), &(answers.rate_gap)(y, x, z)?, &want)?;
        }
    }
    Ok(())
}

pub fn no_rate_is_refused(answers: &Answers) -> Outcome {
    intervals_are_those_of_scipy(answers)?;
    let counts = |(hits, of)| Counts { hits, of };
    let refused = |(hits, of)| BiasError::Counts { hits, of };
    let width = |z| BiasError::Width { z };
    for (x, y, z, want) in [
        ((0, 0), (1, 2), 1.0, refused((0, 0))),
        ((1, 2), (0, 0), 1.0, refused((0, 0))),
        ((3, 2), (5, 4), -1.0, refused((3, 2))),
        ((2, 2), (5, 4), f64::NAN, refused((5, 4))),
        ((1, 0), (1, 1), 1.0, refused((1, 0))),
        ((1, 2), (1, 2), -1e-300, width(-1e-300)),
        ((1, 2), (1, 2), 100.5, width(100.5)),
        ((1, 2), (1, 2), f64::NAN, width(f64::NAN)),
        ((1, 2), (1, 2), f64::INFINITY, width(f64::INFINITY)),
    ] {
        let (x, y) = (counts(x), counts(y));
        let what = format!("{x:?} and {y:?}, z = {z}");
        expect_error_is(&what, (answers.rate_gap)(x, y, z), &want)?;
    }
    Ok(())
}

pub fn rates_agree(answers: &Answers) -> Outcome {
    let of = || draw::prop_oneof![6 => 0..=40_u64, 3 => 1..=5000_u64, 1 => Just(123_456_789_013)];
    let counts = || {
        (of(), draw::probability(), 0..20_u8).prop_map(|(of, share, over)| {
            let hits = (of as f64 * share).round() as u64 + u64::from(over == 0);
            Counts { hits, of }
        })
    };
    let z = draw::prop_oneof![
        12 => draw::between(0.0, 8.0),
        2 => draw::select(vec![0.0, -0.0, 100.0, 1e-9]),
        1 => draw::any_f64(),
    ];
    differential((counts(), counts(), z), |&(x, y, z)| {
        let [got, want] = [answers, &SOLUTION].map(|answers| (answers.rate_gap)(x, y, z));
        agree("rate_gap", got, want, |got, want| expect_gap("these", got, &numbers(want)))
    })
}
