//! What a batch size costs in steps and in examples.

use demo::control::{Slider, Typed};
use demo::figure::Plot;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{count, short};
use scaling_laws::{Answers, Cost, ScalingError};

const CRITICAL: Slider =
    Slider::new("critical", "Critical batch, as a power of two", 11.0, [4.0, 22.0], 1.0);
const BATCH: Slider =
    Slider::new("batch", "Your batch in examples, as a power of two", 9.0, [0.0, 24.0], 1.0);
/// The fewest steps; only ratios are shown.
const STEPS: f64 = 10_000.0;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "batch-size",
        title: "Steps or examples",
        lesson: "scaling-laws",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![CRITICAL.control(), BATCH.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// Where a cost lies: steps and examples over the least of each, as powers of ten.
pub fn place(least: &Cost, cost: &Cost) -> (f64, f64) {
    ((cost.steps / least.steps).log10(), (cost.examples / least.examples).log10())
}

/// The hyperbola of all batch sizes.
pub fn hyperbola(
    least: &Cost,
    cost: impl Fn(f64) -> Result<Cost, ScalingError>,
) -> Result<Plot, ScalingError> {
    let critical = least.critical_batch();
    let points: Result<Vec<(f64, f64)>, ScalingError> = (-60..=60)
        .map(|i| Ok(place(least, &cost(critical * 10_f64.powf(f64::from(i) / 40.0))?)))
        .collect();
    let ticks = [1.0, 2.0, 5.0, 10.0, 20.0].map(|x: f64| (x.log10(), x));
    let names = ticks.map(|(at, x)| (at, format!("{x}×")));
    let names: Vec<(f64, &str)> = names.iter().map(|(at, name)| (*at, name.as_str())).collect();
    let top = 21_f64.log10();
    Ok(Plot::new(("steps", 0.0, top), ("examples", 0.0, top))
        .x_ticks(&names)
        .y_ticks(&names)
        .curve("", points?))
}

/// How many times the least.
fn ratio(x: f64) -> String {
    if x < 1000.0 { short(x, 2) } else { count(x.round() as u64) }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let critical = cx.get(&CRITICAL)?.exp2();
    let batch = cx.get(&BATCH)?.exp2();
    let least = Cost { steps: STEPS, examples: critical * STEPS };
    let refused = |error: ScalingError| DemoError::input(BATCH.name, error.to_string());
    let cost = |batch: f64| (answers.steps_and_examples)(&least, batch);
    let yours = cost(batch).map_err(refused)?;
    let at = place(&least, &yours);
    // A batch beyond the edge of the plot stands at it.
    let shown = (at.0.min(1.32), at.1.min(1.32));
    let plot = hyperbola(&least, cost).map_err(refused)?.point(shown, "yours");
    let [steps, examples] = [yours.steps / least.steps, yours.examples / least.examples];
    let row = |name: &str, batch: f64| -> Result<Vec<Cell>, DemoError> {
        let cost = cost(batch).map_err(refused)?;
        let times = |x: f64| Cell::Number(format!("{}×", ratio(x)));
        Ok(vec![
            name.into(),
            Cell::Number(if batch < 10.0 { short(batch, 1) } else { count(batch.round() as u64) }),
            times(cost.steps / least.steps),
            times(cost.examples / least.examples),
        ])
    };
    cx.show(
        format!(
            "Batches of {}: {} × the fewest steps, and {} × the fewest examples.",
            count(batch as u64),
            ratio(steps),
            ratio(examples)
        ),
        &[
            View::drawing(
                "The same loss, reached with batches of all sizes",
                format!(
                    "A curve from few steps with many examples to many steps with few. Yours lies \
                     at {} × the fewest steps and {} × the fewest examples.",
                    ratio(steps),
                    ratio(examples)
                ),
                plot,
            ),
            View::Table {
                label: "Over the least that is possible".into(),
                columns: ["Batch", "Examples a step", "Steps", "Examples"].map(Into::into).into(),
                rows: vec![
                    row("Yours", batch)?,
                    row("A tenth of the critical one", critical / 10.0)?,
                    row("The critical one", critical)?,
                    row("Ten times the critical one", critical * 10.0)?,
                ],
            },
        ],
    );
    Ok(())
}
