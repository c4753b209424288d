//! What a budget of compute buys, by a published law, beside a model of the reader's choice.

use demo::control::{Choice, Number, Slider, Typed};
use demo::figure::Plot;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{counted, power, short};
use scaling_laws::{Answers, BESIROGLU, HOFFMANN, Law, Optimum, ScalingError, big};

const BUDGET: Slider =
    Slider::new("budget", "Budget in FLOPs, as a power of ten", 23.75, [18.0, 27.0], 0.25);
const LAW: Choice = Choice::new(
    "law",
    "Law",
    &[("hoffmann", "Hoffmann 2022"), ("besiroglu", "Besiroglu 2024, the same runs")],
);
const PARAMETERS: Number =
    Number::new("parameters", "Your model: billions of parameters", 280.0, [0.001, 1e5], 0.001);
const TOKENS: Number =
    Number::new("tokens", "Your text: billions of tokens", 300.0, [0.001, 1e6], 0.001);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "isoflop-explorer",
        title: "What a budget buys",
        lesson: "scaling-laws",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![BUDGET.control(), LAW.control(), PARAMETERS.control(), TOKENS.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// The loss of a model for which a budget leaves this many parameters.
pub fn isoflop(law: &Law, compute: f64, parameters: f64) -> f64 {
    law.loss(parameters, compute / 6.0 / parameters)
}

/// Loss against parameters for budgets in steps of ten, and the best of each.
pub fn isoflops(
    law: &Law,
    budgets: &[(f64, String)],
    optimal: impl Fn(f64) -> Result<Optimum, ScalingError>,
) -> Result<(Plot, Vec<(f64, f64)>), ScalingError> {
    let best = |compute: f64| -> Result<(f64, f64), ScalingError> {
        let parameters = optimal(compute)?.parameters;
        Ok((parameters.log10(), isoflop(law, compute, parameters)))
    };
    let lowest: Vec<(f64, f64)> =
        budgets.iter().map(|budget| best(budget.0)).collect::<Result<_, _>>()?;
    let ends = (lowest.first().copied(), lowest.last().copied());
    let (Some(first), Some(last)) = ends else { return Err(ScalingError::NoMinimum) };
    let (from, to) = ((first.0 - 1.3).floor(), (last.0 + 1.3).ceil());
    let height = 1.6 * (first.1 - last.1).max(0.02);
    let ticks: Vec<(f64, String)> = (from as i32..=to as i32)
        .filter(|at| (at - from as i32) % 2 == 0)
        .map(|at| (f64::from(at), power(10_f64.powi(at), 2)))
        .collect();
    let named: Vec<(f64, &str)> = ticks.iter().map(|(at, name)| (*at, name.as_str())).collect();
    let bottom = last.1 - 0.1 * height;
    let mut plot = Plot::new(("parameters N", from, to), ("loss", bottom, bottom + 1.3 * height));
    plot = plot.x_ticks(&named);
    for (compute, name) in budgets {
        let place = |i: i32| {
            let at = from + (to - from) * f64::from(i) / 120.0;
            (at, isoflop(law, *compute, 10_f64.powf(at)))
        };
        let inside = move |at: &(f64, f64)| at.1 < bottom + 1.3 * height;
        plot = plot.curve(name, (0..=120).map(place).filter(inside));
    }
    plot = plot.curve("", lowest.iter().copied());
    for &at in &lowest {
        plot = plot.point(at, "");
    }
    Ok((plot, lowest))
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let law = if cx.get(&LAW)? == "hoffmann" { HOFFMANN } else { BESIROGLU };
    let exponent = cx.get(&BUDGET)?;
    let compute = 10_f64.powf(exponent);
    let optimal = |compute: f64| (answers.optimal)(&law, compute);
    let refused = |error: ScalingError| DemoError::input(BUDGET.name, error.to_string());
    let budgets = [(-2.0, "a 100th"), (-1.0, "a tenth"), (0.0, "budget"), (1.0, "tenfold")]
        .map(|(more, name)| (10_f64.powf(exponent + more), name.to_owned()));
    let (plot, lowest) = isoflops(&law, &budgets, optimal).map_err(refused)?;
    let best = optimal(compute).map_err(refused)?;

    let (parameters, tokens) = (1e9 * cx.get(&PARAMETERS)?, 1e9 * cx.get(&TOKENS)?);
    let cost = (answers.training_flops)(parameters, tokens);
    let instead = optimal(cost).map_err(refused)?;
    let line = |name: &str, parameters: f64, tokens: f64| -> Vec<Cell> {
        let number = |text: String| Cell::Number(text);
        vec![
            name.into(),
            number(big(parameters)),
            number(big(tokens)),
            number(short(tokens / parameters, 1)),
            number(short(law.loss(parameters, tokens), 3)),
        ]
    };
    let extra = law.loss(parameters, tokens) - law.loss(instead.parameters, instead.tokens);
    let ratio = parameters / instead.parameters;
    let told: Vec<String> = budgets
        .iter()
        .zip(&lowest)
        .map(|(budget, at)| {
            format!(
                "{} FLOPs: loss {} at {} parameters",
                power(budget.0, 2),
                short(at.1, 2),
                big(10_f64.powf(at.0))
            )
        })
        .collect();
    cx.show(
        format!(
            "{} FLOPs are best spent on {} parameters and {} tokens: a loss of {}.",
            power(compute, 2),
            big(best.parameters),
            big(best.tokens),
            short(law.loss(best.parameters, best.tokens), 3)
        ),
        &[
            View::drawing(
                "Loss of models that cost the same",
                format!("Each curve is a budget and has one lowest point. {}.", told.join("; ")),
                plot,
            ),
            View::Table {
                label: "What the law predicts".into(),
                columns: ["What", "N", "D", "D / N", "Loss"].map(Into::into).into(),
                rows: vec![
                    line("Best for the budget", best.parameters, best.tokens),
                    line("Your model", parameters, tokens),
                    line("Best for what yours costs", instead.parameters, instead.tokens),
                ],
            },
            View::Prose(vec![format!(
                "Yours costs {} FLOPs to train. The best model for that has a loss lower by {} \
                 nats. For each token that it reads or writes, yours takes {} times the work of \
                 that one: {} for each parameter.",
                power(cost, 2),
                short(extra, 3),
                short(ratio, if ratio < 1.0 { 3 } else { 1 }),
                counted(2, "FLOP")
            )]),
        ],
    );
    Ok(())
}
