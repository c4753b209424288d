//! Four optimizers from the same start on the same surface.

use demo::control::{Choice, Slider, Typed};
use demo::format::number;
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View};
use grading::numbers::settled;
use optimizers::{AdamW, Answers, Group, Lion, Moments, OptimizerError, Sgd, steps_down};

use crate::surfaces::{Surface, surface};

const SURFACE: Choice = Choice::new(
    "surface",
    "Surface",
    &[
        ("valley", "Narrow valley"),
        ("canyon", "Canyon, 100 times as steep"),
        ("tilted", "The valley, tilted"),
        ("saddle", "Saddle"),
        ("bumps", "Bumps"),
    ],
);
const LR: Slider =
    Slider::new("lr", "Learning rate of SGD and momentum", 0.07, [0.0002, 0.1], 0.0002);
const LR_ADAM: Slider =
    Slider::new("lr-adam", "Learning rate of AdamW and Lion", 0.1, [0.01, 0.5], 0.01);
const MOMENTUM: Slider = Slider::new("momentum", "Momentum μ", 0.7, [0.0, 0.98], 0.02);
const STEPS: Slider = Slider::new("steps", "Steps", 60.0, [1.0, 200.0], 1.0);
const X: Slider = Slider::new("x", "Start x", -4.0, [-4.5, 4.5], 0.1);
const Y: Slider = Slider::new("y", "Start y", 0.8, [-1.8, 1.8], 0.1);

/// A loss that is as good as none.
const THERE: f64 = 0.01;
/// So many times the loss of the start: nobody comes back from there.
const LOST: f64 = 100.0;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "optimizer-race",
        title: "Four ways down",
        lesson: "optimizers",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                SURFACE.control(),
                LR.control(),
                LR_ADAM.control(),
                MOMENTUM.control(),
                STEPS.control(),
                X.control(),
                Y.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// Where an optimizer went.
struct Path {
    name: &'static str,
    places: Vec<(f64, f64)>,
    losses: Vec<f64>,
    /// The step at which it was lost.
    lost: Option<usize>,
}

impl Path {
    fn new(name: &'static str, mut places: Vec<(f64, f64)>, surface: &Surface) -> Self {
        let mut losses: Vec<f64> =
            places.iter().map(|&(x, y)| settled((surface.loss)(x, y))).collect();
        let most = LOST * (losses[0] + 1.0);
        // NaN is not within any limit.
        let lost = losses.iter().position(|loss| !loss.is_finite() || *loss > most);
        if let Some(step) = lost {
            places.truncate(step);
            losses.truncate(step);
        }
        Self { name, places, losses, lost }
    }

    /// The first step with next to no loss.
    fn arrived(&self) -> Option<usize> {
        self.losses.iter().position(|loss| *loss < THERE)
    }

    fn told(&self) -> String {
        match (self.lost, self.losses.last()) {
            (Some(step), _) => format!("{} diverges: at step {step} it is lost", self.name),
            (None, Some(loss)) => format!("{} ends at a loss of {}", self.name, number(*loss)),
            _ => self.name.into(),
        }
    }
}

fn race(
    answers: &Answers,
    surface: &Surface,
    start: [f32; 2],
    [lr, momentum, lr_adam]: [f64; 3],
    steps: usize,
) -> Result<Vec<Path>, OptimizerError> {
    let mut paths = Vec::new();
    for (name, momentum) in [("SGD", 0.0), ("momentum", momentum)] {
        let settings = Sgd { lr, momentum, nesterov: false, weight_decay: 0.0 };
        let mut velocity = [0.0; 2];
        let step =
            |w: &mut [f32], g: &[f32]| (answers.sgd_momentum)(w, g, &mut velocity, &settings);
        paths.push(Path::new(name, steps_down(start, steps, surface.gradient, step)?, surface));
    }
    let (settings, groups) = (AdamW { lr: lr_adam, ..AdamW::default() }, Group::all(2, 0.0));
    let mut state = Moments::new(2);
    let step =
        |w: &mut [f32], g: &[f32]| (answers.adamw_step)(w, g, &groups, &mut state, &settings);
    paths.push(Path::new("AdamW", steps_down(start, steps, surface.gradient, step)?, surface));
    let settings = Lion { lr: lr_adam, beta1: 0.9, beta2: 0.99, weight_decay: 0.0 };
    let mut kept = [0.0; 2];
    let step = |w: &mut [f32], g: &[f32]| (answers.lion)(w, g, &mut kept, &settings);
    paths.push(Path::new("Lion", steps_down(start, steps, surface.gradient, step)?, surface));
    Ok(paths)
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let surface = surface(cx.get(&SURFACE)?);
    let start = [cx.get(&X)? as f32, cx.get(&Y)? as f32];
    let steps = cx.get(&STEPS)? as usize;
    let settings = [cx.get(&LR)?, cx.get(&MOMENTUM)?, cx.get(&LR_ADAM)?];
    let paths = race(&answers, &surface, start, settings, steps)?;

    let mut map = surface.map();
    for path in &paths {
        map = map.curve(path.name, path.places.iter().copied());
    }
    let [x, y] = start.map(|v| number(f64::from(v)));
    let map = map.point((start[0].into(), start[1].into()), "start");
    let told: Vec<String> = paths.iter().map(Path::told).collect();
    let most = 1.2 * paths[0].losses.first().copied().unwrap_or(0.0) + 0.5;
    let line = |path: &Path| Line {
        name: path.name.into(),
        points: (0..).map(f64::from).zip(path.losses.iter().map(|loss| loss.min(most))).collect(),
    };
    let row = |path: &Path| {
        let place = |of: fn(&(f64, f64)) -> f64| match (path.lost, path.places.last()) {
            (None, Some(last)) => number(settled(of(last))),
            _ => "–".into(),
        };
        let loss = match (path.lost, path.losses.last()) {
            (None, Some(loss)) => number(*loss),
            (Some(step), _) => format!("lost at step {step}"),
            _ => "–".into(),
        };
        let arrived = path.arrived().map_or("never".into(), |step| step.to_string());
        let mut cells = vec![Cell::from(path.name)];
        cells.extend([place(|p| p.0), place(|p| p.1), loss, arrived].map(Cell::Number));
        cells
    };
    cx.show(
        format!("{}.", told.join("; ")),
        &[
            View::drawing(
                "The paths, seen from above",
                format!(
                    "Lines of equal loss, and four paths that begin at x = {x}, y = {y}. {}.",
                    told.join("; ")
                ),
                map,
            ),
            View::Lines {
                label: "The loss, step by step".into(),
                x_label: "step".into(),
                y_label: "loss".into(),
                lines: paths.iter().map(line).collect(),
            },
            View::Table {
                label: format!("After {}", demo::format::counted(steps, "step")),
                columns: ["optimizer", "x", "y", "loss", "below 0.01 at"].map(Into::into).into(),
                rows: paths.iter().map(row).collect(),
            },
        ],
    );
    Ok(())
}
