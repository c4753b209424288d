//! A law from runs.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is,
    expect_same,
};
use rand::RngExt;
use rand::seq::SliceRandom;

use crate::oracle::{exact_runs, fits_golden, misfit, objectives_golden, runs};
use crate::{
    Answers, BESIROGLU, Fit, HOFFMANN, Law, Point, Run, SOLUTION, ScalingError, few_starts,
};

const F64: Tolerance = Tolerance { rtol: 1e-10, atol: 1e-13 };

pub fn the_objective_is_pytorchs(answers: &Answers) -> Outcome {
    let golden = objectives_golden()?;
    let runs = runs(&golden.runs);
    for case in golden.cases {
        let (value, _) = (answers.objective)(&case.point, &runs);
        let what = format!("the objective at {:?}", case.point);
        expect_close(&what, &[], &[value], &[case.value], F64)?;
    }
    // By hand: a law of 1 + 1 + 1 = 3, and losses around it.
    let run = |loss: f64| Run { parameters: 1.0, tokens: 1.0, loss };
    for (r, want) in
        [(5e-4, 1.25e-7), (-5e-4, 1.25e-7), (1e-3, 5e-7), (0.5, 4.995e-4), (-2.0, 1.9995e-3)]
    {
        let all = vec![run(3.0 * f64::exp(-r)); 3];
        let (value, _) = (answers.objective)(&[0.0, 0.0, 0.0, 0.3, 0.4], &all);
        let what = format!("the objective of 3 runs with a residual of {r}");
        let near = Tolerance { rtol: 1e-9, atol: 0.0 };
        expect_close(&what, &[], &[value], &[3.0 * want], near)?;
    }
    Ok(())
}

pub fn the_gradient_is_pytorchs(answers: &Answers) -> Outcome {
    let golden = objectives_golden()?;
    let runs = runs(&golden.runs);
    for case in golden.cases {
        let (_, gradient) = (answers.objective)(&case.point, &runs);
        let what = format!("the gradient for a, b, e, alpha, beta at {:?}", case.point);
        expect_close(&what, &[], &gradient, &case.gradient, F64)?;
    }
    Ok(())
}

fn drawn_runs() -> impl Strategy<Value = Vec<Run>> + Clone {
    let number = || (-9.0..=15.0_f64).prop_map(|x| 10_f64.powf(x));
    let run = (number(), number(), number());
    let run = run.prop_map(|(parameters, tokens, loss)| Run { parameters, tokens, loss });
    draw::list(run, 0..=300)
}

pub fn objectives_agree(answers: &Answers) -> Outcome {
    let size = || draw::prop_oneof![3 => -10.0..10.0_f64, 1 => -1e4..1e4_f64];
    let point = (size(), size(), size(), -2.0..2.0_f64, -2.0..2.0_f64);
    let point = point.prop_map(|(a, b, e, alpha, beta)| [a, b, e, alpha, beta]);
    differential((point, drawn_runs()), |(point, runs)| {
        let run = |answers: &Answers| (answers.objective)(point, runs);
        let ((got, got_gradient), (want, want_gradient)) = (run(answers), run(&SOLUTION));
        expect_close("the objective", &[], &[got], &[want], F64)?;
        expect_close("its gradient", &[], &got_gradient, &want_gradient, F64)
    })
}

const SIZES: [f64; 5] = [2e7, 1e8, 6e8, 3e9, 1.6e10];
const TEXTS: [f64; 5] = [3e8, 2e9, 1e10, 7e10, 4e11];

fn numbers(law: &Law) -> [f64; 5] {
    [law.E, law.A, law.B, law.alpha, law.beta]
}

pub fn a_law_is_found_again(answers: &Answers) -> Outcome {
    for law in [HOFFMANN, BESIROGLU, Law { E: 0.9, A: 60.0, B: 900.0, alpha: 0.45, beta: 0.55 }] {
        let fit = (answers.fit_chinchilla)(&exact_runs(&law, &SIZES, &TEXTS), &few_starts())?;
        let what = format!("25 runs of {law:?}: E, A, B, alpha, beta");
        let near = Tolerance { rtol: 1e-3, atol: 0.0 };
        expect_close(&what, &[], &numbers(&fit.law), &numbers(&law), near)?;
        expect(fit.objective.abs() < 1e-12, || {
            format!("25 runs of {law:?}: the objective is {:e}, and should be 0", fit.objective)
        })?;
    }
    Ok(())
}

/// Fails unless a fit says of itself how good it is.
fn expect_honest(what: &str, fit: &Fit, runs: &[Run]) -> Outcome {
    let near = Tolerance { rtol: 1e-6, atol: 1e-14 };
    let what = format!("{what}: the objective of the law {:?}", fit.law);
    expect_close(&what, &[], &[fit.objective], &[misfit(&fit.law, runs)], near)
}

pub fn noisy_runs_give_scipys_law(answers: &Answers) -> Outcome {
    for (at, case) in fits_golden()?.iter().enumerate() {
        let runs = runs(&case.runs);
        let fit = (answers.fit_chinchilla)(&runs, &few_starts())?;
        let what = format!("the runs of case {at}");
        expect_honest(&what, &fit, &runs)?;
        let near = Tolerance { rtol: 1e-4, atol: 0.0 };
        expect_close(
            &format!("{what}: the objective"),
            &[],
            &[fit.objective],
            &[case.value],
            near,
        )?;
        let want = Law::at(&case.point);
        let what = format!("{what}: E, A, B, alpha, beta");
        let near = Tolerance { rtol: 0.02, atol: 0.0 };
        expect_close(&what, &[], &numbers(&fit.law), &numbers(&want), near)?;
    }
    Ok(())
}

/// A start from which the text seems not to matter, so that its slope is 0 and stays so.
const BLIND: Point = [5.0, -3000.0, 0.5, 0.3, 0.3];
const GOOD: Point = [5.0, 5.0, 0.5, 0.3, 0.3];

pub fn the_best_start_wins(answers: &Answers) -> Outcome {
    let runs = exact_runs(&HOFFMANN, &SIZES[..4], &TEXTS[1..]);
    let nan = [f64::NAN; 5];
    let alone = |start| (answers.fit_chinchilla)(&runs, &[start]);
    let (blind, good) = (alone(BLIND)?, alone(GOOD)?);
    expect(good.objective < blind.objective, || {
        format!(
            "from {GOOD:?} the objective becomes {:e}, and it should be below that from {BLIND:?}, {:e}",
            good.objective, blind.objective
        )
    })?;
    for (starts, want) in [
        ([vec![BLIND; 50], vec![GOOD; 2]].concat(), 50),
        (vec![BLIND, GOOD], 1),
        (vec![GOOD, BLIND], 0),
        (vec![BLIND, BLIND, GOOD, BLIND], 2),
        (vec![nan, BLIND, nan, GOOD, nan], 3),
        (vec![GOOD, GOOD, GOOD], 0),
        (vec![nan, BLIND, BLIND], 1),
    ] {
        let fit = (answers.fit_chinchilla)(&runs, &starts)?;
        let what = format!("the starts {starts:?}");
        expect_same(&format!("{what}: which one counts"), &fit.start, &want)?;
        expect_honest(&what, &fit, &runs)?;
    }
    // The text hardly matters, so that both fits are good; one is better.
    let runs = exact_runs(&Law { B: 0.05, ..HOFFMANN }, &SIZES, &TEXTS);
    let fit = (answers.fit_chinchilla)(&runs, &[BLIND, [6.0, 0.0, 0.5, 0.34, 0.28]])?;
    expect_same("a good start and a better one: which one counts", &fit.start, &1)
}

pub fn senseless_runs_are_refused(answers: &Answers) -> Outcome {
    let runs = exact_runs(&HOFFMANN, &SIZES[..2], &TEXTS[..3]);
    let refused = |what: &str, runs: &[Run], starts: &[Point], want: ScalingError| {
        expect_error_is(what, (answers.fit_chinchilla)(runs, starts), &want)
    };
    for given in 0..5 {
        let want = ScalingError::TooFew { given, needed: 5 };
        refused(&format!("{given} of 5 runs"), &runs[..given], &[], want)?;
    }
    refused("no starts", &runs, &[], ScalingError::NoFit)?;
    let infinite = [f64::INFINITY, 0.0, 0.0, 0.0, 0.0];
    refused("starts without an objective", &runs, &[[f64::NAN; 5], infinite], ScalingError::NoFit)?;
    let places: [fn(&mut Run) -> &mut f64; 3] =
        [|run| &mut run.parameters, |run| &mut run.tokens, |run| &mut run.loss];
    for value in [0.0, -0.0, -2.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (at, place) in places.iter().enumerate() {
            let mut spoiled = runs.clone();
            *place(&mut spoiled[3]) = value;
            // What comes later is wrong, too.
            for place in &places[at + 1..] {
                *place(&mut spoiled[3]) = -7.0;
            }
            spoiled[5].parameters = -9.0;
            let want = ScalingError::Bad { at: 3, value };
            refused(&format!("run 3 with a {value}"), &spoiled, &few_starts(), want)?;
            refused(&format!("4 runs, the last with a {value}"), &spoiled[..4], &[], want)?;
        }
    }
    let fit = (answers.fit_chinchilla)(&runs[..5], &[GOOD])?;
    expect_honest("5 runs", &fit, &runs[..5])
}

pub fn fits_agree(answers: &Answers) -> Outcome {
    let laws = (0.5..2.5_f64, 4.0..7.0_f64, 4.0..8.0_f64, 0.25..0.5_f64, 0.25..0.5_f64);
    Differential::cases(8).run(
        (laws, draw::any_u64(), 0..=1_usize),
        |((e, a, b, alpha, beta), seed, spoiled)| {
            let law = Law { E: *e, A: a.exp(), B: b.exp(), alpha: *alpha, beta: *beta };
            let mut rng = seeded(*seed);
            let mut runs = exact_runs(&law, &SIZES, &TEXTS);
            runs.iter_mut().for_each(|run| run.loss *= 1.0 + 0.004 * (rng.random::<f64>() - 0.5));
            runs.shuffle(&mut rng);
            runs.iter_mut().take(*spoiled).for_each(|run| run.loss *= 1.3);
            // Some twice: they count twice.
            runs.extend_from_within(..10);
            // One so near the truth that rounding cannot lead it elsewhere.
            let starts = [BLIND, GOOD, [a + 0.2, b - 0.2, e.ln(), *alpha, *beta]];
            let run = |answers: &Answers| (answers.fit_chinchilla)(&runs, &starts);
            agree("the fit", run(answers), run(&SOLUTION), |got, want| {
                // Where one term runs away, A or B may be too large for an f64.
                if !numbers(&want.law).iter().all(|x| x.is_finite()) {
                    return Ok(());
                }
                expect_honest("the fit", got, &runs)?;
                expect(got.objective <= 1.001 * want.objective, || {
                    format!(
                        "the fit: the objective is {:e}, and the reference finds a law with {:e}",
                        got.objective, want.objective
                    )
                })
            })
        },
    )
}
