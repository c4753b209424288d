//! Which sentences mean the same? By the vectors of a real model, and by shared words.

use std::sync::LazyLock;

use bert::sentences::{Sentence, dot, sentences, shared_words};
use demo::control::{Choice, Typed};
use demo::format::percent;
use demo::{Bar, Context, Demo, DemoError, Device, Start, View};
use grading::numbers::minus;

/// So many neighbors are shown.
const SHOWN: usize = 6;

static SENTENCES: LazyLock<Vec<Sentence>> = LazyLock::new(|| sentences().unwrap_or_default());
static OPTIONS: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| SENTENCES.iter().map(|s| (s.text.as_str(), s.text.as_str())).collect());

fn sentence() -> Choice {
    Choice::new("sentence", "A sentence", &OPTIONS)
}

pub fn demo() -> Demo {
    Demo {
        name: "nearest-sentence",
        title: "The nearest sentence",
        lesson: "bert",
        has_yours: false,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || vec![sentence().control()],
        run: demo::run(run),
    }
}

/// In whole hundredths: the vectors are kept in no more digits.
fn hundredths(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

async fn run(cx: Context) -> Result<(), DemoError> {
    let chosen = cx.get(&sentence())?;
    let all = &*SENTENCES;
    let Some(from) = all.iter().position(|sentence| sentence.text == chosen) else {
        return Err(DemoError::Other("the sentences of this page cannot be read".into()));
    };
    let others = || (0..all.len()).filter(|&at| at != from);
    let ranked = |score: &dyn Fn(usize) -> f64| -> Vec<(usize, f64)> {
        let mut ranked: Vec<(usize, f64)> = others().map(|at| (at, score(at))).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
    };
    let cosine = |a: usize, b: usize| hundredths(dot(&all[a].vector, &all[b].vector));
    let by_meaning = ranked(&|at| cosine(from, at));
    let by_words = ranked(&|at| shared_words(chosen, &all[at].text));

    let bar = |at: usize, value: f64, shown: String| Bar {
        label: all[at].text.clone(),
        value: value.max(0.0),
        shown,
        muted: false,
    };
    let shown = |x: f64| minus(&format!("{x:.2}"));
    let near: Vec<Bar> =
        by_meaning.iter().take(SHOWN).map(|&(at, x)| bar(at, x, shown(x))).collect();
    let alike: Vec<Bar> = by_words
        .iter()
        .take(SHOWN)
        .filter(|(_, share)| *share > 0.0)
        .map(|&(at, x)| bar(at, x, percent(x)))
        .collect();
    let mut views = vec![View::Bars {
        label: "By meaning: the cosine of the vectors".into(),
        bars: near,
        max: 1.0,
    }];
    views.push(match alike.is_empty() {
        true => View::Prose(vec!["By words: no other sentence has a word of it.".into()]),
        false => View::Bars {
            label: "By words: how many of the different words of both they share".into(),
            bars: alike,
            max: 1.0,
        },
    });
    let few: Vec<usize> =
        std::iter::once(from).chain(by_meaning.iter().take(SHOWN - 1).map(|&(at, _)| at)).collect();
    let values = few.iter().flat_map(|&a| few.iter().map(move |&b| (a, b)));
    views.push(View::Matrix {
        label: "Cosines of these sentences among each other".into(),
        rows: few
            .iter()
            .enumerate()
            .map(|(n, &at)| format!("{} {}", n + 1, start(&all[at].text)))
            .collect(),
        columns: (1..=few.len()).map(|n| n.to_string()).collect(),
        values: values.map(|(a, b)| cosine(a, b)).collect(),
    });
    let (nearest, score) = by_meaning.first().copied().unwrap_or((from, 1.0));
    let words = shared_words(chosen, &all[nearest].text);
    let common = match words > 0.0 {
        true => format!("{} of the words", percent(words)),
        false => "no word".into(),
    };
    cx.show(
        format!(
            "Nearest is “{}”, with a cosine of {} and {common} in common.",
            all[nearest].text,
            shown(score)
        ),
        &views,
    );
    Ok(())
}

/// The first words of a sentence, as many as fit beside a grid.
fn start(text: &str) -> String {
    let mut short = String::new();
    for word in text.split(' ') {
        if short.len() + word.len() > 16 {
            return format!("{short}…");
        }
        short += word;
        short.push(' ');
    }
    short.trim_end().to_owned()
}
