//! The Pile's sources, read for as long as one likes.

use corpora::{Answers, Source, pile};
use demo::control::{Choice, Slider, Typed};
use demo::format::{count, percent};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::short;

const WEIGHTS: Choice = Choice::new(
    "weights",
    "Weights",
    &[
        ("pile", "As published: size × epochs"),
        ("size", "By size"),
        ("even", "Even: each source the same"),
    ],
);
const BUDGET: Slider =
    Slider::new("budget", "Budget, in GiB of text", 1254.0, [100.0, 3300.0], 1.0);
const EPOCHS: Slider = Slider::new("epochs", "At most so many epochs", 4.0, [1.0, 10.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "mixture",
        title: "A mixture of 22 sources",
        lesson: "corpora",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![WEIGHTS.control(), BUDGET.control(), EPOCHS.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (weights, most) = (cx.get(&WEIGHTS)?, cx.get(&EPOCHS)? as u32);
    let budget = cx.get(&BUDGET)? as u64 * 100;
    let weighted = |source: Source| match weights {
        "size" => Source { weight: source.tokens as u32, ..source },
        "even" => Source { weight: 1, ..source },
        _ => source,
    };
    let sources: Vec<Source> = pile::sources().into_iter().map(weighted).collect();
    let control = EPOCHS.name;
    let given = (answers.pile_mixture)(&sources, most, budget).map_err(|_| {
        let all: u64 = sources.iter().map(|source| source.tokens).sum::<u64>() * u64::from(most);
        let all = count((all / 100) as usize);
        DemoError::input(
            control,
            format!("So often read, the sources give {all} GiB: allow more epochs, or take less."),
        )
    })?;
    let mut capped = 0;
    let mut rows = Vec::new();
    for ((source, &given), &(name, ..)) in sources.iter().zip(&given).zip(&pile::TABLE) {
        let is_capped = given == source.tokens * u64::from(most);
        capped += usize::from(is_capped);
        rows.push(vec![
            name.into(),
            Cell::Number(short(source.tokens as f64 / 100.0, 1)),
            Cell::Number(percent(given as f64 / budget as f64)),
            Cell::Number(short(given as f64 / source.tokens as f64, 2)),
            if is_capped { "full" } else { "" }.into(),
        ]);
    }
    cx.show(
        format!("{capped} of {} sources are read as often as they may be.", sources.len()),
        &[View::Table {
            label: "What is read".into(),
            columns: ["Source", "GiB", "Share", "Epochs", "Cap"].map(str::to_owned).to_vec(),
            rows,
        }],
    );
    Ok(())
}
