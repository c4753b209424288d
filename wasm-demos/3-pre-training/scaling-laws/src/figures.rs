//! The figures of the page.

use demo::figure::{Anchor, Bars, Drawing, Figure, Ink, Plot, WIDTH};
use grading::Failure;
use grading::numbers::{count, power, short};
use grading::random::seeded;
use rand::RngExt;
use scaling_laws::measured::{Measured, fitted, measured};
use scaling_laws::solution::{noise_of_examples, optimal, steps_and_examples};
use scaling_laws::{Cost, HOFFMANN, Run, big};

use crate::batch_size::{hyperbola, place};
use crate::explorer::isoflops;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let all = || -> Result<Vec<Figure>, Failure> {
        let measured = measured()?;
        Ok(vec![
            cloud(&measured),
            law(&measured)?,
            isoflop()?,
            scatter()?,
            noise(&measured),
            tradeoff()?,
        ])
    };
    all().unwrap_or_default()
}

/// The runs of each network, smallest network first.
fn by_network(runs: &[Run]) -> Vec<&[Run]> {
    runs.chunk_by(|a, b| a.parameters == b.parameters).collect()
}

fn at(run: &Run) -> (f64, f64) {
    (run.tokens.log10(), run.loss.log10())
}

/// Axes for tokens and losses, both of logarithms.
fn axes() -> Plot {
    let y = [0.7, 1.0, 1.5, 2.0, 3.0, 4.0].map(|y: f64| (y.log10(), short(y, 1)));
    let y: Vec<(f64, &str)> = y.iter().map(|(at, name)| (*at, name.as_str())).collect();
    Plot::new(("words read", 3.9, 6.35), ("loss", 0.7_f64.log10(), 4.6_f64.log10()))
        .x_ticks(&[(4.0, "10 k"), (5.0, "100 k"), (6.0, "1 M")])
        .y_ticks(&y)
}

fn cloud(measured: &Measured) -> Figure {
    let (mut plot, mut told) = (axes(), Vec::new());
    for runs in by_network(&measured.runs) {
        let name = big(runs[0].parameters);
        let losses: Vec<String> = runs.iter().map(|run| short(run.loss, 2)).collect();
        told.push(format!("{name} parameters: {}", losses.join(", ")));
        plot = plot.curve(&name, runs.iter().map(at));
        for run in runs {
            plot = plot.point(at(run), "");
        }
    }
    Figure {
        name: "cloud",
        caption:
            "Thirty-six trainings of a small network. Each point is one; a line joins those of \
                  one size, and its name says how many parameters that is. Each step along either \
                  axis multiplies."
                .into(),
        text: format!(
            "Losses after 10, 25, 62.5, 156, 391 and 977 thousand words. {}.",
            told.join("; ")
        ),
        drawing: plot.into(),
    }
}

fn law(measured: &Measured) -> Result<Figure, Failure> {
    let fit = fitted(measured)?;
    let (mut plot, mut told) = (axes(), Vec::new());
    for runs in by_network(&measured.runs) {
        let parameters = runs[0].parameters;
        let point = |i: i32| {
            let x = 4.7 + 1.35 * f64::from(i) / 40.0;
            (x, fit.law.loss(parameters, 10_f64.powf(x)).log10())
        };
        plot = plot.curve(&big(parameters), (0..=40).map(point));
        for run in runs.iter().filter(|run| run.tokens > 5e4) {
            plot = plot.point(at(run), "");
            told.push(format!(
                "{} parameters, {} words: predicted {}, measured {}",
                big(parameters),
                big(run.tokens),
                short(fit.law.loss(parameters, run.tokens), 2),
                short(run.loss, 2)
            ));
        }
    }
    Ok(Figure {
        name: "law",
        caption:
            "The law fitted to the five smaller networks, as lines, and what was measured, as \
                  points. The lowest line predicts the sixth network, which the fit has not seen."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: plot.into(),
    })
}

fn isoflop() -> Result<Figure, Failure> {
    let budgets = [20.0, 21.0, 22.0, 23.0].map(|at| (10_f64.powf(at), power(10_f64.powf(at), 2)));
    let (plot, lowest) = isoflops(&HOFFMANN, &budgets, |compute| optimal(&HOFFMANN, compute))?;
    let told: Vec<String> = budgets
        .iter()
        .zip(&lowest)
        .map(|(budget, at)| {
            let (loss, parameters) = (short(at.1, 2), big(10_f64.powf(at.0)));
            format!("{} FLOPs: lowest at {parameters} parameters, a loss of {loss}", budget.1)
        })
        .collect();
    Ok(Figure {
        name: "isoflop",
        caption:
            "Models that cost the same to train. Each curve is a budget in FLOPs: on the left \
                  small models that read much, on the right large ones that read little. The line \
                  joins the best of each. Computed from a published law."
                .into(),
        text: format!("{}.", told.join("; ")),
        drawing: plot.into(),
    })
}

/// Gradients of examples, in two numbers, and what their mean is worth.
fn scatter() -> Result<Figure, Failure> {
    let mut rng = seeded(25);
    let mut draw = |spread: f64| spread * (0..4).map(|_| rng.random::<f64>() - 0.5).sum::<f64>();
    let gradients: Vec<Vec<f64>> =
        (0..16).map(|_| vec![1.0 + draw(2.2), 0.4 + draw(2.2)]).collect();
    let mean = |part: &[Vec<f64>]| -> (f64, f64) {
        let sum = |i: usize| part.iter().map(|gradient| gradient[i]).sum::<f64>();
        (sum(0) / part.len() as f64, sum(1) / part.len() as f64)
    };
    let mut drawing = Drawing::new(190.0);
    let panels = [(1, "one example"), (4, "means of 4"), (16, "mean of 16")];
    let side = WIDTH / 3.0;
    for (panel, (batch, name)) in panels.into_iter().enumerate() {
        let place =
            |(x, y): (f64, f64)| (side * (panel as f64 + 0.34) + 34.0 * x, 115.0 - 34.0 * y);
        for part in gradients.chunks(batch) {
            drawing.arrow(place((0.0, 0.0)), place(mean(part)), Ink::Quiet);
        }
        drawing.arrow(place((0.0, 0.0)), place((1.0, 0.4)), Ink::Marked);
        drawing.text((side * (panel as f64 + 0.5), 14.0), Anchor::Middle, name, Ink::Plain);
    }
    let noise = noise_of_examples(&gradients)?;
    Ok(Figure {
        name: "scatter",
        caption:
            "Sixteen drawn gradients of two numbers each: one by one, averaged by four, and all \
                  averaged. The strong arrow is the true gradient, the mean over endlessly many."
                .into(),
        text: format!(
            "Gradients of single examples point nearly everywhere, means of four roughly the right \
             way, and the mean of sixteen lies near the true gradient. The estimated noise scale is \
             {} examples.",
            noise.scale().map_or("unknown".into(), |scale| short(scale, 1))
        ),
        drawing,
    })
}

fn noise(measured: &Measured) -> Figure {
    let scale = |at: &scaling_laws::measured::Noisy| at.noise().scale().unwrap_or(0.0);
    let names: Vec<String> =
        measured.noise.iter().map(|at| big(at.tokens as f64).replace(' ', "")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<f64> = measured.noise.iter().map(scale).collect();
    let told: Vec<String> = measured
        .noise
        .iter()
        .map(|at| {
            let (loss, scale) = (short(at.loss, 2), short(scale(at), 1));
            format!("after {} words the loss is {loss} and the noise scale {scale}", at.tokens)
        })
        .collect();
    Figure {
        name: "noise",
        caption: "The noise scale of one network, in examples. Below each bar, how many words the \
                  network had read."
            .into(),
        text: format!("{}.", told.join("; ")),
        drawing: Bars::new(&names).series("", &values, |x| count(x.round() as u64)).into(),
    }
}

fn tradeoff() -> Result<Figure, Failure> {
    let least = Cost { steps: 1.0, examples: 1.0 };
    let mut plot = hyperbola(&least, |batch| steps_and_examples(&least, batch))?;
    let mut told = Vec::new();
    for (batch, name) in [(0.1, "a tenth"), (1.0, "critical batch"), (10.0, "tenfold")] {
        let cost = steps_and_examples(&least, batch)?;
        plot = plot.point(place(&least, &cost), name);
        let (steps, examples) = (short(cost.steps, 1), short(cost.examples, 1));
        told.push(format!("{name}: {steps} times the steps, {examples} times the examples"));
    }
    Ok(Figure {
        name: "tradeoff",
        caption: "One loss, reached with batches of all sizes: steps and examples, each over the \
                  fewest possible. Larger batches lie further left."
            .into(),
        text: format!("A curve between two walls. {}.", told.join("; ")),
        drawing: plot.into(),
    })
}
