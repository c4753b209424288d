//! Start logits and end logits of Buddy on a question, and the span that they choose.

use std::ops::Range;

use demo::control::{Choice, Slider, Typed};
use demo::format::{counted, number, percent};
use demo::{Context, Demo, DemoError, Device, Shade, Start, View};
use serde::Deserialize;
use task_heads::Answers;

const QUESTION: Slider = Slider::new("question", "Question number", 1.0, [1.0, 6.0], 1.0);
const MAX_LEN: Slider = Slider::new("max-len", "Longest answer, in pieces", 8.0, [1.0, 12.0], 1.0);
const HOW: Choice =
    Choice::new("how", "Choose", &[("pair", "the best pair"), ("alone", "each end on its own")]);
/// Candidates for each end that the table of pairs shows.
const CANDIDATES: usize = 5;

/// What `examples/measure` kept.
#[derive(Deserialize)]
pub struct Kept {
    pub shown: Vec<Shown>,
}

/// A question with its logits.
#[derive(Deserialize)]
pub struct Shown {
    pub question: String,
    /// Of the context.
    pub pieces: Vec<String>,
    /// First and last piece of the right answer.
    pub answer: [usize; 2],
    pub start: Vec<f32>,
    pub end: Vec<f32>,
}

pub fn kept() -> Result<Kept, serde_json::Error> {
    serde_json::from_str(include_str!(
        "../../../../exercises/4-fine-tuning/task-heads/golden/answers.json"
    ))
}

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "best-span",
        title: "Where the answer stands",
        lesson: "task-heads",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![QUESTION.control(), MAX_LEN.control(), HOW.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

fn softmax(logits: &[f32]) -> Vec<f64> {
    let largest = logits.iter().fold(f32::MIN, |a, &b| a.max(b));
    let e: Vec<f64> = logits.iter().map(|z| f64::from(z - largest).exp()).collect();
    let sum: f64 = e.iter().sum();
    e.iter().map(|e| e / sum).collect()
}

/// The places of the largest logits, from left to right; of equal ones the first.
pub fn largest(logits: &[f32], n: usize) -> Vec<usize> {
    let is_before = |a: usize, b: usize| logits[b] > logits[a] || logits[b] == logits[a] && b < a;
    let places = 0..logits.len();
    places.clone().filter(|&a| places.clone().filter(|&b| is_before(a, b)).count() < n).collect()
}

impl Shown {
    /// These pieces as text.
    pub fn text(&self, pieces: Range<usize>) -> String {
        self.pieces[pieces].concat().trim().to_owned()
    }

    fn shades(&self, label: &str, logits: &[f32]) -> View {
        let spans = self.pieces.iter().zip(softmax(logits)).map(|(piece, p)| Shade {
            text: piece.clone(),
            value: p,
            shown: percent(p),
            muted: false,
        });
        View::Shades {
            label: label.into(),
            spans: spans.collect(),
            max: 1.0,
            legend: "probability among all pieces of the context".into(),
        }
    }

    /// The sums of the likeliest starts and ends; a pair that cannot be has the lowest of all.
    fn pairs(&self, max_len: usize) -> View {
        let [starts, ends] = [&self.start, &self.end].map(|z| largest(z, CANDIDATES));
        let name = |at: &usize| format!("{at} {}", self.pieces[*at].trim());
        let sum = |start: usize, end: usize| {
            let can_be = start <= end && end - start < max_len;
            can_be.then(|| f64::from(self.start[start]) + f64::from(self.end[end]))
        };
        let all: Vec<Option<f64>> =
            starts.iter().flat_map(|s| ends.iter().map(|e| sum(*s, *e))).collect();
        let lowest = all.iter().flatten().fold(0.0, |a: f64, b| a.min(*b));
        View::Matrix {
            label: format!(
                "Start logit plus end logit of the likeliest; pairs that cannot be are at {}",
                number(lowest)
            ),
            rows: starts.iter().map(name).collect(),
            columns: ends.iter().map(name).collect(),
            values: all.into_iter().map(|sum| sum.unwrap_or(lowest)).collect(),
        }
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (question, max_len) = (cx.get(&QUESTION)? as usize, cx.get(&MAX_LEN)? as usize);
    let kept = kept()?;
    let Some(shown) = kept.shown.get(question - 1) else {
        return Err(DemoError::input(QUESTION.name, "There is no such question."));
    };
    let tokens = shown.pieces.len();
    let best = (answers.best_span)(&shown.start, &shown.end, 0..tokens, max_len)?;
    let alone = [&shown.start, &shown.end].map(|logits| largest(logits, 1)[0]);
    let [start, end] = if cx.get(&HOW)? == "pair" { [best.start, best.end] } else { alone };
    let [first, last] = shown.answer;
    let said = match start <= end {
        true => format!("“{}”, {}", shown.text(start..end + 1), counted(end + 1 - start, "piece")),
        false => format!("nothing: it would begin at piece {start} and end at piece {end}"),
    };
    let verdict = match [start, end] == shown.answer {
        true => "That is right.".to_owned(),
        false => format!("Right is “{}”.", shown.text(first..last + 1)),
    };
    let summary = format!("Buddy answers {said}. {verdict}");
    cx.show(
        summary.clone(),
        &[
            View::Prose(vec![shown.question.clone(), summary]),
            shown.shades("Where it may start", &shown.start),
            shown.shades("Where it may end", &shown.end),
            shown.pairs(max_len),
        ],
    );
    Ok(())
}
