//! Who works when in a pipeline.

use demo::control::{Choice, Slider, Typed};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::{percent, settled, short};
use many_machines::{Answers, Kind, held, waiting};

use crate::rows::{timeline, told};

const ORDER: Choice = Choice::new(
    "order",
    "Order",
    &[("gpipe", "GPipe: all forward, then all backward"), ("1f1b", "1F1B: one forward, one back")],
);
const STAGES: Slider = Slider::new("stages", "Stages", 4.0, [1.0, 8.0], 1.0);
const MICRO_BATCHES: Slider = Slider::new("micro", "Micro-batches", 4.0, [1.0, 16.0], 1.0);
const RATIO: Slider = Slider::new("ratio", "Backward takes × forward", 2.0, [0.5, 3.0], 0.5);

/// So many units does a forward take, so that half as many are a whole number.
const FORWARD: u64 = 2;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "pipeline-timeline",
        title: "Who waits in a pipeline",
        lesson: "many-machines",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![ORDER.control(), STAGES.control(), MICRO_BATCHES.control(), RATIO.control()]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let kind = if cx.get(&ORDER)? == "1f1b" { Kind::OneFOneB } else { Kind::GPipe };
    let (p, m) = (cx.get(&STAGES)? as usize, cx.get(&MICRO_BATCHES)? as usize);
    let backward = (cx.get(&RATIO)? * FORWARD as f64) as u64;
    let schedule = (answers.pipeline_schedule)(kind, p, m);
    let rows = (answers.timeline)(&schedule, FORWARD, backward)?;
    let end = rows.iter().flatten().map(|span| span.end).max().unwrap_or(0);
    let share = settled(waiting(&rows));
    let alone = m as u64 * (FORWARD + backward) * p as u64;
    let row = |name: &str, value: String| vec![name.into(), Cell::Number(value)];
    let most: Vec<usize> = schedule.iter().map(|jobs| held(jobs)).collect();
    let bar = |(stage, &held): (usize, &usize)| Bar {
        label: format!("stage {stage}"),
        value: held as f64,
        shown: held.to_string(),
        muted: false,
    };
    cx.show(
        format!("The stages wait {} of their time.", percent(share, 1)),
        &[
            View::drawing("Stages by time, micro-batches by number", told(&rows), timeline(&rows)),
            View::Table {
                label: "This pipeline".into(),
                columns: vec!["What".into(), "How much".into()],
                rows: vec![
                    row("units of time", end.to_string()),
                    row("the same on one machine", alone.to_string()),
                    row("times as fast", short(settled(alone as f64 / end.max(1) as f64), 2)),
                ],
            },
            View::Bars {
                label: "Micro-batches whose activations a stage holds at most".into(),
                bars: most.iter().enumerate().map(bar).collect(),
                max: m as f64,
            },
        ],
    );
    Ok(())
}
