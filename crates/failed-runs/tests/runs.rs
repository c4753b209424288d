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

/// Its page puts these into words.
#[test]
fn the_runs_are_as_the_page_tells() {
    let kept = Kept::read().expect("the file can be read");
    assert!(kept.runs.iter().all(|run| run.diverged.is_none()), "a run diverged");
    let held_out = |name: &str| kept.mean(name, |last| last.2);
    let healthy = held_out("healthy");
    for (name, from, to) in [
        ("rate x10", 0.2, 0.6),
        ("rate x30", 1.0, 1.7),
        ("rate x100", 1.7, 2.1),
        ("rate /30", 2.1, 2.5),
        ("cold", 0.0, 0.06),
        ("sorted", 0.15, 0.4),
        ("copies", 0.7, 1.2),
        ("no copies", 0.0, 0.1),
        ("no end", 0.0, 0.06),
    ] {
        let worse = held_out(name) - healthy;
        assert!((from..to).contains(&worse), "{name} is worse by {worse}");
    }
    let seeds: Vec<f64> = kept.named("warm x10, free").map(|run| run.last().2).collect();
    assert!((seeds[0] - seeds[1]).abs() > 0.4, "seeds of one run lie far apart: {seeds:?}");
    let leaked = kept.numbers["copies, own split"] - kept.mean("copies", |last| last.1);
    assert!(leaked < 0.3, "the split with copies is close to the training loss: {leaked}");
    let later = kept.numbers["no end, later tokens"] - kept.numbers["healthy, later tokens"];
    assert!(later.abs() < 0.02, "behind the beginning of a story nothing is lost: {later}");
    assert!(kept.numbers["no shift, judged rightly"] > (VOCAB as f64).ln());
}
