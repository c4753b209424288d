//! A run is stopped in the middle, and goes on with what was saved of it.

use demo::control::{Choice, Slider, Typed};
use demo::format::{count, number};
use demo::{Context, Demo, DemoError, Device, Line, Start, View};
use optimizers::Moments;
use rand::SeedableRng;
use rand::rngs::StdRng;
use small_gpt::{Engine, Model, Sizes};
use training_loop::{Answers, Report, Rows, Settings, State};

use crate::pretrain::settings;
use crate::texts::{Cut, Texts};

const SAVED: Choice = Choice::new(
    "saved",
    "What comes back",
    &[
        ("weights", "the weights only"),
        ("no-moments", "weights and step"),
        ("no-step", "weights, m and v"),
        ("all", "all of it"),
    ],
);
const STOP: Slider = Slider::new("stop", "Stopped after step", 90.0, [10.0, 150.0], 10.0);
const STEPS: usize = 160;
/// Steps of a point of the curves.
const POINT: usize = 10;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "resume",
        title: "Stop a run, and go on",
        lesson: "training-loop",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![SAVED.control(), STOP.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// Trains to a step; what each step reported is added to `told`.
fn go_on(
    answers: Answers,
    state: &mut State,
    (rows, settings): (&Rows, &Settings),
    until: usize,
    told: &mut Vec<Report>,
) -> Result<(), DemoError> {
    let on_step = &mut |_: &State, report: &Report| {
        told.push(*report);
        true
    };
    let engine = &mut Engine::default();
    Ok((answers.train)(state, rows, settings, engine, until, on_step)?)
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (saved, stop) = (cx.get(&SAVED)?, cx.get(&STOP)? as usize);
    let texts = Texts::town(Cut::Letters);
    let vocab_size = texts.vocab_size();
    let sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 16, n_positions: 16, vocab_size };
    let [rows, _] = texts.rows(sizes.n_positions)?;
    let settings = settings(0.02, STEPS);
    let run = (&rows, &settings);

    let mut state = State::new(Model::random(sizes, &mut StdRng::seed_from_u64(1)));
    let mut whole = Vec::new();
    go_on(answers, &mut state, run, stop, &mut whole)?;
    let mut again = state.clone();
    go_on(answers, &mut state, run, STEPS, &mut whole)?;

    cx.progress("the same again, from the middle", 0, 0).await?;
    if ["weights", "no-moments"].contains(&saved) {
        again.moments = Moments::new(again.model.parameters.len());
    }
    if ["weights", "no-step"].contains(&saved) {
        (again.step, again.moments.step) = (0, 0);
    }
    let mut resumed = Vec::new();
    let until = again.step + STEPS - stop;
    go_on(answers, &mut again, run, until, &mut resumed)?;

    let pairs = state.model.parameters.iter().zip(&again.model.parameters);
    let same = pairs.clone().filter(|(a, b)| a.to_bits() == b.to_bits()).count();
    let farthest = pairs.fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
    let all = state.model.parameters.len();
    let summary = match same == all {
        true => format!("All {} weights at the end have the same bits.", count(all)),
        false => format!(
            "{} of {} weights at the end have the same bits; the farthest is off by {}.",
            count(same),
            count(all),
            number(f64::from(farthest))
        ),
    };
    let lines =
        vec![curve("never stopped", &whole, 0), curve("stopped and resumed", &resumed, stop)];
    cx.show(
        summary,
        &[View::Lines {
            label: format!("Loss of the batches, means of {POINT} steps"),
            x_label: "step".into(),
            y_label: "loss, nats a letter".into(),
            lines,
        }],
    );
    Ok(())
}

/// Each point is the mean of some steps, drawn at the last of them.
fn curve(name: &str, told: &[Report], from: usize) -> Line {
    let mean = |told: &[Report]| told.iter().map(|told| told.loss).sum::<f64>() / told.len() as f64;
    let at = |at: usize| (from + (at + 1) * POINT) as f64;
    let points = told.chunks(POINT).enumerate().map(|(i, told)| (at(i), mean(told)));
    Line { name: name.into(), points: points.collect() }
}
