//! Buddy becomes a classifier: a head on frozen states, a head with the whole model, counted words.

use demo::control::{Slider, Text as TextControl, Typed};
use demo::format::{counted, number, percent};
use demo::{Bar, Cell, Context, Demo, DemoError, Device, Line, Start, View};
use pocket_buddy::PocketBuddy;
use task_heads::Answers;
use task_heads::tune::{Order, Settings, Text, Tuned, accuracy, head_step, moments};
use tinytown::{Mood, Sentiment, World};

use crate::counts::Counts;

const EXAMPLES: Slider = Slider::new("examples", "Labeled texts", 200.0, [20.0, 240.0], 20.0);
const STEPS: Slider = Slider::new("steps", "Steps", 40.0, [10.0, 180.0], 10.0);
const TEXT: TextControl =
    TextControl::new("text", "A text to judge", "The soup at the inn was not wonderful.", 200);

/// Texts that are judged.
const HELD_OUT: usize = 80;
/// Only texts of at most so many tokens, for the sake of speed.
const SHORT: usize = 32;
const BATCH: usize = 8;
/// Texts that are read between two looks at whether to stop.
const READ: usize = 8;
/// Steps between two pictures of how the whole model learns.
const SHOWN: usize = 5;
/// The peak rate of the whole model.
const LR: f64 = 1e-3;
/// Steps of the head alone for each step of the whole model: it costs next to nothing.
const HEAD_STEPS: usize = 4;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "buddy-classifier",
        title: "From Buddy to a classifier",
        lesson: "task-heads",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnRun,
        controls: || vec![EXAMPLES.control(), STEPS.control(), TEXT.control()],
        run: demo::run(move |cx| run(cx, answers))
            .with_assets(&crate::ASSETS)
            .tried_with(&[("examples", "20"), ("steps", "10")]),
    }
}

/// Short texts of a stream, with their tokens.
fn texts(
    buddy: &PocketBuddy,
    world: &World,
    stream: u64,
    n: usize,
) -> Result<Vec<(Sentiment, Text)>, DemoError> {
    let mut texts = Vec::with_capacity(n);
    for sentiment in world.sentiments(stream) {
        let text = encoded(buddy, &sentiment.text, i64::from(sentiment.mood == Mood::Good))?;
        if text.ids.len() <= SHORT {
            texts.push((sentiment, text));
        }
        if texts.len() == n {
            break;
        }
    }
    Ok(texts)
}

fn encoded(buddy: &PocketBuddy, text: &str, label: i64) -> Result<Text, DemoError> {
    let ids = [vec![buddy.end], buddy.encode(text)?].concat();
    match ids.len() <= buddy.context(None) {
        true => Ok(Text { ids, label }),
        false => Err(DemoError::input(TEXT.name, "This is too long for Buddy: shorten it.")),
    }
}

/// The probability of *good* that two logits give.
fn good(logits: &[f32]) -> f64 {
    1.0 / (1.0 + f64::from(logits[0] - logits[1]).exp())
}

/// Who judges: the name, the accuracy, and the probability that the reader's text is good.
type Judge = (&'static str, f64, f64);

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (examples, steps) = (cx.get(&EXAMPLES)? as usize, cx.get(&STEPS)? as usize);
    let own = cx.get(&TEXT)?;
    let buddy = crate::buddy(&cx).await?;
    let world = World::new(crate::WORLD);
    let training = texts(&buddy, &world, 0, examples)?;
    let held_out = texts(&buddy, &world, 2, HELD_OUT)?;
    let asked = encoded(&buddy, &own, 0)?;
    let known: Vec<&Text> = training.iter().map(|text| &text.1).collect();
    let judged: Vec<&Text> = held_out.iter().map(|text| &text.1).collect();
    let all: Vec<&Text> = judged.iter().copied().chain([&asked]).collect();

    let labeled: Vec<(&str, i64)> =
        training.iter().map(|(text, ids)| (&text.text[..], ids.label)).collect();
    let texts = held_out.iter().map(|text| &text.0.text[..]).chain([&own[..]]);
    let counts = Counts::of(&labeled);
    let words: Vec<f32> = texts.flat_map(|text| counts.logits(text)).collect();
    let n_good = labeled.iter().filter(|(_, label)| *label == 1).count();
    let most = if 2 * n_good > examples { [0.0, 1.0] } else { [1.0, 0.0] };
    let share = n_good as f64 / examples as f64;
    let mut judges: Vec<Judge> = vec![
        ("larger class", accuracy(&most.repeat(HELD_OUT), &judged), share),
        judge("counted words", &words, &judged),
    ];

    let mut tuned = Tuned::new(buddy.model, 2, buddy.end);
    let n_embd = tuned.head.n_embd;
    // Frozen, Buddy always says the same of a text: it reads each once.
    let (mut states, read) = (Vec::new(), [&known[..], &all].concat());
    for (i, some) in read.chunks(READ).enumerate() {
        cx.progress("hidden states of Buddy", (i * READ) as u64, read.len() as u64).await?;
        states.extend(tuned.features(&answers, some)?);
    }
    let (hidden, asked_hidden) = states.split_at(examples * n_embd);
    let settings = Settings { lr: 0.003, steps: HEAD_STEPS * steps, batch: examples, seed: 1 };
    let labels: Vec<i64> = known.iter().map(|text| text.label).collect();
    let (mut head, mut lines) = (tuned.head.clone(), [Vec::new(), Vec::new()]);
    let mut kept = moments(&head);
    for step in 0..settings.steps {
        let read = (hidden, &labels[..]);
        let loss = head_step(&answers, &mut head, &mut kept, read, (&settings, step))?;
        if step % HEAD_STEPS == 0 {
            lines[0].push(((step / HEAD_STEPS) as f64, loss));
        }
    }
    let logits: Vec<f32> =
        asked_hidden.chunks(n_embd).flat_map(|state| head.logits(state)).collect();
    judges.push(judge("head alone", &logits, &judged));

    let settings = Settings { lr: LR, steps, batch: BATCH, seed: 1 };
    let mut order = Order::new(examples, settings.seed);
    for step in 0..steps {
        if step % SHOWN == 0 {
            show(&cx, examples, &judges, &lines);
        }
        cx.progress("all weights of Buddy", step as u64, steps as u64).await?;
        let some: Vec<&Text> = order.next(BATCH).into_iter().map(|i| known[i]).collect();
        lines[1].push((step as f64, tuned.step(&answers, &some, (&settings, step))?));
    }
    let mut logits = Vec::new();
    for some in all.chunks(READ) {
        cx.progress("all weights of Buddy", steps as u64, steps as u64).await?;
        logits.extend(tuned.logits(&answers, some)?);
    }
    judges.push(judge("all tuned", &logits, &judged));
    show(&cx, examples, &judges, &lines);
    Ok(())
}

/// From the logits of all texts, of which the last is the reader's.
fn judge(name: &'static str, logits: &[f32], judged: &[&Text]) -> Judge {
    let (judged_logits, asked) = logits.split_at(2 * judged.len());
    (name, accuracy(judged_logits, judged), good(asked))
}

/// What is known so far: the last judge is there once all weights are tuned.
fn show(cx: &Context, examples: usize, judges: &[Judge], lines: &[Vec<(f64, f64)>; 2]) {
    let (_, frozen, _) = judges[2];
    let mut summary = format!(
        "With {}, a head on frozen Buddy gets {} of {HELD_OUT} other texts right; with all \
         weights tuned it ",
        counted(examples, "labeled text"),
        percent(frozen),
    );
    summary += &match judges.get(3) {
        None => "is still to be seen.".to_owned(),
        Some((_, tuned, p)) => {
            format!("is {}. Your text: good with {}.", percent(*tuned), percent(*p))
        }
    };
    let bar = |&(name, right, _): &Judge| Bar {
        label: name.into(),
        value: right,
        shown: percent(right),
        muted: false,
    };
    let row = |&(name, _, p): &Judge| -> Vec<Cell> {
        let says = if p > 0.5 { "good" } else { "bad" };
        vec![name.into(), Cell::Number(number((1e3 * p).round() / 1e3)), says.into()]
    };
    let mut curves = Vec::new();
    for (name, points) in ["head alone", "all weights"].into_iter().zip(lines) {
        if !points.is_empty() {
            curves.push(Line { name: name.into(), points: points.clone() });
        }
    }
    let views = [
        View::Bars {
            label: format!("Right, of {HELD_OUT} texts that nobody learned from"),
            bars: judges.iter().map(bar).collect(),
            max: 1.0,
        },
        View::Table {
            label: "Your text".into(),
            columns: ["Who", "P(good)", "Says"].map(String::from).into(),
            rows: judges[1..].iter().map(row).collect(),
        },
        View::Lines {
            label: format!(
                "Training loss; the head alone takes {HEAD_STEPS} steps for each of these"
            ),
            x_label: "step".into(),
            y_label: "loss, nats a text".into(),
            lines: curves,
        },
    ];
    cx.show(summary, &views);
}
