//! The mean among its numbers: one outlier moves it.

use demo::control::{Text, Typed};
use demo::{Bar, Context, Demo, DemoError, Device, Start, View, format};
use objectives::Answers;

const NUMBERS: Text = Text::new("numbers", "Numbers, with spaces in between", "1 2 6", 1000);

/// Bars of the numbers and of their mean.
pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "objectives-bars",
        title: "The mean of your numbers",
        lesson: "objectives",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![NUMBERS.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let text = cx.get(&NUMBERS)?;
    let numbers = text.split_whitespace().map(number).collect::<Result<Vec<f64>, _>>()?;
    let mean =
        (answers.mean)(&numbers).map_err(|e| DemoError::input(NUMBERS.name, e.to_string()))?;
    let max = numbers.iter().copied().fold(mean, f64::max);
    let bar = |label: String, value: f64, muted| Bar {
        label,
        value,
        shown: format::number(value),
        muted,
    };
    let mut bars: Vec<Bar> = numbers
        .iter()
        .enumerate()
        .map(|(i, &x)| bar(format!("number {}", i + 1), x, true))
        .collect();
    bars.push(bar("mean".into(), mean, false));
    let summary = format!("The mean of {} numbers is {}.", numbers.len(), format::number(mean));
    cx.show(summary, &[View::Bars { label: "The numbers and their mean".into(), bars, max }]);
    Ok(())
}

/// A bar has a length, so only numbers from zero on.
fn number(word: &str) -> Result<f64, DemoError> {
    let number = word.parse().ok().filter(|x: &f64| (0.0..=1e9).contains(x));
    number.ok_or_else(|| {
        DemoError::input(
            NUMBERS.name,
            format!("“{word}” does not work here: give numbers from 0 to 1e9."),
        )
    })
}
