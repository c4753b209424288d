//! The kept file is whole, and its settings are those of the program.

#[path = "../examples/runs/tuning.rs"]
mod tuning;

use std::collections::BTreeSet;

use tune::arguments::Method;
use tuned_runs::{Kept, Rates};
use tuning::{
    METHODS, SETTINGS, TASKS, TRIED_EXAMPLES, TRIED_SEED, TRIED_STEPS, Wanted, recipe, run,
    tried_rates,
};

#[test]
fn every_run_is_whole() {
    let kept = Kept::read().expect("the file can be read");
    assert_eq!(kept.settings, SETTINGS);
    let mut seen = BTreeSet::new();
    for run in &kept.runs {
        let what = format!("{} {}", run.task, run.name());
        assert!(seen.insert(what.clone()), "{what} is kept twice");
        assert!((0.0..=1.0).contains(&run.score), "{what}: {}", run.score);
        for number in [run.loss, run.stories, run.seconds, run.lr] {
            assert!(number.is_finite() && number >= 0.0, "{what}: {number}");
        }
        let task = TASKS.iter().position(|task| task.1 == run.task).expect("it is a task");
        let is_its = |&&(method, rank, rates): &&tuning::Way| {
            method.map_or("none", Method::name) == run.method
                && (rank > 0).then_some(rank) == run.rank
                && rates[task] == run.lr
        };
        assert!(METHODS.iter().any(|way| is_its(&way)), "{what} is none of the program's");
        // What learns stands there four times, what is frozen once, and layers keep more.
        let least = 4 * (SETTINGS.parameters + 3 * run.learned);
        let is_packed = run.method == "qlora" || run.method == "none";
        assert!(is_packed || run.peak > least, "{what}: {} bytes at most", run.peak);
    }
    for (task, (_, name)) in TASKS.iter().enumerate() {
        let possible = (0..METHODS.len()).filter(|&way| Wanted::of(task, way).is_possible());
        assert_eq!(kept.of(name).count(), possible.count(), "{name}");
    }
    assert!(include_str!("../golden/runs.json").len() < 12_000);
}

/// A rate of the table is the best of those that were tried.
#[test]
fn the_rates_are_the_best_of_those_tried() {
    let rates = Rates::read().expect("the file can be read");
    let tried = (TRIED_SEED, TRIED_EXAMPLES, TRIED_STEPS);
    assert_eq!((rates.seed, rates.examples, rates.steps), tried);
    assert!(rates.seed != SETTINGS.seed);
    for (task, (_, name)) in TASKS.iter().enumerate() {
        for (way, (method, _, of_tasks)) in METHODS.iter().enumerate() {
            let Some(method) = *method else { continue };
            if !Wanted::of(task, way).is_possible() {
                continue;
            }
            let alike = if method == Method::Qlora { Method::Lora } else { method };
            let tried: Vec<f64> = rates
                .tried
                .iter()
                .filter(|one| one.task == *name && one.method == alike.name())
                .map(|one| one.lr)
                .collect();
            assert_eq!(tried, tried_rates(alike), "{name} {}", alike.name());
            let best = rates.best(name, alike.name());
            assert_eq!(best, Some(of_tasks[task]), "{name} {}", method.name());
        }
    }
}

/// Whoever sets a number in the program sets it for all.
#[test]
fn a_recipe_has_the_settings() {
    for (task, &(of, _)) in TASKS.iter().enumerate() {
        for method in 0..METHODS.len() {
            let recipe = recipe(Wanted::of(task, method));
            assert_eq!((recipe.batch, recipe.steps), (SETTINGS.batch, SETTINGS.steps));
            assert_eq!((recipe.task, recipe.seed), (of, SETTINGS.seed));
        }
    }
}

/// What tests allocate beside each other is not counted.
struct Uncounted;

impl tuning::Memory for Uncounted {
    fn allocated(&self) -> usize {
        0
    }

    fn forget_peak(&self) {}

    fn peak(&self) -> usize {
        0
    }
}

/// What is not tuned is quickly measured again.
#[test]
fn buddy_scores_as_it_did() {
    let kept = Kept::read().expect("the file can be read");
    let old = kept.find("sentiment", "not tuned").expect("it is kept");
    let new = run(Wanted::of(0, 0), &Uncounted).expect("it can be measured");
    assert!((new.stories - old.stories).abs() < 2e-3, "{} instead of {}", new.stories, old.stories);
    assert!((new.score - old.score).abs() < 0.02, "{} instead of {}", new.score, old.score);
}
