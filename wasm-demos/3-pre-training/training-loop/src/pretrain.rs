//! A small GPT learns the stories of Tinytown, word by word.

use demo::control::{Choice, Slider, Text, Typed};
use demo::format::{count, counted, number};
use demo::{Cell, Context, Demo, DemoError, Device, Line, Start, View};
use neural_language_model::draw_token;
use rand::SeedableRng;
use rand::rngs::StdRng;
use schedules_and_stability::{Decay, Schedule};
use small_gpt::{Engine, Model, Sizes};
use training_loop::{Answers, LoopError, Rows, Settings, State};

use crate::texts::{Cut, END, Texts};

const STEPS: Slider = Slider::new("steps", "Steps", 300.0, [100.0, 3000.0], 100.0);
const SIZE: Choice = Choice::new(
    "size",
    "Model",
    &[
        ("small", "small: 2 blocks, width 32"),
        ("medium", "medium: 3 blocks, width 48"),
        ("large", "large: 4 blocks, width 64"),
    ],
);
const RATE: Slider =
    Slider::new("rate", "Peak learning rate, in thousandths", 10.0, [0.5, 60.0], 0.5);
const TOKENS: Choice =
    Choice::new("tokens", "A token is", &[("words", "a word"), ("letters", "a letter")]);
const TEXT: Text =
    Text::new("text", "A text of your own, a story a line; Tinytown if empty", "", 300_000);

const SEED: u64 = 1;
/// Samples in the table.
const SAMPLES: usize = 6;
/// Points of the curve.
const POINTS: usize = 20;
/// Steps between two looks at whether the reader wants to go on.
const ROUND: usize = 5;
const BATCH: usize = 8;
/// What the counts of each order are called.
const COUNTS: [&str; 3] = ["counted tokens", "counted pairs", "counted triples"];

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "pretrain",
        title: "Pre-train a GPT in the page",
        lesson: "training-loop",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || {
            vec![STEPS.control(), SIZE.control(), RATE.control(), TOKENS.control(), TEXT.control()]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

fn sizes(size: &str, vocab_size: usize) -> Sizes {
    let (n_layer, n_head, n_embd, n_positions) = match size {
        "small" => (2, 2, 32, 32),
        "medium" => (3, 3, 48, 48),
        _ => (4, 4, 64, 64),
    };
    Sizes { n_layer, n_head, n_embd, n_positions, vocab_size }
}

/// How the page trains.
pub(crate) fn settings(peak: f64, total: usize) -> Settings {
    let warmup = total / 10;
    Settings {
        schedule: Schedule { decay: Decay::Cosine, peak, floor: peak / 10.0, warmup, total },
        beta1: 0.9,
        beta2: 0.95,
        eps: 1e-8,
        weight_decay: 0.1,
        max_norm: 1.0,
        batch: BATCH,
        micro_batch: BATCH,
        seed: SEED,
    }
}

/// What was seen so far.
struct Board {
    texts: Texts,
    /// The mean loss of counts, from order 1 on.
    counts: Vec<f64>,
    steps: usize,
    /// Loss of the batches since the point before, and of what is held out, by steps.
    curve: Vec<(usize, f64, f64)>,
    /// After how many steps, with which loss held out, and what was written then.
    samples: Vec<(usize, f64, String)>,
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (steps, peak) = (cx.get(&STEPS)? as usize, cx.get(&RATE)? / 1000.0);
    let (size, text) = (cx.get(&SIZE)?, cx.get(&TEXT)?);
    cx.progress("counting", 0, 0).await?;
    let cut = if cx.get(&TOKENS)? == "words" { Cut::Words } else { Cut::Letters };
    let texts = if text.trim().is_empty() { Texts::town(cut) } else { Texts::read(&text, cut) };
    let sizes = sizes(size, texts.vocab_size());
    let [rows, held_out] = texts.rows(sizes.n_positions)?;
    if rows.count() < BATCH || held_out.tokens() == 0 {
        return Err(DemoError::input(
            TEXT.name,
            format!(
                "This text is too short: give at least ten lines and {}.",
                counted(2 * BATCH * sizes.n_positions, texts.token())
            ),
        ));
    }
    let counts = texts.counted()?;
    let settings = settings(peak, steps);
    let mut state = State::new(Model::random(sizes, &mut StdRng::seed_from_u64(SEED)));
    let mut board = Board { texts, counts, steps, curve: vec![], samples: vec![] };
    let mut engine = Engine::default();
    board.look(answers, &state, &held_out, &mut engine, None)?;
    let mut losses = Vec::new();
    for at in 1..=POINTS {
        let until = steps * at / POINTS;
        while state.step < until {
            cx.progress("training", state.step as u64, steps as u64).await?;
            let round = until.min(state.step + ROUND);
            let on_step = &mut |_: &State, report: &training_loop::Report| {
                losses.push(report.loss);
                true
            };
            let trained =
                (answers.train)(&mut state, &rows, &settings, &mut engine, round, on_step);
            match trained {
                Err(LoopError::Diverged { .. } | LoopError::Stability(_)) => {
                    board.show_explosion(&cx, state.step, peak);
                    return Ok(());
                }
                trained => trained?,
            }
        }
        let mean = losses.iter().sum::<f64>() / losses.len().max(1) as f64;
        losses.clear();
        board.look(answers, &state, &held_out, &mut engine, Some(mean))?;
        cx.show(board.verdict(&state), &board.views());
    }
    let mut views = board.views();
    views.push(board.facts(&state, &rows));
    cx.show(board.verdict(&state), &views);
    Ok(())
}

impl Board {
    /// Judges the model, and lets it write.
    fn look(
        &mut self,
        answers: Answers,
        state: &State,
        held_out: &Rows,
        engine: &mut Engine,
        mean: Option<f64>,
    ) -> Result<(), DemoError> {
        let loss = (answers.evaluate)(&state.model, held_out, BATCH, engine)?;
        self.curve.push((state.step, mean.unwrap_or(loss), loss));
        // Of the points some, the last among them.
        let at = self.curve.len() - 1;
        if at <= 1 || at.is_multiple_of(POINTS / (SAMPLES - 2)) {
            let sample = self.texts.text(&sample(&state.model, engine, self.texts.len_of_sample()));
            self.samples.push((state.step, loss, sample));
        }
        Ok(())
    }

    fn views(&self) -> Vec<View> {
        let line = |name: &str, of: fn(&(usize, f64, f64)) -> f64| Line {
            name: name.into(),
            points: self.curve.iter().map(|point| (point.0 as f64, of(point))).collect(),
        };
        let level = |(order, &loss): (usize, &f64)| Line {
            name: format!("{}, held out", COUNTS[order]),
            points: vec![(0.0, loss), (self.steps as f64, loss)],
        };
        let mut lines = vec![line("GPT, held out", |p| p.2), line("GPT, its batches", |p| p.1)];
        lines.extend(self.counts.iter().enumerate().map(level));
        vec![
            View::Lines {
                label: "The loss as it learns".into(),
                x_label: "step".into(),
                y_label: format!("loss, nats a {}", self.texts.token()),
                lines,
            },
            View::Table {
                label: "What it writes as it learns, each time with the same luck".into(),
                columns: ["Steps", "Loss held out", "Sample"].map(String::from).into(),
                rows: self.samples.iter().map(row).collect(),
            },
        ]
    }

    fn verdict(&self, state: &State) -> String {
        let loss = self.curve.last().map_or(0.0, |point| point.2);
        let beaten = self.counts.iter().rposition(|counted| loss < *counted);
        let place = match beaten {
            None => format!("above that of {}", COUNTS[0]),
            Some(order) => format!("below that of {}", COUNTS[order]),
        };
        format!(
            "After {} the loss held out is {}, {place}.",
            counted(state.step, "step"),
            number(loss)
        )
    }

    fn facts(&self, state: &State, rows: &Rows) -> View {
        let read = self.steps * BATCH * rows.context;
        let times = read as f64 / self.texts.count() as f64;
        View::Prose(vec![format!(
            "{} weights, trained on {} positions in rows of {}. The text has {}, so it was read {} \
             times.",
            count(state.model.parameters.len()),
            count(read),
            rows.context,
            counted(self.texts.count(), self.texts.token()),
            number((10.0 * times).round() / 10.0),
        )])
    }

    /// What was seen, in place of what was hoped for.
    fn show_explosion(&self, cx: &Context, step: usize, peak: f64) {
        let summary = format!(
            "It diverged: the loss of step {step} is no finite number. A peak learning rate of {} is \
             too high. The state is that before the step.",
            number(peak)
        );
        let mut views = vec![View::Prose(vec![summary.clone()])];
        views.extend(self.views());
        cx.show(summary, &views);
    }
}

fn row((step, loss, text): &(usize, f64, String)) -> Vec<Cell> {
    let numbers = [count(*step), number(*loss)].map(Cell::Number);
    [numbers.into(), vec![text.as_str().into()]].concat()
}

/// What a model writes after the end of a story.
fn sample(model: &Model, engine: &mut Engine, len: usize) -> Vec<u32> {
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut tokens = vec![END];
    for _ in 0..len {
        let from = tokens.len().saturating_sub(model.sizes.n_positions);
        let logits = engine.next_logits(model, &tokens[from..]);
        tokens.push(draw_token(logits, &mut rng));
    }
    tokens.split_off(1)
}
