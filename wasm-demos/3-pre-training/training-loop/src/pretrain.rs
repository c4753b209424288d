//! A small GPT learns the stories of Tinytown, word by word.

mod shown;

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};

use demo::control::{Choice, File, Slider, Text, Typed};
use demo::format::counted;
use demo::{Context, Demo, DemoError, Device, Offer, Start};
use neural_language_model::draw_token;
use rand::SeedableRng;
use rand::rngs::StdRng;
use schedules_and_stability::{Decay, Schedule};
use small_gpt::{Engine, Model, Sizes};
use training_loop::{Answers, LoopError, Rows, Settings, State};

use crate::checkpoints;
use crate::pieces::pieces;
use crate::texts::{Cut, Texts};

const STEPS: Slider =
    Slider::new("steps", "Steps", 300.0, [100.0, checkpoints::MOST as f64], 100.0);
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
const TOKENS: Choice = Choice::new(
    "tokens",
    "A token is",
    &[("words", "a word"), ("letters", "a letter"), ("pieces", "one of Buddy’s 512 pieces")],
);
const TEXT: Text =
    Text::new("text", "A text of your own, a story a line; Tinytown if empty", "", 300_000);
const CHECKPOINT: File =
    File::new("checkpoint", "A checkpoint to go on from", ".safetensors", 8_000_000);

/// Buddy's pieces: with them a checkpoint goes on in the page and on the command line.
const TOKENIZER: &str = "buddy/tokenizer.json";
const SEED: u64 = 1;
/// Samples in the table.
const SAMPLES: usize = 6;
/// Points of the curve.
const POINTS: usize = 20;
/// The head whose attention is shown: its block, and its place there.
const HEAD: (usize, usize) = (0, 0);
const BATCH: usize = 8;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "pretrain",
        title: "Pre-train a GPT in the page",
        lesson: "training-loop",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || {
            vec![
                STEPS.control(),
                SIZE.control(),
                RATE.control(),
                TOKENS.control(),
                TEXT.control(),
                CHECKPOINT.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers))
            .with_assets(&[TOKENIZER])
            .tried_with(&[("steps", "100")]),
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

thread_local! {
    /// The run that the reader has stopped.
    static STOPPED: RefCell<Option<Run>> = const { RefCell::new(None) };
}

/// A run, wherever it is.
struct Run {
    /// The settings, the text and the file: with the same a run that was stopped goes on.
    asked: String,
    texts: Texts,
    has_own_text: bool,
    rows: Rows,
    held_out: Rows,
    /// The mean loss of counts, from order 1 on.
    counts: Vec<f64>,
    peak: f64,
    steps: usize,
    /// Its steps when it began: more than 0 if it goes on from a file.
    from: usize,
    state: State,
    engine: Engine,
    /// Of the batches since the last point of the curve.
    losses: Vec<f64>,
    /// Loss of the batches since the point before, and of what is held out, by steps.
    curve: Vec<(usize, f64, f64)>,
    /// After how many steps, with which loss held out, and what was written then.
    samples: Vec<(usize, f64, String)>,
    /// After how many steps, and how a head attends then.
    attention: Vec<(usize, Vec<f64>)>,
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let mut hasher = DefaultHasher::new();
    cx.file(&CHECKPOINT).hash(&mut hasher);
    let asked = format!(
        "{} {} {} {} {} {:?} {}",
        cx.get(&STEPS)?,
        cx.get(&SIZE)?,
        cx.get(&RATE)?,
        cx.get(&TOKENS)?,
        hasher.finish(),
        answers.train as *const (),
        cx.get(&TEXT)?
    );
    let stopped = STOPPED.take().filter(|stopped| stopped.asked == asked);
    let mut run = match stopped {
        Some(run) => run,
        None => {
            cx.progress("counting", 0, 0).await?;
            let texts = texts(&cx).await?;
            Run::new(&cx, answers, asked, texts)?
        }
    };
    let ended = run.go(&cx, answers).await;
    if ended == Err(DemoError::Cancelled) {
        run.show_stop(&cx);
        run.offer(&cx, answers)?;
        STOPPED.set(Some(run));
    }
    ended
}

/// The text that is asked for, in the tokens that are asked for.
async fn texts(cx: &Context) -> Result<Texts, DemoError> {
    let cut = match cx.get(&TOKENS)? {
        "words" => Cut::Words,
        "letters" => Cut::Letters,
        _ => Cut::Pieces(pieces(&cx.asset(TOKENIZER).await?)?),
    };
    let text = cx.get(&TEXT)?;
    Ok(if text.trim().is_empty() { Texts::town(cut) } else { Texts::read(&text, cut) })
}

impl Run {
    fn new(cx: &Context, answers: Answers, asked: String, texts: Texts) -> Result<Self, DemoError> {
        let (steps, peak) = (cx.get(&STEPS)? as usize, cx.get(&RATE)? / 1000.0);
        let sizes = sizes(cx.get(&SIZE)?, texts.vocab_size());
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
        let state = match cx.file(&CHECKPOINT) {
            None => State::new(Model::random(sizes, &mut StdRng::seed_from_u64(SEED))),
            Some(file) => checkpoints::read(answers, CHECKPOINT.name, file, sizes, steps)?,
        };
        Ok(Self {
            asked,
            counts: texts.counted()?,
            texts,
            has_own_text: !cx.get(&TEXT)?.trim().is_empty(),
            rows,
            held_out,
            peak,
            steps,
            from: state.step,
            state,
            engine: Engine::default(),
            losses: Vec::new(),
            curve: Vec::new(),
            samples: Vec::new(),
            attention: Vec::new(),
        })
    }

    /// Trains to the end, from wherever it is.
    async fn go(&mut self, cx: &Context, answers: Answers) -> Result<(), DemoError> {
        if self.curve.is_empty() {
            self.look(answers, None)?;
        }
        let settings = settings(self.peak, self.steps);
        // A step of a large model takes long, and Stop must not wait.
        let round = [5, 2, 1][self.state.model.sizes.n_layer.clamp(2, 4) - 2];
        while self.state.step < self.steps {
            let point = |at| self.from + (self.steps - self.from) * at / POINTS;
            let until = (1..=POINTS).map(point).find(|&point| point > self.state.step);
            let until = until.unwrap_or(self.steps);
            while self.state.step < until {
                cx.progress("training", self.state.step as u64, self.steps as u64).await?;
                let Self { state, rows, engine, losses, .. } = self;
                let round = until.min(state.step + round);
                let on_step = &mut |_: &State, report: &training_loop::Report| {
                    losses.push(report.loss);
                    true
                };
                match (answers.train)(state, rows, &settings, engine, round, on_step) {
                    Err(LoopError::Diverged { .. } | LoopError::Stability(_)) => {
                        self.show_explosion(cx);
                        return Ok(());
                    }
                    trained => trained?,
                }
            }
            let mean = self.losses.iter().sum::<f64>() / self.losses.len().max(1) as f64;
            self.losses.clear();
            self.look(answers, Some(mean))?;
            cx.show(self.verdict(), &self.views());
        }
        let mut views = self.views();
        views.push(self.facts());
        views.extend(self.command());
        cx.show(self.verdict(), &views);
        self.offer(cx, answers)
    }

    /// The checkpoint, for the reader to save.
    fn offer(&self, cx: &Context, answers: Answers) -> Result<(), DemoError> {
        let bytes = (answers.checkpoint)(&self.state)?;
        let name = checkpoints::name(&self.state);
        let label = "all that it takes to go on: the weights, m, v, and the step";
        cx.offer(&Offer { name: &name, label, bytes: &bytes });
        Ok(())
    }

    /// Judges the model, lets it write, and looks at a head.
    fn look(&mut self, answers: Answers, mean: Option<f64>) -> Result<(), DemoError> {
        let Self { state, engine, .. } = self;
        let loss = (answers.evaluate)(&state.model, &self.held_out, BATCH, engine)?;
        self.curve.push((state.step, mean.unwrap_or(loss), loss));
        // Of the points some, the last among them.
        let at = self.curve.len() - 1;
        if at <= 1 || at.is_multiple_of(POINTS / (SAMPLES - 2)) {
            let sample = self.texts.text(&sample(&state.model, engine, &self.texts));
            self.samples.push((state.step, loss, sample));
            let opening = self.texts.opening();
            engine.next_logits(&state.model, &opening);
            let square = opening.len() * opening.len();
            let weights = &engine.pass().attention_weights(HEAD.0)[HEAD.1 * square..][..square];
            // Finer than a hundredth nobody reads.
            let short = |weight: &f32| (f64::from(*weight) * 100.0).round() / 100.0;
            self.attention.push((state.step, weights.iter().map(short).collect()));
        }
        Ok(())
    }
}

/// What a model writes after the end of a story.
fn sample(model: &Model, engine: &mut Engine, texts: &Texts) -> Vec<u32> {
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut tokens = vec![texts.end];
    for _ in 0..texts.len_of_sample() {
        let from = tokens.len().saturating_sub(model.sizes.n_positions);
        let logits = engine.next_logits(model, &tokens[from..]);
        tokens.push(draw_token(logits, &mut rng));
    }
    tokens.split_off(1)
}
