//! The numbers of the page.

use grading::numbers::{count, percent, short};
use grading::{Outcome, Worked};

use crate::solution::{adamw_step, decay_groups, sgd_momentum};
use crate::{AdamW, Group, Moments, OptimizerError, Parameter, Sgd};

/// How much steeper the page's valley is across than along.
pub const STEEPNESS: f64 = 25.0;

/// The loss in the page's valley, x along and y across.
pub fn valley(x: f64, y: f64) -> f64 {
    0.5 * (x * x + STEEPNESS * y * y)
}

/// The places, the start among them, of so many steps down from there: `gradient` of a place,
/// `step` with the weights and their gradients.
///
/// # Errors
/// As the steps.
pub fn steps_down(
    start: [f32; 2],
    steps: usize,
    gradient: impl Fn(f64, f64) -> [f64; 2],
    mut step: impl FnMut(&mut [f32], &[f32]) -> Result<(), OptimizerError>,
) -> Result<Vec<(f64, f64)>, OptimizerError> {
    let mut weights = start;
    let mut places = Vec::new();
    for at in 0..=steps {
        let [x, y] = weights.map(f64::from);
        places.push((x, y));
        if at < steps {
            step(&mut weights, &gradient(x, y).map(|g| g as f32))?;
        }
    }
    Ok(places)
}

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    // The valley.
    let lr = 0.07;
    let slope = |x: f64, y: f64| [x, STEEPNESS * y];
    for (name, momentum) in [("plain", 0.0), ("rolling", 0.7)] {
        let settings = Sgd { lr, momentum, nesterov: false, weight_decay: 0.0 };
        let mut velocity = [0.0; 2];
        let places = steps_down([-4.0, 0.8], 20, slope, |w, g| {
            sgd_momentum(w, g, &mut velocity, &settings)
        })?;
        let last = places.last().copied().unwrap_or_default();
        worked.set(&format!("{name}-loss"), short(valley(last.0, last.1), 2));
    }
    worked.set("valley-lr", lr).set("valley-start", short(valley(-4.0, 0.8), 0));
    worked.set("steepness", STEEPNESS).set("largest-lr", short(2.0 / STEEPNESS, 2));

    // Two slopes, 10,000 apart.
    let slopes = [0.01_f32, 100.0];
    let (settings, groups) = (AdamW { lr: 0.1, ..AdamW::default() }, Group::all(2, 0.0));
    let (mut weights, mut state) = ([0.0; 2], Moments::new(2));
    adamw_step(&mut weights, &slopes, &groups, &mut state, &settings)?;
    for (which, name) in [(0, "gentle"), (1, "steep")] {
        let [m, v, w] = [state.m[which], state.v[which], weights[which]].map(f64::from);
        worked.set(&format!("{name}-m"), short(m, 5)).set(&format!("{name}-v"), short(v, 9));
        let [m_hat, v_hat] = [m / (1.0 - settings.beta1), v / (1.0 - settings.beta2)];
        worked.set(&format!("{name}-m-hat"), short(m_hat, 5));
        let v_hat = if v_hat < 1.0 { short(v_hat, 7) } else { count(v_hat.round() as u64) };
        worked.set(&format!("{name}-v-hat"), v_hat);
        worked.set(&format!("{name}-step"), short(-w, 3));
        worked.set("uncorrected", short(m / v.sqrt(), 2));
    }
    // ε where gradients are tiny.
    for (name, g) in [("small", 1e-7_f32), ("tiny", 1e-9)] {
        let (mut weights, mut state) = ([0.0], Moments::new(1));
        adamw_step(&mut weights, &[g], &Group::all(1, 0.0), &mut state, &settings)?;
        worked.set(&format!("{name}-share"), percent(-f64::from(weights[0]) / settings.lr, 0));
    }
    worked.set("rest-f32", short(f64::from(1.0 - 0.999_f32), 10));
    decay(worked)?;
    memory(worked);
    Ok(())
}

/// How much of two weights is gone after 200 steps, with gradients of ±0.01 and of ±10.
fn decay(worked: &mut Worked) -> Outcome {
    let settings = AdamW::default();
    for (name, size) in [("quiet", 0.01_f32), ("busy", 10.0)] {
        for (way, is_mixed) in [("mixed", true), ("apart", false)] {
            let groups = Group::all(1, if is_mixed { 0.0 } else { 1.0 });
            let (mut weights, mut state) = ([1.0_f32], Moments::new(1));
            for t in 0..200 {
                let g = if t % 2 == 0 { size } else { -size };
                let g = if is_mixed { g + weights[0] } else { g };
                adamw_step(&mut weights, &[g], &groups, &mut state, &settings)?;
            }
            let gone = 1.0 - f64::from(weights[0]);
            worked.set(&format!("{name}-{way}"), percent(gone, 0));
        }
    }
    Ok(())
}

/// The tensors of the smallest GPT-2.
fn gpt2() -> Vec<Parameter> {
    let (d, vocab, positions, layers) = (768, 50_257, 1024, 12);
    let tensor = |name: &str, shape: &[usize]| Parameter { name: name.into(), shape: shape.into() };
    let mut parameters = vec![tensor("wte", &[vocab, d]), tensor("wpe", &[positions, d])];
    for _ in 0..layers {
        for (name, rows, cols) in [
            ("attn.c_attn", d, 3 * d),
            ("attn.c_proj", d, d),
            ("mlp.c_fc", d, 4 * d),
            ("mlp.c_proj", 4 * d, d),
        ] {
            parameters.push(tensor(&format!("{name}.weight"), &[rows, cols]));
            parameters.push(tensor(&format!("{name}.bias"), &[cols]));
        }
        for name in ["ln_1.weight", "ln_1.bias", "ln_2.weight", "ln_2.bias"] {
            parameters.push(tensor(name, &[d]));
        }
    }
    parameters.extend([tensor("ln_f.weight", &[d]), tensor("ln_f.bias", &[d])]);
    parameters
}

/// What each optimizer keeps of the smallest GPT-2 between two steps, in megabytes of f32.
pub fn kept_megabytes() -> [(&'static str, f64); 5] {
    let parameters = gpt2();
    let all: usize = parameters.iter().map(|tensor| tensor.shape.iter().product::<usize>()).sum();
    // A vector has no rows and columns: it keeps a mean for each number.
    let factors = |tensor: &Parameter| match tensor.shape[..] {
        [rows, cols] => rows + cols,
        _ => tensor.shape.iter().product(),
    };
    let factored = parameters.iter().map(factors).sum();
    [("SGD", 0), ("momentum", all), ("AdamW", 2 * all), ("Lion", all), ("Adafactor", factored)]
        .map(|(name, numbers)| (name, 4.0 * numbers as f64 / 1e6))
}

fn memory(worked: &mut Worked) {
    let groups = decay_groups(&gpt2(), 0.1);
    let all = groups.last().map_or(0, |group| group.range.end);
    let spared = groups.iter().filter(|group| group.weight_decay == 0.0);
    let spared: usize = spared.map(|group| group.range.len()).sum();
    worked.set("gpt2-weights", count(all as u64)).set("gpt2-spared", count(spared as u64));
    worked.set("gpt2-spared-share", percent(spared as f64 / all as f64, 1));
    for (name, megabytes) in kept_megabytes() {
        worked.set(&format!("kept-{}", name.to_lowercase()), short(megabytes, 1));
    }
}
