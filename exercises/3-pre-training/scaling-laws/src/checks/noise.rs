//! How noisy gradients are, and what a batch size costs.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is,
    seed_of_this_run,
};
use rand::RngExt;

use crate::oracle::normals;
use crate::{Answers, Cost, Noise, SOLUTION, ScalingError, SquaredNorm};

fn pair(noise: &Noise) -> [f64; 2] {
    [noise.squared_gradient, noise.trace]
}

const BOTH: &str = "|G|² and the trace";

pub fn true_lengths_give_the_true_noise(answers: &Answers) -> Outcome {
    for (squared, trace) in [(2.0, 30.0), (0.5, 0.0), (0.0, 9.0), (1e-6, 1e3), (40.0, 1e-3)] {
        for (one, other) in [(1, 2), (4, 64), (64, 4), (1000, 1), (3, 5), (65_536, 256)] {
            let norm = |batch: usize| SquaredNorm { batch, mean: squared + trace / batch as f64 };
            let what =
                format!("batches of {one} and {other}, |G|² = {squared}, trace {trace}: {BOTH}");
            let got = (answers.noise_scale)(&norm(one), &norm(other))?;
            // What terms that cancel can lose.
            let atol = 1e-12 * (squared + trace) * one.max(other) as f64;
            let near = Tolerance { rtol: 1e-9, atol: atol.min(1e-7) };
            expect_close(&what, &[], &pair(&got), &[squared, trace], near)?;
        }
    }
    Ok(())
}

/// Gradients with a known mean and known variances, all numbers independent.
struct Truth {
    mean: Vec<f64>,
    deviation: Vec<f64>,
}

impl Truth {
    fn drawn(numbers: usize, seed: u64) -> Self {
        let mut rng = seeded(seed);
        let mut draw = |from: f64, to: f64| -> Vec<f64> {
            (0..numbers).map(|_| rng.random_range(from..to)).collect()
        };
        Self { mean: draw(-0.6, 0.6), deviation: draw(0.5, 2.0) }
    }

    fn squared(&self) -> f64 {
        self.mean.iter().map(|x| x * x).sum()
    }

    fn trace(&self) -> f64 {
        self.deviation.iter().map(|x| x * x).sum()
    }

    fn batch(&self, examples: usize, normal: &mut impl FnMut() -> f64) -> Vec<Vec<f64>> {
        let numbers = || self.mean.iter().zip(&self.deviation);
        (0..examples).map(|_| numbers().map(|(mean, s)| mean + s * normal()).collect()).collect()
    }
}

/// Fails unless the mean of many estimates is the truth, up to six standard errors: chance alone
/// does that once in some hundred million times.
fn expect_right_on_average(what: &str, estimates: &[f64], truth: f64) -> Outcome {
    let n = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / n;
    let variance = estimates.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    expect((mean - truth).abs() <= 6.0 * error, || {
        format!(
            "{what}: over {n} drawn batches the mean estimate is {mean:.4}, give or take \
             {error:.4}; the truth is {truth:.4}"
        )
    })
}

const REPEATS: usize = 3000;

pub fn drawn_batches_are_right_on_average(answers: &Answers) -> Outcome {
    let seed = seed_of_this_run()?;
    let (truth, mut normal) = (Truth::drawn(5, seed), normals(seed ^ 1));
    let squared = |gradients: &[Vec<f64>]| -> f64 {
        let mean = |i: usize| {
            gradients.iter().map(|gradient| gradient[i]).sum::<f64>() / gradients.len() as f64
        };
        (0..5).map(|i| mean(i).powi(2)).sum()
    };
    let (mut lengths, mut traces) = (Vec::new(), Vec::new());
    for at in 0..REPEATS {
        let (few, many) = (truth.batch(3, &mut normal), truth.batch(4, &mut normal));
        let few = SquaredNorm { batch: 3, mean: squared(&few) };
        let many = SquaredNorm { batch: 4, mean: squared(&many) };
        let (one, other) = if at % 2 == 0 { (&few, &many) } else { (&many, &few) };
        let noise = (answers.noise_scale)(one, other)?;
        lengths.push(noise.squared_gradient);
        traces.push(noise.trace);
    }
    let what = format!("batches of 3 and 4 (drawn with seed {seed:x})");
    expect_right_on_average(&format!("{what}: |G|²"), &lengths, truth.squared())?;
    expect_right_on_average(&format!("{what}: the trace"), &traces, truth.trace())
}

pub fn silent_batches_are_refused(answers: &Answers) -> Outcome {
    let norm = |batch, mean| SquaredNorm { batch, mean };
    let refused = |one: SquaredNorm, other: SquaredNorm, want: ScalingError| {
        let what = format!("{one:?} and {other:?}");
        expect_error_is(&what, (answers.noise_scale)(&one, &other), &want)
    };
    let empty = ScalingError::NotPositive { what: "batch", value: 0.0 };
    refused(norm(0, 1.0), norm(4, 1.0), empty)?;
    refused(norm(4, -1.0), norm(0, 1.0), empty)?;
    refused(norm(0, 1.0), norm(0, 1.0), empty)?;
    for batch in [1, 7] {
        refused(norm(batch, 2.0), norm(batch, -1.0), ScalingError::EqualBatches { batch })?;
    }
    for value in [-1e-9, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        refused(norm(2, value), norm(4, -2.0), ScalingError::Bad { at: 0, value })?;
        refused(norm(4, 1.0), norm(2, value), ScalingError::Bad { at: 1, value })?;
    }
    let got = (answers.noise_scale)(&norm(2, 0.0), &norm(4, 3.0))?;
    expect_close(&format!("a length of 0: {BOTH}"), &[], &pair(&got), &[6.0, -12.0], Tolerance::F64)
}

pub fn noises_agree(answers: &Answers) -> Outcome {
    let batch = || draw::prop_oneof![draw::lengths(0..=64), draw::lengths(0..=1_000_000_000)];
    let mean = || draw::prop_oneof![7 => 0.0..10.0_f64, 1 => draw::between(-1.0, 1e9), 1 => draw::any_f64()];
    differential((batch(), mean(), batch(), mean()), |&(batch, mean, other, other_mean)| {
        let one = SquaredNorm { batch, mean };
        let other = SquaredNorm { batch: other, mean: other_mean };
        let largest = mean.abs().max(other_mean.abs());
        if largest.is_finite() && largest > 1e200 {
            return Ok(());
        }
        let run = |answers: &Answers| (answers.noise_scale)(&one, &other);
        agree(BOTH, run(answers), run(&SOLUTION), |got, want| {
            let (b1, b2) = (one.batch as f64, other.batch as f64);
            let larger = b1.max(b2);
            let near_far = larger / (b1 - b2).abs();
            // What may be lost where sizes, or lengths, hardly differ.
            let lost = 1e-13 * largest * near_far;
            for ((got, want), lost) in
                pair(got).iter().zip(pair(want)).zip([lost, lost * larger * near_far])
            {
                let near = Tolerance { rtol: 1e-11, atol: lost.max(1e-290) };
                expect_close(BOTH, &[], &[*got], &[want], near)?;
            }
            Ok(())
        })
    })
}

pub fn single_examples_are_right_on_average(answers: &Answers) -> Outcome {
    let seed = seed_of_this_run()?;
    for examples in [2, 5] {
        let (truth, mut normal) = (Truth::drawn(4, seed), normals(seed ^ 3));
        let (mut lengths, mut traces) = (Vec::new(), Vec::new());
        for _ in 0..REPEATS {
            let noise = (answers.noise_of_examples)(&truth.batch(examples, &mut normal))?;
            lengths.push(noise.squared_gradient);
            traces.push(noise.trace);
        }
        let what = format!("{examples} examples (drawn with seed {seed:x})");
        expect_right_on_average(&format!("{what}: |G|²"), &lengths, truth.squared())?;
        expect_right_on_average(&format!("{what}: the trace"), &traces, truth.trace())?;
    }
    Ok(())
}

pub fn small_noise_is_not_lost(answers: &Answers) -> Outcome {
    for (far, near) in [(1e6, 1e-3), (1e8, 1.0), (-3e5, 1e-4)] {
        let gradients: Vec<Vec<f64>> =
            [-3.0, -1.0, 1.0, 3.0].map(|x| vec![far + x * near, far - x * near]).into();
        // What f64 holds of them; both numbers scatter alike.
        let away = |gradient: &Vec<f64>| (gradient[0] - far).powi(2) + (gradient[1] - far).powi(2);
        let trace = gradients.iter().map(away).sum::<f64>() / 3.0;
        let got = (answers.noise_of_examples)(&gradients)?;
        let what = format!("noise of {near} around {far}: the trace");
        let tolerance = Tolerance { rtol: 1e-5, atol: 0.0 };
        expect_close(&what, &[], &[got.trace], &[trace], tolerance)?;
    }
    Ok(())
}

pub fn ragged_gradients_are_refused(answers: &Answers) -> Outcome {
    let refused = |gradients: &[Vec<f64>], want: ScalingError| {
        expect_error_is(&format!("{gradients:?}"), (answers.noise_of_examples)(gradients), &want)
    };
    let bad = f64::NAN;
    refused(&[], ScalingError::TooFew { given: 0, needed: 2 })?;
    refused(&[vec![bad]], ScalingError::TooFew { given: 1, needed: 2 })?;
    let ragged = |example, numbers, expected| ScalingError::Ragged { example, numbers, expected };
    refused(&[vec![1.0, 2.0], vec![1.0]], ragged(1, 1, 2))?;
    refused(&[vec![1.0], vec![2.0], vec![bad, 2.0], vec![]], ragged(2, 2, 1))?;
    refused(&[vec![], vec![2.0]], ragged(1, 1, 0))?;
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let at = |at| ScalingError::Bad { at, value };
        refused(&[vec![1.0, value], vec![2.0]], at(0))?;
        refused(&[vec![1.0, 3.0], vec![2.0, 2.0], vec![value, bad]], at(2))?;
    }
    let got = (answers.noise_of_examples)(&[vec![1.0, 2.0], vec![3.0, 2.0]])?;
    expect_close(&format!("two gradients: {BOTH}"), &[], &pair(&got), &[7.0, 2.0], Tolerance::F64)
}

pub fn example_noises_agree(answers: &Answers) -> Outcome {
    let row = |numbers: usize| draw::list(-10.0..10.0_f64, numbers..=numbers);
    let even = (0..=9_usize).prop_flat_map(move |n| draw::list(row(n), 0..=20));
    // Many, and many that are equal.
    let few = draw::list(draw::select(vec![-1.0, 0.0, 2.0]), 2..=2);
    let many = draw::list(few, 0..=300);
    let number = draw::prop_oneof![9 => -3.0..3.0_f64, 1 => draw::any_f64()];
    let ragged = draw::list(draw::list(number, 0..=3), 0..=4);
    differential(draw::prop_oneof![2 => even, 1 => many, 1 => ragged], |gradients| {
        let all = gradients.iter().flatten();
        let largest = all.clone().filter(|x| x.is_finite()).fold(0.0, |m: f64, x| m.max(x.abs()));
        if largest > 1e150 {
            return Ok(());
        }
        let run = |answers: &Answers| (answers.noise_of_examples)(gradients);
        agree(BOTH, run(answers), run(&SOLUTION), |got, want| {
            let near = Tolerance { rtol: 1e-10, atol: 1e-12 * (largest * largest).max(1e-280) };
            expect_close(BOTH, &[], &pair(got), &pair(want), near)
        })
    })
}

pub fn costs_lie_on_the_hyperbola(answers: &Answers) -> Outcome {
    for (steps, examples) in [(1000.0, 2e6), (3.0, 0.5), (1e5, 1e5)] {
        let least = Cost { steps, examples };
        let critical = examples / steps;
        for share in [0.01, 0.5, 1.0, 3.0, 200.0] {
            let batch = share * critical;
            let got = (answers.steps_and_examples)(&least, batch)?;
            let what = format!("{least:?}, batches of {batch}");
            let near = Tolerance { rtol: 1e-9, atol: 0.0 };
            let product = (got.steps / steps - 1.0) * (got.examples / examples - 1.0);
            expect_close(
                &format!("{what}: (S / S_min − 1)(E / E_min − 1)"),
                &[],
                &[product],
                &[1.0],
                near,
            )?;
            let read = got.examples / got.steps;
            expect_close(&format!("{what}: examples a step"), &[], &[read], &[batch], near)?;
            expect(got.steps > steps, || {
                format!("{what}: {} steps, no more than S_min", got.steps)
            })?;
        }
    }
    Ok(())
}

pub fn senseless_costs_are_refused(answers: &Answers) -> Outcome {
    let refused = |steps: f64, examples: f64, batch: f64, what: &'static str, value: f64| {
        let got = (answers.steps_and_examples)(&Cost { steps, examples }, batch);
        let want = ScalingError::NotPositive { what, value };
        expect_error_is(
            &format!("{steps} steps, {examples} examples, batches of {batch}"),
            got,
            &want,
        )
    };
    for value in [0.0, -0.0, -2.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        refused(value, -1.0, -1.0, "steps", value)?;
        refused(5.0, value, -1.0, "examples", value)?;
        refused(5.0, 8.0, value, "batch", value)?;
    }
    let got = (answers.steps_and_examples)(&Cost { steps: 5.0, examples: 8.0 }, 0.5)?;
    expect_close(
        "half an example a step",
        &[],
        &[got.steps, got.examples],
        &[21.0, 10.5],
        Tolerance::F64,
    )
}

pub fn costs_agree(answers: &Answers) -> Outcome {
    let number = || {
        let power = (-9.0..30.0_f64).prop_map(|x| 10_f64.powf(x));
        draw::prop_oneof![9 => power, 1 => draw::select(vec![0.0, -1.0, f64::NAN, f64::INFINITY])]
    };
    differential((number(), number(), number()), |&(steps, examples, batch)| {
        let least = Cost { steps, examples };
        let run = |answers: &Answers| (answers.steps_and_examples)(&least, batch);
        agree("the cost", run(answers), run(&SOLUTION), |got, want| {
            let both = |cost: &Cost| [cost.steps, cost.examples];
            expect_close("steps and examples", &[], &both(got), &both(want), Tolerance::F64)
        })
    })
}
