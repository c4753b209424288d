//! One head of attention, and what a prefix can and cannot change in it.

use demo::control::{Choice, Slider, Typed};
use demo::format::percent;
use demo::{Cell, Context, Demo, DemoError, Device, Start, View};
use soft_prompts::{Answers, Head};

const N: Slider = Slider::new("n", "Keys in the prefix", 2.0, [0.0, 6.0], 1.0);
const FIT: Slider = Slider::new("fit", "How well they fit the query", 1.0, [-4.0, 6.0], 0.5);
const QUERY: Choice = Choice::new(
    "query",
    "The last token looks for",
    &[("cat", "the cat"), ("mat", "the mat"), ("all", "all alike")],
);
const TOKENS: [&str; 5] = ["the", "cat", "on", "the", "mat"];
/// A number for each token, and one for the prefix.
const D: usize = 6;

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "prefix-head",
        title: "One head with a prefix",
        lesson: "soft-prompts",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![N.control(), FIT.control(), QUERY.control()],
        run: demo::run(move |cx| run(cx, answers)),
    }
}

/// The weights of the last token: those of all keys of the prefix together, then of each token. Values
/// point each in a direction of their own, so what is found are the weights.
pub fn weights(
    answers: Answers,
    n: usize,
    fit: f64,
    looks_for: &str,
) -> Result<Vec<f64>, DemoError> {
    let unit = |i: usize, x: f64| (0..D).map(move |j| if i == j { x as f32 } else { 0.0 });
    let root = (D as f64).sqrt();
    let own: Vec<f32> = (0..TOKENS.len()).flat_map(|i| unit(i + 1, 1.0)).collect();
    // Queries meet a key in the number that is the key's own.
    let score = |token: &str| match looks_for {
        "all" => 0.0,
        _ if token == looks_for => 2.0,
        _ => 0.0,
    };
    let query: Vec<f32> =
        std::iter::once(fit).chain(TOKENS.map(score)).map(|x| (x * root) as f32).collect();
    let q: Vec<f32> = (0..TOKENS.len()).flat_map(|_| query.clone()).collect();
    let before: Vec<f32> = (0..n).flat_map(|_| unit(0, 1.0)).collect();
    let head = Head::new([&q, &own, &own], [&before, &before], D)?;
    let found = (answers.attend_with_prefix)(&head);
    Ok(found.iter().rev().take(D).rev().map(|&x| f64::from(x)).collect())
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let (n, fit, query) = (cx.get(&N)? as usize, cx.get(&FIT)?, cx.get(&QUERY)?);
    let (alone, with) = (weights(answers, 0, fit, query)?, weights(answers, n, fit, query)?);
    let (share, rest) = (with[0], 1.0 - with[0]);
    let cell = |x: f64| Cell::Number(percent(x));
    let mut rows = vec![vec!["prefix".into(), cell(alone[0]), cell(share), "–".into()]];
    for (i, token) in TOKENS.into_iter().enumerate() {
        let again = with[i + 1] / rest;
        rows.push(vec![token.into(), cell(alone[i + 1]), cell(with[i + 1]), cell(again)]);
    }
    let summary = format!(
        "The prefix has {} of the attention. What is left is shared out among the tokens as before.",
        percent(share)
    );
    cx.show(
        summary,
        &[View::Table {
            label: "Attention of the last token".into(),
            columns: ["key", "without", "with", "of what is left"].map(String::from).into(),
            rows,
        }],
    );
    Ok(())
}
