//! Four activations: the value and the slope at a place.

use demo::control::{Choice, Slider, Typed};
use demo::figure::Plot;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use grading::numbers::{settled, short};
use normalization_and_activations::Answers;

use crate::row;

const ACTIVATION: Choice = Choice::new(
    "activation",
    "Activation",
    &[("gelu", "GELU"), ("gelu-tanh", "GELU, tanh form"), ("silu", "SiLU"), ("relu", "ReLU")],
);
const X: Slider = Slider::new("x", "x", -1.0, [-6.0, 6.0], 0.1);

/// What is drawn: from where to where, and how high.
pub const RANGE: (f64, f64) = (-6.0, 6.0);
const HEIGHT: (f64, f64) = (-1.0, 6.0);
/// Half a nudge, which finds slopes.
const NUDGE: f64 = 1e-4;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "activation-curves",
        title: "Activations and their slopes",
        lesson: "normalization-and-activations",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![ACTIVATION.control(), X.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// An activation by its name in [`ACTIVATION`], of each of some numbers.
pub fn values(answers: Answers, name: &str, x: &[f64]) -> candle_core::Result<Vec<f64>> {
    match name {
        "gelu" => (answers.gelu_erf)(&row(x)?)?.to_vec1(),
        "gelu-tanh" => (answers.gelu_tanh)(&row(x)?)?.to_vec1(),
        "silu" => (answers.swiglu)(&row(x)?, &row(&vec![1.0; x.len()])?)?.to_vec1(),
        _ => Ok(x.iter().map(|x| x.max(0.0)).collect()),
    }
}

/// Its slope at each of some numbers, by nudging; that of ReLU, which has a corner, as it is taken.
pub fn slopes(answers: Answers, name: &str, x: &[f64]) -> candle_core::Result<Vec<f64>> {
    if name == "relu" {
        return Ok(x.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect());
    }
    let at = |by: f64| values(answers, name, &x.iter().map(|x| x + by).collect::<Vec<_>>());
    let (up, down) = (at(NUDGE)?, at(-NUDGE)?);
    let slope = |(up, down): (&f64, &f64)| settled((up - down) / (2.0 * NUDGE));
    Ok(up.iter().zip(&down).map(slope).collect())
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (chosen, x) = (cx.get(&ACTIVATION)?, cx.get(&X)?);
    let title = |name: &str| {
        let known = ACTIVATION.options.iter().find(|(value, _)| *value == name);
        known.map_or("", |(_, title)| title)
    };
    // Round numbers of tenths, as the slider shows them.
    let x = (x * 10.0).round() / 10.0;
    let places: Vec<f64> = (0..=240).map(|i| f64::from(i) / 20.0 + RANGE.0).collect();
    let curve = values(answers, chosen, &places)?;
    let slope = slopes(answers, chosen, &places)?;
    let ([y], [rise]) = (&values(answers, chosen, &[x])?[..], &slopes(answers, chosen, &[x])?[..])
    else {
        return Err(DemoError::Other("one number should give one number".into()));
    };
    let (y, rise) = (*y, *rise);
    let plot = Plot::new(("x", RANGE.0, RANGE.1), ("value, slope", HEIGHT.0, HEIGHT.1))
        .curve("value", places.iter().copied().zip(curve))
        .curve("slope", places.iter().copied().zip(slope))
        .point((x, settled(y)), &short(settled(y), 2))
        .point((x, rise), &short(rise, 2));
    let text = format!(
        "Two curves over x from {} to {}: the value of {}, and its slope. At {} the value is {} \
         and the slope {}.",
        short(RANGE.0, 0),
        short(RANGE.1, 0),
        title(chosen),
        short(x, 1),
        format::number(y),
        short(rise, 4)
    );
    let mut rows = Vec::new();
    for (name, title) in ACTIVATION.options {
        let y = values(answers, name, &[x])?;
        let slope = slopes(answers, name, &[x])?;
        let mut cells = vec![Cell::from(*title)];
        cells.extend(y.iter().map(|y| Cell::Number(format::number(*y + 0.0))));
        cells.extend(slope.iter().map(|slope| Cell::Number(short(*slope, 4))));
        rows.push(cells);
    }
    let table = View::Table {
        label: format!("All four at {}", short(x, 1)),
        columns: ["", "value", "slope"].map(str::to_owned).into(),
        rows,
    };
    let summary = format!(
        "{} of {} is {}; its slope there is {}.",
        title(chosen),
        short(x, 1),
        format::number(y + 0.0),
        short(rise, 4)
    );
    let label = format!("{}, and how steep it is", title(chosen));
    cx.show(summary, &[View::drawing(label, text, plot), table]);
    Ok(())
}
