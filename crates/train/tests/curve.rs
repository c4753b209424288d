//! The losses of a published setting on Tinytown's letters, step by step, against PyTorch's: the same
//! first weights, the same rows.

#[path = "../examples/curve/setting.rs"]
mod setting;

use serde::Deserialize;
use train::arguments::{Model, read};
use train::decoder::{Recipe, engine};
use training_loop::solution::train;

/// With optimization there is time for all steps.
const STEPS: usize = if cfg!(debug_assertions) { 150 } else { 300 };
/// Steps of which the last losses are the mean.
const LAST: usize = 10;

/// What `golden/curve.py` wrote: losses by step.
#[derive(Deserialize)]
struct Golden {
    f32: Vec<f64>,
    f64: Vec<f64>,
}

/// How far losses are from others, as shares: the mean, the mean size, and the mean of the last.
fn apart(losses: &[f64], from: &[f64]) -> [f64; 3] {
    let shares: Vec<f64> = losses.iter().zip(from).map(|(a, b)| (a - b) / b).collect();
    let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
    let sizes: Vec<f64> = shares.iter().map(|share| share.abs()).collect();
    [mean(&shares), mean(&sizes), mean(&shares[shares.len() - LAST..])]
}

#[test]
fn the_losses_are_those_of_pytorch_and_drift_to_no_side() {
    let golden: Golden = serde_json::from_str(include_str!("../golden/curve.json")).unwrap();
    let (recipe, rows, mut state) = setting::setting().unwrap();
    let mut losses = Vec::new();
    train(&mut state, &rows, &recipe.settings(), &mut engine(2), STEPS, &mut |_, report| {
        losses.push(report.loss);
        true
    })
    .unwrap();
    let want = &golden.f64[..STEPS];
    let [drift, size, last] = apart(&losses, want);
    let [_, rounding, _] = apart(&golden.f32[..STEPS], want);
    println!(
        "{STEPS} steps to {:.3}: {drift:.1e} {size:.1e} {last:.1e}, PyTorch itself {rounding:.1e}",
        losses[STEPS - 1]
    );
    assert!(losses[STEPS - 1] < 0.7 * losses[0], "nothing is learned: {losses:?}");
    let bound = 3.0 * rounding + 1e-6;
    assert!(
        size < bound && drift.abs() < bound,
        "{drift:.1e} {size:.1e}, PyTorch itself {rounding:.1e}"
    );
    assert!(last.abs() < 10.0 * bound, "the last losses are {last:.1e} apart");
}

/// The page gives the command for a text that is not here.
#[test]
fn the_command_of_the_page_has_this_setting() {
    let page = include_str!("../../../src/3-pre-training/training-loop.md");
    let at = page.find("cargo study train buddy --text input.txt").unwrap();
    let command = page[at..].split("```").next().unwrap().replace('\\', " ");
    let Model::Buddy(options) = read(&command).unwrap() else { panic!("{command}") };
    let recipe = Recipe::new(&options).unwrap();
    let text = Some("input.txt".into());
    assert_eq!(recipe, Recipe { text, ..setting::setting().unwrap().0 });
}
