//! One control of every kind, and what they hold.

use demo::control::{Choice, Number, Slider, Text, Toggle, Typed};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};

const TEXT: Text = Text::new("text", "A long text", "one two three two", 5 << 20);
const WORD: Text = Text::new("word", "A word", "two", 40);
const COUNT: Number = Number::new("count", "Words shown", 3.0, [1.0, 20.0], 1.0);
const SHARE: Slider = Slider::new("share", "A share", 0.5, [0.0, 1.0], 0.05);
const ORDER: Choice =
    Choice::new("order", "Order", &[("text", "as in the text"), ("length", "by length")]);
const CAPITALS: Toggle = Toggle::new("capitals", "In capitals", false);

pub fn demo() -> Demo {
    Demo {
        name: "kit-form",
        title: "A form",
        lesson: "kit",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                TEXT.control(),
                WORD.control(),
                COUNT.control(),
                SHARE.control(),
                ORDER.control(),
                CAPITALS.control(),
            ]
        },
        run: demo::run(run),
    }
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let (text, word) = (cx.get(&TEXT)?, cx.get(&WORD)?);
    let (count, share) = (cx.get(&COUNT)? as usize, cx.get(&SHARE)?);
    if word.trim().is_empty() {
        return Err(DemoError::input(WORD.name, "give a word to look for, e.g. “two”."));
    }
    let mut words: Vec<&str> = Vec::new();
    for (i, line) in text.split_inclusive('\n').enumerate() {
        words.extend(line.split_whitespace());
        if i % 10_000 == 0 {
            cx.progress("finding words", words.len() as u64, 0).await?;
        }
    }
    let found = words.iter().filter(|found| **found == word.trim()).count();
    let all = words.len();
    if cx.get(&ORDER)? == "length" {
        words.sort_by_key(|word| word.chars().count());
    }
    let shown = |word: &str| match cx.get(&CAPITALS) {
        Ok(true) => word.to_uppercase(),
        _ => word.to_owned(),
    };
    let rows = words.iter().take(count).enumerate();
    let rows = rows.map(|(i, word)| vec![Cell::from(i.to_string()), Cell::from(shown(word))]);
    let table = View::Table {
        label: "The first words".into(),
        columns: vec!["place".into(), "word".into()],
        rows: rows.collect(),
    };
    let prose = format!("A share of {share:.2} of {all} words is {:.0}.", share * all as f64);
    cx.show(
        format!("“{}” is {found} of {all} words.", word.trim()),
        &[table, View::Prose(vec![prose])],
    );
    Ok(())
}
