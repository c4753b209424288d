use super::*;
use crate::draw::values;
use crate::{Differential, expect};

#[test]
fn every_corner_appears() {
    for seed in 0..10 {
        let any = values(&any_f64(), 256, seed);
        let has = |what: &str, found: fn(&f64) -> bool| {
            assert!(any.iter().any(found), "{what} with seed {seed}");
        };
        has("0", |x| x.to_bits() == 0);
        has("-0", |x| *x == 0.0 && x.is_sign_negative());
        has("NaN", |x| x.is_nan());
        has("∞", |x| *x == f64::INFINITY);
        has("-∞", |x| *x == f64::NEG_INFINITY);
        has("a subnormal", |x| x.is_subnormal());
        has("a tiny number", |x| x.is_normal() && x.abs() < 1e-100);
        has("a huge number", |x| x.is_finite() && x.abs() > 1e100);
        has("an ordinary one", |x| x.abs() < 10.0 && (x * 1000.0).fract() != 0.0);
        let single = values(&any_f32(), 256, seed);
        assert!(single.iter().any(|x| x.is_nan()) && single.iter().any(|x| x.is_infinite()));
        assert!(single.iter().any(|x| x.is_subnormal()));
    }
}

#[test]
fn ranges_hold_and_their_ends_appear() {
    for seed in 0..10 {
        assert!(values(&finite_f64(), 500, seed).iter().all(|x| x.is_finite()));
        assert!(values(&finite_f32(), 500, seed).iter().all(|x| x.is_finite()));
        for (low, high) in [(0.0, 1.0), (-3.5, -2.0), (1e5, 1e6), (2.0, f64::MAX)] {
            let drawn = values(&between(low, high), 500, seed);
            assert!(drawn.iter().all(|x| (low..=high).contains(x)), "{low} to {high}: {drawn:?}");
            for end in [low, high, low.next_up(), high.next_down()] {
                assert!(drawn.contains(&end), "{end} of {low} to {high}");
            }
        }
        let probabilities = values(&probability(), 256, seed);
        assert!(probabilities.iter().any(|p| *p > 0.0 && p * p == 0.0));
        let counts = values(&count(), 256, seed);
        assert!(counts.iter().any(|n| *n > 1 << 32) && counts.iter().all(|n| *n <= 1 << 48));
    }
}

fn smallest(fails: impl Fn(f64) -> bool) -> String {
    let runs = Differential::cases(2000).seed(5);
    let outcome = runs.run(any_f64(), |x| expect(!fails(*x), || "wrong".into()));
    let message = outcome.unwrap_err().message().to_owned();
    message.split(" (drawn").next().unwrap().replace("wrong, for the input ", "")
}

#[test]
fn numbers_shrink_to_simple_ones() {
    assert_eq!(smallest(|_| true), "0.0");
    assert_eq!(smallest(|x| x < 0.0), "-1.0");
    assert_eq!(smallest(|x| x >= 37.0), "37.0");
    assert_eq!(smallest(|x| x != x.trunc() && !x.is_nan() && x > 0.0), "0.5");
    assert_eq!(smallest(f64::is_nan), "NaN");
    assert_eq!(smallest(|x| x == f64::NEG_INFINITY), "-inf");
    assert_eq!(smallest(|x| x.to_bits() == (-0.0_f64).to_bits()), "-0.0");
}

#[test]
fn making_simpler_ends() {
    for start in values(&any_f64(), 3000, 1) {
        for pick in 0..8 {
            let (mut x, mut steps) = (start, 0);
            // A whole number goes down by one a step, and each other one is soon a whole one.
            while !(x == x.trunc() && x.is_finite() && x.abs() > 50.0) {
                let simpler = simpler(x);
                let Some(&next) = simpler.get(pick).or(simpler.last()) else { break };
                let is_less = x == x.trunc() && next.abs() < x.abs();
                assert!(is_less || next.is_finite(), "{x} to {next}");
                (x, steps) = (next, steps + 1);
                assert!(steps < 100, "{start} goes on at {x}");
            }
        }
    }
}
