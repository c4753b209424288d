//! Both norms on the reader's own numbers: what an offset and a scale leave unchanged.

use demo::control::{Slider, Text, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View, format};
use grading::numbers::{settled, short};
use normalization_and_activations::{Answers, VECTOR};

use crate::dots::{Axis, drawing, letter};
use crate::norms;

const NUMBERS: Text = Text::new("numbers", "Numbers, with spaces in between", "1 3 4 8", 400);
const SCALE: Slider = Slider::new("scale", "Multiplied by", 1.0, [0.1, 5.0], 0.1);
const OFFSET: Slider = Slider::new("offset", "Then this is added", 0.0, [-20.0, 20.0], 0.5);

/// So many numbers are taken.
const MOST: usize = 16;
/// How large one may be.
const LARGEST: f64 = 1000.0;

pub fn demo(answers: Answers) -> Demo {
    // The numbers of the page, so that both tell the same story.
    debug_assert_eq!(numbers(NUMBERS.default), Ok(VECTOR.to_vec()));
    Demo {
        name: "norm-at-work",
        title: "Two norms at work",
        lesson: "normalization-and-activations",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![NUMBERS.control(), SCALE.control(), OFFSET.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let given = numbers(&cx.get(&NUMBERS)?)?;
    let (scale, offset) = (cx.get(&SCALE)?, cx.get(&OFFSET)?);
    let x: Vec<f64> = given.iter().map(|v| settled(v * scale + offset)).collect();
    let [layer, rms] = norms(answers, &x)?.map(|y| y.into_iter().map(settled).collect::<Vec<_>>());

    let [before_layer, before_rms] = norms(answers, &given)?;
    let moved = |before: &[f64], after: &[f64]| {
        let off = before.iter().zip(after).map(|(before, after)| (before - after).abs());
        short(settled(off.fold(0.0, f64::max)), 2)
    };
    let summary = if scale == 1.0 && offset == 0.0 {
        "As typed. Move the sliders: which of the two norms does not notice?".to_owned()
    } else {
        format!(
            "Compared with the numbers as typed, LayerNorm's result moved by at most {}, RMSNorm's \
             by {}.",
            moved(&before_layer, &layer),
            moved(&before_rms, &rms)
        )
    };

    let (from, to) = range(&x);
    let most = layer.iter().chain(&rms).fold(2.0_f64, |most, v| most.max(v.abs())).ceil();
    let axes = [
        Axis { name: "x", values: &x, from, to },
        Axis { name: "LayerNorm", values: &layer, from: -most, to: most },
        Axis { name: "RMSNorm", values: &rms, from: -most, to: most },
    ];
    let shown = |values: &[f64]| values.iter().map(|v| short(*v, 2)).collect::<Vec<_>>().join(", ");
    let text = format!(
        "Three axes with dots. x: {}. LayerNorm: {}. RMSNorm: {}.",
        shown(&x),
        shown(&layer),
        shown(&rms)
    );
    let rows = (0..x.len()).map(|i| {
        let number = |v: f64| Cell::Number(short(v, 2));
        let name = letter(i).to_string();
        vec![name.into(), number(given[i]), number(x[i]), number(layer[i]), number(rms[i])]
    });
    let columns = ["", "typed", "x", "LayerNorm", "RMSNorm"].map(str::to_owned);
    let table = View::Table {
        label: "The same in numbers".into(),
        columns: columns.into(),
        rows: rows.collect(),
    };
    let drawn = View::drawing("The numbers, before and after each norm", text, drawing(&axes));
    cx.show(summary, &[drawn, table]);
    Ok(())
}

/// Whole numbers around all of them, and around 0 if that is near.
fn range(x: &[f64]) -> (f64, f64) {
    let low = x.iter().copied().fold(0.0, f64::min).floor();
    let high = x.iter().copied().fold(0.0, f64::max).ceil();
    (low, if low == high { high + 1.0 } else { high })
}

/// The numbers that a text lists.
fn numbers(text: &str) -> Result<Vec<f64>, DemoError> {
    let numbers = text.split_whitespace().map(number).collect::<Result<Vec<f64>, _>>()?;
    match numbers.len() {
        1..=MOST => Ok(numbers),
        0 => Err(DemoError::input(NUMBERS.name, "There is no number yet: type one or more.")),
        n => {
            let message = format!("{} are too many here: give {MOST} at most.", format::count(n));
            Err(DemoError::input(NUMBERS.name, message))
        }
    }
}

fn number(word: &str) -> Result<f64, DemoError> {
    let number = word.replace('−', "-").parse().ok();
    number.filter(|x: &f64| (-LARGEST..=LARGEST).contains(x)).ok_or_else(|| {
        let word: String = word.chars().take(20).collect();
        let message = format!(
            "“{word}” does not work here: give numbers from −{LARGEST} to {LARGEST}, such as 2.5."
        );
        DemoError::input(NUMBERS.name, message)
    })
}
