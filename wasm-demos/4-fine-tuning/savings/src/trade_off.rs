//! The trade-off plot: what a method costs against what it gives.

use demo::control::{Choice, Slider, Typed};
use demo::format::{bytes, count, counted};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{percent, short};
use savings::Answers;
use savings::measured::{TASKS, rows, share};
use tuned_runs::Kept;

use crate::plot::{Cost, Good, plot};

const TASK: Choice = Choice::new(
    "task",
    "The task",
    &[
        ("sentiment", "sentiment"),
        ("questions", "answering questions"),
        ("translation", "translation"),
    ],
);
const COST: Choice = Choice::new(
    "cost",
    "What it costs",
    &[
        ("numbers", "numbers that learn"),
        ("bytes", "memory by the formula"),
        ("peak", "memory at its peak, measured"),
        ("seconds", "seconds of a processor"),
    ],
);
const GOOD: Choice = Choice::new(
    "good",
    "What it gives",
    &[("score", "the score"), ("kept", "stories not forgotten")],
);
const KEEP: Slider = Slider::new("tasks", "Tasks to keep", 10.0, [1.0, 200.0], 1.0);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "trade-off",
        title: "The trade-off plot",
        lesson: "savings",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TASK.control(), COST.control(), GOOD.control(), KEEP.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let other = |error: &dyn std::fmt::Display| DemoError::Other(error.to_string());
    let cost = match cx.get(&COST)? {
        "bytes" => Cost::Bytes,
        "peak" => Cost::Peak,
        "seconds" => Cost::Seconds,
        _ => Cost::Numbers,
    };
    let good = if cx.get(&GOOD)? == "kept" { Good::Kept } else { Good::Score };
    let tasks = cx.get(&KEEP)? as usize;
    let kept = Kept::read().map_err(|error| other(&error))?;
    let task = cx.get(&TASK)?;
    let score = TASKS.iter().find(|(name, _)| *name == task).map_or("score", |(_, score)| score);
    let rows = rows(&kept, task).map_err(|error| other(&error))?;
    let (drawing, text, front) =
        plot(&rows, (cost, good, score), answers.pareto_front).map_err(|error| other(&error))?;
    let base = 4 * kept.settings.parameters;
    let row = |row: &savings::measured::Row<'_>| {
        let name = row.run.name();
        let mark = if front.contains(&name) { " ●" } else { "" };
        let file = 4 * row.run.learned;
        let room = if row.run.method == "full" { tasks * file } else { base + tasks * file };
        vec![
            Cell::from(format!("{name}{mark}")),
            Cell::Number(count(row.run.learned)),
            Cell::Number(short(row.bytes / 1e6, 1)),
            Cell::Number(short(row.run.peak as f64 / 1e6, 0)),
            Cell::Number(short(row.run.seconds, 0)),
            Cell::Number(percent(row.run.score, 0)),
            Cell::Number(share(row.forgotten)),
            Cell::Number(bytes(room)),
        ]
    };
    let summary = format!(
        "Nothing beats {}. {} kept: see the last column.",
        front.join("; "),
        counted(tasks, "task")
    );
    cx.show(
        summary,
        &[
            View::drawing(format!("{} against {}", cost.name(), good.name(score)), text, drawing),
            View::Table {
                label: "The methods; ● is on the front".into(),
                columns: ["", "learns", "MB", "peak MB", "seconds", score, "perplexity", "to keep"]
                    .map(String::from)
                    .into(),
                rows: rows.iter().map(row).collect(),
            },
        ],
    );
    Ok(())
}
