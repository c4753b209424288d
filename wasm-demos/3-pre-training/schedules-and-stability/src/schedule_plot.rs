//! A learning rate by step, and a network that is trained with it.

use demo::control::{Choice, Slider, Toggle, Typed};
use demo::figure::Plot;
use demo::format::{count, number};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::{settled, short};
use schedules_and_stability::training::{
    BAD_STEP, BATCH, MAX_NORM, Run, STEPS, Settings, blind, train,
};
use schedules_and_stability::{Answers, Decay, Schedule};

const DECAY: Choice = Choice::new(
    "decay",
    "How the rate falls",
    &[
        ("cosine", "Cosine"),
        ("linear", "Linear"),
        ("root", "Inverse square root"),
        ("stable", "Warmup-stable-decay"),
        ("constant", "Constant"),
    ],
);
const PEAK: Slider = Slider::new("peak", "Peak", 3.0, [0.05, 10.0], 0.05);
const WARMUP: Slider = Slider::new("warmup", "Warm-up, steps", 50.0, [0.0, 600.0], 10.0);
const TOTAL: Slider = Slider::new("total", "Total, steps", 600.0, [50.0, 1200.0], 50.0);
const FLOOR: Slider = Slider::new("floor", "Floor, % of the peak", 0.0, [0.0, 50.0], 5.0);
const LINE: Slider =
    Slider::new("line", "Last line of stable-decay, steps", 120.0, [0.0, 600.0], 10.0);
const BAD: Toggle = Toggle::new("bad", "A bad batch at step 300", false);
const CLIP: Toggle = Toggle::new("clip", "Clip gradients to a norm of 2", false);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "schedule-plot",
        title: "A schedule, and what it does",
        lesson: "schedules-and-stability",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                DECAY.control(),
                PEAK.control(),
                WARMUP.control(),
                TOTAL.control(),
                FLOOR.control(),
                LINE.control(),
                BAD.control(),
                CLIP.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let decay = match cx.get(&DECAY)? {
        "linear" => Decay::Linear,
        "root" => Decay::InverseSqrt,
        "stable" => Decay::WarmupStableDecay { decay: cx.get(&LINE)? as usize },
        "constant" => Decay::Constant,
        _ => Decay::Cosine,
    };
    let peak = cx.get(&PEAK)?;
    let (warmup, total) = (cx.get(&WARMUP)? as usize, cx.get(&TOTAL)? as usize);
    let schedule = Schedule { decay, peak, floor: peak * cx.get(&FLOOR)? / 100.0, warmup, total };
    let settings = Settings {
        schedule,
        max_norm: if cx.get(&CLIP)? { MAX_NORM } else { f64::INFINITY },
        bad_step: cx.get(&BAD)?.then_some(BAD_STEP),
    };
    let run = train(&answers, &settings)?;
    let summary = verdict(&run);
    cx.show(summary.clone(), &[plot(&schedule, &run), losses(&run), facts(&run, &settings)]);
    Ok(())
}

fn plot(schedule: &Schedule, run: &Run) -> View {
    let most = run.rates.iter().copied().fold(1e-9, f64::max);
    let points = run.rates.iter().enumerate().map(|(step, &rate)| (step as f64, rate));
    let mut plot = Plot::new(("step", 0.0, STEPS as f64), ("learning rate", 0.0, 1.15 * most))
        .curve("", points);
    let mut told = Vec::new();
    for (name, step) in [("warm-up ends", schedule.warmup), ("total", schedule.total)] {
        if let (1.., Some(&rate)) = (step, run.rates.get(step)) {
            plot = plot.point((step as f64, rate), name);
            told.push(format!("{name} at step {step}, with a rate of {}", number(settled(rate))));
        }
    }
    let [first, last] = [run.rates.first(), run.rates.last()]
        .map(|rate| number(settled(rate.copied().unwrap_or(0.0))));
    let ends = format!("The rate is {first} at first and {last} at last");
    let told: Vec<String> = [vec![ends], told].concat();
    View::drawing("The learning rate", format!("{}.", told.join("; ")), plot)
}

fn losses(run: &Run) -> View {
    let points =
        |values: &[f64]| values.iter().enumerate().map(|(x, &y)| (x as f64, settled(y))).collect();
    View::Lines {
        label: "The loss in training, each point a mean over 31 steps".into(),
        x_label: "step".into(),
        y_label: "loss, nats a word".into(),
        lines: vec![
            Line { name: "the network".into(), points: points(&run.smooth()) },
            Line { name: "a blind guess".into(), points: points(&[blind(); STEPS]) },
        ],
    }
}

fn facts(run: &Run, settings: &Settings) -> View {
    let row = |name: &str, value: String| vec![name.into(), Cell::Number(value)];
    let most = run.norms.iter().copied().fold(0.0, f64::max);
    let clipped = run.norms.iter().filter(|&&norm| norm > settings.max_norm).count();
    View::Table {
        label: "This run".into(),
        columns: vec!["What".into(), "How much".into()],
        rows: vec![
            row("words it learned from", count(run.losses.len() * BATCH)),
            row("sum of all rates", short(run.rates.iter().sum(), 1)),
            row("longest gradient", short(most, 1)),
            row("steps with a clipped gradient", count(clipped)),
            row("loss held out, at the end", short(run.held_out, 2)),
        ],
    }
}

/// What was seen, in words.
fn verdict(run: &Run) -> String {
    let held_out = short(run.held_out, 2);
    let guess = format!("a blind guess has {}", short(blind(), 2));
    if let Some(error) = run.refused {
        return format!("It ended at step {}: {error}.", run.losses.len() - 1);
    }
    // The first batches are met by random weights, so they do not count.
    let seen = &run.smooth()[30.min(run.losses.len())..];
    let most = seen.iter().copied().fold(0.0, f64::max);
    if run.held_out.is_nan() || run.held_out > blind() {
        let since = seen.iter().rposition(|&loss| loss <= blind()).map_or(30, |step| step + 31);
        return format!(
            "It exploded: a loss of {held_out}, and {guess}. It is above that since step {since}."
        );
    }
    if most > 1.1 * blind() {
        let most = short(most, 1);
        return format!(
            "It exploded on the way, up to a loss of {most}, and came down with the rate, to \
             {held_out}; {guess}."
        );
    }
    let verb = if run.held_out > 5.0 { "crawled" } else { "learned" };
    format!("It {verb}: a loss of {held_out}, and {guess}.")
}
