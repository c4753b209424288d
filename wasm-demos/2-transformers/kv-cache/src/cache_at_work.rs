//! The reader's sentence, step by step through the cache: what is kept, what is read, the costs.

use candle_core::{DType, Tensor};
use demo::control::{Slider, Text, Typed};
use demo::figure::{Anchor, Drawing, WIDTH};
use demo::format::{count, counted, number};
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::settled;
use kv_cache::cost::{with_cache, without_cache};
use kv_cache::example::vectors;
use kv_cache::{Answers, KvCache};

use crate::grid::{Mark, beside, boxes};

/// More words would not fit on a phone.
const MOST: usize = 12;
const WIDTH_OF_A_WORD: usize = 8;

const TEXT: Text = Text::new("text", "A text", "Dear Ada the mill has a new wheel", 400);
const PROMPT: Slider =
    Slider::new("prompt", "Words in the prompt, read at once", 4.0, [1.0, 12.0], 1.0);
const BACK: Slider = Slider::new("back", "Words to take back in the end", 0.0, [0.0, 12.0], 1.0);
const INSTEAD: Text = Text::new("instead", "And write these instead", "an old roof", 400);

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "cache-at-work",
        title: "A cache at work",
        lesson: "kv-cache",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![TEXT.control(), PROMPT.control(), BACK.control(), INSTEAD.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// A step, or a way back.
struct Step {
    words: String,
    past: usize,
    new: usize,
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (text, instead) = (cx.get(&TEXT)?, cx.get(&INSTEAD)?);
    let all: Vec<&str> = text.split_whitespace().collect();
    let words = &all[..all.len().min(MOST)];
    if words.is_empty() {
        return Err(DemoError::input(TEXT.name, "There are no words yet: type some."));
    }
    let prompt = (cx.get(&PROMPT)? as usize).min(words.len());
    let back = (cx.get(&BACK)? as usize).min(words.len());
    let kept = words.len() - back;
    let others: Vec<&str> = match back {
        0 => Vec::new(),
        _ => instead.split_whitespace().take(MOST - kept).collect(),
    };
    let written = [&words[..kept], &others].concat();

    let mut cache = KvCache::new([1, 1, MOST, WIDTH_OF_A_WORD], WIDTH_OF_A_WORD, DType::F64)?;
    let mut steps = Vec::new();
    let mut read = |cache: &mut KvCache, words: &[&str]| -> Result<Tensor, DemoError> {
        let (past, x) = (cache.len, queries(words)?);
        steps.push(Step { words: words.join(" "), past, new: words.len() });
        Ok((answers.decode_step)(cache, &x, &x, &x, None)?)
    };
    let mut last = read(&mut cache, &words[..prompt])?;
    for word in words[prompt..].chunks(1) {
        last = read(&mut cache, word)?;
    }
    let before = steps_before(words.len(), prompt);
    if back > 0 {
        (answers.truncate)(&mut cache, kept)?;
        for word in others.chunks(1) {
            last = read(&mut cache, word)?;
        }
    }

    let sum = |of: fn(usize, usize) -> usize| -> usize {
        steps.iter().map(|step| of(step.past, step.new)).sum()
    };
    let [with, without] = [sum(with_cache), sum(without_cache)];
    let mut views = vec![
        drawing(&steps, before, back),
        View::Table {
            label: "Dot products of a query and a key, for one head of one layer".into(),
            columns: ["Step", "Reads", "Kept", "Dot products", "Without a cache"]
                .map(Into::into)
                .into(),
            rows: (1..).zip(&steps).map(row).collect(),
        },
    ];
    let mut notes = Vec::new();
    if !others.is_empty() || back == 0 {
        notes.push(compared(&answers, &written, &last)?);
    }
    if all.len() > words.len() {
        notes.push(format!("Only the first {MOST} words are read."));
    }
    views.push(View::Prose(notes));
    cx.show(
        format!(
            "{} in {}: {} with the cache, {} without.",
            counted(steps.iter().map(|step| step.new).sum(), "word"),
            counted(steps.len(), "step"),
            counted(with, "dot product"),
            count(without)
        ),
        &views,
    );
    Ok(())
}

/// So many steps until the way back.
fn steps_before(words: usize, prompt: usize) -> usize {
    1 + words - prompt
}

/// The vectors of words, which are their queries, keys and values, too.
fn queries(words: &[&str]) -> Result<Tensor, DemoError> {
    Ok(vectors(words)?.unsqueeze(0)?.unsqueeze(0)?)
}

/// Whether the last word got what it gets if all are read at once.
fn compared(answers: &Answers, words: &[&str], last: &Tensor) -> Result<String, DemoError> {
    let mut fresh = KvCache::new([1, 1, MOST, WIDTH_OF_A_WORD], WIDTH_OF_A_WORD, DType::F64)?;
    let x = queries(words)?;
    let whole = (answers.decode_step)(&mut fresh, &x, &x, &x, None)?;
    let row = |x: &Tensor| -> Result<Vec<f64>, DemoError> {
        let rows = x.dims().get(2).copied().unwrap_or(0);
        if x.rank() != 4 || rows == 0 {
            let shape = x.dims();
            return Err(DemoError::Other(format!("A step gave a tensor of shape {shape:?}.")));
        }
        Ok(x.narrow(2, rows - 1, 1)?.flatten_all()?.to_vec1()?)
    };
    let (ours, theirs) = (row(last)?, row(&whole)?);
    let most = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    Ok(match most < 1e-9 {
        true => "The last word gets from attention what it gets if the whole text is read at \
                 once: the same numbers."
            .into(),
        false => format!(
            "The last word does not get what it gets if the whole text is read at once: the \
             numbers differ by up to {}.",
            number(settled(most))
        ),
    })
}

/// A row a step: what is kept, and what is read.
fn drawing(steps: &[Step], before: usize, back: usize) -> View {
    let (left, size, gap) = (52.0, 19.0, 22.0);
    let (first, second) = steps.split_at(before.min(steps.len()));
    let marks = |step: &Step| [vec![Mark::Kept; step.past], vec![Mark::Read; step.new]].concat();
    let height = size * steps.len() as f64 + if back > 0 { gap } else { 0.0 };
    let mut drawing = Drawing::new(height + 4.0);
    let mut top = 2.0;
    let mut number = 1;
    for (part, steps) in [first, second].into_iter().enumerate() {
        if part == 1 && back > 0 {
            let text = format!("back by {}", counted(back, "word"));
            beside(&mut drawing, left, Anchor::Start, (top, gap), &text);
            top += gap;
        }
        let rows: Vec<Vec<Mark>> = steps.iter().map(marks).collect();
        boxes(&mut drawing, (left, top), size, &rows);
        for step in steps {
            beside(&mut drawing, left - 6.0, Anchor::End, (top, size), &format!("step {number}"));
            let products = count(with_cache(step.past, step.new));
            beside(&mut drawing, WIDTH - 2.0, Anchor::End, (top, size), &products);
            top += size;
            number += 1;
        }
    }
    let told = |(i, step): (usize, &Step)| {
        let way = if i == before {
            format!("Back by {}. ", counted(back, "word"))
        } else {
            String::new()
        };
        format!("{way}Step {}: {} kept, {} read.", i + 1, step.past, step.new)
    };
    View::drawing(
        "Filled: read in this step. Outlined: kept. On the right: dot products of the step",
        steps.iter().enumerate().map(told).collect::<Vec<_>>().join(" "),
        drawing,
    )
}

fn row((number, step): (usize, &Step)) -> Vec<Cell> {
    vec![
        Cell::from(number.to_string()),
        Cell::from(step.words.clone()),
        Cell::Number(step.past.to_string()),
        Cell::Number(count(with_cache(step.past, step.new))),
        Cell::Number(count(without_cache(step.past, step.new))),
    ]
}
