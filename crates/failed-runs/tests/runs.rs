//! The kept file is whole, and still what the program measures.

#[path = "../examples/runs/training.rs"]
mod training;

use std::collections::BTreeSet;

use failed_runs::Kept;
use training::{BATCH, CONTEXT, EVERY, PEAK, STEPS, STORIES, Texts, VOCAB, measure, settings};

/// Digits are kept to 0.0001; processors may round differently on the way there.
const ROUNDING: f64 = 0.001;

#[test]
fn every_run_is_whole() {
    let kept = Kept::read().expect("the file can be read");
    let mut seen = BTreeSet::new();
    for run in &kept.runs {
        let what = format!("{} {}", run.name, run.seed);
        assert!(seen.insert(what.clone()), "{what} is kept twice");
        for (at, point) in run.points.iter().enumerate() {
            let last = at + 1 == run.points.len();
            assert!(point.0 == at * EVERY || last, "{what}: point {at} is of step {}", point.0);
            let numbers = [point.1, point.2, point.3];
            assert!(numbers.iter().all(|x| x.is_finite() && *x >= 0.0), "{what}: {point:?}");
        }
        let last = run.last().0;
        let ended = last == STEPS || last == STEPS / 3;
        assert!(ended || run.diverged.is_some(), "{what} stops at step {last}");
    }
    for name in ["rate x10", "rate x30", "rate x100", "cold", "sorted", "copies", "no shift"] {
        assert_eq!(kept.named(name).count(), 2, "seeds of {name}");
    }
    assert_eq!(kept.named("healthy").count(), 3);
    assert!(include_str!("../golden/runs.json").len() < 60_000);
}

#[test]
fn the_settings_are_those_of_the_program() {
    let kept = Kept::read().expect("the file can be read");
    for (name, value) in [
        ("context", CONTEXT as f64),
        ("vocabulary", VOCAB as f64),
        ("batch", BATCH as f64),
        ("steps", STEPS as f64),
        ("stories", STORIES as f64),
        ("every", EVERY as f64),
        ("peak", PEAK),
        ("warmup", settings(1).schedule.warmup as f64),
    ] {
        assert_eq!(kept.settings.get(name), Some(&value), "{name}");
    }
}

#[test]
fn thirty_steps_of_the_healthy_run_are_those_that_are_kept() {
    let kept = Kept::read().expect("the file can be read");
    let run = kept.named("healthy").next().expect("it is kept");
    let mut texts = Texts::town().expect("the texts can be made");
    let [rows, held_out] = texts.healthy().expect("they can be packed");
    let (again, _) = measure("healthy", (&rows, &held_out), &settings(run.seed), 2 * EVERY)
        .expect("it can be trained");
    assert_eq!(again.points.len(), 3);
    for (new, old) in again.points.iter().zip(&run.points) {
        assert_eq!(new.0, old.0);
        for (new, old) in [(new.1, old.1), (new.2, old.2), (new.3, old.3)] {
            assert!((new - old).abs() <= ROUNDING, "{new} instead of {old}");
        }
    }
}
